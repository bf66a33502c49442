#pragma once

#include <cairn/concept/multihasher.hpp>
#include <cairn/core/config.hpp>

#include <span>

// The hash functions as types, to write into a set: `hash_set<sha2_256, blake3>`. Each is a model of `multihasher`; what a
// program does not name is not linked where the linker collects garbage.

namespace cairn {

struct sha1 {
  static constexpr std::uint64_t code = 0x11;
  static constexpr std::string_view name = "sha1";
  static constexpr std::size_t digest_size = 20;
  static constexpr bool cryptographic = false;  // collisions are made to order
  CAIRN_DECL static auto hash(bytes_view data) -> digest<20>;
};

struct sha2_256 {
  static constexpr std::uint64_t code = 0x12;
  static constexpr std::string_view name = "sha2-256";
  static constexpr std::size_t digest_size = 32;
  CAIRN_DECL static void hash_many(std::span<bytes_view const> in, digest<32>* out);
  CAIRN_DECL static auto hash(bytes_view data) -> digest<32>;
};

struct sha2_512 {
  static constexpr std::uint64_t code = 0x13;
  static constexpr std::string_view name = "sha2-512";
  static constexpr std::size_t digest_size = 64;
  CAIRN_DECL static auto hash(bytes_view data) -> digest<64>;
};

struct sha3_512 {
  static constexpr std::uint64_t code = 0x14;
  static constexpr std::string_view name = "sha3-512";
  static constexpr std::size_t digest_size = 64;
  CAIRN_DECL static auto hash(bytes_view data) -> digest<64>;
};

struct sha3_384 {
  static constexpr std::uint64_t code = 0x15;
  static constexpr std::string_view name = "sha3-384";
  static constexpr std::size_t digest_size = 48;
  CAIRN_DECL static auto hash(bytes_view data) -> digest<48>;
};

struct sha3_256 {
  static constexpr std::uint64_t code = 0x16;
  static constexpr std::string_view name = "sha3-256";
  static constexpr std::size_t digest_size = 32;
  CAIRN_DECL static auto hash(bytes_view data) -> digest<32>;
};

struct sha3_224 {
  static constexpr std::uint64_t code = 0x17;
  static constexpr std::string_view name = "sha3-224";
  static constexpr std::size_t digest_size = 28;
  CAIRN_DECL static auto hash(bytes_view data) -> digest<28>;
};

struct shake_128 {
  static constexpr std::uint64_t code = 0x18;
  static constexpr std::string_view name = "shake-128";
  static constexpr std::size_t digest_size = 32;
  CAIRN_DECL static auto hash(bytes_view data) -> digest<32>;
};

struct shake_256 {
  static constexpr std::uint64_t code = 0x19;
  static constexpr std::string_view name = "shake-256";
  static constexpr std::size_t digest_size = 64;
  CAIRN_DECL static auto hash(bytes_view data) -> digest<64>;
};

struct keccak_224 {
  static constexpr std::uint64_t code = 0x1a;
  static constexpr std::string_view name = "keccak-224";
  static constexpr std::size_t digest_size = 28;
  CAIRN_DECL static auto hash(bytes_view data) -> digest<28>;
};

struct keccak_256 {
  static constexpr std::uint64_t code = 0x1b;
  static constexpr std::string_view name = "keccak-256";
  static constexpr std::size_t digest_size = 32;
  CAIRN_DECL static auto hash(bytes_view data) -> digest<32>;
};

struct keccak_384 {
  static constexpr std::uint64_t code = 0x1c;
  static constexpr std::string_view name = "keccak-384";
  static constexpr std::size_t digest_size = 48;
  CAIRN_DECL static auto hash(bytes_view data) -> digest<48>;
};

struct keccak_512 {
  static constexpr std::uint64_t code = 0x1d;
  static constexpr std::string_view name = "keccak-512";
  static constexpr std::size_t digest_size = 64;
  CAIRN_DECL static auto hash(bytes_view data) -> digest<64>;
};

struct blake3 {
  static constexpr std::uint64_t code = 0x1e;
  static constexpr std::string_view name = "blake3";
  static constexpr std::size_t digest_size = 32;
  CAIRN_DECL static auto hash(bytes_view data) -> digest<32>;
};

struct sha2_384 {
  static constexpr std::uint64_t code = 0x20;
  static constexpr std::string_view name = "sha2-384";
  static constexpr std::size_t digest_size = 48;
  CAIRN_DECL static auto hash(bytes_view data) -> digest<48>;
};

struct murmur3_x64_64 {
  static constexpr std::uint64_t code = 0x22;
  static constexpr std::string_view name = "murmur3-x64-64";
  static constexpr std::size_t digest_size = 8;
  static constexpr bool cryptographic = false;
  CAIRN_DECL static auto hash(bytes_view data) -> digest<8>;
};

struct murmur3_32 {
  static constexpr std::uint64_t code = 0x23;
  static constexpr std::string_view name = "murmur3-32";
  static constexpr std::size_t digest_size = 4;
  static constexpr bool cryptographic = false;
  CAIRN_DECL static auto hash(bytes_view data) -> digest<4>;
};

struct dbl_sha2_256 {
  static constexpr std::uint64_t code = 0x56;
  static constexpr std::string_view name = "dbl-sha2-256";
  static constexpr std::size_t digest_size = 32;
  CAIRN_DECL static auto hash(bytes_view data) -> digest<32>;
};

struct md5 {
  static constexpr std::uint64_t code = 0xd5;
  static constexpr std::string_view name = "md5";
  static constexpr std::size_t digest_size = 16;
  static constexpr bool cryptographic = false;  // collisions are made to order
  CAIRN_DECL static auto hash(bytes_view data) -> digest<16>;
};

struct sha2_224 {
  static constexpr std::uint64_t code = 0x1013;
  static constexpr std::string_view name = "sha2-224";
  static constexpr std::size_t digest_size = 28;
  CAIRN_DECL static auto hash(bytes_view data) -> digest<28>;
};

struct sha2_512_224 {
  static constexpr std::uint64_t code = 0x1014;
  static constexpr std::string_view name = "sha2-512-224";
  static constexpr std::size_t digest_size = 28;
  CAIRN_DECL static auto hash(bytes_view data) -> digest<28>;
};

struct sha2_512_256 {
  static constexpr std::uint64_t code = 0x1015;
  static constexpr std::string_view name = "sha2-512-256";
  static constexpr std::size_t digest_size = 32;
  CAIRN_DECL static auto hash(bytes_view data) -> digest<32>;
};

struct murmur3_x64_128 {
  static constexpr std::uint64_t code = 0x1022;
  static constexpr std::string_view name = "murmur3-x64-128";
  static constexpr std::size_t digest_size = 16;
  static constexpr bool cryptographic = false;
  CAIRN_DECL static auto hash(bytes_view data) -> digest<16>;
};

namespace detail {
// "blake2b-256" as text, made at compile time
template <char Letter, unsigned Bits>
struct blake2_name_text {
  static constexpr auto text = [] {
    auto out = std::array<char, 12>{'b', 'l', 'a', 'k', 'e', '2', Letter, '-'};
    unsigned at = 8;
    if (Bits >= 100) out[at++] = static_cast<char>('0' + Bits / 100);
    if (Bits >= 10) out[at++] = static_cast<char>('0' + Bits / 10 % 10);
    out[at] = static_cast<char>('0' + Bits % 10);
    return out;
  }();
  static constexpr std::string_view name{text.data(), Bits >= 100 ? 11 : Bits >= 10 ? 10 : 9};
};
CAIRN_DECL void blake2b_into(bytes_view data, byte* out, std::size_t size);
CAIRN_DECL void blake2s_into(bytes_view data, byte* out, std::size_t size);
}  // namespace detail

/// BLAKE2b with a digest of 8, 16, ... 512 bits; each is a function of its own.
template <unsigned Bits>
  requires(Bits % 8 == 0 && Bits >= 8 && Bits <= 512)
struct blake2b {
  static constexpr std::uint64_t code = 0xb200 + Bits / 8;
  static constexpr std::string_view name = detail::blake2_name_text<'b', Bits>::name;
  static constexpr std::size_t digest_size = Bits / 8;
  static auto hash(bytes_view data) -> digest<digest_size> {
    auto out = digest<digest_size>{};
    detail::blake2b_into(data, out.data(), out.size());
    return out;
  }
};

/// BLAKE2s with a digest of 8, 16, ... 256 bits.
template <unsigned Bits>
  requires(Bits % 8 == 0 && Bits >= 8 && Bits <= 256)
struct blake2s {
  static constexpr std::uint64_t code = 0xb240 + Bits / 8;
  static constexpr std::string_view name = detail::blake2_name_text<'s', Bits>::name;
  static constexpr std::size_t digest_size = Bits / 8;
  static auto hash(bytes_view data) -> digest<digest_size> {
    auto out = digest<digest_size>{};
    detail::blake2s_into(data, out.data(), out.size());
    return out;
  }
};

static_assert(batch_multihasher<sha2_256> && multihasher<blake3> && multihasher<blake2b<160>> && multihasher<blake2s<256>>);

}  // namespace cairn

#if CAIRN_HEADER_ONLY
#  include <cairn/crypto/impl/hash_types.ipp>
#endif
