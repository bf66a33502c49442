#pragma once

#include <cairn/core/bytes.hpp>

#include <concepts>
#include <cstdint>
#include <span>
#include <string_view>

/// A hash function with a code point: its facts and one static function.
///
/// Laws (tests/laws/multihasher.hpp)
///   L1  hash is a function: equal data, equal digests, on every machine and in every thread
///   L2  code and name are one row of the multicodec table, where the table has the code
///   L3  hash_many, where it exists, gives what hash gives, message by message, for every count and any sizes
///   L4  data is only read; nothing is kept of it
///   L5  two data that differ in one bit, or of which one is the other and a zero, have distinct digests
///       (not promised by those that say `cryptographic = false`)
/// Optional: static void hash_many(span<bytes_view const>, digest*) · static constexpr bool cryptographic
/// Models: every type in <cairn/crypto/hash_types.hpp>; a reader's own of thirty lines: tests/archetypes/toy_hash.hpp
namespace cairn {

template <class H>
concept multihasher = requires(bytes_view data) {
  { H::code } -> std::convertible_to<std::uint64_t>;
  { H::name } -> std::convertible_to<std::string_view>;
  { H::digest_size } -> std::convertible_to<std::size_t>;
  { H::hash(data) } -> std::same_as<digest<H::digest_size>>;
};

/// Hashes several independent messages faster than one after the other.
template <class H>
concept batch_multihasher = multihasher<H> && requires(std::span<bytes_view const> in, digest<H::digest_size>* out) { H::hash_many(in, out); };

}  // namespace cairn
