#pragma once
// The answer of a command as XML: what Go's encoder makes of the structure behind a value.

#include <cairn/core/try.hpp>
#include <cairn/service/config_text.hpp>
#include <cairn/service/output.hpp>

#include <charconv>

namespace cairn::service::detail {

/// How the structure of a command's values is called; of which fields it is, in their order, where JSON leaves out some: "name=value"
/// stands there with that value, "json:name" has another name in XML. A map is no structure: "map[...]" is why there is no answer.
struct xml_shape {
  std::string_view command, name, fields;
};

inline constexpr xml_shape xml_shapes[]{
    {"version", "VersionInfo", ""}, {"id", "IdOutput", ""}, {"block/stat", "BlockStat", ""}, {"block/put", "BlockStat", ""}, {"repo/stat", "Stat", ""},
    {"stats/repo", "Stat", ""}, {"repo/version", "RepoVersion", ""}, {"files/ls", "filesLsOutput", ""}, {"key/list", "KeyOutputList", ""}, {"key/ls", "KeyOutputList", ""},
    {"key/gen", "KeyOutput", ""}, {"key/rm", "KeyOutputList", ""}, {"key/rename", "KeyRenameOutput", ""}, {"bootstrap", "BootstrapOutput", ""},
    {"bootstrap/list", "BootstrapOutput", ""}, {"bootstrap/add", "BootstrapOutput", ""}, {"bootstrap/rm", "BootstrapOutput", ""}, {"refs", "RefWrapper", "Ref= Err="},
    {"refs/local", "RefWrapper", "Ref= Err="}, {"dag/stat", "DagStatSummary", "UniqueBlocks TotalSize SharedSize=0 Ratio DagStats:DagStatsArray"}, {"dag/resolve", "ResolveOutput", "Cid= RemPath="}, {"dag/put", "OutputObject", ""},
    {"dag/import", "CarImportOutput", ""}, {"resolve", "ResolvedPath", ""}, {"name/resolve", "ResolvedPath", ""}, {"name/publish", "IpnsEntry", ""},
    {"cid/codecs", "CodeAndName", ""}, {"cid/hashes", "CodeAndName", ""}, {"cid/bases", "CodeAndName", ""}, {"multibase/list", "CodeAndName", ""},
    {"pin/add", "AddPinOutput", "Pins Progress=0 Bytes=0"}, {"pin/rm", "PinOutput", ""}, {"pin/update", "PinOutput", ""}, {"repo/gc", "GcResult", "Key Error="},
    {"files/stat", "statOutput", "Hash Size CumulativeSize Blocks Type WithLocality=false Local=false SizeLocal=0 Mode=0 Mtime=0 MtimeNsecs=0"},
    {"object/diff", "Changes", ""}, {"config", "ConfigField", ""}, {"pin/ls", "map[string]pin.PinLsType", ""}, {"diag/sys", "map[string]interface {}", ""},
    {"config/show", "map[string]interface {}", ""}};

inline auto xml_shape_of(std::string_view command) -> xml_shape const* {
  for (auto const& s : xml_shapes)
    if (s.command == command) return &s;
  return nullptr;
}

inline auto no_xml(std::string_view type) { return std::unexpected(error::message("xml", "xml: unsupported type: " + std::string{type})); }

class xml_text {
public:
  auto value(std::string_view name, ipld::node const& v) -> io_result<void> {
    if (auto const* l = v.as_list()) {
      for (auto const& item : *l) CAIRN_TRY(value(name, item));
      return {};
    }
    if (v.is_null()) return {};
    auto const* link = v.as_map() && v.as_map()->size() == 1 ? v.find("/") : nullptr;  // a CID is its text
    tag("<", name);
    if (auto const* m = v.as_map(); m && !link) {
      for (auto const& e : *m) CAIRN_TRY(value(e.key, e.value));
    } else if (auto const* s = (link ? *link : v).as_string()) {
      // a mode is written in octal only in JSON
      auto mode = 0u;
      if (name == "Mode" && std::from_chars(s->data(), s->data() + s->size(), mode, 8).ptr == s->data() + s->size()) text += std::to_string(mode);
      else escaped(*s);
    } else {
      text += config_to_json(v);
    }
    tag("</", name);
    return {};
  }
  void tag(std::string_view begin, std::string_view name) { ((text += begin) += name) += '>'; }
  void escaped(std::string_view in) {
    constexpr std::pair<char, std::string_view> table[]{{'&', "&amp;"}, {'<', "&lt;"}, {'>', "&gt;"}, {'"', "&#34;"}, {'\'', "&#39;"}, {'\t', "&#x9;"}, {'\n', "&#xA;"}, {'\r', "&#xD;"}};
    for (auto const c : in) {
      auto const* known = std::begin(table);
      while (known != std::end(table) && known->first != c) ++known;
      if (known == std::end(table)) text += c;
      else text += known->second;
    }
  }

  std::string text;
};

/// Takes the JSON of values, a line each, and gives their XML to another output.
class xml_output final : public output {
public:
  xml_output(output& to, xml_shape const& shape) : output{encoding::json, true}, to_{to}, shape_{shape} {}

  void complain(std::string_view line) override { to_.complain(line); }
  auto begin() -> io_result<void> override { return to_.begin(); }
  void progress(std::uint64_t done, std::uint64_t total) override { to_.progress(done, total); }
  void progress_end() override { to_.progress_end(); }
  auto answer_on_terminal() const -> bool override { return to_.answer_on_terminal(); }
  auto messages_on_terminal() const -> bool override { return to_.messages_on_terminal(); }

private:
  auto write(bytes_view in) -> io_result<void> override {
    lines_ += as_text(in);
    for (auto end = lines_.find('\n'); end != std::string::npos; end = lines_.find('\n')) {
      CAIRN_TRY(auto value, parse_config(std::string_view{lines_}.substr(0, end)));
      lines_.erase(0, end + 1);
      CAIRN_TRY(structure(value));
    }
    return {};
  }

  auto structure(ipld::node& value) -> io_result<void> {
    if (shape_.name.starts_with("map[")) return no_xml(shape_.name);
    if (auto* all = value.as_list()) {
      for (auto& one : *all) CAIRN_TRY(structure(one));
      return {};
    }
    auto* members = value.as_map();
    if (!members) return no_xml("interface {}");
    if (auto const* any = shape_.name == "ConfigField" ? value.find("Value") : nullptr; any && any->as_map()) return no_xml("map[string]interface {}");
    auto out = xml_text{};
    out.tag("<", shape_.name);
    for (auto rest = shape_.fields; !rest.empty();) {
      auto const field = rest.substr(0, rest.find(' '));
      rest.remove_prefix(std::min(field.size() + 1, rest.size()));
      auto const name = field.substr(0, field.find_first_of("=:"));
      auto const renamed = field.substr(name.size()).starts_with(':') ? field.substr(name.size() + 1) : name;
      if (auto const* there = value.find(name)) {
        CAIRN_TRY(out.value(renamed, *there));
        members->remove(name);
      } else if (field.find('=') != field.npos) {
        out.tag("<", name);
        out.text += field.substr(name.size() + 1);
        out.tag("</", name);
      }
    }
    for (auto const& e : *members) CAIRN_TRY(out.value(e.key, e.value));
    out.tag("</", shape_.name);
    return to_.text(out.text);
  }

  output& to_;
  xml_shape const& shape_;
  std::string lines_;
};

}  // namespace cairn::service::detail
