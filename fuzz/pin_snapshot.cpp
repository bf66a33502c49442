// A node of a snapshot of pins, and a set of pins from before 0.8, as an attacker makes them: refused or read, never more than is there.
#include <cairn/pin/snapshot.hpp>

#include "law.hpp"

#include <cairn/block.hpp>
#include <cairn/blockstore/memory.hpp>
#include <cairn/datastore/memory.hpp>
#include <cairn/ipld/dag_pb_wire.hpp>

using namespace cairn;

extern "C" int LLVMFuzzerTestOneInput(std::uint8_t const* data, std::size_t size) {
  auto store = memory_blockstore{};
  auto metadata = memory_datastore{};
  auto const empty = save_pin_snapshot(*pinset::open(metadata), store);
  auto const node = *hash_block({.codec = code::dag_cbor}, buffer{bytes_view{data, size}});
  auto const set = *hash_block({.version = 0, .codec = code::dag_pb}, buffer{bytes_view{data, size}});
  static_cast<void>(store.put(node));
  static_cast<void>(store.put(set));
  auto told = std::size_t{0};
  static_cast<void>(diff_pin_snapshots(store, node.id(), empty->root, [&](std::optional<pin> const&, std::optional<pin> const&) -> io_result<void> {
    return ++told, io_result<void>{};
  }));
  static_cast<void>(read_old_pins(store, set.id(), [&](pin const&) -> io_result<void> { return ++told, io_result<void>{}; }));
  CAIRN_LAW(told <= size);  // each pin takes more than a byte

  // the same octets as the set that a root leads to
  auto links = std::vector<pb_link>{};
  for (auto const* kind : {"direct", "recursive"}) links.push_back({.id = set.id(), .name = kind, .tsize = size});
  auto octets = bytes{};
  append_dag_pb(octets, links, {});
  auto const root = *hash_block({.version = 0, .codec = code::dag_pb}, buffer{octets});
  static_cast<void>(store.put(root));
  told = 0;
  static_cast<void>(read_old_pins(store, root.id(), [&](pin const&) -> io_result<void> { return ++told, io_result<void>{}; }));
  CAIRN_LAW(told <= 2 * size);

  // pins of the input's making: a snapshot of them differs from nothing in each of them, and from itself in none
  auto pins = *pinset::open(metadata);
  auto made = std::size_t{0};
  for (std::size_t at = 0; at + 3 <= size && made < 64; at += 3) {
    auto const id = cid::v1(code::raw, multihash::of(code::sha2_256, sha256({data + at, 3})));
    if (*pins.find(id)) continue;
    CAIRN_LAW(pins.add({.id = id, .mode = data[at] % 2 ? pin_mode::direct : pin_mode::recursive, .name = std::string(data[at] % 5, 'n')}));
    ++made;
  }
  auto const saved = save_pin_snapshot(pins, store);
  CAIRN_LAW(saved.has_value());
  told = 0;
  CAIRN_LAW(diff_pin_snapshots(store, empty->root, saved->root, [&](std::optional<pin> const& before, std::optional<pin> const& after) -> io_result<void> {
    CAIRN_LAW(!before && after);
    return ++told, io_result<void>{};
  }));
  CAIRN_LAW(told == made);
  return 0;
}
