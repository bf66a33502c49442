#pragma once

#include <cairn/crypto/impl/block_buffer.hpp>

#include <bit>
#include <utility>

// MurmurHash3: no cryptographic function; UnixFS spreads directory entries with it.

namespace cairn::detail {

inline auto murmur3_mix64(std::uint64_t k) -> std::uint64_t {
  k = (k ^ k >> 33) * 0xff51afd7ed558ccd;
  k = (k ^ k >> 33) * 0xc4ceb9fe1a85ec53;
  return k ^ k >> 33;
}

struct murmur3_128_state {
  std::uint64_t h1, h2, total = 0;
  block_buffer<16> buffer;

  explicit murmur3_128_state(std::uint64_t seed) : h1{seed}, h2{seed} {}

  void update(bytes_view in) {
    total += in.size();
    buffer.feed(in, [&](byte const* data, std::size_t count) {
      for (; count > 0; --count, data += 16) {
        h1 ^= turn1(load_little<std::uint64_t>(data));
        h1 = (std::rotl(h1, 27) + h2) * 5 + 0x52dce729;
        h2 ^= turn2(load_little<std::uint64_t>(data + 8));
        h2 = (std::rotl(h2, 31) + h1) * 5 + 0x38495ab5;
      }
    });
  }
  auto finish() -> std::pair<std::uint64_t, std::uint64_t> {
    std::memset(buffer.held + buffer.used, 0, 16 - buffer.used);
    h2 ^= turn2(load_little<std::uint64_t>(buffer.held + 8)) ^ total;
    h1 ^= turn1(load_little<std::uint64_t>(buffer.held)) ^ total;
    h1 += h2;
    h2 += h1;
    h1 = murmur3_mix64(h1);
    h2 = murmur3_mix64(h2);
    h1 += h2;
    return {h1, h2 + h1};
  }

private:
  static constexpr std::uint64_t c1 = 0x87c37b91114253d5, c2 = 0x4cf5ad432745937f;
  static auto turn1(std::uint64_t k) -> std::uint64_t { return std::rotl(k * c1, 31) * c2; }
  static auto turn2(std::uint64_t k) -> std::uint64_t { return std::rotl(k * c2, 33) * c1; }
};

struct murmur3_32_state {
  std::uint32_t h, total = 0;
  block_buffer<4> buffer;

  explicit murmur3_32_state(std::uint32_t seed) : h{seed} {}

  void update(bytes_view in) {
    total += static_cast<std::uint32_t>(in.size());
    buffer.feed(in, [&](byte const* data, std::size_t count) {
      for (; count > 0; --count, data += 4) h = std::rotl(h ^ turn(load_little<std::uint32_t>(data)), 13) * 5 + 0xe6546b64;
    });
  }
  auto finish() -> std::uint32_t {
    std::memset(buffer.held + buffer.used, 0, 4 - buffer.used);
    h ^= turn(load_little<std::uint32_t>(buffer.held)) ^ total;
    h = (h ^ h >> 16) * 0x85ebca6b;
    h = (h ^ h >> 13) * 0xc2b2ae35;
    return h ^ h >> 16;
  }

private:
  static auto turn(std::uint32_t k) -> std::uint32_t { return std::rotl(k * 0xcc9e2d51, 15) * 0x1b873593; }
};

// as hash functions of the multicodec table: seed 0, big-endian (IX-23)
struct murmur3_128_hasher : murmur3_128_state {
  static constexpr std::size_t max_size = 16;
  murmur3_128_hasher() : murmur3_128_state{0} {}
  void finish(byte* out, std::size_t size) {
    auto const [first, second] = murmur3_128_state::finish();
    byte full[16];
    store_big(full, first);
    store_big(full + 8, second);
    std::memcpy(out, full, size);
  }
};

struct murmur3_64_hasher : murmur3_128_hasher {
  static constexpr std::size_t max_size = 8;
};

struct murmur3_32_hasher : murmur3_32_state {
  static constexpr std::size_t max_size = 4;
  murmur3_32_hasher() : murmur3_32_state{0} {}
  void finish(byte* out, std::size_t size) {
    byte full[4];
    store_big(full, murmur3_32_state::finish());
    std::memcpy(out, full, size);
  }
};

}  // namespace cairn::detail
