#pragma once

#include <cairn/core/bytes.hpp>
#include <cairn/crypto/impl/cpu.hpp>

#include <array>
#include <cstring>
#include <span>

#include <openssl/sha.h>

// Three engines for one function. The SHA extensions hash one message at latency speed and two to four interleaved at
// throughput speed; AVX-512 hashes sixteen, one per 32-bit lane, and is the fastest of all from eleven messages on (1.5 times the
// interleaved SHA extensions where sha256rnds2 issues every third cycle). OpenSSL serves every other CPU.

namespace cairn::detail {

using sha256_state = std::array<std::uint32_t, 8>;

inline constexpr sha256_state sha256_iv{0x6a09e667, 0xbb67ae85, 0x3c6ef372, 0xa54ff53a, 0x510e527f, 0x9b05688c, 0x1f83d9ab, 0x5be0cd19};

alignas(64) inline constexpr std::uint32_t sha256_k[64]{
    0x428a2f98, 0x71374491, 0xb5c0fbcf, 0xe9b5dba5, 0x3956c25b, 0x59f111f1, 0x923f82a4, 0xab1c5ed5, 0xd807aa98, 0x12835b01, 0x243185be,
    0x550c7dc3, 0x72be5d74, 0x80deb1fe, 0x9bdc06a7, 0xc19bf174, 0xe49b69c1, 0xefbe4786, 0x0fc19dc6, 0x240ca1cc, 0x2de92c6f, 0x4a7484aa,
    0x5cb0a9dc, 0x76f988da, 0x983e5152, 0xa831c66d, 0xb00327c8, 0xbf597fc7, 0xc6e00bf3, 0xd5a79147, 0x06ca6351, 0x14292967, 0x27b70a85,
    0x2e1b2138, 0x4d2c6dfc, 0x53380d13, 0x650a7354, 0x766a0abb, 0x81c2c92e, 0x92722c85, 0xa2bfe8a1, 0xa81a664b, 0xc24b8b70, 0xc76c51a3,
    0xd192e819, 0xd6990624, 0xf40e3585, 0x106aa070, 0x19a4c116, 0x1e376c08, 0x2748774c, 0x34b0bcb5, 0x391c0cb3, 0x4ed8aa4a, 0x5b9cca4f,
    0x682e6ff3, 0x748f82ee, 0x78a5636f, 0x84c87814, 0x8cc70208, 0x90befffa, 0xa4506ceb, 0xbef9a3f7, 0xc67178f2};

// OpenSSL's block function on a state of ours: its context is only the carrier.
inline void sha256_blocks_portable(sha256_state& state, byte const* data, std::size_t blocks) {
#pragma GCC diagnostic push
#pragma GCC diagnostic ignored "-Wdeprecated-declarations"
  auto context = SHA256_CTX{};
  std::memcpy(context.h, state.data(), 32);
  context.md_len = 32;
  ::SHA256_Update(&context, data, blocks * 64);
  std::memcpy(state.data(), context.h, 32);
#pragma GCC diagnostic pop
}

#if defined(__x86_64__)
#  define CAIRN_DETAIL_SHA_NI __attribute__((target("sha,sse4.1,ssse3")))

template <int N>
CAIRN_DETAIL_SHA_NI void sha256_blocks_ni(sha256_state* state, byte const* const* data, std::size_t blocks) {
  __m128i abef[N], cdgh[N];
  byte const* at[N];
  auto const swap = _mm_set_epi64x(0x0c0d0e0f08090a0b, 0x0405060700010203);
  for (int i = 0; i < N; ++i) {
    auto const* words = reinterpret_cast<__m128i const*>(state[i].data());
    auto const low = _mm_shuffle_epi32(_mm_loadu_si128(words), 0xb1), high = _mm_shuffle_epi32(_mm_loadu_si128(words + 1), 0x1b);
    abef[i] = _mm_alignr_epi8(low, high, 8);
    cdgh[i] = _mm_blend_epi16(high, low, 0xf0);
    at[i] = data[i];
  }
  for (; blocks > 0; --blocks) {
    __m128i abef0[N], cdgh0[N], w[N][4];
    for (int i = 0; i < N; ++i) {
      abef0[i] = abef[i];
      cdgh0[i] = cdgh[i];
      for (int j = 0; j < 4; ++j) w[i][j] = _mm_shuffle_epi8(_mm_loadu_si128(reinterpret_cast<__m128i const*>(at[i] + 16 * j)), swap);
      at[i] += 64;
    }
#  pragma GCC unroll 16
    for (int r = 0; r < 16; ++r) {
      auto const k = _mm_load_si128(reinterpret_cast<__m128i const*>(sha256_k + 4 * r));
      __m128i sum[N];
#  pragma GCC unroll 4
      for (int i = 0; i < N; ++i) {
        sum[i] = _mm_add_epi32(w[i][r & 3], k);
        cdgh[i] = _mm_sha256rnds2_epu32(cdgh[i], abef[i], sum[i]);
        if (r < 12) {
          auto const seventh = _mm_alignr_epi8(w[i][(r + 3) & 3], w[i][(r + 2) & 3], 4);
          auto const half = _mm_add_epi32(_mm_sha256msg1_epu32(w[i][r & 3], w[i][(r + 1) & 3]), seventh);
          w[i][r & 3] = _mm_sha256msg2_epu32(half, w[i][(r + 3) & 3]);
        }
      }
#  pragma GCC unroll 4
      for (int i = 0; i < N; ++i) abef[i] = _mm_sha256rnds2_epu32(abef[i], cdgh[i], _mm_shuffle_epi32(sum[i], 0x0e));
    }
    for (int i = 0; i < N; ++i) {
      abef[i] = _mm_add_epi32(abef[i], abef0[i]);
      cdgh[i] = _mm_add_epi32(cdgh[i], cdgh0[i]);
    }
  }
  for (int i = 0; i < N; ++i) {
    auto const low = _mm_shuffle_epi32(abef[i], 0x1b), high = _mm_shuffle_epi32(cdgh[i], 0xb1);
    auto* words = reinterpret_cast<__m128i*>(state[i].data());
    _mm_storeu_si128(words, _mm_blend_epi16(low, high, 0xf0));
    _mm_storeu_si128(words + 1, _mm_alignr_epi8(high, low, 8));
  }
}

struct alignas(64) sha256_wide_state {
  std::uint32_t word[8][16];
};

CAIRN_DETAIL_AVX512 inline void sha256_blocks_avx512(sha256_wide_state& state, byte const* const* data, std::size_t blocks) {
  __m512i s[8];
  for (int i = 0; i < 8; ++i) s[i] = _mm512_load_si512(state.word[i]);
  auto const swap = _mm512_broadcast_i32x4(_mm_set_epi64x(0x0c0d0e0f08090a0b, 0x0405060700010203));
  for (std::size_t block = 0; block < blocks; ++block) {
    __m512i w[16];
#  pragma GCC unroll 16
    for (int i = 0; i < 16; ++i) {
      auto const* const from = data[i] + 64 * block;
      _mm_prefetch(reinterpret_cast<char const*>(from + 512), _MM_HINT_T0);  // sixteen streams are more than the CPU's own prefetcher follows
      w[i] = _mm512_shuffle_epi8(_mm512_loadu_si512(from), swap);
    }
    transpose_16x16(w);
    auto a = s[0], b = s[1], c = s[2], d = s[3], e = s[4], f = s[5], g = s[6], h = s[7];
    for (int quarter = 0; quarter < 4; ++quarter) {
#  pragma GCC unroll 16
      for (int r = 0; r < 16; ++r) {
        auto const sum1 = _mm512_ternarylogic_epi32(_mm512_ror_epi32(e, 6), _mm512_ror_epi32(e, 11), _mm512_ror_epi32(e, 25), 0x96);
        auto const choice = _mm512_ternarylogic_epi32(e, f, g, 0xca);
        auto const wk = _mm512_add_epi32(w[r], _mm512_set1_epi32(static_cast<int>(sha256_k[16 * quarter + r])));
        auto const t1 = _mm512_add_epi32(_mm512_add_epi32(h, wk), _mm512_add_epi32(sum1, choice));
        auto const sum0 = _mm512_ternarylogic_epi32(_mm512_ror_epi32(a, 2), _mm512_ror_epi32(a, 13), _mm512_ror_epi32(a, 22), 0x96);
        auto const majority = _mm512_ternarylogic_epi32(a, b, c, 0xe8);
        h = g;
        g = f;
        f = e;
        e = _mm512_add_epi32(d, t1);
        d = c;
        c = b;
        b = a;
        a = _mm512_add_epi32(t1, _mm512_add_epi32(sum0, majority));
        auto const w1 = w[(r + 1) & 15], w14 = w[(r + 14) & 15];
        auto const small0 = _mm512_ternarylogic_epi32(_mm512_ror_epi32(w1, 7), _mm512_ror_epi32(w1, 18), _mm512_srli_epi32(w1, 3), 0x96);
        auto const small1 = _mm512_ternarylogic_epi32(_mm512_ror_epi32(w14, 17), _mm512_ror_epi32(w14, 19), _mm512_srli_epi32(w14, 10), 0x96);
        if (quarter < 3) w[r] = _mm512_add_epi32(_mm512_add_epi32(w[r], small0), _mm512_add_epi32(small1, w[(r + 9) & 15]));
      }
    }
    s[0] = _mm512_add_epi32(s[0], a);
    s[1] = _mm512_add_epi32(s[1], b);
    s[2] = _mm512_add_epi32(s[2], c);
    s[3] = _mm512_add_epi32(s[3], d);
    s[4] = _mm512_add_epi32(s[4], e);
    s[5] = _mm512_add_epi32(s[5], f);
    s[6] = _mm512_add_epi32(s[6], g);
    s[7] = _mm512_add_epi32(s[7], h);
  }
  for (int i = 0; i < 8; ++i) _mm512_store_si512(state.word[i], s[i]);
}

struct sha256_engine_avx512 {
  static constexpr std::size_t lanes = 16;
  sha256_wide_state state{};
  void set(std::size_t lane, sha256_state const& in) {
    for (int i = 0; i < 8; ++i) state.word[i][lane] = in[i];
  }
  auto get(std::size_t lane) const -> sha256_state {
    auto out = sha256_state{};
    for (int i = 0; i < 8; ++i) out[i] = state.word[i][lane];
    return out;
  }
  void run(byte const* const* data, std::size_t blocks) { sha256_blocks_avx512(state, data, blocks); }
};

template <int N>
struct sha256_engine_ni {
  static constexpr std::size_t lanes = N;
  sha256_state state[N]{};
  void set(std::size_t lane, sha256_state const& in) { state[lane] = in; }
  auto get(std::size_t lane) const -> sha256_state { return state[lane]; }
  void run(byte const* const* data, std::size_t blocks) { sha256_blocks_ni<N>(state, data, blocks); }
};
#endif

inline void sha256_blocks(sha256_state& state, byte const* data, std::size_t blocks, crypto_cpu const& cpu = this_crypto_cpu()) {
#if defined(__x86_64__)
  if (cpu.sha_ni) return sha256_blocks_ni<1>(&state, &data, blocks);
#endif
  (void)cpu;
  sha256_blocks_portable(state, data, blocks);
}

inline void put_big32(byte* out, std::uint32_t v) {
  for (int i = 0; i < 4; ++i) out[i] = static_cast<byte>(v >> (24 - 8 * i));
}

inline auto sha256_digest(sha256_state const& state) -> digest<32> {
  auto out = digest<32>{};
  for (int i = 0; i < 8; ++i) put_big32(out.data() + 4 * i, state[i]);
  return out;
}

// The padded end of a message: what is left after the whole blocks, 0x80, zeros, the length in bits. Returns its blocks, 1 or 2.
inline auto sha256_tail(byte* tail, byte const* rest, std::size_t left, std::uint64_t total) -> std::size_t {
  auto const blocks = left < 56 ? 1uz : 2uz;
  if (left > 0) std::memcpy(tail, rest, left);
  tail[left] = 0x80;
  std::memset(tail + left + 1, 0, blocks * 64 - left - 9);
  put_big32(tail + blocks * 64 - 8, static_cast<std::uint32_t>(total >> 29));
  put_big32(tail + blocks * 64 - 4, static_cast<std::uint32_t>(total << 3));
  return blocks;
}

// One message on its way through an engine.
struct sha256_lane {
  sha256_state state;
  byte const* at;
  std::size_t blocks;  // still to do at `at`
  bytes_view message;
  digest<32>* out;
  bool in_tail;
  byte tail[128];

