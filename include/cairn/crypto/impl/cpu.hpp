#pragma once

#include <cairn/core/bytes.hpp>

#if defined(__x86_64__)
// g++ 12 takes the deliberately undefined registers of its own header for a mistake
#  pragma GCC diagnostic push
#  pragma GCC diagnostic ignored "-Wuninitialized"
#  include <immintrin.h>
#  pragma GCC diagnostic pop
#endif

// What this machine's processor offers beyond the baseline, asked once; and what several engines share.

namespace cairn::detail {

struct crypto_cpu {
  bool sha_ni = false, avx512 = false, avx2 = false;
};

inline auto ask_crypto_cpu() -> crypto_cpu {
  auto cpu = crypto_cpu{};
#if defined(__x86_64__)
  __builtin_cpu_init();
  cpu.sha_ni = __builtin_cpu_supports("sha") && __builtin_cpu_supports("sse4.1") && __builtin_cpu_supports("ssse3");
  cpu.avx512 = __builtin_cpu_supports("avx512f") && __builtin_cpu_supports("avx512bw") && __builtin_cpu_supports("avx512vl") &&
               __builtin_cpu_supports("avx512dq");
  cpu.avx2 = __builtin_cpu_supports("avx2");
#endif
  return cpu;
}

inline auto this_crypto_cpu() -> crypto_cpu const& {
  static auto const cpu = ask_crypto_cpu();
  return cpu;
}

#if defined(__x86_64__)
#  define CAIRN_DETAIL_AVX512 __attribute__((target("avx512f,avx512bw,avx512vl,avx512dq")))
#  define CAIRN_DETAIL_AVX2 __attribute__((target("avx2")))

// Sixteen rows of sixteen words become sixteen columns.
CAIRN_DETAIL_AVX512 inline void transpose_16x16(__m512i (&m)[16]) {
  __m512i t[16];
#  pragma GCC unroll 8
  for (int i = 0; i < 16; i += 2) {
    t[i] = _mm512_unpacklo_epi32(m[i], m[i + 1]);
    t[i + 1] = _mm512_unpackhi_epi32(m[i], m[i + 1]);
  }
#  pragma GCC unroll 4
  for (int i = 0; i < 16; i += 4) {
    m[i] = _mm512_unpacklo_epi64(t[i], t[i + 2]);
    m[i + 1] = _mm512_unpackhi_epi64(t[i], t[i + 2]);
    m[i + 2] = _mm512_unpacklo_epi64(t[i + 1], t[i + 3]);
    m[i + 3] = _mm512_unpackhi_epi64(t[i + 1], t[i + 3]);
  }
#  pragma GCC unroll 4
  for (int i = 0; i < 4; ++i) {
    t[i] = _mm512_shuffle_i32x4(m[i], m[i + 4], 0x88);
    t[i + 4] = _mm512_shuffle_i32x4(m[i], m[i + 4], 0xdd);
    t[i + 8] = _mm512_shuffle_i32x4(m[i + 8], m[i + 12], 0x88);
    t[i + 12] = _mm512_shuffle_i32x4(m[i + 8], m[i + 12], 0xdd);
  }
#  pragma GCC unroll 4
  for (int i = 0; i < 4; ++i) {
    m[i] = _mm512_shuffle_i32x4(t[i], t[i + 8], 0x88);
    m[i + 8] = _mm512_shuffle_i32x4(t[i], t[i + 8], 0xdd);
    m[i + 4] = _mm512_shuffle_i32x4(t[i + 4], t[i + 12], 0x88);
    m[i + 12] = _mm512_shuffle_i32x4(t[i + 4], t[i + 12], 0xdd);
  }
}
#endif

}  // namespace cairn::detail
