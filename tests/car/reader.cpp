#include "support.hpp"

using namespace cairn;
using namespace cairn::testing;

namespace {

auto octets(std::string_view hex) -> bytes { return *from_hex(hex); }

auto with_length(bytes const& section) -> bytes {
  auto out = bytes{};
  append_varint(out, section.size());
  append(out, section);
  return out;
}

auto empty_car() -> bytes { return car_of({}, {}); }

auto blocks_of_sizes(std::vector<std::size_t> const& sizes) -> std::vector<block> {
  auto out = std::vector<block>{};
  for (auto size : sizes) out.push_back(raw_block(bytes(size, static_cast<byte>(size))));
  return out;
}

}  // namespace

TEST_CASE("a CARv1 has the octets of the specification") {
  CHECK(to_hex(empty_car()) == "11a265726f6f7473806776657273696f6e01");
  auto const id = *parse_cid("bafyreiavd7u6opdcm6tqmddpnrgmvfb4enxuwglhenejmchnwqvixd5ibm");
  auto const one = car_of({&id, 1}, {});
  CHECK(to_hex(one) == "3aa265726f6f747381d82a58250001711220151fe9e73c6267a7060c6f6c4cca943c236f4b196723489608edb42a8b8fa80b6776657273696f6e01");
}

TEST_CASE("CAR round trip, version 1 and 2, from sources that drip") {
  auto const blocks = blocks_of_sizes({0, 1, 100, 127, 128, 300000, 1, 70000});
  auto const roots = std::vector<cid>{blocks[2].id(), blocks[0].id()};
  for (auto const& car : {car_of(roots, blocks), car_v2_of(roots, blocks), car_v2_of(roots, blocks, car_index_format::sorted)}) {
    for (std::size_t step : {std::size_t{1}, std::size_t{7}, std::size_t{4096}, SIZE_MAX}) {
      auto const back = read_car(car, {}, step);
      if (back.failed) FAIL(to_string(*back.failed));
      REQUIRE(back.blocks.size() == blocks.size());
      for (std::size_t i = 0; i < blocks.size(); ++i) {
        CHECK(back.blocks[i].id() == blocks[i].id());
        CHECK(equal(back.blocks[i].data(), blocks[i].data()));
      }
    }
  }
}

TEST_CASE("batches give what single sections give") {
  testing::check_property("batches", [](std::vector<std::uint16_t> const& sizes, std::uint16_t step, bool version2) {
    auto blocks = std::vector<block>{};
    for (auto size : sizes) blocks.push_back(raw_block(bytes(size * 20u, static_cast<byte>(size))));
    auto const car = version2 ? car_v2_of({}, blocks) : car_of({}, blocks);
    auto source = dripping_source{car, step + std::size_t{1}};
    auto reader = *car_reader::open(source);
    auto batch = car_batch{};
    std::size_t at = 0;
    for (;;) {
      auto const more = reader.next_batch(batch);
      RC_ASSERT(more.has_value());
      if (!*more) break;
      RC_ASSERT(!batch.sections().empty());
      for (auto const& s : batch.sections()) {
        RC_ASSERT(at < blocks.size());
        RC_ASSERT((s.id == blocks[at].id()));
        RC_ASSERT(equal(s.data, blocks[at].data()));
        ++at;
      }
    }
    RC_ASSERT(at == blocks.size());
    RC_ASSERT(reader.ended());
  });
}

TEST_CASE("A CAR that lies in memory is read where it lies, and refused as from any source") {
  testing::check_property("borrowed", [](std::vector<std::uint16_t> const& sizes, std::uint16_t cut, std::uint16_t flip, bool version2) {
    auto blocks = std::vector<block>{};
    for (auto size : sizes) blocks.push_back(raw_block(bytes(size * 20u, static_cast<byte>(size))));
    auto car = version2 ? car_v2_of({}, blocks) : car_of({}, blocks);
    if (cut % 3 == 0) car.resize(car.size() - cut % car.size());
    if (flip % 3 == 0) car[flip % car.size()] ^= static_cast<byte>(1 + flip % 255);
    auto source = dripping_source{car, 1000};
    auto dripped = car_reader::open(source), borrowed = car_reader::open(bytes_view{car});
    RC_ASSERT(dripped.has_value() == borrowed.has_value());
    if (!dripped) {
      RC_ASSERT(to_string(dripped.error()) == to_string(borrowed.error()));
      return;
    }
    auto batch = car_batch{};
    for (auto more = true; more;) {
      auto const got = borrowed->next_batch(batch);
      for (auto const& s : batch.sections()) {
        RC_ASSERT(std::less_equal<>{}(car.data(), s.data.data()) && std::less_equal<>{}(s.data.data() + s.data.size(), car.data() + car.size()));
        auto const want = dripped->next_section();
        RC_ASSERT(want.has_value() && want->has_value());
        RC_ASSERT((*want)->id == s.id && (*want)->offset == s.offset && equal((*want)->data, s.data));
      }
      more = got && *got;
      if (more) continue;
      auto const want = dripped->next_section();
      RC_ASSERT(want.has_value() == got.has_value());
      if (got) RC_ASSERT(!want->has_value() && borrowed->ended());
      else RC_ASSERT(to_string(want.error()) == to_string(got.error()));
    }
  });
}

