// expect: no matching function for call to .resolve|no known conversion|could not convert|invalid initialization
// capability 27 (3): a path that may change is not taken where only content is
#include <cairn/blockstore/memory.hpp>
#include <cairn/ipld/resolve.hpp>

using namespace cairn;

// a name is resolved to an immutable path first, in the open
auto where(memory_blockstore const& store, immutable_path const& fixed, mutable_path const& name) {
#if CONTROL
  (void)name;
  return resolve(store, fixed);
#else
  (void)fixed;
  return resolve(store, name);
#endif
}
