#pragma once
// What changed from one config to another, in the form that `config profile apply` prints.

#include <cairn/service/config_text.hpp>

#include <string>
#include <string_view>

namespace cairn::service::detail {

/// Objects and lists that differ are shown member by member, everything else in one line; what is the same keeps its place.
class config_diff {
public:
  static auto text(ipld::node const& before, ipld::node const& after) -> std::string {
    auto out = config_diff{};
    out.members(before, after, "");
    return std::move(out.text_);
  }

private:
  static constexpr std::string_view green = "\x1b[32m", red = "\x1b[31m", yellow = "\x1b[33m", plain = "\x1b[0m";

  void line(std::string_view prefix, std::string_view mark, std::string_view key, ipld::node const& value, bool last) {
    ((text_ += prefix) += mark) += '"';
    (text_ += key) += "\": " + config_to_json(value);
    if (!last) text_ += ',';
  }

  /// before, after  one of them may be missing
  void member(std::string_view prefix, std::string_view key, ipld::node const* before, ipld::node const* after, bool last) {
    text_ += '\n';
    if (before && after && *before == *after) return line(prefix, "", key, *before, last);
    if (before && after && ((before->as_map() && after->as_map()) || (before->as_list() && after->as_list()))) {
      ((text_ += prefix) += '"') += std::string{key} + "\": ";
      members(*before, *after, std::string{prefix} + "    ");
      if (!last) text_ += ',';
      return;
    }
    text_ += before && after ? yellow : after ? green : red;
    if (before) line(prefix, after ? "<> " : ">> ", key, *before, last);
    if (before && after) text_ += '\n';
    if (after) line(prefix, before ? "** " : "<< ", key, *after, last);
    text_ += plain;
  }

  void members(ipld::node const& before, ipld::node const& after, std::string const& prefix) {
    text_ += '{';
    if (auto const* a = before.as_list()) {
      auto const* b = after.as_list();
      auto const size = std::max(a->size(), b->size());
      for (auto i = 0uz; i < size; ++i) member(prefix, "", i < a->size() ? &(*a)[i] : nullptr, i < b->size() ? &(*b)[i] : nullptr, i + 1 == size);
    } else {
      auto keys = std::vector<std::string_view>{};
      for (auto const& e : *before.as_map()) keys.push_back(e.key);
      for (auto const& e : *after.as_map())
        if (!before.find(e.key)) keys.push_back(e.key);
      std::sort(keys.begin(), keys.end());
      for (auto const& key : keys) member(prefix, key, before.find(key), after.find(key), &key == &keys.back());
    }
    (text_ += '\n') += prefix + "}";
  }

  std::string text_;
};

}  // namespace cairn::service::detail