TEST_CASE("a batch holds blocks that are longer than its memory") {
  auto blocks = std::vector<block>{};
  for (std::size_t i = 0; i < 5; ++i) blocks.push_back(raw_block(bytes(7 * limits::MiB + i, static_cast<byte>(i))));
  for (std::size_t i = 0; i < 5; ++i) blocks.push_back(raw_block(bytes(i, 1)));
  blocks.push_back(raw_block(bytes(20 * limits::MiB, 3)));
  auto const car = car_of({}, blocks);
  auto source = memory_source{car};
  auto reader = *car_reader::open(source, {.max_section = 32 * limits::MiB});
  auto batch = car_batch{};
  std::size_t at = 0;
  for (;;) {
    auto const more = reader.next_batch(batch);
    REQUIRE(more);
    if (!*more) break;
    for (auto const& s : batch.sections()) CHECK(equal(s.data, blocks.at(at++).data()));
  }
  CHECK(at == blocks.size());
}

TEST_CASE("IX-67 a CAR has no, one or many roots") {
  CHECK_FALSE(read_car(empty_car()).failed);
  CHECK_FALSE(read_car(octets("0aa16776657273696f6e01")).failed);
  CHECK_FALSE(read_car(octets("11a265726f6f7473f66776657273696f6e01")).failed);
  auto roots = std::vector<cid>{};
  for (int i = 0; i < 1000; ++i) roots.push_back(raw_block(std::to_string(i)).id());
  auto const car = car_of(roots, {});
  auto source = memory_source{car};
  auto const reader = car_reader::open(source);
  REQUIRE(reader);
  CHECK(std::equal(reader->roots().begin(), reader->roots().end(), roots.begin(), roots.end()));
  CHECK(*read_car(car, {.max_roots = 999}).failed == car_errc::too_many_roots);
}

TEST_CASE("IX-68 a section of no octets is an error, or the end where asked for") {
  auto car = car_of({}, blocks_of_sizes({5}));
  car.resize(car.size() + 100);
  auto const strict = read_car(car);
  CHECK(strict.blocks.size() == 1);
  CHECK(*strict.failed == car_errc::zero_length_section);
  auto const padded = read_car(car, {.zero_length = car_read_options::zero_length::is_end});
  CHECK(padded.blocks.size() == 1);
  CHECK_FALSE(padded.failed);
}

TEST_CASE("SEC-39 lengths of a CAR are capped, and memory follows what arrives") {
  // 32 MiB of header promised, 10 octets there
  auto car = bytes{};
  append_varint(car, limits::car_header);
  append(car, bytes(10, 0xa2));
  CHECK(*read_car(car).failed == car_errc::truncated);
  car.clear();
  append_varint(car, limits::car_header + 1);
  CHECK(*read_car(car).failed == car_errc::header_too_long);
  CHECK(*read_car(octets("00")).failed == car_errc::bad_header);
  CHECK(*read_car({}).failed == car_errc::truncated);
  CHECK(*read_car(octets("8000")).failed == car_errc::bad_varint);
  CHECK(*read_car(octets("ffffffffffffffffffff01")).failed == car_errc::bad_varint);

  car = empty_car();
  append_varint(car, limits::car_section);
  CHECK(*read_car(car).failed == car_errc::truncated);
  car = empty_car();
  append_varint(car, limits::car_section + 1);
  CHECK(*read_car(car).failed == car_errc::section_too_long);
  car = empty_car();
  append_varint(car, UINT64_MAX >> 1);
  CHECK(*read_car(car).failed == car_errc::section_too_long);
  // a section that is shorter than its CID
  car = empty_car();
  append(car, with_length(octets("015512200000")));
  CHECK(*read_car(car).failed == car_errc::bad_cid);
  // a root of 129 octets, SEC-40
  auto header = octets("a265726f6f747381d82a588600015500" "8101");
  header.resize(header.size() + 129);
  append(header, octets("6776657273696f6e01"));
  CHECK(*read_car(with_length(header)).failed == car_errc::bad_header);
}