  void start(bytes_view in, digest<32>* to) {
    state = sha256_iv;
    at = in.data();
    blocks = in.size() / 64;
    message = in;
    out = to;
    in_tail = false;
    if (blocks == 0) enter_tail();
  }
  void enter_tail() {
    auto const left = message.size() % 64;
    blocks = sha256_tail(tail, message.data() + (message.size() - left), left, message.size());
    at = tail;
    in_tail = true;
  }
  void move_to(sha256_lane& to) const {  // `at` may point into the lane itself
    to = *this;
    if (in_tail) to.at = to.tail + (at - tail);
  }
};

// Feed an engine until fewer than `keep` messages are left in flight; those stay, in order, in the front of `lane`.
template <class Engine, class Next>
auto sha256_drive(sha256_lane* lane, std::size_t active, std::size_t keep, Next next) -> std::size_t {
  auto engine = Engine{};
  byte const* at[Engine::lanes];
  for (std::size_t i = 0; i < active; ++i) engine.set(i, lane[i].state);
  for (;;) {
    while (active < Engine::lanes && next(lane[active])) {
      engine.set(active, lane[active].state);
      ++active;
    }
    if (active < keep) break;
    auto blocks = lane[0].blocks;
    for (std::size_t i = 1; i < active; ++i) blocks = lane[i].blocks < blocks ? lane[i].blocks : blocks;
    for (std::size_t i = 0; i < Engine::lanes; ++i) at[i] = lane[i < active ? i : 0].at;
    engine.run(at, blocks);
    for (std::size_t i = 0; i < active;) {
      lane[i].at += 64 * blocks;
      lane[i].blocks -= blocks;
      if (lane[i].blocks == 0 && !lane[i].in_tail) lane[i].enter_tail();
      if (lane[i].blocks > 0) {
        ++i;
        continue;
      }
      *lane[i].out = sha256_digest(engine.get(i));
      if (next(lane[i])) {
        engine.set(i, lane[i].state);
        ++i;
      } else if (--active > i) {
        lane[active].move_to(lane[i]);
        engine.set(i, engine.get(active));
      }
    }
  }
  for (std::size_t i = 0; i < active; ++i) lane[i].state = engine.get(i);
  return active;
}

inline auto sha256_on(bytes_view data, crypto_cpu const& cpu) -> digest<32> {
  auto state = sha256_iv;
  auto const whole = data.size() / 64, left = data.size() % 64;
  if (whole > 0) sha256_blocks(state, data.data(), whole, cpu);
  byte tail[128];
  auto const blocks = sha256_tail(tail, data.data() + 64 * whole, left, data.size());
  sha256_blocks(state, tail, blocks, cpu);
  return sha256_digest(state);
}

inline void sha256_many_on(std::span<bytes_view const> in, digest<32>* out, crypto_cpu const& cpu) {
#if defined(__x86_64__)
  if (in.size() > 1 && (cpu.sha_ni || cpu.avx512)) {
    sha256_lane lane[16];
    std::size_t taken = 0, active = 0;
    auto const next = [&](sha256_lane& to) {
      if (taken == in.size()) return false;
      to.start(in[taken], out + taken);
      ++taken;
      return true;
    };
    // sixteen lanes cost what ten messages cost on the SHA extensions: below that those win, where they are
    if (cpu.avx512 && (in.size() > 10 || !cpu.sha_ni)) active = sha256_drive<sha256_engine_avx512>(lane, active, cpu.sha_ni ? 11 : 2, next);
    auto const held = active;  // of at most sixteen; the narrow engine takes the rest one by one
    sha256_lane few[4];
    std::size_t popped = 0;
    auto const pop = [&](sha256_lane& to) {
      if (popped == held) return next(to);
      lane[popped++].move_to(to);
      return true;
    };
    active = 0;
    if (cpu.sha_ni) {
      active = sha256_drive<sha256_engine_ni<4>>(few, active, 4, pop);
      active = sha256_drive<sha256_engine_ni<3>>(few, active, 3, pop);
      active = sha256_drive<sha256_engine_ni<2>>(few, active, 2, pop);
    }
    while (active > 0 || pop(few[0])) {
      sha256_blocks(few[0].state, few[0].at, few[0].blocks, cpu);
      if (!few[0].in_tail) {
        few[0].enter_tail();
        sha256_blocks(few[0].state, few[0].at, few[0].blocks, cpu);
      }
      *few[0].out = sha256_digest(few[0].state);
      active = 0;
    }
    return;
  }
#endif
  for (auto one : in) *out++ = sha256_on(one, cpu);
}

}  // namespace cairn::detail
