#pragma once

#include <cairn/concept/multihasher.hpp>
#include <cairn/core/limits.hpp>
#include <cairn/multiformats/codes.hpp>
#include <cairn/multiformats/multihash.hpp>

#include <array>
#include <span>

namespace cairn {

namespace detail {
template <std::size_t N>
constexpr auto all_codes_differ(std::array<std::uint64_t, N> const& codes) -> bool {
  for (std::size_t i = 0; i < N; ++i)
    for (std::size_t j = i + 1; j < N; ++j)
      if (codes[i] == codes[j]) return false;
  return true;
}

template <class H>
void digest_into(bytes_view data, byte* out) {
  auto const d = H::hash(data);
  for (std::size_t i = 0; i < d.size(); ++i) out[i] = d[i];
}
}  // namespace detail

/// The hash functions that a node knows, written down as types: `hash_set<sha2_256, blake3, my_own>`.
///
/// Identity is always understood: it is no hash, and short data may stand in a CID itself.
template <class... Hs>
struct hash_set {
  static_assert((multihasher<Hs> && ...), "hash_set: every type must model cairn::multihasher (code, name, digest_size, hash)");
  static constexpr std::array<std::uint64_t, sizeof...(Hs)> codes{Hs::code...};
  static constexpr std::array<std::string_view, sizeof...(Hs)> names{Hs::name...};
  static constexpr std::array<std::size_t, sizeof...(Hs)> digest_sizes{Hs::digest_size...};
  static_assert(detail::all_codes_differ(codes), "hash_set: two hash functions have the same code");
  static_assert(((Hs::digest_size <= limits::digest) && ...), "hash_set: a digest is longer than limits::digest");

  static constexpr auto size() -> std::size_t { return sizeof...(Hs); }
  static constexpr auto contains(std::uint64_t code) -> bool { return index_of(code) < sizeof...(Hs); }

  /// `f.template operator()<H>()` for the function with that code; false where the set has none.
  template <class F>
  static constexpr auto visit(std::uint64_t code, F&& f) -> bool {
    return ((Hs::code == code ? (static_cast<void>(f.template operator()<Hs>()), true) : false) || ...);
  }

  /// Hash by code.
  ///
  /// digest_size  0: the function's own; smaller: truncated
  /// errors       unknown_hash · bad_length · digest_too_long (identity)
  /// cost         no allocation; one jump through a flat table
  static auto hash(std::uint64_t code, bytes_view data, std::size_t digest_size = 0) -> result<multihash, multihash_errc> {
    if (code == code::identity && !contains(code)) return multihash::wrap(code, data);
    auto const at = index_of(code);
    if (at == sizeof...(Hs)) return std::unexpected(multihash_errc::unknown_hash);
    if (digest_size > digest_sizes[at]) return std::unexpected(multihash_errc::bad_length);
    byte out[limits::digest];
    functions[at](data, out);
    return multihash::wrap(code, bytes_view{out, digest_size == 0 ? digest_sizes[at] : digest_size});
  }

private:
  static constexpr std::array<void (*)(bytes_view, byte*), sizeof...(Hs)> functions{detail::digest_into<Hs>...};

  static constexpr auto index_of(std::uint64_t code) -> std::size_t {
    for (std::size_t i = 0; i < sizeof...(Hs); ++i)
      if (codes[i] == code) return i;
    return sizeof...(Hs);
  }
};

/// Hash each of several independent messages: in batches where the function has a faster way, one by one where not.
template <multihasher H>
void hash_many(std::span<bytes_view const> in, digest<H::digest_size>* out) {
  if constexpr (batch_multihasher<H>)
    H::hash_many(in, out);
  else
    for (auto one : in) *out++ = H::hash(one);
}

}  // namespace cairn