TEST_CASE("a header is a map of roots and version and nothing else") {
  for (auto const* hex : {
           "f6",                                              // null
           "820180",                                          // a list
           "a165726f6f747381d82a480001000003616263",          // no version
           "a16776657273696f6e1a00000001",                    // not in the shortest form
           "a26776657273696f6e016776657273696f6e01",          // the same key twice
           "a36161016565726f6f74738067" "76657273696f6e01",   // a third key
           "a265726f6f7473806776657273696f6e0100",            // octets behind it
           "a265726f6f7473806776657273696f6e20",              // version -1
           "bf65726f6f7473806776657273696f6e01",              // indefinite length
           "a265726f6f747381016776657273696f6e01",            // a root that is a number
       })
    CHECK(*read_car(with_length(octets(hex))).failed == car_errc::bad_header);
  for (auto const* hex : {"a16776657273696f6e00", "a16776657273696f6e03", "a16776657273696f6e182a"})
    CHECK(*read_car(with_length(octets(hex))).failed == car_errc::bad_version);
}

TEST_CASE("SEC-39 the header of a CARv2 cannot make offsets overflow, nor nest") {
  auto const good = car_v2_of({}, blocks_of_sizes({5, 6}));
  auto const patched = [&](std::size_t at, std::uint64_t value) {
    auto car = good;
    for (std::size_t i = 0; i < 8; ++i) car[at + i] = static_cast<byte>(value >> 8 * i);
    return read_car(car);
  };
  CHECK_FALSE(read_car(good).failed);
  CHECK(*patched(27, 0).failed == car_errc::bad_v2_header);
  CHECK(*patched(27, 50).failed == car_errc::bad_v2_header);
  CHECK(*patched(27, UINT64_MAX).failed == car_errc::bad_v2_header);
  CHECK(*patched(27, 1'000'000).failed == car_errc::bad_v2_header);  // behind the index
  CHECK(*patched(35, 0).failed == car_errc::bad_v2_header);
  CHECK(*patched(35, UINT64_MAX).failed == car_errc::bad_v2_header);
  CHECK(*patched(35, 20).failed == car_errc::truncated);
  CHECK(*patched(43, 51).failed == car_errc::bad_v2_header);
  CHECK_FALSE(patched(43, 0).failed);  // no index

  auto nested = bytes(car_v2_pragma.begin(), car_v2_pragma.end());
  append_car_v2_header(nested, {{}, 51, good.size(), 0});
  append(nested, good);
  CHECK(*read_car(nested).failed == car_errc::nested_v2);
  // padding before the data, as the header allows
  auto padded = bytes(car_v2_pragma.begin(), car_v2_pragma.end());
  auto const inner = car_of({}, blocks_of_sizes({5}));
  append_car_v2_header(padded, {{}, 51 + 1000, inner.size(), 0});
  padded.resize(padded.size() + 1000);
  append(padded, inner);
  padded.resize(padded.size() + 77, 0xff);  // behind the data: not looked at
  CHECK(read_car(padded).blocks.size() == 1);
  CHECK_FALSE(read_car(padded).failed);
}

TEST_CASE("every cut of a CAR is an error or a shorter CAR, never more") {
  auto const blocks = blocks_of_sizes({5, 0, 200});
  for (auto const& car : {car_of({}, blocks), car_v2_of({}, blocks)}) {
    for (std::size_t n = 0; n < car.size(); ++n) {
      auto const part = read_car(bytes_view{car}.first(n));
      REQUIRE(part.blocks.size() <= blocks.size());
      for (std::size_t i = 0; i < part.blocks.size(); ++i) REQUIRE(part.blocks[i].id() == blocks[i].id());
    }
  }
  auto const car = car_of({}, blocks);
  CHECK(*read_car(bytes_view{car}.first(car.size() - 1)).failed == car_errc::truncated);
}

TEST_CASE("SEC-35 a swapped or flipped payload is no block") {
  auto const blocks = blocks_of_sizes({50, 60});
  auto car = car_of({}, blocks);
  car.back() ^= 1;
  auto const back = read_car(car);
  CHECK(back.blocks.size() == 1);
  CHECK(*back.failed == block_errc::hash_mismatch);
  CHECK(back.failed->subject() == to_string(blocks[1].id()));
}

TEST_CASE("SEC-39 any octets are a CAR or a typed error") {
  testing::check_property("mutated", [](std::uint16_t at, byte with, bool version2) {
    auto const blocks = std::vector<block>{raw_block("one"), raw_block("two")};
    auto car = version2 ? car_v2_of({}, blocks) : car_of({}, blocks);
    car[at % car.size()] ^= with;
    (void)read_car(car);
    (void)read_car(car, {.zero_length = car_read_options::zero_length::is_end}, 3);
  });
  testing::check_property("any", [](bytes const& in) { (void)read_car(in); });
}
