// What the layer of metrics costs where nothing counts: row_7.py compares the instructions of the two functions.
#include <cairn/blockstore/measured.hpp>

namespace cairn {

struct bare {
  auto has(cid const& id) const -> io_result<bool>;
  auto get(cid const& id) const -> io_result<block>;
  auto put(block_view const& b) -> io_result<void>;
  auto remove(cid const& id) -> io_result<void>;
};

}  // namespace cairn

extern "C" auto bare_put(cairn::bare& store, cairn::block_view const& b) -> cairn::io_result<void> { return store.put(b); }
extern "C" auto instrumented_put(cairn::measured_blockstore<cairn::bare, cairn::no_metrics>& store, cairn::block_view const& b) -> cairn::io_result<void> { return store.put(b); }
extern "C" auto live_put(cairn::measured_blockstore<cairn::bare>& store, cairn::block_view const& b) -> cairn::io_result<void> { return store.put(b); }
