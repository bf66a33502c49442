#pragma once

#include <cairn/core/config.hpp>

#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace cairn::service {

/// Rules as in .gitignore, tried on single names: *, ?, [a-z], ** as *, a leading ! takes a name back in, # begins a
/// comment, the last rule that fits decides. A rule with a slash inside speaks of paths and fits no single name.
class name_rules {
public:
  CAIRN_DECL explicit name_rules(std::span<std::string const> lines);
  CAIRN_DECL auto excludes(std::string_view name) const -> bool;

private:
  struct rule {
    std::string pattern;
    bool takes_back;
  };
  std::vector<rule> rules_;
};

}  // namespace cairn::service

#if CAIRN_HEADER_ONLY
#  include <cairn/service/impl/name_rules.ipp>
#endif
