#pragma once

#include <cairn/core/try.hpp>
#include <cairn/repo/impl/reserve.hpp>
#include <cairn/repo/metadata.hpp>

namespace cairn {

CAIRN_DECL auto repo_metadata::opened() const -> io_result<leveldb_datastore*> {
  if (auto* const store = state_->ready.load(std::memory_order_acquire)) return store;
  auto const lock = std::lock_guard{state_->guard};
  if (!state_->store) {
    auto const reserve = detail::metadata_reserve{state_->reserve};
    auto const room = reserve.lend(detail::metadata_reserve::least);  // LevelDB writes a table of what its log holds
    CAIRN_TRY(state_->store, leveldb_datastore::open(state_->folder, state_->options));
    reserve.take();
    state_->ready.store(&*state_->store, std::memory_order_release);
  }
  return &*state_->store;
}

CAIRN_DECL auto repo_metadata::get(std::string_view key) const -> io_result<std::optional<bytes>> {
  CAIRN_TRY(auto* store, opened());
  return store->get(key);
}
CAIRN_DECL auto repo_metadata::has(std::string_view key) const -> io_result<bool> {
  CAIRN_TRY(auto* store, opened());
  return store->has(key);
}
CAIRN_DECL auto repo_metadata::put(std::string_view key, bytes_view value) -> io_result<void> {
  CAIRN_TRY(auto* store, opened());
  auto const reserve = detail::metadata_reserve{state_->reserve};
  CAIRN_TRY(auto const room, reserve.lend_for(key.size() + value.size()));
  return store->put(key, value);
}
CAIRN_DECL auto repo_metadata::remove(std::string_view key) -> io_result<void> {
  CAIRN_TRY(auto* store, opened());
  auto const reserve = detail::metadata_reserve{state_->reserve};
  CAIRN_TRY(auto const room, reserve.lend_for(key.size()));
  return store->remove(key);
}
CAIRN_DECL auto repo_metadata::apply(write_batch const& batch) -> io_result<void> {
  CAIRN_TRY(auto* store, opened());
  auto octets = std::uint64_t{0};
  for (auto const& change : batch.changes()) octets += change.key.size() + (change.value ? change.value->size() : 0);
  auto const reserve = detail::metadata_reserve{state_->reserve};
  CAIRN_TRY(auto const room, reserve.lend_for(octets));
  return store->apply(batch);
}
CAIRN_DECL auto repo_metadata::scan(std::string_view prefix) const -> io_result<leveldb_datastore::cursor> {
  CAIRN_TRY(auto* store, opened());
  return store->scan(prefix);
}

}  // namespace cairn
