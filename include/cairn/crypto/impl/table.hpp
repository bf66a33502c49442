#pragma once

#include <cairn/crypto/hash_info.hpp>
#include <cairn/crypto/impl/blake2.hpp>
#include <cairn/crypto/impl/blake3.hpp>
#include <cairn/crypto/impl/keccak.hpp>
#include <cairn/crypto/impl/murmur3.hpp>
#include <cairn/crypto/impl/sha2.hpp>
#include <cairn/multiformats/codes.hpp>

#include <memory>
#include <new>
#include <type_traits>

// The flat table of hash functions: facts for everyone in `hash_infos`, functions beside them in `hash_ops`, same index.

namespace cairn::detail {

struct hash_ops {
  void (*one_shot)(bytes_view in, byte* out, std::size_t size);
  void (*init)(byte* state);
  void (*update)(byte* state, bytes_view in);
  void (*finish)(byte* state, byte* out, std::size_t size);
};

template <unsigned Bytes>
struct blake2b_hasher : blake2_hasher<blake2b_shape> {
  static constexpr std::size_t max_size = Bytes;
  blake2b_hasher() : blake2_hasher{Bytes} {}
};
template <unsigned Bytes>
struct blake2s_hasher : blake2_hasher<blake2s_shape> {
  static constexpr std::size_t max_size = Bytes;
  blake2s_hasher() : blake2_hasher{Bytes} {}
};

template <class Hasher>
void hash_one_shot(bytes_view in, byte* out, std::size_t size) {
  auto h = Hasher{};
  h.update(in);
  h.finish(out, size);
}

template <class Hasher>
constexpr auto hash_ops_of() -> hash_ops {
  static_assert(std::is_trivially_copyable_v<Hasher> && sizeof(Hasher) <= 2048 && alignof(Hasher) <= 64);
  return {hash_one_shot<Hasher>, [](byte* state) { ::new (static_cast<void*>(state)) Hasher; },
          [](byte* state, bytes_view in) { std::launder(reinterpret_cast<Hasher*>(state))->update(in); },
          [](byte* state, byte* out, std::size_t size) { std::launder(reinterpret_cast<Hasher*>(state))->finish(out, size); }};
}

struct hash_row {
  hash_info info;
  hash_ops ops;
};

template <class Hasher>
constexpr auto hash_row_of(std::uint64_t code, std::string_view name, std::size_t size) -> hash_row {
  return {{code, name, size, Hasher::max_size}, hash_ops_of<Hasher>()};
}

// by code; identity and the BLAKE2 families are added below
inline constexpr hash_row hash_single_rows[]{
    hash_row_of<sha1_hasher>(code::sha1, "sha1", 20),
    hash_row_of<sha256_hasher>(code::sha2_256, "sha2-256", 32),
    hash_row_of<sha512_hasher>(code::sha2_512, "sha2-512", 64),
    hash_row_of<sha3_hasher<64>>(code::sha3_512, "sha3-512", 64),
    hash_row_of<sha3_hasher<48>>(code::sha3_384, "sha3-384", 48),
    hash_row_of<sha3_hasher<32>>(code::sha3_256, "sha3-256", 32),
    hash_row_of<sha3_hasher<28>>(code::sha3_224, "sha3-224", 28),
    hash_row_of<shake128_hasher>(code::shake_128, "shake-128", 32),
    hash_row_of<shake256_hasher>(code::shake_256, "shake-256", 64),
    hash_row_of<old_keccak_hasher<28>>(code::keccak_224, "keccak-224", 28),
    hash_row_of<old_keccak_hasher<32>>(code::keccak_256, "keccak-256", 32),
    hash_row_of<old_keccak_hasher<48>>(code::keccak_384, "keccak-384", 48),
    hash_row_of<old_keccak_hasher<64>>(code::keccak_512, "keccak-512", 64),
    hash_row_of<blake3_hasher>(code::blake3, "blake3", 32),
    hash_row_of<sha384_hasher>(code::sha2_384, "sha2-384", 48),
    hash_row_of<murmur3_64_hasher>(code::murmur3_x64_64, "murmur3-x64-64", 8),
    hash_row_of<murmur3_32_hasher>(0x23, "murmur3-32", 4),
    hash_row_of<double_sha256_hasher>(code::dbl_sha2_256, "dbl-sha2-256", 32),
    hash_row_of<md5_hasher>(0xd5, "md5", 16),
    hash_row_of<sha224_hasher>(0x1013, "sha2-224", 28),
    hash_row_of<sha512_224_hasher>(0x1014, "sha2-512-224", 28),
    hash_row_of<sha512_256_hasher>(0x1015, "sha2-512-256", 32),
    hash_row_of<murmur3_128_hasher>(0x1022, "murmur3-x64-128", 16),
};

// "blake2b-8" ... "blake2b-512", "blake2s-8" ... "blake2s-256"
struct blake2_names {
  char text[96][12];
  byte size[96];
};

inline constexpr auto blake2_row_names = [] {
  auto names = blake2_names{};
  for (unsigned i = 0; i < 96; ++i) {
    auto const bits = i < 64 ? 8 * (i + 1) : 8 * (i - 63);
    constexpr std::string_view head = "blake2b-";
    byte at = 0;
    for (auto c : head) names.text[i][at++] = c;
    if (i >= 64) names.text[i][6] = 's';
    if (bits >= 100) names.text[i][at++] = static_cast<char>('0' + bits / 100);
    if (bits >= 10) names.text[i][at++] = static_cast<char>('0' + bits / 10 % 10);
    names.text[i][at++] = static_cast<char>('0' + bits % 10);
    names.size[i] = at;
  }
  return names;
}();

constexpr auto blake2_name(std::size_t i) -> std::string_view { return {blake2_row_names.text[i], blake2_row_names.size[i]}; }

inline constexpr std::size_t hash_single_count = sizeof(hash_single_rows) / sizeof(hash_single_rows[0]);
inline constexpr std::size_t hash_row_count = 1 + hash_single_count + 96;

struct hash_table {
  hash_info info[hash_row_count];
  hash_ops ops[hash_row_count];
};

template <std::size_t... I>
constexpr void add_blake2_rows(hash_table& table, std::size_t at, std::index_sequence<I...>) {
  ((table.info[at + I] = {code::blake2b_8 + I, blake2_name(I), I < 64 ? I + 1 : I - 63, I < 64 ? I + 1 : I - 63}), ...);
  ((table.ops[at + I] = [] {
     if constexpr (I < 64)
       return hash_ops_of<blake2b_hasher<I + 1>>();
     else
       return hash_ops_of<blake2s_hasher<I - 63>>();
   }()),
   ...);
}

inline constexpr auto the_hash_table = [] {
  auto table = hash_table{};
  table.info[0] = {code::identity, "identity", 0, limits::digest};
  std::size_t at = 1;
  for (auto const& row : hash_single_rows) {
    table.info[at] = row.info;
    table.ops[at++] = row.ops;
  }
  add_blake2_rows(table, at, std::make_index_sequence<96>{});
  for (std::size_t i = 1; i < hash_row_count; ++i)
    if (table.info[i - 1].code >= table.info[i].code) throw "the table of hash functions is not sorted";
  return table;
}();

// Codes below 0x80 by index, the BLAKE2 families by difference, the few others one by one; hash_row_count: none.
inline constexpr auto hash_small_codes = [] {
  auto rows = std::array<byte, 0x80>{};
  for (auto& r : rows) r = hash_row_count;
  for (std::size_t i = 0; i < hash_row_count; ++i)
    if (the_hash_table.info[i].code < 0x80) rows[the_hash_table.info[i].code] = static_cast<byte>(i);
  return rows;
}();
static_assert(hash_row_count < 256);

inline auto hash_row_index(std::uint64_t code) -> std::size_t {
  if (code < 0x80) return hash_small_codes[code];
  if (code >= code::blake2b_8 && code <= code::blake2s_256) return 1 + hash_single_count + (code - code::blake2b_8);
  for (std::size_t i = 1; i <= hash_single_count; ++i)
    if (the_hash_table.info[i].code == code) return i;
  return hash_row_count;
}

}  // namespace cairn::detail
