#pragma once

#include <cairn/core/limits.hpp>
#include <cairn/crypto/impl/block_buffer.hpp>

#include <bit>

// Keccak-f[1600] and the sponges on it: SHA-3 and SHAKE (FIPS 202), and Keccak with the padding of the competition.

namespace cairn::detail {

inline constexpr std::uint64_t keccak_round_constants[24]{
    0x0000000000000001, 0x0000000000008082, 0x800000000000808a, 0x8000000080008000, 0x000000000000808b, 0x0000000080000001,
    0x8000000080008081, 0x8000000000008009, 0x000000000000008a, 0x0000000000000088, 0x0000000080008009, 0x000000008000000a,
    0x000000008000808b, 0x800000000000008b, 0x8000000000008089, 0x8000000000008003, 0x8000000000008002, 0x8000000000000080,
    0x000000000000800a, 0x800000008000000a, 0x8000000080008081, 0x8000000000008080, 0x0000000080000001, 0x8000000080008008};

// rho: how far lane x + 5y turns; pi: where it goes
inline constexpr int keccak_turn[25]{0, 1, 62, 28, 27, 36, 44, 6, 55, 20, 3, 10, 43, 25, 39, 41, 45, 15, 21, 8, 18, 2, 61, 56, 14};

inline void keccak_permute(std::uint64_t (&a)[25]) {
  for (auto const constant : keccak_round_constants) {
    std::uint64_t c[5], d[5], b[25];
#pragma GCC unroll 5
    for (int x = 0; x < 5; ++x) c[x] = a[x] ^ a[x + 5] ^ a[x + 10] ^ a[x + 15] ^ a[x + 20];
#pragma GCC unroll 5
    for (int x = 0; x < 5; ++x) d[x] = c[(x + 4) % 5] ^ std::rotl(c[(x + 1) % 5], 1);
#pragma GCC unroll 5
    for (int y = 0; y < 5; ++y)
#pragma GCC unroll 5
      for (int x = 0; x < 5; ++x) b[y + 5 * ((2 * x + 3 * y) % 5)] = std::rotl(a[x + 5 * y] ^ d[x], keccak_turn[x + 5 * y]);
#pragma GCC unroll 5
    for (int y = 0; y < 25; y += 5)
#pragma GCC unroll 5
      for (int x = 0; x < 5; ++x) a[y + x] = b[y + x] ^ (~b[y + (x + 1) % 5] & b[y + (x + 2) % 5]);
    a[0] ^= constant;
  }
}

template <std::size_t Rate, byte Domain, std::size_t MaxSize>
struct keccak_hasher {
  static constexpr std::size_t max_size = MaxSize;
  std::uint64_t state[25]{};
  block_buffer<Rate> buffer;

  void update(bytes_view in) {
    buffer.feed(in, [&](byte const* data, std::size_t count) {
      for (; count > 0; --count, data += Rate) absorb(data);
    });
  }
  void finish(byte* out, std::size_t size) {
    std::memset(buffer.held + buffer.used, 0, Rate - buffer.used);
    buffer.held[buffer.used] = Domain;
    buffer.held[Rate - 1] |= 0x80;
    absorb(buffer.held);
    while (size > 0) {
      byte squeezed[200];
      for (int i = 0; i < 25; ++i) store_little(squeezed + 8 * i, state[i]);
      auto const take = size < Rate ? size : Rate;
      std::memcpy(out, squeezed, take);
      out += take;
      size -= take;
      if (size > 0) keccak_permute(state);
    }
  }

private:
  void absorb(byte const* data) {
    for (std::size_t i = 0; i < Rate / 8; ++i) state[i] ^= load_little<std::uint64_t>(data + 8 * i);
    keccak_permute(state);
  }
};

template <std::size_t Size>
using sha3_hasher = keccak_hasher<200 - 2 * Size, 0x06, Size>;
template <std::size_t Size>
using old_keccak_hasher = keccak_hasher<200 - 2 * Size, 0x01, Size>;
using shake128_hasher = keccak_hasher<168, 0x1f, limits::digest>;
using shake256_hasher = keccak_hasher<136, 0x1f, limits::digest>;

}  // namespace cairn::detail
