#pragma once
// Big contents by recipe: the keystream of ChaCha20 with key sha256(seed), nonce 0, counter 0.

#include <cairn/crypto/hash.hpp>

#include <cstdint>
#include <string_view>

namespace cairn::testing {

inline auto keystream(std::string_view seed, std::size_t size) -> bytes {
  auto const key = sha256(as_bytes(seed));
  std::uint32_t start[16]{0x61707865, 0x3320646e, 0x79622d32, 0x6b206574};
  for (std::size_t i = 0; i < 32; ++i) start[4 + i / 4] |= static_cast<std::uint32_t>(key[i]) << (8 * (i % 4));
  auto const turn = [](std::uint32_t* x, std::size_t a, std::size_t b, std::size_t c, std::size_t d) {
    auto const rotl = [](std::uint32_t v, int n) { return v << n | v >> (32 - n); };
    x[a] += x[b], x[d] = rotl(x[d] ^ x[a], 16);
    x[c] += x[d], x[b] = rotl(x[b] ^ x[c], 12);
    x[a] += x[b], x[d] = rotl(x[d] ^ x[a], 8);
    x[c] += x[d], x[b] = rotl(x[b] ^ x[c], 7);
  };
  auto out = bytes((size + 63) / 64 * 64);
  for (std::size_t at = 0; at < out.size(); at += 64) {
    std::uint32_t x[16];
    for (std::size_t i = 0; i < 16; ++i) x[i] = start[i];
    for (int round = 0; round < 10; ++round) {
      for (std::size_t i = 0; i < 4; ++i) turn(x, i, 4 + i, 8 + i, 12 + i);
      for (std::size_t i = 0; i < 4; ++i) turn(x, i, 4 + (i + 1) % 4, 8 + (i + 2) % 4, 12 + (i + 3) % 4);
    }
    for (std::size_t i = 0; i < 16; ++i) {
      auto const word = x[i] + start[i];
      for (std::size_t j = 0; j < 4; ++j) out[at + 4 * i + j] = static_cast<byte>(word >> (8 * j));
    }
    if (++start[12] == 0) ++start[13];
  }
  out.resize(size);
  return out;
}

}  // namespace cairn::testing
