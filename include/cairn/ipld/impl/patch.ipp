#pragma once

#include <cairn/core/text.hpp>
#include <cairn/core/try.hpp>
#include <cairn/ipld/patch.hpp>

#include <algorithm>

namespace cairn {
namespace detail {

using patch_path = std::span<std::string const>;

inline auto patch_segments(std::string_view text) -> std::vector<std::string> {
  auto out = std::vector<std::string>{};
  while (!text.empty()) {
    auto const at = text.find('/');
    if (at != 0) out.emplace_back(text.substr(0, at));
    text.remove_prefix(at == text.npos ? text.size() : at + 1);
  }
  return out;
}

inline auto patch_child(ipld::node& parent, std::string const& segment) -> ipld::node* {
  if (auto* const m = parent.as_map()) return m->find(segment);
  auto* const l = parent.as_list();
  auto const place = parse_decimal(segment);
  return l && place && *place < l->size() ? &(*l)[static_cast<std::size_t>(*place)] : nullptr;
}

inline auto patch_find(ipld::node& root, patch_path path) -> result<ipld::node*, ipld::patch_errc> {
  auto* at = &root;
  for (auto const& segment : path) {
    at = patch_child(*at, segment);
    if (!at) return std::unexpected(ipld::patch_errc::no_target);
  }
  return at;
}

inline auto patch_add(ipld::node& root, patch_path path, ipld::node value) -> result<void, ipld::patch_errc> {
  if (path.empty()) return std::unexpected(ipld::patch_errc::target_exists);
  CAIRN_TRY(auto* const parent, patch_find(root, path.first(path.size() - 1)));
  auto const& last = path.back();
  if (auto* const m = parent->as_map()) {
    if (m->find(last)) return std::unexpected(ipld::patch_errc::target_exists);
    m->append(last, std::move(value));
    return {};
  }
  auto* const l = parent->as_list();
  if (!l) return std::unexpected(ipld::patch_errc::no_target);
  auto const place = last == "-" ? std::optional<std::uint64_t>{l->size()} : parse_decimal(last);
  if (!place || *place > l->size()) return std::unexpected(ipld::patch_errc::bad_index);
  l->insert(l->begin() + static_cast<std::ptrdiff_t>(*place), std::move(value));
  return {};
}

/// Take the value at a path out of its parent.
inline auto patch_take(ipld::node& root, patch_path path) -> result<ipld::node, ipld::patch_errc> {
  CAIRN_TRY(auto* const at, patch_find(root, path));
  auto value = std::move(*at);
  if (path.empty()) {
    root = nullptr;
    return value;
  }
  CAIRN_TRY(auto* const parent, patch_find(root, path.first(path.size() - 1)));
  if (auto* const m = parent->as_map())
    m->remove(path.back());
  else
    parent->as_list()->erase(parent->as_list()->begin() + (at - parent->as_list()->data()));
  return value;
}

inline auto patch_one(ipld::node& root, ipld::patch_step const& step) -> result<void, ipld::patch_errc> {
  switch (step.op) {
    case ipld::patch_op::add: return patch_add(root, step.path, step.value);
    case ipld::patch_op::remove: {
      CAIRN_TRY(patch_take(root, step.path));
      return {};
    }
    case ipld::patch_op::replace: {
      CAIRN_TRY(auto* const at, patch_find(root, step.path));
      *at = step.value;
      return {};
    }
    case ipld::patch_op::move: {
      auto const below = std::mismatch(step.from.begin(), step.from.end(), step.path.begin(), step.path.end());
      if (below.first == step.from.end()) return std::unexpected(ipld::patch_errc::into_itself);
      CAIRN_TRY(auto value, patch_take(root, step.from));
      return patch_add(root, step.path, std::move(value));
    }
    case ipld::patch_op::copy: {
      CAIRN_TRY(auto const* const at, patch_find(root, step.from));
      return patch_add(root, step.path, *at);
    }
    case ipld::patch_op::test: {
      CAIRN_TRY(auto const* const at, patch_find(root, step.path));
      if (!(*at == step.value)) return std::unexpected(ipld::patch_errc::test_failed);
      return {};
    }
  }
  return std::unexpected(ipld::patch_errc::bad_patch);
}

inline auto patch_step_of(ipld::node const& n) -> std::optional<ipld::patch_step> {
  constexpr std::string_view names[]{"add", "remove", "replace", "move", "copy", "test"};
  auto const* const op = n.find("op");
  auto const* const path = n.find("path");
  if (!op || !op->as_string() || !path || !path->as_string()) return std::nullopt;
  auto const name = std::find(std::begin(names), std::end(names), *op->as_string());
  if (name == std::end(names)) return std::nullopt;
  auto step = ipld::patch_step{static_cast<ipld::patch_op>(name - std::begin(names)), patch_segments(*path->as_string())};
  auto const with_from = step.op == ipld::patch_op::move || step.op == ipld::patch_op::copy;
  if (auto const* const from = n.find("from"); with_from) {
    if (!from || !from->as_string()) return std::nullopt;
    step.from = patch_segments(*from->as_string());
  } else if (step.op != ipld::patch_op::remove) {
    auto const* const value = n.find("value");
    if (!value) return std::nullopt;
    step.value = *value;
  }
  return step;
}

}  // namespace detail

CAIRN_DECL auto ipld::parse_patch(node const& n) -> result<std::vector<patch_step>, patch_errc> {
  if (!n.as_list()) return std::unexpected(patch_errc::bad_patch);
  auto out = std::vector<patch_step>{};
  for (auto const& item : *n.as_list()) {
    auto step = detail::patch_step_of(item);
    if (!step) return std::unexpected(patch_errc::bad_patch);
    out.push_back(*std::move(step));
  }
  return out;
}

CAIRN_DECL auto ipld::apply_patch(node& n, std::span<patch_step const> steps) -> result<void, patch_errc> {
  auto changed = n;
  for (auto const& step : steps) CAIRN_TRY(detail::patch_one(changed, step));
  n = std::move(changed);
  return {};
}

}  // namespace cairn
