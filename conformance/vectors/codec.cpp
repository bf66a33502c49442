// The areas codec-cross, codec-negative, codec-dag-cbor, codec-dag-json and codec-dag-pb.

#include "areas.hpp"

#include <cairn/block.hpp>
#include <cairn/core/text.hpp>
#include <cairn/ipld/codec_set.hpp>
#include <cairn/ipld/links.hpp>

namespace conformance {
namespace {

using namespace cairn;
namespace fs = std::filesystem;

auto why(cairn::error const& e) -> std::string { return std::string{e.clause()}; }

/// The value that a case gives as JSON (dag-json).
auto value_of(json::value const& v) -> ipld::node {
  auto n = dag_json::decode(as_bytes(json::serialize(v)));
  if (!n) throw bad_case{"not dag-json: " + json::serialize(v)};
  return *std::move(n);
}

/// Compared as JSON, where the order of keys does not matter.
auto same_value(ipld::node const& have, json::value const& want) -> answer {
  auto out = bytes{};
  auto const done = dag_json::encode(have, out);
  if (!done) return fail(std::string{describe(done.error())});
  auto const text = std::string{as_text(out)};
  return parse_json(text) == want ? pass() : same("value", text, json::serialize(want));
}

auto encoded_as(std::uint64_t codec, ipld::node const& n, bytes_view want) -> answer {
  auto out = bytes{};
  auto const done = default_codecs::encode(codec, n, out);
  if (!done) return fail(why(done.error()));
  return same("encoded", out, want);
}

auto roundtrip(std::uint64_t codec, bytes_view in) -> answer {
  auto const n = default_codecs::decode(codec, in);
  if (!n) return fail("refused: " + why(n.error()));
  return encoded_as(codec, *n, in);
}

auto decode(test_case const& c, std::uint64_t codec, bytes_view in) -> answer {
  auto const n = default_codecs::decode(codec, in);
  auto const links = for_each_link(codec, in, [](cid const&) {});
  if (n && !links) return fail("decoded, but its links were refused: " + why(links.error()));
  auto const a = expect_error(c.expects_error(), !n, n ? "" : why(n.error()));
  if (a.outcome != verdict::pass || !n || !c.has("value")) return a;
  return same_value(*n, c.at("value"));
}

auto repeated(bytes_view unit, std::size_t times, bytes_view inner, bytes_view close) -> bytes {
  auto out = bytes{};
  for (std::size_t i = 0; i < times; ++i) append(out, unit);
  append(out, inner);
  for (std::size_t i = 0; i < times; ++i) append(out, close);
  return out;
}

// ---- codec-cross: a folder per value, a file per codec ----

auto expand_cross(foreign_file const& f) -> std::vector<json::object> {
  auto out = std::vector<json::object>{};
  for (auto const& folder : fs::directory_iterator{f.folder / f.name}) {
    auto const name = folder.path().filename().string();
    auto body = json::object{{"id", name}, {"op", "codec.cross"}, {"folder", folder.path().string()}};
    // outside of int64, which Go's codecs do not carry
    for (auto known : {"int-11959030306112471731", "int-18446744073709551615", "int--11959030306112471732"})
      if (name == known) body["status"] = "optional";
    out.push_back(std::move(body));
  }
  return out;
}

auto run_cross(test_case const& c) -> answer {
  struct form {
    codec_row const* codec;
    bytes data;
  };
  auto forms = std::vector<form>{};
  for (auto const& file : fs::directory_iterator{c.text("folder")}) {
    auto const& path = file.path();
    auto const* const codec = default_codecs::find(path.extension().string().substr(1));
    if (!codec) return unsupported("codec " + path.extension().string());
    auto data = read_file(path);
    auto const id = hash_cid({.codec = codec->code}, data);
    if (auto const a = same("CID", to_string(id.value()), path.stem().string()); a.outcome != verdict::pass) return a;
    forms.push_back({codec, std::move(data)});
  }
  for (auto const& from : forms) {
    auto const n = from.codec->decode(from.data, codec_mode::strict);
    if (!n) return fail(std::string{from.codec->name} + " refused: " + why(n.error()));
    for (auto const& to : forms)
      if (auto a = encoded_as(to.codec->code, *n, to.data); a.outcome != verdict::pass) {
        a.reason = std::string{from.codec->name} + " to " + std::string{to.codec->name} + ": " + a.reason;
        return a;
      }
  }
  return pass();
}

// ---- codec-negative: "dag-pb/decode/x.json" holds [{name, hex} or {name, dag-json}] ----

auto expand_negative(foreign_file const& f) -> std::vector<json::object> {
  auto out = std::vector<json::object>{};
  auto const codec = f.name.substr(0, f.name.find('/'));
  auto const file = parse_json(read_text(f.folder / f.name));
  for (auto const& entry : file.as_array()) {
    auto body = entry.as_object();
    body["op"] = codec + (body.contains("hex") ? ".decode" : ".encode");
    body["id"] = f.name + ": " + to_text(body.at("name"));
    body["codec"] = codec;
    out.push_back(std::move(body));
  }
  return out;
}

auto run_negative(test_case const& c) -> answer {
  auto const* const codec = default_codecs::find(c.text("codec"));
  if (!codec) return unsupported("codec " + c.text("codec"));
  if (c.has("hex")) return expect_error(true, !codec->decode(c.hex("hex"), codec_mode::strict), "these bytes");
  auto out = bytes{};
  auto const done = codec->encode(value_of(c.at("dag-json")), out, codec_mode::strict);
  return expect_error(true, !done, "this value");
}

// ---- codec-dag-cbor ----

/// The objects of an array, each as text: one of them may hold a number that no reader here takes.
auto objects_of(std::string_view text) -> std::vector<std::string_view> {
  auto out = std::vector<std::string_view>{};
  auto depth = 0, quoted = 0;
  auto begin = std::size_t{0};
  for (std::size_t i = 0; i < text.size(); ++i) {
    if (text[i] == '\\' && quoted) ++i;
    else if (text[i] == '"') quoted = !quoted;
    else if (quoted) continue;
    else if (text[i] == '{' && depth++ == 0) begin = i;
    else if (text[i] == '}' && --depth == 0) out.push_back(text.substr(begin, i + 1 - begin));
  }
  return out;
}

auto expand_dag_cbor(foreign_file const& f) -> std::vector<json::object> {
  auto out = std::vector<json::object>{};
  if (f.name.ends_with(".json")) {
    auto const text = read_text(f.folder / f.name);
    for (auto const one : objects_of(text)) {
      auto const given = parse_json(one);
      auto body = json::object{{"op", "cbor.example"}, {"hex", given.at("hex")}, {"id", "rfc8949-" + to_text(given.at("hex"))}};
      auto decoded = bytes{};
      if (auto const exact = plain_json::decode(as_bytes(one)); exact && exact->find("decoded"))
        if (plain_json::encode(*exact->find("decoded"), decoded, {.keep_point = true})) body["decoded"] = std::string{as_text(decoded)};
      out.push_back(std::move(body));
    }
    return out;
  }
  auto body = json::object{{"id", f.name}, {"file", f.name}, {"op", f.name == "non-canon.cbor" ? "dag-cbor.not_canonical" : "dag-cbor.survive"}};
  if (f.name == "non-canon.cbor") body["status"] = "disputed";
  out.push_back(std::move(body));
  return out;
}

auto run_cbor_example(test_case const& c) -> answer {
  auto const in = c.hex("hex");
  auto const strict = dag_cbor::decode(in);
  if (strict)
    if (auto const a = encoded_as(code::dag_cbor, *strict, in); a.outcome != verdict::pass) return a;
  auto const plain = plain_cbor::decode(in);
  if (!plain) {
    // what the data model does not have
    switch (plain.error()) {
      case dag_cbor_errc::unknown_tag:
      case dag_cbor_errc::simple_value:
      case dag_cbor_errc::not_finite:
      case dag_cbor_errc::indefinite_length:
      case dag_cbor_errc::non_string_key: return pass();
      default: return fail("refused: " + std::string{describe(plain.error())});
    }
  }
  if (!c.has("decoded")) return pass();
  auto const want = plain_json::decode(as_bytes(c.text("decoded")));
  if (!want) return fail("the example's value was not read");
  return *plain == *want ? pass() : fail("decoded to another value than " + c.text("decoded"));
}

auto run_dag_cbor(test_case const& c) -> answer {
  if (c.op == "cbor.example") return run_cbor_example(c);
  if (c.op == "dag-cbor.decode") return decode(c, code::dag_cbor, c.hex("hex"));
  if (c.op == "dag-cbor.decode_nested")
    return decode(c, code::dag_cbor, repeated(c.hex("unit_hex"), c.unsigned_number("depth"), c.hex("inner_hex"), c.hex("close_hex")));
  if (c.op == "dag-cbor.roundtrip") {
    auto const in = c.hex("hex");
    if (auto const a = roundtrip(code::dag_cbor, in); a.outcome != verdict::pass) return a;
    return same_value(dag_cbor::decode(in).value(), c.at("dag_json"));
  }
  if (c.op == "dag-cbor.survive") {
    auto const in = c.file(c.text("file"));
    (void)dag_cbor::decode(in, codec_mode::lax);
    (void)for_each_link(code::dag_cbor, in, [](cid const&) {});
    auto const n = dag_cbor::decode(in);
    return n ? encoded_as(code::dag_cbor, *n, in) : pass();
  }
  if (c.op == "dag-cbor.not_canonical") {
    auto const in = c.file(c.text("file"));
    if (dag_cbor::decode(in)) return fail("accepted as strict dag-cbor");
    auto const lax = dag_cbor::decode(in, codec_mode::lax);
    if (!lax) return fail("lax refused: " + std::string{describe(lax.error())});
    auto out = bytes{};
    if (!dag_cbor::encode(*lax, out)) return fail("cannot be written");
    return roundtrip(code::dag_cbor, out);
  }
  return unsupported("op " + c.op);
}

// ---- codec-dag-json ----

auto run_dag_json(test_case const& c) -> answer {
  auto const text = [&](char const* name) { return c.text(name); };
  if (c.op == "dag-json.encode") {
    auto out = bytes{};
    auto const done = dag_json::encode(value_of(c.at("value")), out);
    return done ? same("encoded", as_text(out), text("text")) : fail(std::string{describe(done.error())});
  }
  if (c.op == "dag-json.decode") return decode(c, code::dag_json, as_bytes(text("text")));
  if (c.op == "dag-json.roundtrip" || c.op == "dag-json.canonicalize") {
    auto const n = dag_json::decode(as_bytes(text("text")));
    if (!n) return fail("refused: " + std::string{describe(n.error())});
    auto out = bytes{};
    auto const done = dag_json::encode(*n, out);
    if (!done) return fail(std::string{describe(done.error())});
    return same("encoded", as_text(out), text(c.op == "dag-json.roundtrip" ? "text" : "canonical"));
  }
  if (c.op == "dag-json.decode_nested")
    return decode(c, code::dag_json,
                  repeated(as_bytes(text("open")), c.unsigned_number("depth"), as_bytes(text("inner")), as_bytes(text("close"))));
  return unsupported("op " + c.op);
}

// ---- codec-dag-pb ----

auto run_dag_pb(test_case const& c) -> answer {
  auto const in = c.hex("hex");
  if (c.op == "dag-pb.decode") return decode(c, code::dag_pb, in);
  if (c.op == "dag-pb.roundtrip") {
    if (auto const a = roundtrip(code::dag_pb, in); a.outcome != verdict::pass) return a;
    return same_value(dag_pb::decode(in).value(), c.at("dag_json"));
  }
  return unsupported("op " + c.op);
}

}  // namespace

auto codec_cross_area() -> area { return {"codec-cross", run_cross, expand_cross}; }
auto codec_negative_area() -> area { return {"codec-negative", run_negative, expand_negative}; }
auto codec_dag_cbor_area() -> area { return {"codec-dag-cbor", run_dag_cbor, expand_dag_cbor}; }
auto codec_dag_json_area() -> area { return {"codec-dag-json", run_dag_json}; }
auto codec_dag_pb_area() -> area { return {"codec-dag-pb", run_dag_pb}; }

}  // namespace conformance
