#include <cairn/hamt/bitmap.hpp>
#include <cairn/hamt/hash_bits.hpp>

#include "support/property.hpp"

using namespace cairn;

TEST_CASE("IX-22: bits of a hash are taken most significant first") {
  auto const h = hash_bits{digest<8>{0xff, 0x7f, 0x4f, 0x2d, 0x74, 0x63, 0x23, 0x11}};
  CHECK(h.take(0, 8) == 0xff);
  CHECK(h.take(8, 8) == 0x7f);
  CHECK(h.take(0, 3) == 7);
  CHECK(h.take(8, 10) == 0b0111111101);
  CHECK(h.take(60, 4) == 1);
  CHECK(h.take(60, 5) == std::nullopt);
  CHECK(h.take(64, 1) == std::nullopt);
  CHECK(h.prefix() == 0xff7f4f2d74632311);
  CHECK(hash_bits{digest<1>{0x80}}.take(0, 1) == 1);
  CHECK(hash_bits{digest<1>{0x80}}.take(7, 2) == std::nullopt);
}

TEST_CASE("IX-22: any cut of a hash into pieces gives the same bits") {
  testing::check_property("pieces", [](std::vector<byte> const& in) {
    auto const h = hash_bits{in};
    auto const total = std::min<std::size_t>(in.size(), 64) * 8;
    auto at = 0uz;
    while (at < total) {
      auto const count = *rc::gen::inRange(1u, 17u);
      auto const got = h.take(at, count);
      if (at + count > total) {
        RC_ASSERT(!got);
        break;
      }
      auto want = 0u;
      for (auto i = at; i < at + count; ++i) want = want << 1 | (in[i / 8] >> (7 - i % 8) & 1);
      RC_ASSERT(got == want);
      at += count;
    }
  });
}

TEST_CASE("IX-21: a bitmap is big-endian without leading zero bytes") {
  auto m = hamt_bitmap{};
  auto out = bytes{};
  m.append_to(out);
  CHECK(out.empty());
  m.set(0);
  m.set(9);
  m.append_to(out);
  CHECK(out == bytes{0x02, 0x01});
  // one bucket each: the lowest, the first of the second and of the third octet, the highest
  auto highest = bytes(32);
  highest[0] = 0x80;
  struct { unsigned bucket; bytes octets; } const alone[]{{0, {0x01}}, {8, {0x01, 0x00}}, {0x10, {0x01, 0x00, 0x00}}, {0xff, highest}};
  for (auto const& [bucket, octets] : alone) {
    auto one = hamt_bitmap{};
    one.set(bucket);
    auto written = bytes{};
    one.append_to(written);
    CHECK(written == octets);
    CHECK(hamt_bitmap::read(octets, 256)->test(bucket));
  }
  CHECK(hamt_bitmap::read(bytes{0, 0, 2, 1}, 256)->count() == 2);
  CHECK(hamt_bitmap::read(bytes(33), 256).error() == hamt_errc::bitmap_too_wide);
  CHECK(hamt_bitmap::read(bytes(32, 0xff), 256)->count() == 256);
  CHECK(hamt_bitmap::read(bytes(129), 2048).error() == hamt_errc::bitmap_too_wide);
}

TEST_CASE("SEC-33: rank, count and next agree with the set of positions") {
  testing::check_property("model", [] {
    auto const at = *rc::gen::container<std::set<unsigned>>(rc::gen::inRange(0u, 1024u));
    auto m = hamt_bitmap{};
    for (auto i : at) m.set(i);
    auto n = 0u;
    auto from = 0u;
    for (auto i : at) {
      RC_ASSERT(m.test(i));
      RC_ASSERT(m.rank(i) == n++);
      RC_ASSERT(m.next(from) == i);
      from = i + 1;
    }
    RC_ASSERT(m.next(from) == 1024u);
    RC_ASSERT(m.count() == at.size());
    auto out = bytes{};
    m.append_to(out);
    auto const back = hamt_bitmap::read(out, 1024);
    for (auto i = 0u; i < 1024; ++i) RC_ASSERT(back->test(i) == at.contains(i));
    for (auto i : at) m.reset(i);
    RC_ASSERT(m.count() == 0u);
  });
}
