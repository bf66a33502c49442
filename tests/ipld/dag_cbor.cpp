#include <cairn/core/text.hpp>
#include <cairn/ipld/codec/dag_cbor.hpp>
#include <cairn/ipld/document.hpp>
#include <cairn/ipld/links.hpp>

#include <malloc.h>

#include <catch2/catch.hpp>
#include <cmath>
#include <cstdlib>
#include <limits>
#include <new>

using namespace cairn;

namespace {

auto hex(std::string_view text) -> bytes { return from_hex(text).value(); }
auto strict(std::string_view text) { return dag_cbor::decode(hex(text)); }
auto lax(std::string_view text) { return dag_cbor::decode(hex(text), codec_mode::lax); }
auto encoded(ipld::node const& n, codec_mode mode = codec_mode::strict) -> std::string {
  auto out = bytes{};
  auto const done = dag_cbor::encode(n, out, mode);
  return done ? to_hex(out) : std::string{describe(done.error())};
}

}  // namespace

TEST_CASE("IX-38 floats have 64 bits, shorter ones are read in lax mode only") {
  CHECK(encoded(1.5) == "fb3ff8000000000000");
  CHECK(strict("f93c00").error() == dag_cbor_errc::short_float);
  CHECK(strict("fa3f800000").error() == dag_cbor_errc::short_float);
  CHECK(*lax("f93c00")->as_double() == 1.0);
  CHECK(*lax("f97bff")->as_double() == 65504.0);
  CHECK(*lax("f90001")->as_double() == std::ldexp(1, -24));
  CHECK(*lax("f9c400")->as_double() == -4.0);
  CHECK(*lax("fa47c35000")->as_double() == 100000.0);
}

TEST_CASE("IX-39 what strict dag-cbor refuses, and what lax forgives") {
  CHECK(strict("a2616201616102").error() == dag_cbor_errc::unsorted_keys);
  CHECK(encoded(*lax("a2616201616102")) == "a2616102616201");
  CHECK(strict("a262616101616202").error() == dag_cbor_errc::unsorted_keys);  // length goes first
  CHECK(strict("a2616101616102").error() == dag_cbor_errc::duplicate_key);
  CHECK(lax("a2616101616102").error() == dag_cbor_errc::duplicate_key);
  CHECK(lax("a3616201616101616202").error() == dag_cbor_errc::duplicate_key);
  CHECK(strict("a10102").error() == dag_cbor_errc::non_string_key);
  for (auto text : {"f97e00", "f97c00", "f9fc00", "fa7fc00000", "fb7ff8000000000000", "fb7ff0000000000000", "fbfff0000000000000"}) {
    CHECK(strict(text).error() == dag_cbor_errc::not_finite);
    CHECK(lax(text).error() == dag_cbor_errc::not_finite);
  }
  CHECK(strict("f7").error() == dag_cbor_errc::simple_value);
  CHECK(lax("f7")->is_null());
  CHECK(lax("e0").error() == dag_cbor_errc::simple_value);
  CHECK(lax("f8ff").error() == dag_cbor_errc::simple_value);
  CHECK(lax("f814").error() == dag_cbor_errc::simple_value);
  for (auto text : {"9ff6ff", "bf616101ff", "5f4101ff", "7f6161ff", "ff"}) CHECK(lax(text).error() == dag_cbor_errc::indefinite_length);
  for (auto text : {"1817", "190017", "1a00000017", "1b0000000000000017", "3800", "5800", "7800", "9800", "b800", "d9002a43000102"})
    CHECK(lax(text).error() == dag_cbor_errc::non_minimal_int);
  for (auto text : {"1c", "3d", "5e", "fc"}) CHECK(lax(text).error() == dag_cbor_errc::reserved_head);
  CHECK(strict("a000").error() == dag_cbor_errc::trailing_bytes);
  CHECK(strict("c0613f").error() == dag_cbor_errc::unknown_tag);
  CHECK(lax("d9d9f701").error() == dag_cbor_errc::unknown_tag);
  CHECK(strict("61ff").error() == dag_cbor_errc::bad_utf8);
  CHECK(*lax("61ff")->as_string() == "\xff");
  CHECK(encoded(*lax("61ff")) == describe(dag_cbor_errc::bad_utf8));
  CHECK(encoded(*lax("61ff"), codec_mode::lax) == "61ff");
  CHECK(encoded(*strict("fb8000000000000000")) == "fb8000000000000000");  // -0.0 is a float as any other
  CHECK(strict("").error() == dag_cbor_errc::truncated);
  CHECK(encoded(std::numeric_limits<double>::infinity()) == describe(dag_cbor_errc::not_finite));
  CHECK(encoded(ipld::map{{"a", 1}, {"a", 2}}) == describe(dag_cbor_errc::duplicate_key));
  CHECK(encoded(ipld::map{{"b", 1}, {"a", 2}, {"b", 3}}) == describe(dag_cbor_errc::duplicate_key));
}

TEST_CASE("IX-40 integers of 64 bits and both signs") {
  for (auto text : {"1bffffffffffffffff", "3bffffffffffffffff", "1b8000000000000000", "3b7fffffffffffffff", "3b8000000000000000",
                    "00", "17", "1818", "18ff", "190100", "1a00010000", "1b0000000100000000", "20", "37", "3818"})
    CHECK(encoded(*strict(text)) == text);
  CHECK(to_string(*strict("3bffffffffffffffff")->as_integer()) == "-18446744073709551616");
}

