#include <cairn/crypto/hash.hpp>

#include <cairn/core/text.hpp>
#include <cairn/crypto/impl/sha256.hpp>

#include "support/property.hpp"

using namespace cairn;

namespace {
auto counted(std::size_t size) -> bytes {
  auto out = bytes(size);
  for (std::size_t i = 0; i < size; ++i) out[i] = static_cast<byte>(i * 131 + (i >> 7));
  return out;
}
auto reference(bytes_view in) -> digest<32> {
  auto out = digest<32>{};
  ::SHA256(in.data(), in.size(), out.data());
  return out;
}
}  // namespace

TEST_CASE("sha256 of the texts of FIPS 180") {
  CHECK(to_hex(sha256(as_bytes(""))) == "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855");
  CHECK(to_hex(sha256(as_bytes("abc"))) == "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad");
  CHECK(to_hex(sha256(bytes(1'000'000, 'a'))) == "cdc76e5c9914fb9281a1c7e284d73e67f1809a48a497200e046d39ccc7112cd0");
}

TEST_CASE("every engine gives the same digests, at every size around a block") {
  auto const here = detail::this_crypto_cpu();
  auto const data = counted(400);
  auto in = std::vector<bytes_view>{};
  for (std::size_t size = 0; size <= 400; ++size) in.push_back(bytes_view{data}.first(size));
  for (auto cpu : {detail::crypto_cpu{false, false}, {here.sha_ni, false}, {false, here.avx512}, here}) {
    auto out = std::vector<digest<32>>(in.size());
    detail::sha256_many_on(in, out.data(), cpu);
    auto wrong = 0;
    for (std::size_t i = 0; i < in.size(); ++i) {
      wrong += out[i] != reference(in[i]);
      wrong += detail::sha256_on(in[i], cpu) != out[i];
    }
    CHECK(wrong == 0);
  }
}

TEST_CASE("sha256_many keeps messages of unequal length apart, in order, for any count") {
  testing::check_property("batches", [](std::vector<std::uint16_t> const& sizes) {
    auto const data = counted(70000);
    auto in = std::vector<bytes_view>{};
    for (std::size_t i = 0; i < sizes.size(); ++i)  // mostly short ones, some long, all at odd addresses
      in.push_back(bytes_view{data}.subspan(i % 61, sizes[i] % (i % 5 == 0 ? 65000 : 300)));
    auto const here = detail::this_crypto_cpu();
    for (auto cpu : {detail::crypto_cpu{here.sha_ni, false}, {false, here.avx512}, here}) {
      auto out = std::vector<digest<32>>(in.size());
      detail::sha256_many_on(in, out.data(), cpu);
      for (std::size_t i = 0; i < in.size(); ++i) RC_ASSERT(out[i] == reference(in[i]));
    }
  });
  for (std::size_t count = 0; count <= 40; ++count) {
    auto const data = counted(5000);
    auto in = std::vector<bytes_view>{};
    for (std::size_t i = 0; i < count; ++i) in.push_back(bytes_view{data}.first(count * 100 - i * 90));
    auto out = std::vector<digest<32>>(count + 1);
    sha256_many(in, out.data());
    auto wrong = 0;
    for (std::size_t i = 0; i < count; ++i) wrong += out[i] != reference(in[i]);
    CHECK(wrong == 0);
    CHECK(out[count] == digest<32>{});
  }
}
