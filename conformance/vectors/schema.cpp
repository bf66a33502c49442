#include "areas.hpp"

#include <cairn/ipld/codec/dag_json.hpp>
#include <cairn/ipld/schema/typed.hpp>

#include <algorithm>

namespace conformance {
namespace {

using namespace cairn;

auto indent_of(std::string_view line) -> std::size_t { return std::min(line.find_first_not_of(' '), line.size()); }

/// The part of YAML in which these files are written: keys, lists of texts in block form, lists of maps of such.
class yaml_reader {
public:
  explicit yaml_reader(std::string_view text) {
    while (!text.empty()) {
      auto const end = text.find('\n');
      lines_.push_back(text.substr(0, end));
      text.remove_prefix(end == text.npos ? text.size() : end + 1);
    }
  }

  auto read() -> json::object {
    auto out = json::object{};
    while (skip() < lines_.size()) {
      auto const line = lines_[at_++];
      auto const colon = line.find(':');
      if (indent_of(line) != 0 || colon == line.npos) throw bad_case{"no key: " + std::string{line}};
      auto const key = line.substr(0, colon), rest = trimmed(line.substr(colon + 1));
      if (rest == "|")
        out[key] = block(0);
      else if (rest.empty())
        out[key] = items();
      else
        out[key] = json::string{rest};
    }
    return out;
  }

private:
  static auto trimmed(std::string_view s) -> std::string_view {
    s.remove_prefix(indent_of(s));
    return s.substr(0, s.find_last_not_of(' ') + 1);
  }
  auto skip() -> std::size_t {
    while (at_ < lines_.size() && (trimmed(lines_[at_]).empty() || trimmed(lines_[at_]).starts_with('#'))) ++at_;
    return at_;
  }
  auto block(std::size_t outer) -> json::string {
    auto out = json::string{};
    while (at_ < lines_.size() && (trimmed(lines_[at_]).empty() || indent_of(lines_[at_]) > outer)) {
      out.append(lines_[at_++]);
      out.append("\n");
    }
    return out;
  }
  auto items() -> json::array {
    auto out = json::array{};
    while (skip() < lines_.size() && lines_[at_].starts_with("  - ")) {
      auto const first = trimmed(lines_[at_].substr(4));
      if (first == "|") {
        ++at_;
        out.push_back(block(2));
        continue;
      }
      auto one = json::object{};
      for (auto offset = 4uz; skip() < lines_.size() && (offset == 4 && one.empty() ? true : indent_of(lines_[at_]) == 4);) {
        auto const line = trimmed(lines_[at_++].substr(4));
        auto const colon = line.find(':');
        if (trimmed(line.substr(colon + 1)) != "|" && trimmed(lines_[at_]) == "|") ++at_;  // "|" on a line of its own
        one[line.substr(0, colon)] = block(4);
      }
      out.push_back(std::move(one));
    }
    return out;
  }

  std::vector<std::string_view> lines_;
  std::size_t at_ = 0;
};

auto expand(foreign_file const& f) -> std::vector<json::object> {
  auto out = std::vector<json::object>{};
  auto const text = read_text(f.folder / f.name);
  auto const file = yaml_reader{text}.read();
  auto const stem = f.name.substr(0, f.name.find('.'));
  auto const root = file.contains("root") ? file.at("root") : json::value{};
  auto const add = [&](std::string const& id, json::object body) {
    body["id"] = stem + "/" + id;
    body["schema"] = file.at("schema");
    body["root"] = root;
    out.push_back(std::move(body));
  };
  add("dmt", {{"op", "schema.parse"}, {"dmt", file.at("expected")}});
  auto n = 0;
  if (auto const* blocks = file.if_contains("blocks"))
    for (auto const& b : blocks->as_array()) add("block-" + std::to_string(n++), {{"op", "schema.match"}, {"actual", b.at("actual")}, {"expected", b.at("expected")}});
  n = 0;
  if (auto const* bad = file.if_contains("badBlocks"))
    for (auto const& b : bad->as_array()) add("bad-" + std::to_string(n++), {{"op", "schema.match"}, {"actual", b}});
  return out;
}

auto node_of(std::string const& text) -> ipld::node {
  auto const bare = text.substr(0, text.find_last_not_of(" \n") + 1);
  auto n = dag_json::decode(as_bytes(std::string_view{bare}.substr(std::min(bare.find_first_not_of(" \n"), bare.size()))), codec_mode::lax);
  if (!n) throw bad_case{"not dag-json: " + bare + ": " + std::string{describe(n.error())}};
  return *std::move(n);
}

/// A typed value without the names of the unions' members, as the older cases have it.
auto unwrapped(ipld::schema const& s, std::uint32_t type, ipld::node const& typed) -> ipld::node {
  if (s.types()[type].what != ipld::schema_type::kind::any_of) return typed;
  return typed.as_map()->begin()->value;
}

/// The first type that no other one names: the root, where a file names none.
auto top_type(ipld::node const& types) -> std::string {
  auto names = [](auto const& self, ipld::node const& n, std::string_view name) -> bool {
    if (n.as_string()) return *n.as_string() == name;
    if (auto const* const l = n.as_list()) return std::any_of(l->begin(), l->end(), [&](ipld::node const& i) { return self(self, i, name); });
    if (auto const* const m = n.as_map()) return std::any_of(m->begin(), m->end(), [&](ipld::entry const& e) { return self(self, e.value, name); });
    return false;
  };
  for (auto const& type : *types.as_map()) {
    auto const named = [&](ipld::entry const& other) { return other.key != type.key && names(names, other.value, type.key); };
    if (std::none_of(types.as_map()->begin(), types.as_map()->end(), named)) return type.key;
  }
  throw bad_case{"no type to begin with"};
}

auto run(test_case const& c) -> answer {
  auto const s = ipld::schema::parse(c.text("schema"));
  if (!s) return fail(to_string(s.error()));
  if (c.op == "schema.parse") {
    if (s->dmt() == node_of(c.text("dmt"))) return pass();
    auto have = bytes{};
    (void)dag_json::encode(s->dmt(), have);
    return fail("another DMT: " + std::string{as_text(have)});
  }
  auto const root = c.has("root") ? c.text("root") : top_type(*s->dmt().find("types"));
  auto const type = s->find(root);
  if (!type) return fail("no type " + root);
  auto const value = node_of(c.text("actual"));
  auto typed = read_typed(*s, *type, value);
  if (!typed && c.has("expected")) typed = read_typed(*s, *type, value, codec_mode::lax);
  if (!c.has("expected")) return expect_error(true, !typed && !read_typed(*s, *type, value, codec_mode::lax), typed ? "accepted" : to_string(typed.error()));
  if (!typed) return fail(to_string(typed.error()));
  auto const want = node_of(c.text("expected"));
  auto const back = write_typed(*s, *type, *typed);
  if (!back) return fail(to_string(back.error()));
  return *typed == want || unwrapped(*s, *type, *typed) == want || *back == want ? pass() : fail("another value");
}

}  // namespace

auto schema_area() -> area { return {"schema", run, expand}; }

}  // namespace conformance
