#include "areas.hpp"

#include <cairn/multiformats/multibase.hpp>

namespace conformance {
namespace {

// The text between the first and the last quote, with the tables' \x00 escapes.
auto unquote(std::string_view field) -> std::string {
  auto const first = field.find('"'), last = field.rfind('"');
  if (first == last) throw bad_case{"no quoted text"};
  auto out = std::string{};
  for (auto i = first + 1; i < last; ++i) {
    if (field.substr(i).starts_with("\\x")) {
      out += static_cast<char>(unhex(field.substr(i + 2, 2)).at(0));
      i += 3;
    } else {
      out += field[i];
    }
  }
  return out;
}

auto expand(foreign_file const& file) -> std::vector<json::object> {
  auto const text = read_text(file.folder / file.name);
  auto const rows = lines(text);
  auto const plain = unquote(rows.at(0));
  auto const decode_only = file.name == "case_insensitivity.csv";
  auto out = std::vector<json::object>{};
  for (std::size_t i = 1; i < rows.size(); ++i) {
    auto const comma = rows[i].find(',');
    out.push_back({{"id", file.name + ":" + std::to_string(i)},
                   {"op", decode_only ? "multibase.decode_loose" : "multibase.roundtrip"},
                   {"encoding", rows[i].substr(0, comma)},
                   {"plain", plain},
                   {"text", unquote(rows[i].substr(comma))}});
  }
  return out;
}

auto run(test_case const& c) -> answer {
  auto const text = c.text("text");
  auto const back = cairn::decode_multibase(text);
  if (c.expects_error()) return expect_error(true, !back, c.text_or("why", ""));
  auto const base = cairn::parse_multibase_name(c.text("encoding"));
  if (!base) return fail("unknown base " + c.text("encoding"));
  auto plain = bytes{};
  if (c.has("plain_hex"))
    plain = c.hex("plain_hex");
  else
    for (auto octet : c.text("plain")) plain.push_back(static_cast<cairn::byte>(octet));
  if (!back) return fail("refused: " + std::string{describe(back.error())});
  if (back->first != *base) return fail("decoded as " + std::string{to_string(back->first)});
  if (auto const a = same("decoded", back->second, plain); a.outcome != verdict::pass) return a;
  auto const canonical = cairn::encode_multibase(*base, plain);
  if (c.op == "multibase.roundtrip") return same("encoded", canonical, text);
  // decode only: what is written in another case is not what the encoder writes
  auto const again = cairn::decode_multibase(canonical);
  return again && again->second == plain ? pass() : fail("its own encoding is not read back");
}

}  // namespace

auto multibase_area() -> area { return {"multibase", run, expand}; }

}  // namespace conformance
