// IPLD HashMap: any block as root or child is read or refused within bounds; what a root holds is found under its key, and
// writing all entries anew gives one canonical root.
#include <cairn/block/verify.hpp>
#include <cairn/blockstore/memory.hpp>
#include <cairn/hamt/hashmap.hpp>

#include "law.hpp"

using namespace cairn;

extern "C" int LLVMFuzzerTestOneInput(byte const* data, std::size_t size) {
  auto store = memory_blockstore{};
  auto const b = hash_block({.codec = code::dag_cbor}, buffer{bytes(data, data + size)});
  if (!b || !store.put(*b)) return 0;
  auto map = open_hashmap(store, store, b->id());
  if (!map) return 0;
  auto const p = map->policy().parameters();
  auto rebuilt = make_hashmap(store, store, p);
  CAIRN_LAW(rebuilt);
  auto cursor = map->entries();
  for (;;) {
    auto e = cursor.next();
    if (!e) continue;  // a child that is not here is named once
    if (!*e) break;
    auto const one = map->get((*e)->key);
    auto const read = hashmap_get(block_reader{store}, b->id(), (*e)->key);
    if (one && read) CAIRN_LAW(one->has_value() == read->has_value());
    if (!rebuilt->set((*e)->key, std::move((*e)->value))) return 0;
  }
  auto const root = rebuilt->save();
  CAIRN_LAW(root);
  auto again = open_hashmap(store, store, *root);
  CAIRN_LAW(again && again->policy().parameters() == p);
  return 0;
}
