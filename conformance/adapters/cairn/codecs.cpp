#include "adapter.hpp"

#include <cairn/ipld/codec_set.hpp>
#include <cairn/ipld/links.hpp>
#include <cairn/ipld/patch.hpp>

#include <bit>

namespace adapter {

auto to_value(ipld::node const& n) -> json::value {
  switch (n.kind()) {
    case ipld::kind::null: return nullptr;
    case ipld::kind::boolean: return *n.as_boolean();
    case ipld::kind::integer: return json::object{{"int", to_string(*n.as_integer())}};
    case ipld::kind::floating: {
      auto const word = std::bit_cast<std::uint64_t>(*n.as_double());
      auto octets = bytes{};
      for (int i = 7; i >= 0; --i) octets.push_back(static_cast<byte>(word >> (8 * i)));
      return json::object{{"float", to_hex(octets)}};
    }
    case ipld::kind::string:
      if (!is_utf8(as_bytes(*n.as_string()))) return json::object{{"text", to_hex(as_bytes(*n.as_string()))}};
      return json::string{*n.as_string()};
    case ipld::kind::bytes: return json::object{{"bytes", to_hex(*n.as_bytes())}};
    case ipld::kind::link: return json::object{{"link", to_string(*n.as_link())}};
    case ipld::kind::list: {
      auto out = json::array{};
      for (auto const& one : *n.as_list()) out.push_back(to_value(one));
      return out;
    }
    case ipld::kind::map: {
      auto out = json::array{};
      for (auto const& e : *n.as_map()) out.push_back({to_value(ipld::node{e.key}), to_value(e.value)});
      return json::object{{"map", std::move(out)}};
    }
  }
  return nullptr;
}

static auto integer_of(std::string_view text) -> ipld::node {
  auto const negative = text.starts_with('-');
  auto const digits = text.substr(negative);
  if (negative && digits == "18446744073709551616") return ipld::integer::below_zero(UINT64_MAX);
  auto const n = parse_decimal(digits);
  if (!n) throw conformance::bad_case{"no integer: " + std::string{text}};
  return negative ? *n == 0 ? ipld::node{0} : ipld::node{ipld::integer::below_zero(*n - 1)} : ipld::node{*n};
}

auto from_value(json::value const& v) -> ipld::node {
  if (v.is_null()) return nullptr;
  if (v.is_bool()) return v.get_bool();
  if (v.is_string()) return std::string{std::string_view{v.get_string()}};
  if (auto const* list = v.if_array()) {
    auto out = ipld::list{};
    for (auto const& one : *list) out.push_back(from_value(one));
    return out;
  }
  if (!v.is_object()) throw conformance::bad_case{"no value: " + json::serialize(v)};
  auto const& [key, inner] = *v.get_object().begin();
  auto const text = conformance::to_text(inner);
  if (key == "int") return integer_of(text);
  if (key == "bytes") return conformance::unhex(text);
  if (key == "text") return std::string{as_text(conformance::unhex(text))};
  if (key == "float") {
    std::uint64_t word = 0;
    for (auto b : conformance::unhex(text)) word = word << 8 | b;
    return std::bit_cast<double>(word);
  }
  if (key == "link") {
    auto const id = parse_cid(text);
    if (!id) throw conformance::bad_case{"no CID: " + text};
    return *id;
  }
  if (key != "map") throw conformance::bad_case{"no value: " + json::serialize(v)};
  auto out = ipld::map{};
  for (auto const& pair : inner.as_array()) {
    auto const name = from_value(pair.at(0));
    out.append(*name.as_string(), from_value(pair.at(1)));
  }
  return out;
}

namespace {

constexpr auto drisl_row = detail::codec_row_of<drisl>();  // has the code and the name of dag-cbor, so it is in no set

auto codec_of(test_case const& c, std::string_view field) -> codec_row const& {
  if (c.text(field) == "drisl") return drisl_row;
  auto const* const row = default_codecs::find(c.text(field));
  if (!row) throw conformance::bad_case{"no codec " + c.text(field)};
  return *row;
}

auto encoded(codec_row const& codec, ipld::node const& n) -> reply {
  auto out = bytes{};
  auto const done = codec.encode(n, out, codec_mode::strict);
  if (!done) return refuse(done.error());
  return json::object{{"bytes", to_hex(out)}};
}

constexpr operation operations[]{
    {"codec.decode",
     [](test_case const& c) -> reply {
       auto const n = codec_of(c, "codec").decode(octets(c, "bytes"), codec_mode::strict);
       if (!n) return refuse(n.error());
       return json::object{{"value", to_value(*n)}};
     }},
    {"codec.encode", [](test_case const& c) -> reply { return encoded(codec_of(c, "codec"), from_value(c.at("value"))); }},
    {"codec.transcode",
     [](test_case const& c) -> reply {
       auto const n = codec_of(c, "from").decode(octets(c, "bytes"), codec_mode::strict);
       if (!n) return refuse(n.error());
       return encoded(codec_of(c, "to"), *n);
     }},
    {"codec.links",
     [](test_case const& c) -> reply {
       auto links = json::array{};
       auto const in = octets(c, "bytes");
       auto note = [&](cid const& id) { links.push_back(json::string{to_string(id)}); };
       auto const done = codec_of(c, "codec").links(in, note);
       if (!done) return refuse(done.error());
       return json::object{{"links", std::move(links)}};
     }},
    {"patch.apply",
     [](test_case const& c) -> reply {
       auto n = from_value(c.at("value"));
       auto const steps = ipld::parse_patch(from_value(c.at("patch")));
       if (!steps) return refuse(steps.error());
       auto const done = ipld::apply_patch(n, *steps);
       if (!done) return refuse(done.error());
       return json::object{{"value", to_value(n)}};
     }},
};

}  // namespace

auto codec_operations() -> std::span<operation const> { return operations; }

}  // namespace adapter
