#pragma once

#include <cairn/core/text.hpp>
#include <cairn/core/try.hpp>
#include <cairn/ipld/codec_set.hpp>
#include <cairn/ipld/selector/walk.hpp>

#include <algorithm>

namespace cairn::ipld {
namespace detail {

inline auto item_count(node const& n) -> std::size_t { return n.as_map() ? n.as_map()->size() : n.as_list() ? n.as_list()->size() : 0; }

inline auto item_at(node const& n, std::size_t at) -> node const& {
  return n.as_map() ? (n.as_map()->begin() + at)->value : (*n.as_list())[at];
}

inline auto segment_of(node const& n, std::size_t at) -> std::string { return n.as_map() ? (n.as_map()->begin() + at)->key : std::to_string(at); }

inline auto is_from_end(std::uint64_t bound) -> bool { return static_cast<std::int64_t>(bound) < 0; }

/// The part of a string or of bytes; nothing where it begins behind the end, and for other kinds, which have no parts.
inline auto part_of(node const& value, slice s) -> std::optional<node> {
  auto const cut = [&](auto const& octets) -> std::optional<node> {
    auto const size = static_cast<std::int64_t>(octets.size());
    auto const from_end = [&](std::uint64_t bound) { return is_from_end(bound) ? size + static_cast<std::int64_t>(bound) : static_cast<std::int64_t>(bound); };
    auto const from = std::max<std::int64_t>(from_end(s.from), 0), to = std::min(from_end(s.to), size);
    if (from > to || from >= size) return std::nullopt;
    return node{std::remove_cvref_t<decltype(octets)>(octets.begin() + from, octets.begin() + to)};
  };
  if (auto const* const text = value.as_string()) return cut(*text);
  if (auto const* const octets = value.as_bytes()) return cut(*octets);
  return std::nullopt;
}

}  // namespace detail

CAIRN_DECL select_walk::select_walk(block_reader blocks, node const& root, selector_program program, select_options options, layout_set const* layouts)
    : blocks_{blocks}, program_{program}, options_{options}, layouts_{layouts}, marks_(program.ops.size()) {
  pending_.push_back({.value = &root, .at = {{0, 0}}, .root = true});
}

CAIRN_DECL select_walk::select_walk(block_reader blocks, cid const& root, selector_program program, select_options options, layout_set const* layouts)
    : blocks_{blocks}, program_{program}, options_{options}, layouts_{layouts}, root_{root}, marks_(program.ops.size()) {}

CAIRN_DECL auto select_walk::next() -> io_result<std::optional<visit>> {
  for (;;) {
    CAIRN_TRY(spend());
    if (root_) {
      auto const id = *std::exchange(root_, std::nullopt);
      CAIRN_TRY(auto holder, load(id));
      followed_.insert(id);
      auto const* const value = &holder->value;
      pending_.push_back({.value = value, .holder = std::move(holder), .at = {{0, 0}}, .root = true});
    }
    if (!pending_.empty()) {
      auto a = std::move(pending_.back());
      pending_.pop_back();
      CAIRN_TRY(auto v, take(std::move(a)));
      if (v) return v;
    } else if (stack_.empty()) {
      return std::nullopt;
    } else {
      CAIRN_TRY(descend());
    }
  }
}

inline auto select_walk::spend() -> io_result<void> {
  if (steps_ > options_.limits.steps) return std::unexpected(selector_errc::steps_exceeded);
  return {};
}

inline auto select_walk::keep(node value, cid const& id, std::size_t bytes) -> io_result<std::shared_ptr<held const>> {
  if (*open_bytes_ + bytes > options_.limits.open_bytes) return std::unexpected(error{selector_errc::memory_exceeded}.about(to_string(id)));
  *open_bytes_ += bytes;
  return std::shared_ptr<held const>{new held{std::move(value), id, open_bytes_, bytes}};
}

inline auto select_walk::load(cid const& id) -> io_result<std::shared_ptr<held const>> {
  if (blocks_loaded_ == options_.limits.blocks) return std::unexpected(error{selector_errc::blocks_exceeded}.about(to_string(id)));
  CAIRN_TRY(auto const b, blocks_.get(id));
  ++blocks_loaded_;
  auto n = default_codecs::decode(id.codec(), b.data(), codec_mode::lax);
  if (!n) return std::unexpected(std::move(n).error().about(to_string(id)));
  return keep(*std::move(n), id, b.data().size());
}

/// Gathers what works at a value from what was reached. Every op is entered at most once for each depth.
inline void select_walk::expand(state s, node const& value, states& into, states& interpreted) {
  using op_kind = selector_op::kind;
  ++steps_;
  auto const& op = program_.ops[s.op];
  if (op.what == op_kind::edge && s.stepped) {
    if (s.depth >= 2) {
      auto const sequence = program_.ops[op.recursion].next;
      expand({sequence, s.depth == selector_op::unlimited ? s.depth : s.depth - 1}, value, into, interpreted);
    }
    return;
  }
  auto& m = marks_[s.op];
  auto const known = m.epoch == epoch_;
  if (known && m.depth >= s.depth) return;
  auto const place = known ? m.place : into.size();
  m = {epoch_, s.depth, place};
  switch (op.what) {
    case op_kind::any_of:
      for (auto const member : program_.members.subspan(op.first, op.count)) expand({member, s.depth, s.stepped}, value, into, interpreted);
      return;
    case op_kind::recursive: return expand({op.next, op.depth}, value, into, interpreted);
    case op_kind::conditional:
      if (holds(program_, op.condition, value)) expand({op.next, s.depth, s.stepped}, value, into, interpreted);
      return;
    case op_kind::interpret_as: interpreted.push_back(s); return;
    default:
      if (known) into[place].depth = s.depth;
      else into.push_back({s.op, s.depth});
  }
}

/// Values that are to be seen as something else come after the value as it is, one for each layout.
inline void select_walk::queue(arrival const& a, states const& interpreted) {
  auto const first = pending_.size();
  for (auto const& s : interpreted) {
    auto const& op = program_.ops[s.op];
    auto const same = std::find_if(pending_.begin() + static_cast<std::ptrdiff_t>(first), pending_.end(), [&](arrival const& p) { return p.layout == op.text; });
    auto const next = state{op.next, s.depth, s.stepped};
    if (same != pending_.end())
      same->at.push_back(next);
    else
      pending_.push_back({.value = a.value, .holder = a.holder, .at = {next}, .layout = op.text});
  }
  std::reverse(pending_.begin() + static_cast<std::ptrdiff_t>(first), pending_.end());
}

inline auto select_walk::interpret(arrival& a) -> io_result<void> {
  if (a.layout.empty()) return {};
  if (!layouts_) return std::unexpected(error{selector_errc::unknown_layout}.about(std::string{a.layout}));
  auto only = std::optional<slice>{};
  if (auto const& op = program_.ops[a.at.front().op]; a.at.size() == 1 && op.what == selector_op::kind::match && op.has_subset && !detail::is_from_end(op.bounds.from) && !detail::is_from_end(op.bounds.to)) only = op.bounds;
  CAIRN_TRY(auto seen, layouts_->interpret(blocks_, a.layout, *a.value, only));
  a.cut = only && layouts_->cuts(a.layout);
  auto const bytes = seen.as_bytes() ? seen.as_bytes()->size() : detail::item_count(seen);
  CAIRN_TRY(a.holder, keep(std::move(seen), a.holder ? a.holder->id : cid{}, bytes));
  a.value = &a.holder->value;
  return {};
}

inline auto select_walk::take(arrival a) -> io_result<std::optional<visit>> {
  CAIRN_TRY(interpret(a));
  auto at = states{}, interpreted = states{};
  ++epoch_;
  for (auto const& s : a.at) expand(s, *a.value, at, interpreted);
  queue(a, interpreted);
  if (at.empty() && (!a.root || !interpreted.empty())) return std::nullopt;
  if (path_.size() > options_.limits.depth) return std::unexpected(selector_errc::depth_exceeded);
  if (nodes_++ == options_.limits.nodes) return std::unexpected(selector_errc::nodes_exceeded);
  auto seen = visit{&path_, a.value, false, {}, a.holder && a.layout.empty() ? &a.holder->id : nullptr};
  for (auto const& s : at) {
    auto const& op = program_.ops[s.op];
    if (op.what != selector_op::kind::match || (op.condition != selector_op::none && !holds(program_, op.condition, *a.value))) continue;
    if (op.has_subset && !a.cut) {
      auto part = detail::part_of(*a.value, op.bounds);
      if (!part) continue;
      part_ = *std::move(part);
      seen.value = &part_;
    }
    seen.matched = true;
    seen.label = op.text;
    break;
  }
  shown_ = a.holder;
  if (detail::item_count(*a.value) > 0) {
    auto f = frame{a.value, std::move(a.holder), std::move(at), path_.size()};
    CAIRN_TRY(choose(f));
    if (f.all || !f.chosen.empty()) stack_.push_back(std::move(f));
  }
  return seen;
}

/// Which items the states ask for, in the order in which they ask.
inline auto select_walk::choose(frame& f) -> io_result<void> {
  using op_kind = selector_op::kind;
  auto const& value = *f.value;
  auto const size = detail::item_count(value);
  auto const wants = [&](state const& s) { return program_.ops[s.op].what == op_kind::all; };
  f.all = std::any_of(f.at.begin(), f.at.end(), wants);
  if (f.all) return {};
  auto seen = std::vector<bool>{};
  auto const add = [&](std::size_t item) {
    if (item >= size) return;
    if (seen.empty()) seen.resize(size);
    if (!seen[item]) f.chosen.push_back(item);
    seen[item] = true;
  };
  for (auto const& s : f.at) {
    auto const& op = program_.ops[s.op];
    if (op.what == op_kind::fields) {
      for (auto const& field : program_.fields.subspan(op.first, op.count)) {
        if (auto const* const m = value.as_map()) {
          steps_ += size;
          CAIRN_TRY(spend());
          auto const found = std::find_if(m->begin(), m->end(), [&](entry const& e) { return e.key == field.name; });
          add(static_cast<std::size_t>(found - m->begin()));
        } else if (auto const place = parse_decimal(field.name)) {
          add(static_cast<std::size_t>(*place));
        }
      }
    } else if ((op.what == op_kind::index || op.what == op_kind::range) && value.as_list()) {
      for (auto i = op.bounds.from; i < std::min<std::uint64_t>(op.bounds.to, size); ++i) add(static_cast<std::size_t>(i));
    }
  }
  return {};
}

inline auto select_walk::stopped(std::uint32_t op, node const& child) -> bool {
  for (auto r = program_.ops[op].recursion; r != selector_op::none; r = program_.ops[r].recursion) {
    ++steps_;
    if (auto const stop = program_.ops[r].condition; stop != selector_op::none && holds(program_, stop, child)) return true;
  }
  return false;
}

inline auto select_walk::step(frame const& f, std::size_t item, node const& child) -> states {
  using op_kind = selector_op::kind;
  auto out = states{};
  for (auto const& s : f.at) {
    auto const& op = program_.ops[s.op];
    ++steps_;
    auto next = selector_op::none;
    if (op.what == op_kind::all) {
      next = op.next;
    } else if (op.what == op_kind::fields) {
      auto const segment = detail::segment_of(*f.value, item);
      for (auto const& field : program_.fields.subspan(op.first, op.count)) {
        ++steps_;
        if (field.name == segment) next = field.next;
      }
    } else if ((op.what == op_kind::index || op.what == op_kind::range) && f.value->as_list() && item >= op.bounds.from && item < op.bounds.to) {
      next = op.next;
    }
    if (next != selector_op::none && !stopped(s.op, child)) out.push_back({next, s.depth, true});
  }
  return out;
}

inline auto select_walk::descend() -> io_result<void> {
  auto& top = stack_.back();
  path_.resize(top.path_size);
  if (top.place == (top.all ? detail::item_count(*top.value) : top.chosen.size())) {
    stack_.pop_back();
    return {};
  }
  auto const item = top.all ? top.place : top.chosen[top.place];
  ++top.place;
  auto const* child = &detail::item_at(*top.value, item);
  auto at = step(top, item, *child);
  if (at.empty()) return {};
  auto holder = top.holder;
  if (auto const* const id = child->as_link()) {
    if (options_.unique_blocks && followed_.contains(*id)) return {};
    auto loaded = load(*id);
    if (!loaded) {
      if (!options_.skip_missing || !(loaded.error() == block_errc::not_found)) return std::unexpected(std::move(loaded).error());
      ++missing_;
      return {};
    }
    if (options_.unique_blocks) followed_.insert(*id);
    holder = *std::move(loaded);
    child = &holder->value;
    at = step(top, item, *child);  // where a recursion stops at what is in the block
    if (at.empty()) return {};
  }
  path_.push_back(detail::segment_of(*top.value, item));
  pending_.push_back({.value = child, .holder = std::move(holder), .at = std::move(at)});
  return {};
}

}  // namespace cairn::ipld
