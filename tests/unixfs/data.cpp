#include <cairn/unixfs/data.hpp>

#include <cairn/core/text.hpp>

#include <support/property.hpp>

#include <catch2/catch.hpp>

using namespace cairn;

namespace {
auto hex(std::string_view text) -> bytes { return *from_hex(text); }
auto why(std::string_view text) -> unixfs_errc { auto const d = decode_unixfs(hex(text)); return d ? unixfs_errc{} : d.error(); }
}  // namespace

TEST_CASE("a Data message is written byte for byte as Kubo writes it") {
  CHECK(to_hex(encode_unixfs({.type = unixfs_type::file, .filesize = 0})) == "08021800");
  CHECK(to_hex(encode_unixfs({.type = unixfs_type::directory})) == "0801");
  CHECK(to_hex(encode_unixfs({.type = unixfs_type::file, .data = as_bytes("batata"), .filesize = 6})) == "080212066261746174611806");
  std::uint64_t const sizes[]{256, 256, 256};
  CHECK(to_hex(encode_unixfs({.type = unixfs_type::file, .filesize = 768, .block_sizes = sizes})) == "0802188006208002208002208002");
  CHECK(to_hex(encode_unixfs({.type = unixfs_type::directory, .mode = 01777})) == "080138ff07");
  CHECK(to_hex(encode_unixfs({.type = unixfs_type::file, .filesize = 0, .mtime = unixfs_time{5, 1}})) == "0802180042070805" "1501000000");
  CHECK(to_hex(encode_unixfs({.type = unixfs_type::file, .mtime = unixfs_time{-1, 0}})) == "0802420b08ffffffffffffffffff01");
}

TEST_CASE("reading gives the fields, packed or not, and skips what it does not know") {
  auto const text = hex("0802188006208002220480028002" "48ff01" "5203616263" "0805");
  auto const d = *decode_unixfs(text);
  CHECK(d.type == unixfs_type::hamt_shard);  // the last one counts
  CHECK(d.filesize == 768);
  CHECK(d.block_sizes.size() == 3);
  CHECK(std::vector<std::uint64_t>{256, 256, 256} == [&] { auto v = std::vector<std::uint64_t>{}; for (auto s : d.block_sizes) v.push_back(s); return v; }());
  CHECK(d.block_sizes.sum() == 768);
  CHECK_FALSE(decode_unixfs(hex("080220ffffffffffffffff7f2001"))->block_sizes.sum());
}

TEST_CASE("broken Data messages are typed errors (SEC-38)") {
  CHECK(why("") == unixfs_errc::no_type);
  CHECK(why("1801") == unixfs_errc::no_type);
  CHECK(why("0806") == unixfs_errc::unknown_type);
  CHECK(why("08") == unixfs_errc::truncated);
  CHECK(why("080212ff") == unixfs_errc::truncated);
  CHECK(why("08021205616263") == unixfs_errc::truncated);
  CHECK(why("080212ffffffffffffffffff01") == unixfs_errc::truncated);
  CHECK(why("0802188080808080808080808001") == unixfs_errc::bad_varint);
  CHECK(why("08020001") == unixfs_errc::bad_field);
  CHECK(why("080213") == unixfs_errc::bad_field);
  CHECK(why("08024200") == unixfs_errc::no_seconds);
  CHECK(why("08024207080115ffffffff") == unixfs_errc::bad_mtime);
  CHECK(why("080222028080") == unixfs_errc::truncated);
}

TEST_CASE("Data messages: decode is the inverse of encode, and no input crashes the reader") {
  testing::check_property("round trip", [](std::vector<std::uint64_t> sizes, std::vector<std::uint8_t> data, std::uint32_t mode,
                                           std::int64_t seconds, std::uint32_t nanos) {
    auto const f = unixfs_fields{.type = unixfs_type::file, .data = data, .filesize = data.size(), .block_sizes = sizes,
                                 .hash_type = 0x22, .fanout = 256, .mode = mode, .mtime = unixfs_time{seconds, nanos % 1000000000}};
    auto const wire = encode_unixfs(f);
    RC_ASSERT(wire.size() == encoded_size(f));
    auto const d = decode_unixfs(wire);
    RC_ASSERT(d.has_value());
    RC_ASSERT(equal(d->content(), data));
    auto at = 0uz;
    for (auto const s : d->block_sizes) RC_ASSERT(s == sizes[at++]);
    RC_ASSERT(at == sizes.size());
    RC_ASSERT(d->mode == mode);
    RC_ASSERT(d->mtime == f.mtime);
  });
  testing::check_property("any input", [](std::vector<std::uint8_t> in) {
    if (auto const d = decode_unixfs(in)) {
      auto n = 0uz;
      for (auto at = d->block_sizes.begin(); at != d->block_sizes.end(); ++at) ++n;
      RC_ASSERT(n == d->block_sizes.size());
    }
  });
}
