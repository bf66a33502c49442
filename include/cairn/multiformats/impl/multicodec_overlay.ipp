#pragma once

#include <cairn/core/text.hpp>
#include <cairn/core/try.hpp>
#include <cairn/multiformats/multicodec_overlay.hpp>

#include <array>

namespace cairn {
namespace detail {

// The first four fields of a line; a field may be quoted, as the registry quotes descriptions.
struct registry_line {
  std::array<std::string_view, 4> fields;
  std::size_t count = 0;
};

inline auto split_registry_line(std::string_view line) -> registry_line {
  auto out = registry_line{};
  auto const trimmed = [](std::string_view s) {
    auto const first = s.find_first_not_of(" \t\r");
    return first == s.npos ? std::string_view{} : s.substr(first, s.find_last_not_of(" \t\r") - first + 1);
  };
  while (out.count < out.fields.size()) {
    auto const comma = line.find(',');
    out.fields[out.count++] = trimmed(line.substr(0, comma));
    if (comma == line.npos) break;
    line.remove_prefix(comma + 1);
  }
  return out;
}

inline auto is_registry_name(std::string_view name) -> bool {
  if (name.empty() || name.size() > 128 || name[0] < 'a' || name[0] > 'z') return false;
  for (auto c : name)
    if (!((c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '-' || c == '_')) return false;
  return true;
}

inline auto parse_registry_code(std::string_view text) -> std::optional<std::uint64_t> {
  if (!text.starts_with("0x") || text.size() < 3 || text.size() > 18) return std::nullopt;
  std::uint64_t value = 0;
  for (auto c : text.substr(2)) {
    auto const digit = c >= '0' && c <= '9' ? c - '0' : c >= 'a' && c <= 'f' ? c - 'a' + 10 : c >= 'A' && c <= 'F' ? c - 'A' + 10 : -1;
    if (digit < 0) return std::nullopt;
    value = value << 4 | static_cast<std::uint64_t>(digit);
  }
  // varints of the multiformats end at 63 bits
  return value >> 63 == 0 ? std::optional{value} : std::nullopt;
}

inline auto parse_registry_tag(std::string_view text) -> multicodec_tag {
  for (std::size_t i = 0; i < std::size(multicodec_tag_names); ++i)
    if (multicodec_tag_names[i] == text) return static_cast<multicodec_tag>(i);
  return multicodec_tag::other;
}

inline auto parse_registry_status(std::string_view text) -> std::optional<multicodec_status> {
  for (auto status : {multicodec_status::permanent, multicodec_status::draft, multicodec_status::deprecated})
    if (to_string(status) == text) return status;
  return std::nullopt;
}

}  // namespace detail

CAIRN_DECL auto multicodec_overlay::load(std::string_view csv) -> io_result<void> {
  auto const wrong = [](std::size_t line, std::string text) {
    return std::unexpected(error::message("multicodec", "multicodec overlay: " + std::move(text)).about("line " + std::to_string(line)));
  };
  if (csv.size() > limits::registry_text) return wrong(1, "the text is longer than 1 MiB");
  auto next = *this;
  for (std::size_t line = 1; !csv.empty(); ++line) {
    auto const end = csv.find('\n');
    auto const [fields, count] = detail::split_registry_line(csv.substr(0, end));
    csv.remove_prefix(end == csv.npos ? csv.size() : end + 1);
    auto const [name, tag, code_text, status_text] = fields;
    if (count == 1 && name.empty()) continue;
    if (name == "name" && code_text == "code") continue;
    auto const shown = printable(name.substr(0, 128));
    if (count < 4) return wrong(line, "\"" + shown + "\" has less than four fields");
    if (!detail::is_registry_name(name)) return wrong(line, "\"" + shown + "\" is not a name of the registry's form");
    auto const code = detail::parse_registry_code(code_text);
    if (!code) return wrong(line, "the code of \"" + shown + "\" is not a hexadecimal number below 2^63");
    auto const status = detail::parse_registry_status(status_text);
    if (!status) return wrong(line, "the status of \"" + shown + "\" is none of permanent, draft, deprecated");

    if (auto const other = next.find(*code); other && other->name != name)
      return wrong(line, "\"" + shown + "\" would take the code " + std::string{code_text} + " of \"" + std::string{other->name} + "\"");
    if (auto const other = next.find(name); other && other->code != *code)
      return wrong(line, "\"" + shown + "\" has another code already, \"" + std::string{other->name} + "\" would move to " +
                             std::string{code_text});
    auto row = entry{std::string{name}, detail::parse_registry_tag(tag), *status};
    if (auto const known = next.find(*code)) {
      if (known->tag != row.tag)
        return wrong(line, "\"" + shown + "\" would change its tag from " + std::string{to_string(known->tag)} + " to " + printable(tag.substr(0, 64)));
      auto const promoted = known->status == multicodec_status::draft && *status == multicodec_status::permanent;
      if (!promoted) continue;  // the same row, or a step that is not taken: what is known stays
    }
    next.codes_.insert_or_assign(row.name, *code);
    next.entries_.insert_or_assign(*code, std::move(row));
  }
  *this = std::move(next);
  return {};
}

CAIRN_DECL auto multicodec_overlay::find(std::uint64_t code) const -> std::optional<multicodec_row> {
  if (auto const at = entries_.find(code); at != entries_.end())
    return multicodec_row{code, at->second.name, at->second.tag, at->second.status};
  auto const* const row = find_multicodec(code);
  return row ? std::optional{*row} : std::nullopt;
}

CAIRN_DECL auto multicodec_overlay::find(std::string_view name) const -> std::optional<multicodec_row> {
  if (auto const at = codes_.find(name); at != codes_.end()) return find(at->second);
  auto const* const row = find_multicodec(name);
  return row ? std::optional{*row} : std::nullopt;
}

CAIRN_DECL auto multicodec_overlay::rows() const -> std::vector<multicodec_row> {
  auto out = std::vector<multicodec_row>{};
  auto at = entries_.begin();
  auto const take = [&] {
    out.push_back({at->first, at->second.name, at->second.tag, at->second.status});
    ++at;
  };
  for (auto const& row : multicodec_table()) {
    while (at != entries_.end() && at->first < row.code) take();
    if (at != entries_.end() && at->first == row.code)
      take();
    else
      out.push_back(row);
  }
  while (at != entries_.end()) take();
  return out;
}

CAIRN_DECL auto multicodec_overlay::check_multihash_code(std::uint64_t code, multihash_codes allowed) const
    -> result<void, multicodec_errc> {
  auto const row = find(code);
  if (!row) return std::unexpected(multicodec_errc::unknown_code);
  if (row->tag == multicodec_tag::multihash) return {};
  if (row->tag == multicodec_tag::hash && allowed == multihash_codes::any_hash) return {};
  return std::unexpected(multicodec_errc::not_a_multihash);
}

}  // namespace cairn
