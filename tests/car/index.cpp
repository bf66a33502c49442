#include "support.hpp"

using namespace cairn;
using namespace cairn::testing;

namespace {
auto octets(std::string_view hex) -> bytes { return *from_hex(hex); }
}  // namespace

TEST_CASE("an index finds every section, in both formats") {
  auto blocks = std::vector<block>{};
  for (int i = 0; i < 500; ++i) blocks.push_back(raw_block(std::to_string(i % 400)));
  blocks.push_back(*hash_block({1, code::raw, code::sha2_256, 20}, buffer{as_bytes("cut")}));
  for (auto const format : {car_index_format::sorted, car_index_format::multihash_sorted}) {
    auto const car = car_v2_of({}, blocks, format);
    auto source = memory_source{car};
    auto reader = *car_reader::open(source);
    REQUIRE(reader.v2_header());
    CHECK(reader.v2_header()->characteristics[0] == 0x80);
    auto const index = decode_car_index(bytes_view{car}.subspan(reader.v2_header()->index_offset));
    REQUIRE(index);
    CHECK(index->format() == format);
    CHECK(index->size() == blocks.size());
    CHECK(index->buckets().size() == 2);
    auto seen = std::map<cid, std::uint64_t>{};
    for (;;) {
      auto const section = *reader.next_section();
      if (!section) break;
      auto const first = seen.try_emplace(section->id, section->offset).first->second;
      CHECK(index->find(section->id.hash()) == first);
    }
    CHECK_FALSE(index->find(raw_block("not there").id().hash()));
    auto again = bytes{};
    append_car_index(again, *index);
    CHECK(equal(again, bytes_view{car}.subspan(reader.v2_header()->index_offset)));
    auto from = dripping_source{again, 11};
    CHECK(read_car_index(from)->size() == blocks.size());
    auto from_again = dripping_source{again, 11};
    CHECK(read_car_index(from_again, 1000).error() == car_errc::index_too_long);
  }
}

TEST_CASE("identity CIDs are not in an index, which then is not full") {
  auto const blocks = std::vector<block>{raw_block("a"), *hash_block({1, code::raw, code::identity}, buffer{as_bytes("b")})};
  auto const car = car_v2_of({}, blocks);
  auto source = memory_source{car};
  auto const reader = *car_reader::open(source);
  CHECK(reader.v2_header()->characteristics[0] == 0);
  auto const index = *decode_car_index(bytes_view{car}.subspan(reader.v2_header()->index_offset));
  CHECK(index.size() == 1);
  CHECK_FALSE(index.find(blocks[1].id().hash()));
}

TEST_CASE("SEC-39 counts and widths of an index are checked before they are used") {
  auto const entry = std::string{"01d448afd928065458cf670b60f5a594d735af0172c8d67f22a81680132681ca1200000000000000"};
  CHECK(decode_car_index(octets("8108" "01000000" "1200000000000000" "01000000" "28000000" "2800000000000000" + entry)));
  struct {
    std::string hex;
    car_errc why;
  } const wrong[]{
      {"", car_errc::truncated},
      {"8008", car_errc::truncated},
      {"808000", car_errc::bad_varint},
      {"8208" "00000000", car_errc::bad_index},
      {"8108" "ffffffff", car_errc::bad_index},
      {"8108" "ffffff7f", car_errc::truncated},
      {"8108" "01000000" "1200000000000000" "ffffffff", car_errc::bad_index},
      {"8108" "01000000" "1200000000000000" "ffffff7f", car_errc::truncated},
      {"8008" "01000000" "00000000" "2800000000000000" + entry, car_errc::bad_index},  // width 0
      {"8008" "01000000" "08000000" "2800000000000000" + entry, car_errc::bad_index},  // no digest
      {"8008" "01000000" "ffffffff" "2800000000000000" + entry, car_errc::bad_index},
      {"8008" "01000000" "28000000" "2700000000000000" + entry, car_errc::bad_index},
      {"8008" "01000000" "28000000" "0000000000000000" + entry, car_errc::bad_index},
      {"8008" "01000000" "28000000" "5000000000000000" + entry, car_errc::truncated},
      {"8008" "01000000" "28000000" "d8ffffffffffffff" + entry, car_errc::bad_index},
      {"8008" "01000000" "28000000" "5000000000000000" "02" + entry.substr(2) + entry, car_errc::unsorted_index},
  };
  for (auto const& [hex, why] : wrong) {
    INFO(hex);
    CHECK(decode_car_index(octets(hex)).error() == why);
  }
  testing::check_property("any", [](bytes const& in, bool multihash) {
    auto index = octets(multihash ? "8108" : "8008");
    append(index, in);
    (void)decode_car_index(index);
  });
}
