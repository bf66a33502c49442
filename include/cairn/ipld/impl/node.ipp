#pragma once

#include <cairn/ipld/node.hpp>

#include <algorithm>
#include <cmath>

namespace cairn::ipld {

CAIRN_DECL auto to_string(kind k) -> std::string_view {
  constexpr std::string_view names[]{"null", "bool", "int", "float", "string", "bytes", "list", "map", "link"};
  return names[static_cast<std::size_t>(k)];
}

CAIRN_DECL auto map::set(std::string_view key, node value) -> node& {
  if (auto* const old = find(key)) return *old = std::move(value);
  return append(std::string{key}, std::move(value));
}

CAIRN_DECL auto map::remove(std::string_view key) -> bool {
  auto const at = std::find_if(entries_.begin(), entries_.end(), [&](entry const& e) { return e.key == key; });
  if (at == entries_.end()) return false;
  entries_.erase(at);
  return true;
}

CAIRN_DECL void node::copy_shallow(node const& from, node& to) {
  switch (from.kind()) {
    case kind::null: break;
    case kind::boolean: to.value_ = *from.as_boolean(); break;
    case kind::integer: to.value_ = *from.as_integer(); break;
    case kind::floating: to.value_ = *from.as_double(); break;
    case kind::string: to.value_ = *from.as_string(); break;
    case kind::bytes: to.value_ = *from.as_bytes(); break;
    case kind::list: to.value_.emplace<list>(from.as_list()->size()); break;
    case kind::map: {
      auto& m = to.value_.emplace<map>();
      m.reserve(from.as_map()->size());
      for (auto const& e : *from.as_map()) m.append(e.key, nullptr);
      break;
    }
    case kind::link:
      if (from.as_link()) to.value_ = std::make_unique<cid>(*from.as_link());
      break;
  }
}

CAIRN_DECL node::node(node const& other) {
  copy_shallow(other, *this);
  if (!has_children()) return;
  auto open = std::vector<std::pair<node const*, node*>>{{&other, this}};
  auto const copy_child = [&](node const& from, node& to) {
    copy_shallow(from, to);
    if (to.has_children()) open.emplace_back(&from, &to);
  };
  while (!open.empty()) {
    auto const [from, to] = open.back();
    open.pop_back();
    if (auto const* const l = from->as_list()) {
      for (std::size_t i = 0; i < l->size(); ++i) copy_child((*l)[i], (*to->as_list())[i]);
    } else {
      auto* at = to->as_map()->begin();
      for (auto const& e : *from->as_map()) copy_child(e.value, (at++)->value);
    }
  }
}

CAIRN_DECL auto node::operator=(node&& other) noexcept -> node& {
  if (this == &other) return *this;
  auto keep = std::move(other);  // `other` may be inside of what is released
  if (has_children()) release();
  value_ = std::move(keep.value_);
  return *this;
}

CAIRN_DECL void node::release() noexcept {
  // some levels are recursion, which moves nothing; what lies below them is a loop. From the end: what was allocated last goes first
  static thread_local auto depth = 0u;
  if (depth < 48) {
    ++depth;
    if (auto* const l = as_list())
      for (auto at = l->size(); at != 0; --at) (*l)[at - 1].value_.emplace<std::monostate>();
    else if (auto* const m = as_map())
      for (auto* at = m->end(); at != m->begin();) (--at)->value.value_.emplace<std::monostate>();
    value_.emplace<std::monostate>();
    --depth;
    return;
  }
  auto pending = std::vector<node>{};
  auto const take = [&](node& n) {
    auto const keep = [&](node& child) {
      if (child.has_children()) pending.push_back(std::move(child));
    };
    if (auto* const l = n.as_list()) {
      for (auto& child : *l) keep(child);
      l->clear();
    } else if (auto* const m = n.as_map()) {
      for (auto& e : *m) keep(e.value);
      *m = map{};
    }
  };
  take(*this);
  while (!pending.empty()) {
    auto n = std::move(pending.back());
    pending.pop_back();
    take(n);
  }
}

CAIRN_DECL auto node::equals(node const& a, node const& b) -> bool {
  auto pending = std::vector<std::pair<node const*, node const*>>{{&a, &b}};
  while (!pending.empty()) {
    auto const [x, y] = pending.back();
    pending.pop_back();
    if (x->kind() != y->kind()) return false;
    auto same = true;
    switch (x->kind()) {
      case kind::null: break;
      case kind::boolean: same = *x->as_boolean() == *y->as_boolean(); break;
      case kind::integer: same = *x->as_integer() == *y->as_integer(); break;
      case kind::floating:
        same = *x->as_double() == *y->as_double() && std::signbit(*x->as_double()) == std::signbit(*y->as_double());
        break;
      case kind::string: same = *x->as_string() == *y->as_string(); break;
      case kind::bytes: same = *x->as_bytes() == *y->as_bytes(); break;
      case kind::link: same = *x->as_link() == *y->as_link(); break;
      case kind::list: {
        auto const &l = *x->as_list(), &r = *y->as_list();
        same = l.size() == r.size();
        for (std::size_t i = 0; same && i < l.size(); ++i) pending.emplace_back(&l[i], &r[i]);
        break;
      }
      case kind::map: {
        auto const &l = *x->as_map(), &r = *y->as_map();
        same = l.size() == r.size();
        for (std::size_t i = 0; same && i < l.size(); ++i) {
          auto const& e = l.begin()[i];
          auto const* const other = r.begin()[i].key == e.key ? &r.begin()[i].value : r.find(e.key);
          same = other != nullptr;
          if (same) pending.emplace_back(&e.value, other);
        }
        break;
      }
    }
    if (!same) return false;
  }
  return true;
}

}  // namespace cairn::ipld
