#pragma once

#include <cairn/crypto/impl/block_buffer.hpp>
#include <cairn/crypto/impl/sha256.hpp>

#include <openssl/md5.h>
#include <openssl/sha.h>

// The Merkle-Damgard functions as incremental states: `update`, then `finish(out, size)` with size <= max_size.

namespace cairn::detail {

struct sha256_hasher {
  static constexpr std::size_t max_size = 32;
  sha256_state state = sha256_iv;
  block_buffer<64> buffer;
  std::uint64_t total = 0;

  void update(bytes_view in) {
    total += in.size();
    buffer.feed(in, [&](byte const* data, std::size_t count) { sha256_blocks(state, data, count); });
  }
  void finish(byte* out, std::size_t size) {
    byte tail[128];
    auto const blocks = sha256_tail(tail, buffer.held, buffer.used, total);
    sha256_blocks(state, tail, blocks);
    auto const full = sha256_digest(state);
    std::memcpy(out, full.data(), size);
  }
};

struct sha224_hasher : sha256_hasher {
  static constexpr std::size_t max_size = 28;
  sha224_hasher() {
    state = {0xc1059ed8, 0x367cd507, 0x3070dd17, 0xf70e5939, 0xffc00b31, 0x68581511, 0x64f98fa7, 0xbefa4fa4};
  }
};

struct double_sha256_hasher : sha256_hasher {
  void finish(byte* out, std::size_t size) {
    auto once = digest<32>{};
    sha256_hasher::finish(once.data(), 32);
    auto const twice = sha256_on(once, this_crypto_cpu());
    std::memcpy(out, twice.data(), size);
  }
};

#pragma GCC diagnostic push
#pragma GCC diagnostic ignored "-Wdeprecated-declarations"

// OpenSSL's low-level states: the EVP layer would fetch and allocate per message.
struct sha1_hasher {
  static constexpr std::size_t max_size = 20;
  SHA_CTX context;
  sha1_hasher() { ::SHA1_Init(&context); }
  void update(bytes_view in) { ::SHA1_Update(&context, in.data(), in.size()); }
  void finish(byte* out, std::size_t size) {
    byte full[20];
    ::SHA1_Final(full, &context);
    std::memcpy(out, full, size);
  }
};

struct md5_hasher {
  static constexpr std::size_t max_size = 16;
  MD5_CTX context;
  md5_hasher() { ::MD5_Init(&context); }
  void update(bytes_view in) { ::MD5_Update(&context, in.data(), in.size()); }
  void finish(byte* out, std::size_t size) {
    byte full[16];
    ::MD5_Final(full, &context);
    std::memcpy(out, full, size);
  }
};

struct sha512_hasher {
  static constexpr std::size_t max_size = 64;
  SHA512_CTX context;
  sha512_hasher() { ::SHA512_Init(&context); }
  void update(bytes_view in) { ::SHA512_Update(&context, in.data(), in.size()); }
  void finish(byte* out, std::size_t size) {
    byte full[64];
    ::SHA512_Final(full, &context);
    std::memcpy(out, full, size);
  }

protected:
  void begin(std::array<std::uint64_t, 8> const& iv) {
    for (int i = 0; i < 8; ++i) context.h[i] = iv[i];
  }
};

#pragma GCC diagnostic pop

// The truncated forms differ by their initial value (FIPS 180-4, 5.3.4 and 5.3.6).
struct sha384_hasher : sha512_hasher {
  static constexpr std::size_t max_size = 48;
  sha384_hasher() {
    begin({0xcbbb9d5dc1059ed8, 0x629a292a367cd507, 0x9159015a3070dd17, 0x152fecd8f70e5939, 0x67332667ffc00b31, 0x8eb44a8768581511,
           0xdb0c2e0d64f98fa7, 0x47b5481dbefa4fa4});
  }
};

struct sha512_224_hasher : sha512_hasher {
  static constexpr std::size_t max_size = 28;
  sha512_224_hasher() {
    begin({0x8c3d37c819544da2, 0x73e1996689dcd4d6, 0x1dfab7ae32ff9c82, 0x679dd514582f9fcf, 0x0f6d2b697bd44da8, 0x77e36f7304c48942,
           0x3f9d85a86a1d36c8, 0x1112e6ad91d692a1});
  }
};

struct sha512_256_hasher : sha512_hasher {
  static constexpr std::size_t max_size = 32;
  sha512_256_hasher() {
    begin({0x22312194fc2bf72c, 0x9f555fa3c84c64c2, 0x2393b86b6f53b151, 0x963877195940eabd, 0x96283ee2a88effe3, 0xbe5e1e2553863992,
           0x2b0199fc2c85b8aa, 0x0eb72ddc81c52ca2});
  }
};

}  // namespace cairn::detail
