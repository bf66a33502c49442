// A node of a snapshot of pins, and a set of pins from before 0.8, as an attacker makes them: refused or read, never more than is there.
#include <cairn/pin/snapshot.hpp>

#include "law.hpp"

#include <cairn/block.hpp>
#include <cairn/blockstore/memory.hpp>
#include <cairn/datastore/memory.hpp>

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
  if (told > size) __builtin_trap();  // each pin takes more than a byte
  return 0;
}