TEST_CASE("links are tag 42 over 0x00 and one CID") {
  auto const good = "d82a582500015512202c26b46b68ffc68ff99b453c1d30413413422d706483bfa0f98a5e886266e7ae";
  auto const n = strict(good);
  REQUIRE(n);
  CHECK(to_string(*n->as_link()) == "bafkreibme22gw2h7y2h7tg2fhqotaqjucnbc24deqo72b6mkl2egezxhvy");
  CHECK(encoded(*n) == good);
  for (auto text : {"d82a40", "d82a4100", "d82a6100", "d82af6", "d82a450101550001", "d82a4501015500ff", "d82a470001550001aabb"})
    CHECK(strict(text).error() == dag_cbor_errc::bad_link);
  CHECK(plain_cbor::decode(hex(good)).error() == dag_cbor_errc::unknown_tag);
}

// ---- what is counted ----

namespace {
std::size_t allocations = 0, live = 0, peak = 0;
bool counting = false;
}  // namespace

// every form, so that none of a sanitizer's own meets one of these. That of threads allows none: there nothing is counted
#if defined(__has_feature)
#  if __has_feature(thread_sanitizer)
#    define COUNTS_NOTHING
#  endif
#endif
#ifndef COUNTS_NOTHING
void* operator new(std::size_t size, std::nothrow_t const&) noexcept {
  auto* const p = std::malloc(size);
  if (p && counting) ++allocations, live += ::malloc_usable_size(p), peak = live > peak ? live : peak;
  return p;
}
void* operator new(std::size_t size) {
  if (auto* const p = operator new(size, std::nothrow)) return p;
  throw std::bad_alloc{};
}
void operator delete(void* p) noexcept {
  if (p && counting) {
    auto const size = ::malloc_usable_size(p);
    live -= size < live ? size : live;
  }
  std::free(p);
}
void operator delete(void* p, std::size_t) noexcept { operator delete(p); }
void operator delete(void* p, std::nothrow_t const&) noexcept { operator delete(p); }
#endif

namespace {
template <class F>
auto peak_of(F&& f) -> std::size_t {
  allocations = live = peak = 0;
  counting = true;
  f();
  counting = false;
  return peak;
}
}  // namespace

TEST_CASE("SEC-31 declared sizes allocate nothing") {
  for (auto unit : {"9b00ffffffffffffff", "bb00ffffffffffffff", "5b00ffffffffffffff", "7b00ffffffffffffff", "9bffffffffffffffff",
                    "bbffffffffffffffff", "9aff303030", "9a00010000", "b90100"}) {
    auto in = bytes{};
    for (auto i = 0; i < 10; ++i) append(in, hex(unit));
    CAPTURE(unit);
    CHECK(peak_of([&] { CHECK_FALSE(dag_cbor::decode(in, codec_mode::lax)); }) < 64 * 1024);
    CHECK(peak_of([&] { CHECK_FALSE(dag_cbor::decode(in)); }) < 64 * 1024);
  }
  // counts that the remaining input could just hold, nested: what is set aside stays small
  auto in = bytes{};
  for (auto i = 0; i < 1000; ++i) append(in, hex("9840"));
  CHECK(peak_of([&] { CHECK_FALSE(dag_cbor::decode(in)); }) < 4 * 1024 * 1024);
}

TEST_CASE("capability 3 (3) lists nested 10^5 deep are an error in little memory") {
  auto const in = bytes(100'000, 0x81);
  CHECK(peak_of([&] { CHECK(dag_cbor::decode(in).error() == dag_cbor_errc::too_deep); }) < 1024 * 1024);
}

TEST_CASE("capability 3 (4) the links of a block of 1 MiB without an allocation") {
  auto l = ipld::list{};
  for (std::uint64_t i = 0; i < 10'000; ++i) {
    byte digest[32]{static_cast<byte>(i), static_cast<byte>(i >> 8)};
    auto const id = cid::v1(code::dag_cbor, *multihash::wrap(code::sha2_256, digest));
    l.push_back(ipld::map{{"link", id}, {"name", std::string(48, 'x')}});
  }
  auto block = bytes{};
  REQUIRE(dag_cbor::encode(l, block));
  CHECK(block.size() > 1'000'000);
  auto seen = std::size_t{0};
  auto const count = [&](cid const& id) { seen += id.codec() == code::dag_cbor; };
  auto ok = false;
  peak_of([&] { ok = for_each_link(code::dag_cbor, block, count).has_value(); });
  CHECK(allocations == 0);
  CHECK(ok);
  CHECK(seen == 10'000);
}

TEST_CASE("The links of a block that is bytes for the most part, and its reading, cost next to no memory") {
  auto l = ipld::list{};
  for (auto i = 0; i < 64; ++i) l.push_back(ipld::map{{"data", bytes(16384, static_cast<byte>(i))}, {"next", cid::v1(code::raw, *multihash::wrap(code::sha2_256, bytes(32, 1)))}});
  auto block = bytes{};
  REQUIRE(dag_cbor::encode(l, block));
  auto seen = 0uz;
  auto const count = [&](cid const&) { ++seen; };
  auto ok = false;
  peak_of([&] { ok = dag_cbor::links(block, link_sink{count}).has_value(); });
  CHECK(allocations == 0);
  CHECK(ok);
  CHECK(seen == 64);
  auto const peak_of_reading = peak_of([&] { ok = dag_cbor::read(block).has_value(); });
  CHECK(ok);
  CHECK(peak_of_reading < 32 * 1024);
}
