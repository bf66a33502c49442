#include <cairn/crypto/hash.hpp>

#include <cairn/core/text.hpp>
#include <cairn/crypto/impl/blake3.hpp>

#include "support/property.hpp"

#include <cstdio>
#include <cstdlib>
#include <filesystem>
#include <fstream>

#include <unistd.h>

using namespace cairn;

namespace {

auto counted(std::size_t size) -> bytes {
  auto out = bytes(size);
  for (std::size_t i = 0; i < size; ++i) out[i] = static_cast<byte>(i % 251);
  return out;
}

auto blake3_on(bytes_view data, detail::crypto_cpu const& cpu, std::size_t piece) -> digest<100> {
  auto h = detail::blake3_hasher{};
  for (std::size_t at = 0; at < data.size(); at += piece) h.update(data.subspan(at, std::min(piece, data.size() - at)), cpu);
  auto out = digest<100>{};
  h.finish(out.data(), out.size(), cpu);
  return out;
}

auto engines() -> std::vector<detail::crypto_cpu> {
  auto const here = detail::this_crypto_cpu();
  auto out = std::vector<detail::crypto_cpu>{{}};
  if (here.avx2) out.push_back({.avx2 = true});
  if (here.avx512) out.push_back(here);
  return out;
}

}  // namespace

TEST_CASE("BLAKE3: every engine, in one piece and in many, around every boundary of the tree") {
  auto sizes = std::vector<std::size_t>{0, 1, 63, 64, 65, 1023, 1024, 1025};
  for (auto chunks : {2uz, 3uz, 4uz, 7uz, 8uz, 9uz, 15uz, 16uz, 17uz, 31uz, 32uz, 33uz, 48uz, 64uz, 100uz})
    for (auto off : {-1, 0, 1}) sizes.push_back(chunks * 1024 + static_cast<std::size_t>(off));
  auto const data = counted(110'000);
  for (auto size : sizes) {
    auto const in = bytes_view{data}.first(size);
    auto const want = blake3_on(in, {}, 1024);  // chunk by chunk on the portable engine
    for (auto const& cpu : engines())
      for (auto piece : {data.size(), 1000uz, 1025uz, 5000uz, 16384uz, 40000uz}) {
        auto const have = blake3_on(in, cpu, piece);
        if (have != want) FAIL("size " << size << " piece " << piece << " avx512 " << cpu.avx512 << " avx2 " << cpu.avx2);
      }
  }
}

TEST_CASE("BLAKE3: property, any data in any pieces") {
  testing::check_property("pieces", [](std::vector<std::uint16_t> const& pieces) {
    auto const data = counted(70'000);
    auto whole = bytes{};
    auto h = detail::blake3_hasher{};
    for (auto p : pieces) {
      auto const part = bytes_view{data}.first(p % 20'000);
      append(whole, part);
      h.update(part);
    }
    auto out = digest<32>{};
    h.finish(out.data(), 32);
    RC_ASSERT(equal(hash_bytes(code::blake3, whole)->digest(), out));
  });
}

TEST_CASE("BLAKE3 is what b3sum says") {
  if (std::system("b3sum --version >/dev/null 2>&1") != 0) {
    WARN("b3sum is not installed");
    return;
  }
  auto const path = std::filesystem::temp_directory_path() / ("cairn-b3-" + std::to_string(::getpid()));
  for (auto size : {0uz, 5uz, 1024uz, 3000uz, 16385uz, 262144uz, 3'333'333uz}) {
    auto const data = counted(size);
    std::ofstream{path, std::ios::binary}.write(reinterpret_cast<char const*>(data.data()), static_cast<std::streamsize>(size));
    auto* const pipe = ::popen(("b3sum --no-names --length 128 " + path.string()).c_str(), "r");
    char text[300]{};
    auto const got = std::fread(text, 1, sizeof text - 1, pipe);
    ::pclose(pipe);
    REQUIRE(got >= 256);
    CHECK(to_hex(hash_bytes(code::blake3, data, 128)->digest()) == std::string_view{text, 256});
  }
  std::filesystem::remove(path);
}
