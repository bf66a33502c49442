#pragma once

#include <cairn/crypto/impl/block_buffer.hpp>

#include <bit>

// BLAKE2b and BLAKE2s (RFC 7693), unkeyed, every digest size: the size is part of the initial state, so no two are prefixes
// of each other.

namespace cairn::detail {

inline constexpr byte blake2_sigma[10][16]{
    {0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15},  {14, 10, 4, 8, 9, 15, 13, 6, 1, 12, 0, 2, 11, 7, 5, 3},
    {11, 8, 12, 0, 5, 2, 15, 13, 10, 14, 3, 6, 7, 1, 9, 4},  {7, 9, 3, 1, 13, 12, 11, 14, 2, 6, 5, 10, 4, 0, 15, 8},
    {9, 0, 5, 7, 2, 4, 10, 15, 14, 1, 11, 12, 6, 8, 3, 13},  {2, 12, 6, 10, 0, 11, 8, 3, 4, 13, 7, 5, 15, 14, 1, 9},
    {12, 5, 1, 15, 14, 13, 4, 10, 0, 7, 6, 3, 9, 2, 8, 11},  {13, 11, 7, 14, 12, 1, 3, 9, 5, 0, 15, 4, 8, 6, 2, 10},
    {6, 15, 14, 9, 11, 3, 0, 8, 12, 2, 13, 7, 1, 4, 10, 5},  {10, 2, 8, 4, 7, 6, 1, 5, 15, 11, 9, 14, 3, 12, 13, 0}};

struct blake2b_shape {
  using word = std::uint64_t;
  static constexpr int rounds = 12, r1 = 32, r2 = 24, r3 = 16, r4 = 63;
  static constexpr word iv[8]{0x6a09e667f3bcc908, 0xbb67ae8584caa73b, 0x3c6ef372fe94f82b, 0xa54ff53a5f1d36f1,
                              0x510e527fade682d1, 0x9b05688c2b3e6c1f, 0x1f83d9abfb41bd6b, 0x5be0cd19137e2179};
};

struct blake2s_shape {
  using word = std::uint32_t;
  static constexpr int rounds = 10, r1 = 16, r2 = 12, r3 = 8, r4 = 7;
  static constexpr word iv[8]{0x6a09e667, 0xbb67ae85, 0x3c6ef372, 0xa54ff53a, 0x510e527f, 0x9b05688c, 0x1f83d9ab, 0x5be0cd19};
};

template <class Shape>
struct blake2_hasher {
  using word = typename Shape::word;
  static constexpr std::size_t block = 16 * sizeof(word), max_size = 8 * sizeof(word);
  word h[8];
  block_buffer<block, true> buffer;
  std::uint64_t total = 0;

  explicit blake2_hasher(std::size_t digest_size) {
    for (int i = 0; i < 8; ++i) h[i] = Shape::iv[i];
    h[0] ^= static_cast<word>(0x01010000 ^ digest_size);
  }
  void update(bytes_view in) {
    buffer.feed(in, [&](byte const* data, std::size_t count) {
      for (; count > 0; --count, data += block) {
        total += block;
        compress(data, false);
      }
    });
  }
  void finish(byte* out, std::size_t size) {
    std::memset(buffer.held + buffer.used, 0, block - buffer.used);
    total += buffer.used;
    compress(buffer.held, true);
    byte full[max_size];
    for (int i = 0; i < 8; ++i) store_little(full + sizeof(word) * i, h[i]);
    std::memcpy(out, full, size);
  }

private:
  void compress(byte const* data, bool last) {
    constexpr auto bits = static_cast<int>(8 * sizeof(word));
    word m[16], v[16];
    for (int i = 0; i < 16; ++i) m[i] = load_little<word>(data + sizeof(word) * i);
    for (int i = 0; i < 8; ++i) v[i] = h[i], v[i + 8] = Shape::iv[i];
    v[12] ^= static_cast<word>(total);
    v[13] ^= static_cast<word>(bits == 64 ? 0 : total >> 32);
    if (last) v[14] = ~v[14];
#pragma GCC unroll 12
    for (int r = 0; r < Shape::rounds; ++r) {
      auto const& s = blake2_sigma[r % 10];
#define CAIRN_DETAIL_BLAKE2_G(i, a, b, c, d)            \
  v[a] += v[b] + m[s[2 * i]];                           \
  v[d] = std::rotr(static_cast<word>(v[d] ^ v[a]), Shape::r1); \
  v[c] += v[d];                                         \
  v[b] = std::rotr(static_cast<word>(v[b] ^ v[c]), Shape::r2); \
  v[a] += v[b] + m[s[2 * i + 1]];                       \
  v[d] = std::rotr(static_cast<word>(v[d] ^ v[a]), Shape::r3); \
  v[c] += v[d];                                         \
  v[b] = std::rotr(static_cast<word>(v[b] ^ v[c]), Shape::r4);
      CAIRN_DETAIL_BLAKE2_G(0, 0, 4, 8, 12)
      CAIRN_DETAIL_BLAKE2_G(1, 1, 5, 9, 13)
      CAIRN_DETAIL_BLAKE2_G(2, 2, 6, 10, 14)
      CAIRN_DETAIL_BLAKE2_G(3, 3, 7, 11, 15)
      CAIRN_DETAIL_BLAKE2_G(4, 0, 5, 10, 15)
      CAIRN_DETAIL_BLAKE2_G(5, 1, 6, 11, 12)
      CAIRN_DETAIL_BLAKE2_G(6, 2, 7, 8, 13)
      CAIRN_DETAIL_BLAKE2_G(7, 3, 4, 9, 14)
#undef CAIRN_DETAIL_BLAKE2_G
    }
    for (int i = 0; i < 8; ++i) h[i] ^= v[i] ^ v[i + 8];
  }
};

}  // namespace cairn::detail
