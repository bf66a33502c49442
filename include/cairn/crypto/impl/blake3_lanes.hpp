#pragma once

#include <cairn/crypto/impl/block_buffer.hpp>
#include <cairn/crypto/impl/cpu.hpp>

#include <bit>

// The compression function of BLAKE3: one block in one register row, and eight or sixteen inputs side by side.

namespace cairn::detail {

inline constexpr std::uint32_t blake3_iv[8]{0x6a09e667, 0xbb67ae85, 0x3c6ef372, 0xa54ff53a, 0x510e527f, 0x9b05688c, 0x1f83d9ab, 0x5be0cd19};

inline constexpr byte blake3_order[7][16]{
    {0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15}, {2, 6, 3, 10, 7, 0, 4, 13, 1, 11, 12, 5, 9, 14, 15, 8},
    {3, 4, 10, 12, 13, 2, 7, 14, 6, 5, 9, 0, 11, 15, 8, 1}, {10, 7, 12, 9, 14, 3, 13, 15, 4, 0, 11, 2, 5, 8, 1, 6},
    {12, 13, 9, 11, 15, 10, 14, 8, 7, 2, 5, 3, 0, 1, 6, 4}, {9, 14, 11, 5, 8, 12, 15, 1, 13, 3, 0, 10, 2, 6, 4, 7},
    {11, 15, 5, 0, 1, 9, 8, 6, 14, 10, 2, 12, 3, 4, 7, 13}};

enum blake3_flag : std::uint32_t { blake3_chunk_start = 1, blake3_chunk_end = 2, blake3_parent = 4, blake3_root = 8 };

using blake3_words = std::array<std::uint32_t, 8>;

// What one compression needs beside the block.
struct blake3_step {
  std::uint64_t counter;
  std::uint32_t size, flags;
};

inline void blake3_compress_portable(std::uint32_t (&out)[16], blake3_words const& cv, byte const* block, blake3_step step) {
  std::uint32_t m[16];
  for (int i = 0; i < 16; ++i) m[i] = load_little<std::uint32_t>(block + 4 * i);
  std::uint32_t v[16]{cv[0], cv[1], cv[2], cv[3], cv[4], cv[5], cv[6], cv[7], blake3_iv[0], blake3_iv[1], blake3_iv[2], blake3_iv[3],
                      static_cast<std::uint32_t>(step.counter), static_cast<std::uint32_t>(step.counter >> 32), step.size, step.flags};
#pragma GCC unroll 7
  for (int r = 0; r < 7; ++r) {
    auto const& s = blake3_order[r];
#define CAIRN_DETAIL_G(i, a, b, c, d)       \
  v[a] += v[b] + m[s[2 * i]];               \
  v[d] = std::rotr(v[d] ^ v[a], 16);        \
  v[c] += v[d];                             \
  v[b] = std::rotr(v[b] ^ v[c], 12);        \
  v[a] += v[b] + m[s[2 * i + 1]];           \
  v[d] = std::rotr(v[d] ^ v[a], 8);         \
  v[c] += v[d];                             \
  v[b] = std::rotr(v[b] ^ v[c], 7);
    CAIRN_DETAIL_G(0, 0, 4, 8, 12)
    CAIRN_DETAIL_G(1, 1, 5, 9, 13)
    CAIRN_DETAIL_G(2, 2, 6, 10, 14)
    CAIRN_DETAIL_G(3, 3, 7, 11, 15)
    CAIRN_DETAIL_G(4, 0, 5, 10, 15)
    CAIRN_DETAIL_G(5, 1, 6, 11, 12)
    CAIRN_DETAIL_G(6, 2, 7, 8, 13)
    CAIRN_DETAIL_G(7, 3, 4, 9, 14)
#undef CAIRN_DETAIL_G
  }
  for (int i = 0; i < 8; ++i) {
    out[i] = v[i] ^ v[i + 8];
    out[i + 8] = v[i + 8] ^ cv[i];
  }
}

// What every input of a batch has in common. With `counting` input i has the counter `counter + i`.
struct blake3_batch {
  std::size_t blocks;
  std::uint64_t counter;
  bool counting;
  std::uint32_t flags, first, last;
};

#if defined(__x86_64__)

struct blake3_rows {
  alignas(64) std::uint32_t order[7][16];
};

// A round's words as four rows: columns x and y, then diagonals x and y; row b stays in place, so the diagonals' lanes are
// turned by one.
inline constexpr auto blake3_row_order = [] {
  auto rows = blake3_rows{};
  for (int r = 0; r < 7; ++r)
    for (int lane = 0; lane < 4; ++lane) {
      rows.order[r][lane] = blake3_order[r][2 * lane];
      rows.order[r][4 + lane] = blake3_order[r][2 * lane + 1];
      rows.order[r][8 + lane] = blake3_order[r][8 + 2 * ((lane + 3) % 4)];
      rows.order[r][12 + lane] = blake3_order[r][9 + 2 * ((lane + 3) % 4)];
    }
  return rows;
}();

CAIRN_DETAIL_AVX512 inline void blake3_compress_avx512(std::uint32_t (&out)[16], blake3_words const& cv, byte const* block, blake3_step step) {
  auto const words = _mm512_loadu_si512(block);
  auto const* const in = reinterpret_cast<__m128i const*>(cv.data());
  auto a = _mm_loadu_si128(in), b = _mm_loadu_si128(in + 1), c = _mm_loadu_si128(reinterpret_cast<__m128i const*>(blake3_iv));
  auto d = _mm_set_epi32(static_cast<int>(step.flags), static_cast<int>(step.size), static_cast<int>(step.counter >> 32), static_cast<int>(step.counter));
#  pragma GCC unroll 7
  for (int r = 0; r < 7; ++r) {
    auto const m = _mm512_permutexvar_epi32(_mm512_load_si512(blake3_row_order.order[r]), words);
#  define CAIRN_DETAIL_G(x, y)                         \
    a = _mm_add_epi32(_mm_add_epi32(a, x), b);         \
    d = _mm_ror_epi32(_mm_xor_si128(d, a), 16);        \
    c = _mm_add_epi32(c, d);                           \
    b = _mm_ror_epi32(_mm_xor_si128(b, c), 12);        \
    a = _mm_add_epi32(_mm_add_epi32(a, y), b);         \
    d = _mm_ror_epi32(_mm_xor_si128(d, a), 8);         \
    c = _mm_add_epi32(c, d);                           \
    b = _mm_ror_epi32(_mm_xor_si128(b, c), 7);
    CAIRN_DETAIL_G(_mm512_castsi512_si128(m), _mm512_extracti32x4_epi32(m, 1))
    a = _mm_shuffle_epi32(a, _MM_SHUFFLE(2, 1, 0, 3));
    d = _mm_shuffle_epi32(d, _MM_SHUFFLE(1, 0, 3, 2));
    c = _mm_shuffle_epi32(c, _MM_SHUFFLE(0, 3, 2, 1));
    CAIRN_DETAIL_G(_mm512_extracti32x4_epi32(m, 2), _mm512_extracti32x4_epi32(m, 3))
    a = _mm_shuffle_epi32(a, _MM_SHUFFLE(0, 3, 2, 1));
    d = _mm_shuffle_epi32(d, _MM_SHUFFLE(1, 0, 3, 2));
    c = _mm_shuffle_epi32(c, _MM_SHUFFLE(2, 1, 0, 3));
#  undef CAIRN_DETAIL_G
  }
  auto* const to = reinterpret_cast<__m128i*>(out);
  _mm_storeu_si128(to + 2, _mm_xor_si128(c, _mm_loadu_si128(in)));
  _mm_storeu_si128(to + 3, _mm_xor_si128(d, _mm_loadu_si128(in + 1)));
  _mm_storeu_si128(to, _mm_xor_si128(a, c));
  _mm_storeu_si128(to + 1, _mm_xor_si128(b, d));
}

#  define CAIRN_DETAIL_BLAKE3_ROUND(G, s) \
    G(0, 4, 8, 12, m[s[0]], m[s[1]])      \
    G(1, 5, 9, 13, m[s[2]], m[s[3]])      \
    G(2, 6, 10, 14, m[s[4]], m[s[5]])     \
    G(3, 7, 11, 15, m[s[6]], m[s[7]])     \
    G(0, 5, 10, 15, m[s[8]], m[s[9]])     \
    G(1, 6, 11, 12, m[s[10]], m[s[11]])   \
    G(2, 7, 8, 13, m[s[12]], m[s[13]])    \
    G(3, 4, 9, 14, m[s[14]], m[s[15]])

// Sixteen inputs; their chaining values go to out[16][32].
CAIRN_DETAIL_AVX512 inline void blake3_lanes_avx512(byte const* const* in, blake3_batch const& batch, byte* out) {
  __m512i h[8];
  for (int i = 0; i < 8; ++i) h[i] = _mm512_set1_epi32(static_cast<int>(blake3_iv[i]));
  alignas(64) std::uint32_t low[16], high[16];
  for (std::uint64_t i = 0; i < 16; ++i) {
    auto const counter = batch.counter + (batch.counting ? i : 0);
    low[i] = static_cast<std::uint32_t>(counter);
    high[i] = static_cast<std::uint32_t>(counter >> 32);
  }
  for (std::size_t block = 0; block < batch.blocks; ++block) {
    auto const flags = batch.flags | (block == 0 ? batch.first : 0) | (block + 1 == batch.blocks ? batch.last : 0);
    __m512i m[16];
#  pragma GCC unroll 16
    for (int i = 0; i < 16; ++i) {
      auto const* const from = in[i] + 64 * block;
      _mm_prefetch(reinterpret_cast<char const*>(from + 256), _MM_HINT_T0);
      m[i] = _mm512_loadu_si512(from);
    }
    transpose_16x16(m);
    __m512i v[16]{h[0], h[1], h[2], h[3], h[4], h[5], h[6], h[7],
                  _mm512_set1_epi32(static_cast<int>(blake3_iv[0])), _mm512_set1_epi32(static_cast<int>(blake3_iv[1])),
                  _mm512_set1_epi32(static_cast<int>(blake3_iv[2])), _mm512_set1_epi32(static_cast<int>(blake3_iv[3])),
                  _mm512_load_si512(low), _mm512_load_si512(high), _mm512_set1_epi32(64), _mm512_set1_epi32(static_cast<int>(flags))};
#  define CAIRN_DETAIL_G(a, b, c, d, x, y)                           \
    v[a] = _mm512_add_epi32(_mm512_add_epi32(v[a], x), v[b]);        \
    v[d] = _mm512_ror_epi32(_mm512_xor_si512(v[d], v[a]), 16);       \
    v[c] = _mm512_add_epi32(v[c], v[d]);                             \
    v[b] = _mm512_ror_epi32(_mm512_xor_si512(v[b], v[c]), 12);       \
    v[a] = _mm512_add_epi32(_mm512_add_epi32(v[a], y), v[b]);        \
    v[d] = _mm512_ror_epi32(_mm512_xor_si512(v[d], v[a]), 8);        \
    v[c] = _mm512_add_epi32(v[c], v[d]);                             \
    v[b] = _mm512_ror_epi32(_mm512_xor_si512(v[b], v[c]), 7);
#  pragma GCC unroll 7
    for (int r = 0; r < 7; ++r) {
      CAIRN_DETAIL_BLAKE3_ROUND(CAIRN_DETAIL_G, blake3_order[r])
    }
#  undef CAIRN_DETAIL_G
    for (int i = 0; i < 8; ++i) h[i] = _mm512_xor_si512(v[i], v[i + 8]);
  }
  __m512i rows[16];
  for (int i = 0; i < 16; ++i) rows[i] = h[i % 8];
  transpose_16x16(rows);
#  pragma GCC unroll 16
  for (int i = 0; i < 16; ++i) _mm256_storeu_si256(reinterpret_cast<__m256i*>(out + 32 * i), _mm512_castsi512_si256(rows[i]));
}

CAIRN_DETAIL_AVX2 inline void transpose_8x8(__m256i* m) {
  __m256i t[8];
#  pragma GCC unroll 4
  for (int i = 0; i < 8; i += 2) {
    t[i] = _mm256_unpacklo_epi32(m[i], m[i + 1]);
    t[i + 1] = _mm256_unpackhi_epi32(m[i], m[i + 1]);
  }
#  pragma GCC unroll 2
  for (int i = 0; i < 8; i += 4) {
    m[i] = _mm256_unpacklo_epi64(t[i], t[i + 2]);
    m[i + 1] = _mm256_unpackhi_epi64(t[i], t[i + 2]);
    m[i + 2] = _mm256_unpacklo_epi64(t[i + 1], t[i + 3]);
    m[i + 3] = _mm256_unpackhi_epi64(t[i + 1], t[i + 3]);
  }
#  pragma GCC unroll 4
  for (int i = 0; i < 4; ++i) {
    t[i] = _mm256_permute2x128_si256(m[i], m[i + 4], 0x20);
    t[i + 4] = _mm256_permute2x128_si256(m[i], m[i + 4], 0x31);
  }
#  pragma GCC unroll 8
  for (int i = 0; i < 8; ++i) m[i] = t[i];
}

// Eight inputs; their chaining values go to out[8][32].
CAIRN_DETAIL_AVX2 inline void blake3_lanes_avx2(byte const* const* in, blake3_batch const& batch, byte* out) {
  auto const turn16 = _mm256_broadcastsi128_si256(_mm_set_epi8(13, 12, 15, 14, 9, 8, 11, 10, 5, 4, 7, 6, 1, 0, 3, 2));
  auto const turn8 = _mm256_broadcastsi128_si256(_mm_set_epi8(12, 15, 14, 13, 8, 11, 10, 9, 4, 7, 6, 5, 0, 3, 2, 1));
  __m256i h[8];
  for (int i = 0; i < 8; ++i) h[i] = _mm256_set1_epi32(static_cast<int>(blake3_iv[i]));
  alignas(32) std::uint32_t low[8], high[8];
  for (std::uint64_t i = 0; i < 8; ++i) {
    auto const counter = batch.counter + (batch.counting ? i : 0);
    low[i] = static_cast<std::uint32_t>(counter);
    high[i] = static_cast<std::uint32_t>(counter >> 32);
  }
  for (std::size_t block = 0; block < batch.blocks; ++block) {
    auto const flags = batch.flags | (block == 0 ? batch.first : 0) | (block + 1 == batch.blocks ? batch.last : 0);
    __m256i m[16];
#  pragma GCC unroll 8
    for (int i = 0; i < 8; ++i) {
      auto const* const from = reinterpret_cast<__m256i const*>(in[i] + 64 * block);
      m[i] = _mm256_loadu_si256(from);
      m[i + 8] = _mm256_loadu_si256(from + 1);
    }
    transpose_8x8(m);
    transpose_8x8(m + 8);
    __m256i v[16]{h[0], h[1], h[2], h[3], h[4], h[5], h[6], h[7],
                  _mm256_set1_epi32(static_cast<int>(blake3_iv[0])), _mm256_set1_epi32(static_cast<int>(blake3_iv[1])),
                  _mm256_set1_epi32(static_cast<int>(blake3_iv[2])), _mm256_set1_epi32(static_cast<int>(blake3_iv[3])),
                  _mm256_load_si256(reinterpret_cast<__m256i const*>(low)), _mm256_load_si256(reinterpret_cast<__m256i const*>(high)),
                  _mm256_set1_epi32(64), _mm256_set1_epi32(static_cast<int>(flags))};
#  define CAIRN_DETAIL_ROR(x, n) _mm256_or_si256(_mm256_srli_epi32(x, n), _mm256_slli_epi32(x, 32 - n))
#  define CAIRN_DETAIL_G(a, b, c, d, x, y)                            \
    v[a] = _mm256_add_epi32(_mm256_add_epi32(v[a], x), v[b]);         \
    v[d] = _mm256_shuffle_epi8(_mm256_xor_si256(v[d], v[a]), turn16); \
    v[c] = _mm256_add_epi32(v[c], v[d]);                              \
    v[b] = _mm256_xor_si256(v[b], v[c]);                              \
    v[b] = CAIRN_DETAIL_ROR(v[b], 12);                                \
    v[a] = _mm256_add_epi32(_mm256_add_epi32(v[a], y), v[b]);         \
    v[d] = _mm256_shuffle_epi8(_mm256_xor_si256(v[d], v[a]), turn8);  \
    v[c] = _mm256_add_epi32(v[c], v[d]);                              \
    v[b] = _mm256_xor_si256(v[b], v[c]);                              \
    v[b] = CAIRN_DETAIL_ROR(v[b], 7);
#  pragma GCC unroll 7
    for (int r = 0; r < 7; ++r) {
      CAIRN_DETAIL_BLAKE3_ROUND(CAIRN_DETAIL_G, blake3_order[r])
    }
#  undef CAIRN_DETAIL_G
#  undef CAIRN_DETAIL_ROR
    for (int i = 0; i < 8; ++i) h[i] = _mm256_xor_si256(v[i], v[i + 8]);
  }
  transpose_8x8(h);
  for (int i = 0; i < 8; ++i) _mm256_storeu_si256(reinterpret_cast<__m256i*>(out + 32 * i), h[i]);
}

#  undef CAIRN_DETAIL_BLAKE3_ROUND
#endif

inline void blake3_compress(std::uint32_t (&out)[16], blake3_words const& cv, byte const* block, blake3_step step, crypto_cpu const& cpu) {
#if defined(__x86_64__)
  if (cpu.avx512) return blake3_compress_avx512(out, cv, block, step);
#endif
  (void)cpu;
  blake3_compress_portable(out, cv, block, step);
}

// `count` inputs of `batch.blocks` whole blocks each; their chaining values go to out[count][32].
inline void blake3_many(byte const* const* in, std::size_t count, blake3_batch batch, byte* out, crypto_cpu const& cpu) {
#if defined(__x86_64__)
  auto const width = cpu.avx512 ? 16uz : cpu.avx2 ? 8uz : 0uz;
  while (width > 0 && count > 2) {  // two inputs are as fast one by one
    byte const* lanes[16];
    byte wide[16 * 32];
    auto const real = count < width ? count : width;
    for (std::size_t i = 0; i < width; ++i) lanes[i] = in[i < real ? i : 0];
    cpu.avx512 ? blake3_lanes_avx512(lanes, batch, wide) : blake3_lanes_avx2(lanes, batch, wide);
    std::memcpy(out, wide, 32 * real);
    in += real;
    count -= real;
    out += 32 * real;
    if (batch.counting) batch.counter += real;
  }
#endif
  for (; count > 0; --count, ++in, out += 32) {
    auto cv = std::to_array(blake3_iv);
    for (std::size_t block = 0; block < batch.blocks; ++block) {
      std::uint32_t full[16];
      auto const flags = batch.flags | (block == 0 ? batch.first : 0) | (block + 1 == batch.blocks ? batch.last : 0);
      blake3_compress(full, cv, *in + 64 * block, {batch.counter, 64, flags}, cpu);
      for (int i = 0; i < 8; ++i) cv[i] = full[i];
    }
    for (int i = 0; i < 8; ++i) store_little(out + 4 * i, cv[i]);
    if (batch.counting) ++batch.counter;
  }
}

}  // namespace cairn::detail
