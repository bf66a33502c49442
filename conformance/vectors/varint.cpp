#include "areas.hpp"

#include <cairn/core/varint.hpp>

namespace conformance {
namespace {

auto run(test_case const& c) -> answer {
  auto const in = c.hex("bytes_hex");
  if (c.op == "varint.roundtrip") {
    auto const value = c.unsigned_number("value");
    auto out = bytes{};
    cairn::append_varint(out, value);
    if (auto const a = same("encoded", out, in); a.outcome != verdict::pass) return a;
    auto const back = cairn::read_varint(in);
    if (!back) return fail(std::string{describe(back.error())});
    if (back->value != value || !back->rest.empty()) return fail("decoded to " + std::to_string(back->value));
    return pass();
  }
  if (c.op == "varint.decode") {
    auto const v = cairn::read_varint(in);
    if (v) return fail("decoded to " + std::to_string(v->value));
    constexpr auto name = [](cairn::varint_errc e) {
      return e == cairn::varint_errc::overlong ? "not-minimal" : e == cairn::varint_errc::overflow ? "overflow" : "eof";
    };
    if (!c.text("error").starts_with(name(v.error()))) return same("error", name(v.error()), c.text("error"));
    return pass();
  }
  if (c.op == "varint.decode_prefix") {
    auto rest = bytes_view{in};
    for (auto const& item : c.array("values")) {
      auto const v = cairn::read_varint(rest);
      if (!v) return fail(std::string{describe(v.error())});
      if (auto const a = same("value", std::to_string(v->value), to_text(item.at("value"))); a.outcome != verdict::pass) return a;
      if (rest.size() - v->rest.size() != item.at("size").to_number<std::size_t>()) return fail("another size");
      rest = v->rest;
    }
    return same("rest", rest, c.hex("rest_hex"));
  }
  return unsupported("op " + c.op);
}

}  // namespace

auto varint_area() -> area { return {"varint", run}; }

}  // namespace conformance
