#pragma once
// The section Import of a config.

#include <cairn/ipld/node.hpp>

#include <optional>
#include <string>
#include <string_view>

namespace cairn::service::detail {

struct import_config {
  ipld::node const* section;

  auto get(std::string_view key) const -> ipld::node const* {
    auto const* n = section ? section->find(key) : nullptr;
    return n && !n->is_null() ? n : nullptr;
  }
  auto number(std::string_view key) const -> std::optional<std::int64_t> {
    auto const* n = get(key);
    if (!n) return std::nullopt;
    if (auto const* i = n->as_integer()) return i->to_int64();
    return std::nullopt;
  }
  auto flag(std::string_view key) const -> std::optional<bool> {
    auto const* n = get(key);
    return n && n->as_boolean() ? std::optional{*n->as_boolean()} : std::nullopt;
  }
  auto text(std::string_view key) const -> std::string {
    auto const* n = get(key);
    return n && n->as_string() ? *n->as_string() : std::string{};
  }
};

}  // namespace cairn::service::detail
