#pragma once

#include <cairn/ipld/document.hpp>
#include <cairn/ipld/impl/document_builder.hpp>

namespace cairn {
namespace detail {

/// A new value in place of the null that was made for it, without the detours of an assignment. Moving into it cannot fail.
template <class T>
void put_fresh(ipld::node& to, T&& value) {
  static_assert(!std::is_lvalue_reference_v<T>);
  std::destroy_at(&to);
  std::construct_at(&to, std::move(value));
}

/// A null behind the others, to be filled.
inline auto append_null(ipld::map& m, std::string_view key) -> ipld::node& {
  auto& value = m.append({}, nullptr);
  m.end()[-1].key = key;
  return value;
}

/// The value of a cell; a list or a map with room for what follows.
inline void fill_node(ipld::node& to, document_cell const& from) {
  auto const v = ipld::view{from};
  switch (from.kind()) {
    case ipld::kind::null: break;
    case ipld::kind::boolean: put_fresh(to, *v.as_boolean()); break;
    case ipld::kind::integer: put_fresh(to, *v.as_integer()); break;
    case ipld::kind::floating: put_fresh(to, *v.as_double()); break;
    case ipld::kind::string: put_fresh(to, from.text()); break;
    case ipld::kind::bytes: put_fresh(to, cairn::bytes(from.data, from.data + from.size)); break;
    case ipld::kind::list:
      put_fresh(to, ipld::list{});
      to.as_list()->reserve(from.size);
      break;
    case ipld::kind::map:
      put_fresh(to, ipld::map{});
      to.as_map()->reserve(from.size);
      break;
    case ipld::kind::link: put_fresh(to, *v.as_link()); break;
  }
}

/// The cell of a node; a list or a map is opened.
class node_copier {
public:
  auto run(ipld::node const& root) -> ipld::document {
    put(root);
    while (!open_.empty()) {
      auto& top = open_.back();
      auto const count = size_of(*top.from);
      if (top.done == count) {
        to_.close(top.at, count);
        open_.pop_back();
      } else if (auto const* const l = top.from->as_list()) {
        put((*l)[top.done++]);
      } else {
        auto const& e = top.from->as_map()->begin()[top.done++];
        to_.put(octets_cell(ipld::kind::string, kept(as_bytes(e.key))));
        put(e.value);
      }
    }
    return to_.take(octets_);
  }

private:
  struct frame {
    ipld::node const* from;
    std::size_t at, done;
  };
  static auto size_of(ipld::node const& n) -> std::size_t { return n.as_list() ? n.as_list()->size() : n.as_map()->size(); }

  auto kept(bytes_view octets) -> bytes_view {
    octets_ += octets.size();
    return to_.keep(octets);
  }

  void put(ipld::node const& n) {
    switch (n.kind()) {
      case ipld::kind::null: return to_.put(scalar_cell(ipld::kind::null));
      case ipld::kind::boolean: return to_.put(scalar_cell(ipld::kind::boolean, *n.as_boolean()));
      case ipld::kind::integer: return to_.put(integer_cell(*n.as_integer()));
      case ipld::kind::floating: return to_.put(double_cell(*n.as_double()));
      case ipld::kind::string: return to_.put(octets_cell(ipld::kind::string, kept(as_bytes(*n.as_string()))));
      case ipld::kind::bytes: return to_.put(octets_cell(ipld::kind::bytes, kept(*n.as_bytes())));
      case ipld::kind::link: return to_.put(octets_cell(ipld::kind::link, kept(to_bytes(*n.as_link()))));
      case ipld::kind::list:
      case ipld::kind::map: open_.push_back({&n, to_.open(n.kind(), open_.size() + 1), 0});
    }
  }

  document_builder to_;
  std::vector<frame> open_;
  std::size_t octets_ = 0;
};

}  // namespace detail

namespace ipld {

CAIRN_DECL auto view::as_link() const -> std::optional<cid> {
  if (!is(ipld::kind::link)) return std::nullopt;
  auto const octets = at_->octets();
  return cairn::detail::is_usual_cid(octets) ? cairn::detail::usual_cid(octets) : *decode_cid(octets);
}

CAIRN_DECL auto view::find(std::string_view key) const -> std::optional<view> {
  for (auto const& e : entries())
    if (e.key == key) return e.value;
  return std::nullopt;
}

CAIRN_DECL auto view::at(std::size_t index) const -> std::optional<view> {
  if (kind() != kind::list || index >= size()) return std::nullopt;
  auto item = items().begin();
  while (index-- != 0) ++item;
  return *item;
}

CAIRN_DECL auto to_node(view v) -> node {
  struct frame {
    node* at;  // its parent does not grow before it is full, so the pointer holds
    std::size_t left;
  };
  auto root = node{};
  auto open = std::vector<frame>{};
  auto* to = &root;
  for (auto const* at = v.cells().data();; ++at) {
    cairn::detail::fill_node(*to, *at);
    if (at->holds_others()) open.push_back({to, at->size});
    while (!open.empty() && open.back().left == 0) open.pop_back();
    if (open.empty()) return root;
    auto& top = open.back();
    --top.left;
    if (auto* const l = top.at->as_list())
      to = &l->emplace_back();
    else
      to = &cairn::detail::append_null(*top.at->as_map(), (++at)->text());
  }
}

CAIRN_DECL auto to_document(node const& n) -> document { return cairn::detail::node_copier{}.run(n); }

}  // namespace ipld
}  // namespace cairn
