#include "areas.hpp"

#include <cairn/core/text.hpp>
#include <cairn/multiformats/multiaddr.hpp>

namespace conformance {
namespace {

// A row of the table of protocols is a case: code, size in bits or V, name.
auto expand_table(foreign_file const& file) -> std::vector<json::object> {
  auto const text = read_text(file.folder / file.name);
  auto out = std::vector<json::object>{};
  for (auto line : lines(text)) {
    auto const fields = split(line, ',');
    if (fields.at(0) == "code") continue;
    out.push_back({{"id", file.name + ":" + std::string{fields.at(2)}},
                   {"op", "multiaddr.protocol"},
                   {"code", *cairn::parse_decimal(fields[0])},
                   {"size", fields[1]},
                   {"name", fields[2]}});
  }
  return out;
}

// The two scenarios: a text or octets, the other form, the sizes, the table of components.
auto expand_feature(foreign_file const& file) -> std::vector<json::object> {
  auto const text = read_text(file.folder / file.name);
  auto out = std::vector<json::object>{};
  auto columns = std::vector<std::string_view>{};
  auto const behind = [](std::string_view line, std::string_view words) { return line.substr(line.find(words) + words.size()); };
  for (auto line : lines(text)) {
    if (line.starts_with("Scenario:")) {
      out.push_back({{"id", file.name + ":" + std::to_string(out.size() + 1)}, {"op", "multiaddr.scenario"}, {"rows", json::array{}}});
      columns.clear();
    } else if (out.empty()) {
      continue;
    } else if (line.starts_with("Given the multiaddr ")) {
      out.back()["given"] = behind(line, "multiaddr ");
    } else if (line.find("packed form is ") != line.npos) {
      out.back()["packed"] = behind(line, "form is ");
    } else if (line.find("string form is ") != line.npos) {
      out.back()["string"] = behind(line, "form is ");
    } else if (line.find(" size is ") != line.npos) {
      out.back()[line.find("string") != line.npos ? "string_size" : "packed_size"] = split(behind(line, " size is "), ' ').at(0);
    } else if (line.starts_with('|')) {
      auto fields = split(line, '|');
      if (columns.empty()) {
        columns = fields;
        continue;
      }
      auto row = json::object{};
      for (std::size_t i = 1; i + 1 < fields.size(); ++i) row[columns.at(i)] = fields[i];
      out.back()["rows"].as_array().push_back(std::move(row));
    }
  }
  return out;
}

auto expand(foreign_file const& file) -> std::vector<json::object> {
  if (file.name == "protocols.csv") return expand_table(file);
  if (file.name == "multiaddr.feature") return expand_feature(file);
  return {};
}

auto hex_of(json::object const& row, std::string_view column) -> bytes {
  auto const text = to_text(row.at(column));
  return unhex(std::string_view{text}.substr(text.starts_with("0x") ? 2 : 0));
}

auto run_scenario(test_case const& c) -> answer {
  auto const given = c.text("given");
  auto const m = given.starts_with("0x") ? cairn::decode_multiaddr(unhex(given.substr(2))) : cairn::parse_multiaddr(given);
  if (!m) return fail(std::string{describe(m.error())});
  if (c.has("packed"))
    if (auto const a = same("packed", m->bytes(), unhex(c.text("packed").substr(2))); a.outcome != verdict::pass) return a;
  if (c.has("string"))
    if (auto const a = same("string", to_string(*m), c.text("string")); a.outcome != verdict::pass) return a;
  if (c.has("packed_size") && std::to_string(m->bytes().size()) != c.text("packed_size")) return fail("another packed size");
  if (c.has("string_size") && std::to_string(to_string(*m).size()) != c.text("string_size")) return fail("another string size");
  auto at = m->begin();
  for (auto const& value : c.array("rows")) {
    auto const& row = value.as_object();
    if (at == m->end()) return fail("too few components");
    auto const one = cairn::make_multiaddr(at->code(), at->value());
    if (!one) return fail("a component is no address");
    if (auto const a = same("component", to_string(*one), to_text(row.at("string"))); a.outcome != verdict::pass) return a;
    if (auto const a = same("packed component", at->bytes(), hex_of(row, "packed")); a.outcome != verdict::pass) return a;
    if (auto const a = same("value", at->text(), to_text(row.at("value"))); a.outcome != verdict::pass) return a;
    if (auto const a = same("raw value", at->value(), hex_of(row, "rawValue")); a.outcome != verdict::pass) return a;
    if (auto const a = same("protocol", at->name(), to_text(row.at("protocol"))); a.outcome != verdict::pass) return a;
    if (std::to_string(at->code()) != to_text(row.at("codec"))) return fail("another code");
    ++at;
  }
  return at == m->end() ? pass() : fail("too many components");
}

auto run_components(test_case const& c) -> answer {
  auto const m = cairn::parse_multiaddr(c.text("text"));
  if (!m) return fail(std::string{describe(m.error())});
  auto at = m->begin();
  for (auto const& value : c.array("components")) {
    auto const& want = value.as_object();
    if (at == m->end()) return fail("too few components");
    if (auto const* const code = want.if_contains("code"); code && code->to_number<std::uint64_t>() != at->code()) return fail("another code");
    if (auto const a = same("name", at->name(), to_text(want.at("name"))); a.outcome != verdict::pass) return a;
    auto const* const text = want.if_contains("value");
    if (auto const a = same("value", at->text(), text ? to_text(*text) : ""); a.outcome != verdict::pass) return a;
    if (want.contains("bytes_hex"))
      if (auto const a = same("bytes", at->bytes(), hex_of(want, "bytes_hex")); a.outcome != verdict::pass) return a;
    ++at;
  }
  return at == m->end() ? pass() : fail("too many components");
}

auto run(test_case const& c) -> answer {
  if (c.op == "multiaddr.protocol") {
    auto const* const by_name = cairn::find_multiaddr_protocol(c.text("name"));
    if (!by_name) return fail("no protocol " + c.text("name"));
    auto const size = by_name->bits < 0 ? "V" : std::to_string(by_name->bits);
    if (by_name->code != c.unsigned_number("code")) return fail("another code");
    if (cairn::find_multiaddr_protocol(by_name->code) != by_name) return fail("another row by code");
    return same("size", size, c.text("size"));
  }
  if (c.op == "multiaddr.scenario") return run_scenario(c);
  if (c.op == "multiaddr.components") return run_components(c);
  if (c.op == "multiaddr.encapsulate" || c.op == "multiaddr.decapsulate" || c.op == "multiaddr.equals") {
    auto const a = cairn::parse_multiaddr(c.text("a")), b = cairn::parse_multiaddr(c.text("b"));
    if (!a) return fail(std::string{describe(a.error())});
    if (c.op == "multiaddr.decapsulate" && !b) {
      // the case names a protocol without its value
      auto const* const protocol = cairn::find_multiaddr_protocol(c.text("b").substr(1));
      return protocol ? same("text", to_string(decapsulate(*a, protocol->code)), c.text("text")) : fail("no such protocol");
    }
    if (!b) return fail(std::string{describe(b.error())});
    if (c.op == "multiaddr.equals") return (*a == *b) == c.flag("equal") ? pass() : fail("equality differs");
    auto const m = c.op == "multiaddr.encapsulate" ? encapsulate(*a, *b) : decapsulate(*a, *b);
    return m ? same("text", to_string(*m), c.text("text")) : fail(std::string{describe(m.error())});
  }
  if (c.op == "multiaddr.decode") {
    auto const m = cairn::decode_multiaddr(c.hex("bytes_hex"));
    return expect_error(c.expects_error(), !m, c.text("bytes_hex"));
  }
  auto const text = c.text("text");
  auto const m = cairn::parse_multiaddr(text);
  if (c.expects_error()) return expect_error(true, !m, text);
  if (!m) return fail("refused " + text + ": " + std::string{describe(m.error())});
  auto const back = cairn::decode_multiaddr(m->bytes());
  if (!back || *back != *m) return fail("its octets are another address");
  if (cairn::parse_multiaddr(to_string(*m)) != *m) return fail("its text is another address");
  if (c.op == "multiaddr.roundtrip") {
    if (auto const a = same("bytes", m->bytes(), c.hex("bytes_hex")); a.outcome != verdict::pass) return a;
    auto const decoded = cairn::decode_multiaddr(c.hex("bytes_hex"));
    return decoded ? same("text", to_string(*decoded), text) : fail("its octets are refused");
  }
  if (c.op == "multiaddr.parse" || c.op == "multiaddr.normalize" || c.op == "multiaddr.roundtrip_text")
    return c.has("canonical") ? same("canonical", to_string(*m), c.text("canonical")) : pass();
  return unsupported("op " + c.op);
}

}  // namespace

auto multiaddr_area() -> area { return {"multiaddr", run, expand}; }

}  // namespace conformance
