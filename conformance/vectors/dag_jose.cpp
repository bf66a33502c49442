#include "areas.hpp"

#include <cairn/block.hpp>
#include <cairn/ipld/codec/dag_cbor.hpp>
#include <cairn/ipld/codec/dag_jose.hpp>
#include <cairn/ipld/codec/dag_json.hpp>
#include <cairn/ipld/resolve.hpp>

namespace conformance {
namespace {

using namespace cairn;

auto expand(foreign_file const& f) -> std::vector<json::object> {
  auto const at = f.name.find('/'), last = f.name.rfind('/');
  return {{{"id", f.name}, {"op", "dag-jose.block"}, {"file", f.name}, {"codec", f.name.substr(at + 1, last - at - 1)},
           {"cid", f.name.substr(last + 1)}}};
}

auto jose_roundtrip(bytes_view in, std::string const& want) -> answer {
  auto const n = dag_jose::decode(in);
  if (!n) return fail("refused: " + std::string{describe(n.error())});
  auto out = bytes{};
  if (auto const done = dag_jose::encode(*n, out); !done) return fail(std::string{describe(done.error())});
  if (auto const a = same("encoded", out, in); a.outcome != verdict::pass) return a;
  return same("CID", to_string(hash_cid({.codec = code::dag_jose}, out).value()), want);
}

// the objects that Kubo keeps beside its blocks, in the codec of their folder
auto run_block(test_case const& c) -> answer {
  auto const in = c.file(c.text("file"));
  auto const id = parse_cid(c.text("cid"));
  if (!id) return fail("the name is no CID");
  if (!verify_view(*id, in)) return fail("the bytes are not those of the CID");
  if (c.text("codec") == "dag-jose") return jose_roundtrip(in, c.text("cid"));
  auto const cbor = c.text("codec") == "dag-cbor";
  auto n = result<ipld::node, dag_jose_errc>{};
  if (cbor)
    n = replace_error(dag_cbor::decode(in), dag_jose_errc::bad_cbor);
  else
    n = replace_error(dag_json::decode(in), dag_jose_errc::bad_cbor);
  auto block = bytes{};
  if (!n) return fail(std::string{describe(n.error())});
  if (auto const done = dag_jose::encode(*n, block); !done) return fail(std::string{describe(done.error())});
  return jose_roundtrip(block, to_string(hash_cid({.codec = code::dag_jose}, block).value()));
}

auto run(test_case const& c) -> answer {
  if (c.op == "dag-jose.block") return run_block(c);
  if (c.op != "dag-jose.roundtrip") return unsupported("op " + c.op);
  auto const in = c.hex("hex");
  if (auto const a = jose_roundtrip(in, c.text("cid")); a.outcome != verdict::pass) return a;
  auto const n = dag_jose::decode(in).value();
  auto const want = dag_json::decode(as_bytes(json::serialize(c.at("dag_json"))));
  if (!want || !(n == *want)) return fail("another value than " + json::serialize(c.at("dag_json")));
  for (auto const& path : c.array("paths")) {
    auto const* at = &n;
    for (auto const part : split(path.get_string(), '/')) {
      auto const next = step(*at, part);
      if (!next) return fail("no path " + to_text(path));
      at = *next;
    }
  }
  return pass();
}

}  // namespace

auto dag_jose_area() -> area { return {"dag-jose", run, expand}; }

}  // namespace conformance
