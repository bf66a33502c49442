#include "suite.hpp"

#include <cairn/core/text.hpp>
#include <cairn/crypto/hash.hpp>

#include <algorithm>
#include <bit>
#include <fstream>
#include <iterator>

namespace kit {
namespace {

constexpr auto longest_inline = std::size_t{64} << 10;  // octets of an input that is sent in its line

auto text_of(json::object const& o, std::string_view field) -> std::string {
  auto const* const v = o.if_contains(field);
  return v && v->is_string() ? std::string{std::string_view{v->get_string()}} : std::string{};
}

auto level_of(json::object const& o, std::string_view id) -> level {
  auto const text = text_of(o, "level");
  if (text.empty() || text == "must") return level::must;
  if (text == "should") return level::should;
  if (text == "may") return level::may;
  if (text == "disputed") return level::disputed;
  throw usage_error{std::string{id} + ": no such level: " + text};
}

auto read_case(json::object const& o, std::string const& area) -> test_case {
  auto c = test_case{};
  c.id = text_of(o, "id"), c.area = area, c.op = text_of(o, "op"), c.clause = text_of(o, "clause"), c.note = text_of(o, "note");
  if (c.id.empty() || c.op.empty()) throw usage_error{"a case of " + area + " has no id or no op"};
  c.level = level_of(o, c.id);
  if (auto const* f = o.if_contains("features"))
    for (auto const& one : f->as_array()) c.features.push_back(to_text(one));
  if (auto const* in = o.if_contains("in")) c.in = in->as_object();
  if (auto const* out = o.if_contains("out")) c.out = *out;
  auto const* const err = o.if_contains("err");
  if (err && err->is_string()) c.error_class = to_text(*err);
  if (auto const* v = o.if_contains("variants"))
    for (auto const& [name, one] : v->as_object()) {
      auto const* const out = one.as_object().if_contains("out");
      c.variants.push_back({name, out ? std::optional{*out} : std::nullopt});
    }
  if ((c.level == level::disputed) != !c.variants.empty()) throw usage_error{c.id + ": variants are for disputed cases"};
  if (c.level != level::disputed && !c.out && !err) throw usage_error{c.id + " expects nothing"};
  if (c.out && err) throw usage_error{c.id + " expects both an answer and an error"};
  return c;
}

auto wanted(test_case const& c, filter const& f) -> bool {
  auto const in = [](std::vector<std::string> const& list, std::string const& word) {
    return list.empty() || std::ranges::find(list, word) != list.end();
  };
  auto const starts = std::ranges::any_of(f.ids, [&](auto const& prefix) { return c.id.starts_with(prefix); });
  return in(f.areas, c.area) && in(f.ops, c.op) && (f.ids.empty() || starts);
}

/// Lines "- **id** LEVEL: text" of a specification.
void read_clauses(std::string_view text, std::map<std::string, clause>& into) {
  while (!text.empty()) {
    auto const end = std::min(text.find('\n'), text.size());
    auto line = text.substr(0, end);
    text.remove_prefix(std::min(end + 1, text.size()));
    if (!line.starts_with("- **")) continue;
    line.remove_prefix(4);
    auto const stop = line.find("** ");
    if (stop == line.npos) continue;
    auto const id = line.substr(0, stop);
    line.remove_prefix(stop + 3);
    auto const colon = line.find(": ");
    if (colon == line.npos || colon > 12) continue;
    into[std::string{id}] = {std::string{line.substr(0, colon)}, std::string{line.substr(colon + 2)}};
  }
}

void quarter_round(std::uint32_t& a, std::uint32_t& b, std::uint32_t& c, std::uint32_t& d) {
  a += b, d = std::rotl(d ^ a, 16);
  c += d, b = std::rotl(b ^ c, 12);
  a += b, d = std::rotl(d ^ a, 8);
  c += d, b = std::rotl(b ^ c, 7);
}

/// The keystream of ChaCha20 with key sha256(seed), nonce 0, counter 0.
auto chacha20(std::string_view seed, std::size_t size) -> std::string {
  auto const key = cairn::sha256(cairn::as_bytes(seed));
  std::uint32_t start[16]{0x61707865, 0x3320646e, 0x79622d32, 0x6b206574};
  for (std::size_t i = 0; i < 32; ++i) start[4 + i / 4] |= static_cast<std::uint32_t>(key[i]) << (8 * (i % 4));
  auto out = std::string(size, '\0');
  for (std::size_t at = 0; at < size; at += 64) {
    std::uint32_t x[16];
    std::copy_n(start, 16, x);
    for (int round = 0; round < 10; ++round) {
      for (std::size_t i = 0; i < 4; ++i) quarter_round(x[i], x[4 + i], x[8 + i], x[12 + i]);
      for (std::size_t i = 0; i < 4; ++i) quarter_round(x[i], x[4 + (i + 1) % 4], x[8 + (i + 2) % 4], x[12 + (i + 3) % 4]);
    }
    for (std::size_t i = 0; i < 64 && at + i < size; ++i)
      out[at + i] = static_cast<char>((x[i / 4] + start[i / 4]) >> (8 * (i % 4)));
    if (++start[12] == 0) ++start[13];
  }
  return out;
}

auto unhex(std::string_view text) -> std::string {
  auto const octets = cairn::from_hex(text);
  if (!octets) throw usage_error{"not hexadecimal: " + std::string{text.substr(0, 80)}};
  return {octets->begin(), octets->end()};
}

/// {"chacha20": {seed, size}}, {"repeat": {hex, count}}, {"concat": [..]}, each item one of these or hexadecimal; none: no recipe.
auto make_recipe(json::value const& v) -> std::optional<std::string> {
  if (v.is_string()) return unhex(to_text(v));
  auto const* const o = v.if_object();
  if (!o || o->size() != 1) return {};
  auto const& [key, value] = *o->begin();
  if (key == "chacha20") return chacha20(to_text(value.at("seed")), value.at("size").to_number<std::size_t>());
  if (key == "repeat") {
    auto const unit = unhex(to_text(value.at("hex")));
    auto out = std::string{};
    for (auto n = value.at("count").to_number<std::size_t>(); n-- > 0;) out += unit;
    return out;
  }
  if (key != "concat") return {};
  auto out = std::string{};
  for (auto const& part : value.as_array()) {
    auto const made = make_recipe(part);
    if (!made) throw usage_error{"no recipe: " + json::serialize(part)};
    out += *made;
  }
  return out;
}

auto to_file(std::string_view octets, fs::path const& folder) -> json::value {
  auto const path = folder / sha256_hex(octets);
  if (!fs::exists(path)) {
    auto out = std::ofstream{path, std::ios::binary};
    out.write(octets.data(), static_cast<std::streamsize>(octets.size()));
    if (!out) throw usage_error{"cannot write " + path.string()};
  }
  return json::object{{"file", path.string()}};
}

/// Names of files are relative to the file of cases.
void resolve_files(json::value& v, fs::path const& beside) {
  if (auto* list = v.if_array()) {
    for (auto& one : *list) resolve_files(one, beside);
  } else if (auto* o = v.if_object()) {
    auto* const name = o->if_contains("file");
    if (name && o->size() == 1)
      *name = fs::absolute(beside / to_text(*name)).lexically_normal().string();
    else
      for (auto& [key, one] : *o) resolve_files(one, beside);
  }
}

auto files_of(fs::path const& path) -> std::vector<fs::path> {
  if (fs::is_regular_file(path)) return {path};
  if (!fs::is_directory(path)) throw usage_error{"no such file or folder: " + path.string()};
  auto out = std::vector<fs::path>{};
  for (auto const& e : fs::recursive_directory_iterator{path})
    if (e.path().extension() == ".json" && e.path().parent_path().filename() == "vectors") out.push_back(e.path());
  std::ranges::sort(out);
  return out;
}

}  // namespace

auto load_suite(std::vector<fs::path> const& paths, filter const& f) -> suite {
  auto out = suite{};
  auto seen = std::set<std::string>{};
  auto digests = std::string{};
  for (auto const& path : paths)
    for (auto const& file : files_of(path)) {
      auto const text = read_text(file);
      digests += sha256_hex(text);
      auto const document = parse_json(text);
      if (!document.is_object() || text_of(document.as_object(), "format") != "cairn-conformance/1")
        throw usage_error{file.string() + " is not in the format cairn-conformance/1"};
      auto const area = text_of(document.as_object(), "area");
      for (auto const& one : document.at("cases").as_array()) {
        auto c = read_case(one.as_object(), area);
        if (!seen.insert(c.id).second) throw usage_error{"the id " + c.id + " stands twice"};
        if (!wanted(c, f)) continue;
        auto in = json::value(std::move(c.in));
        resolve_files(in, file.parent_path());
        c.in = std::move(in.as_object());
        out.cases.push_back(std::move(c));
      }
      auto const prose = file.parent_path().parent_path() / "README.md";
      if (fs::exists(prose)) read_clauses(read_text(prose), out.clauses);
    }
  out.digest = sha256_hex(digests);
  return out;
}

auto expand_input(json::value const& v, fs::path const& folder) -> json::value {
  if (v.is_string() && v.get_string().size() > 2 * longest_inline) return to_file(unhex(to_text(v)), folder);
  if (v.is_object())
    if (auto const made = make_recipe(v)) {
      if (made->size() > longest_inline) return to_file(*made, folder);
      return json::value(cairn::to_hex(cairn::as_bytes(*made)));
    }
  if (auto const* list = v.if_array()) {
    auto out = json::array{};
    for (auto const& one : *list) out.push_back(expand_input(one, folder));
    return out;
  }
  if (auto const* o = v.if_object()) {
    auto out = json::object{};
    for (auto const& [key, one] : *o) out[key] = expand_input(one, folder);
    return out;
  }
  return v;
}

auto read_text(fs::path const& path) -> std::string {
  auto in = std::ifstream{path, std::ios::binary};
  auto text = std::string{std::istreambuf_iterator<char>{in}, {}};
  if (!in) throw usage_error{"cannot read " + path.string()};
  return text;
}

auto parse_json(std::string_view text) -> json::value {
  auto options = json::parse_options{};
  options.max_depth = 8192;
  auto why = boost::system::error_code{};
  auto value = json::parse(text, why, {}, options);
  if (why) throw usage_error{"not JSON: " + why.message()};
  return value;
}

auto to_text(json::value const& v) -> std::string {
  return v.is_string() ? std::string{std::string_view{v.get_string()}} : json::serialize(v);
}

auto sha256_hex(std::string_view text) -> std::string { return cairn::to_hex(cairn::sha256(cairn::as_bytes(text))); }

}  // namespace kit
