#include <cairn/core/varint.hpp>

#include "support/property.hpp"

using namespace cairn;

static_assert([] {
  bytes out;
  append_varint(out, 0xf101);
  return out.size() == 3 && read_varint(out)->value == 0xf101;
}());

TEST_CASE("IX-01 varints are minimal at every width") {
  constexpr byte overlong[]{0x81, 0x00}, also[]{0xff, 0x00}, good[]{0x80, 0x80, 0x01};
  CHECK(read_varint(overlong).error() == varint_errc::overlong);
  CHECK(read_varint(also).error() == varint_errc::overlong);
  CHECK(read_varint(good)->value == 0x4000);
  auto const ten = bytes{0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0x02};
  CHECK(read_varint(ten).error() == varint_errc::overflow);
  CHECK(read_varint<varint_width::protobuf>(ten).error() == varint_errc::overflow);
}

TEST_CASE("varint round trip") {
  testing::check_property("round trip", [](std::uint64_t value) {
    auto out = bytes{};
    append_varint(out, value);
    RC_ASSERT(out.size() == varint_size(value));
    auto const back = read_varint<varint_width::protobuf>(out);
    RC_ASSERT(back.has_value());
    RC_ASSERT(back->value == value);
    RC_ASSERT(back->rest.empty());
  });
}
