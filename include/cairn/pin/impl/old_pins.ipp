#pragma once

#include <cairn/pin/snapshot.hpp>

#include <cairn/core/try.hpp>
#include <cairn/core/varint.hpp>
#include <cairn/ipld/cid_set.hpp>
#include <cairn/ipld/dag_pb_wire.hpp>

namespace cairn {
namespace detail {

inline constexpr unsigned old_pins_depth = 16;  // of 256 places each: more than any set ever had

inline auto not_old_pins(cid const& id) -> std::unexpected<error> { return std::unexpected(error{pin_errc::bad_record}.about(to_string(id))); }

// The places of a set of pins: the header is its length, then a protobuf of version 1, fanout 2, seed 3.
inline auto old_pin_fanout(bytes_view data) -> std::optional<std::uint64_t> {
  auto const length = read_varint(data);
  if (!length || length->value > length->rest.size()) return std::nullopt;
  auto rest = length->rest.first(static_cast<std::size_t>(length->value));
  auto version = std::uint64_t{0}, fanout = std::uint64_t{0};
  while (!rest.empty()) {
    auto const key = read_varint(rest);
    if (!key) return std::nullopt;
    rest = key->rest;
    if ((key->value & 7) == 5) {  // the seed
      if (rest.size() < 4) return std::nullopt;
      rest = rest.subspan(4);
      continue;
    }
    auto const value = read_varint(rest);
    if ((key->value & 7) != 0 || !value) return std::nullopt;
    rest = value->rest;
    if (key->value >> 3 == 1) version = value->value;
    if (key->value >> 3 == 2) fanout = value->value;
  }
  if (version != 1 || fanout > 1024) return std::nullopt;
  return fanout;
}

inline auto read_old_set(blockstore_ref store, cid const& id, unsigned depth, cid_set& seen, std::function<io_result<void>(cid const&)> const& sink) -> io_result<void> {
  if (depth > old_pins_depth) return not_old_pins(id);
  if (!seen.insert(id)) return {};  // its items are known
  CAIRN_TRY(auto b, store.get(id));
  auto const node = read_dag_pb(b.data());
  auto const fanout = node && node->data() ? old_pin_fanout(*node->data()) : std::nullopt;
  if (!fanout) return not_old_pins(id);
  auto at = std::uint64_t{0};
  for (auto const& link : node->links()) {
    if (at++ >= *fanout) {
      CAIRN_TRY(sink(link.id));
      continue;
    }
    // the empty dag-pb node stands where nothing is
    constexpr auto empty = std::string_view{"QmdfTbBqBPQ7VNxZEYEj14VmRuZBkqFbiwReogJgS1zR1n"};
    if (to_string(link.id) != empty) CAIRN_TRY(read_old_set(store, link.id, depth + 1, seen, sink));
  }
  return at < *fanout ? io_result<void>{not_old_pins(id)} : io_result<void>{};
}

}  // namespace detail

CAIRN_DECL auto read_old_pins(blockstore_ref store, cid const& root, std::function<io_result<void>(pin const&)> const& sink) -> io_result<void> {
  CAIRN_TRY(auto b, store.get(root));
  auto const node = read_dag_pb(b.data());
  if (!node) return detail::not_old_pins(root);
  auto seen = 0;
  for (auto const& link : node->links()) {
    auto const mode = link.name == "direct" ? pin_mode::direct : pin_mode::recursive;
    if (link.name != "direct" && link.name != "recursive") continue;
    ++seen;
    auto sets = cid_set{};
    CAIRN_TRY(detail::read_old_set(store, link.id, 0, sets, [&](cid const& id) { return sink(pin{id, mode, {}}); }));
  }
  return seen == 2 ? io_result<void>{} : io_result<void>{detail::not_old_pins(root)};
}

}  // namespace cairn
