#pragma once
// The core API on pins.

#include <cairn/core/try.hpp>
#include <cairn/ipld/cid_set.hpp>
#include <cairn/ipld/links.hpp>
#include <cairn/ipld/traversal.hpp>
#include <cairn/multiformats/multicodec.hpp>
#include <cairn/pin/snapshot.hpp>
#include <cairn/service/core_api.hpp>
#include <cairn/service/impl/core_dag.ipp>
#include <cairn/service/impl/core_state.hpp>

#include <unordered_map>

namespace cairn::service {
namespace detail {

// Everything below the root, which the work holds, is here.
inline auto check_whole(core_state const& state, core_work& work, cid const& root, std::function<void(std::uint64_t, std::uint64_t)> const& progress = {})
    -> io_result<void> {
  auto const reader = keeping_reader{&work, &state};
  auto walk = dag_walk{reader, root, {.read_leaves = false}};
  auto bytes = std::uint64_t{0};
  for (auto n = 0u;; ++n) {
    CAIRN_TRY(auto item, walk.next());
    if (!item) {
      if (progress) progress(n, bytes);
      return {};
    }
    if (!item->data && item->id.hash().code() != code::identity) {
      CAIRN_TRY(auto here, work.keep(item->id));
      if (!here) CAIRN_TRY(reader.get(item->id));
    }
    if (progress) {
      if (item->data) {
        bytes += item->data->data().size();
      } else {
        CAIRN_TRY(auto size, state.blocks().get_size(item->id));
        bytes += size.value_or(0);
      }
      if (n != 0 && n % 16384 == 0) progress(n, bytes);
    }
    if ((n & 0xff) == 0) CAIRN_TRY(state.check_cancelled());
  }
}

// Calls `sink` with each CID that a block below recursive pins links to, as often as one does, and the pin it was met under first; false
// ends. A block that is linked under both versions of its CID comes under both.
template <class F>
auto each_indirect(core_state& state, F&& sink) -> io_result<void> {
  CAIRN_TRY(auto* pins, state.pins());
  CAIRN_TRY(auto cursor, pins->list(pin_mode::recursive));
  auto const reader = offline_reader{&state};
  auto walk = std::optional<dag_walk>{};
  for (;;) {
    CAIRN_TRY(auto p, cursor.next());
    if (!p) return {};
    if (!walk) walk.emplace(reader, p->id, walk_options{.read_leaves = false});
    else walk->add(p->id);
    for (;;) {
      CAIRN_TRY(auto item, walk->next());
      if (!item) break;
      if (!item->data) continue;
      CAIRN_TRY(state.check_cancelled());
      auto go_on = io_result<bool>{true};
      CAIRN_TRY(for_each_link(item->id.codec(), item->data->data(), [&](cid const& below) {
        if (go_on && *go_on) go_on = sink(below, p->id);
      }));
      CAIRN_TRY(auto more, std::move(go_on));
      if (!more) return {};
    }
  }
}

inline auto same_content(cid const& a, cid const& b) -> bool { return a.codec() == b.codec() && a.hash() == b.hash(); }

}  // namespace detail

CAIRN_DECL auto core_api::pin_add(cid const& id, bool recursive, std::string_view name, bool whole, std::function<void(std::uint64_t, std::uint64_t)> const& progress) -> io_result<void> {
  auto const wrap = [](error e) {
    if (auto const of = parse_cid(e.subject())) e = detail::decoder_error(of->codec(), std::move(e));
    return std::unexpected(error::message("pin", "pin: " + to_string(e)));
  };
  CAIRN_TRY(auto* pins, state_->pins());
  auto work = detail::core_work{*state_};
  work.hold(id, !recursive);
  if (recursive && (!whole || work.sweeping())) {
    if (auto walked = detail::check_whole(*state_, work, id, progress); !walked) return wrap(std::move(walked).error());
  } else if (!recursive) {
    CAIRN_TRY(auto here, work.keep(id));
    auto const reader = detail::keeping_reader{&work, state_.get()};
    if (!here && id.hash().code() != code::identity)
      if (auto b = reader.get(id); !b) return wrap(std::move(b).error());
  }
  CAIRN_TRY(sync());
  auto done = pins->add({id, recursive ? pin_mode::recursive : pin_mode::direct, std::string{name}});
  if (!done && done.error() == pin_errc::pinned_recursively) return wrap(error::message("pin", to_string(id) + " already pinned recursively"));
  return done;
}

CAIRN_DECL auto core_api::pin_remove(cid const& id, bool recursive) -> io_result<void> {
  CAIRN_TRY(auto* pins, state_->pins());
  auto done = pins->remove(id, recursive);
  if (!done && done.error() == pin_errc::pinned_recursively) return std::unexpected(error::message("pin", to_string(id) + " is pinned recursively"));
  if (!done && done.error() == pin_errc::not_pinned) return std::unexpected(error::message("pin", "not pinned or pinned indirectly"));
  return done;
}

CAIRN_DECL auto core_api::pin_update(cid const& from, cid const& to, bool unpin) -> io_result<void> {
  CAIRN_TRY(auto* pins, state_->pins());
  auto work = detail::core_work{*state_};
  work.hold(to);
  if (auto whole = detail::check_whole(*state_, work, to); !whole) {
    auto const here = state_->reading().has(to);
    if (here && !*here) return std::unexpected(error::message("pin", "get " + to_string(to) + ": " + to_string(whole.error())));
    return whole;
  }
  CAIRN_TRY(sync());
  auto done = pins->update(from, to, unpin);
  if (!done && (done.error() == pin_errc::from_not_pinned || done.error() == pin_errc::to_already_pinned))
    return std::unexpected(error::message("pin", std::string{done.error().clause()}));
  return done;
}

CAIRN_DECL auto core_api::pin_of(cid const& id, pin_kinds kinds, bool names) -> io_result<std::optional<pin_facts>> {
  CAIRN_TRY(auto* pins, state_->pins());
  CAIRN_TRY(auto own, pins->find(id));
  if (own) {
    auto const recursive = own->mode == pin_mode::recursive;
    if (kinds == pin_kinds::all || (kinds == pin_kinds::recursive) == recursive || (kinds == pin_kinds::direct) == !recursive)
      if (kinds != pin_kinds::indirect) return pin_facts{id, std::string{to_string(own->mode)}, names ? own->name : std::string{}, {}};
  }
  if (kinds != pin_kinds::all && kinds != pin_kinds::indirect) return std::nullopt;
  auto found = std::optional<pin_facts>{};
  CAIRN_TRY(detail::each_indirect(*state_, [&](cid const& below, cid const& root) -> io_result<bool> {
    // this very CID before its other version
    if (below != id && (found || !detail::same_content(below, id))) return true;
    found = pin_facts{id, "indirect", {}, root};
    return below != id;
  }));
  return found;
}

CAIRN_DECL auto core_api::pin_list(pin_kinds kinds, bool names, pin_sink const& sink) -> io_result<void> {
  CAIRN_TRY(auto* pins, state_->pins());
  auto shown = cid_set{};
  auto const below = kinds == pin_kinds::all || kinds == pin_kinds::indirect;
  for (auto mode : {pin_mode::recursive, pin_mode::direct}) {
    auto const wanted = kinds == pin_kinds::all || kinds == (mode == pin_mode::recursive ? pin_kinds::recursive : pin_kinds::direct);
    if (!wanted && kinds != pin_kinds::indirect) continue;
    CAIRN_TRY(auto cursor, pins->list(mode, names));
    for (;;) {
      CAIRN_TRY(auto p, cursor.next());
      if (!p) break;
      // only who goes on to what is below the pins must know what was shown: a list of pins alone needs no memory
      if (below) shown.insert(p->id);
      if (!wanted) continue;
      CAIRN_TRY(sink({p->id, std::string{to_string(mode)}, std::move(p->name), {}}));
    }
  }
  if (kinds != pin_kinds::all && kinds != pin_kinds::indirect) return {};
  return detail::each_indirect(*state_, [&](cid const& id, cid const&) -> io_result<bool> {
    if (!shown.insert(id)) return true;
    CAIRN_TRY(sink({id, "indirect", {}, {}}));
    return true;
  });
}

CAIRN_DECL auto core_api::pin_snapshot() -> io_result<std::pair<cid, std::uint64_t>> {
  CAIRN_TRY(auto* pins, state_->pins());
  auto work = detail::core_work{*state_};
  CAIRN_TRY(auto made, save_pin_snapshot(*pins, work.blocks()));
  CAIRN_TRY(sync());
  return std::pair{made.root, made.pins};
}

CAIRN_DECL auto core_api::pin_diff(cid const& before, cid const& after, std::function<io_result<void>(pin_facts const&, bool)> const& sink) -> io_result<void> {
  auto const facts = [](pin const& p) { return pin_facts{p.id, std::string{to_string(p.mode)}, p.name, {}}; };
  auto done = diff_pin_snapshots(state_->blocks(), before, after, [&](std::optional<pin> const& old, std::optional<pin> const& now) -> io_result<void> {
    CAIRN_TRY(state_->check_cancelled());
    if (old) CAIRN_TRY(sink(facts(*old), false));
    if (now) CAIRN_TRY(sink(facts(*now), true));
    return {};
  });
  if (!done && done.error().module() == "hamt") return std::unexpected(error::message("pin", done.error().subject() + " is no snapshot of pins"));
  if (!done) return std::unexpected(detail::offline_error_of(std::move(done).error()));
  return {};
}

CAIRN_DECL auto core_api::pin_verify(pin_check_sink const& sink) -> io_result<void> {
  CAIRN_TRY(auto* pins, state_->pins());
  CAIRN_TRY(auto cursor, pins->list(pin_mode::recursive));
  // what was met whole below one pin is not read again below another
  auto whole = cid_set{};
  for (;;) {
    CAIRN_TRY(auto p, cursor.next());
    if (!p) return {};
    auto faults = std::vector<pin_fault>{};
    auto seen = cid_set{};
    auto stack = std::vector<cid>{p->id};
    while (!stack.empty()) {
      auto const id = stack.back();
      stack.pop_back();
      if (whole.contains(id) || !seen.insert(id)) continue;
      CAIRN_TRY(state_->check_cancelled());
      if (id.hash().code() == code::identity && id.codec() == code::raw) continue;
      auto b = state_->blocks().get(id);
      if (!b) {
        auto const missing = b.error() == block_errc::not_found;
        faults.push_back({id, missing ? to_string(detail::offline_error(id, block_errc::not_found)) : to_string(b.error())});
        continue;
      }
      auto links = links_of(id.codec(), b->data());
      if (!links) {
        faults.push_back({id, to_string(links.error())});
        continue;
      }
      stack.insert(stack.end(), links->rbegin(), links->rend());
    }
    if (faults.empty()) whole.insert(p->id);
    CAIRN_TRY(sink(p->id, faults));
  }
}

CAIRN_DECL auto core_api::block_remove(cid const& id, bool force) -> io_result<void> {
  CAIRN_TRY(auto held, pin_of(id, pin_kinds::all, false));
  if (held)
    return std::unexpected(error::message("pin", held->through ? "pinned via " + to_string(*held->through) : "pinned: " + held->mode));
  CAIRN_TRY(auto here, state_->blocks().has(id));
  if (!here && !force) return std::unexpected(error::message("missing block", "ipld: could not find " + to_string(id)));
  return state_->blocks().remove(id);
}

}  // namespace cairn::service
