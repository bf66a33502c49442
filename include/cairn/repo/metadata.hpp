#pragma once

#include <cairn/datastore/leveldb.hpp>
#include <cairn/datastore/ref.hpp>

#include <atomic>
#include <memory>
#include <mutex>

namespace cairn {

/// The metadata of a repo, opened by the first call: reading a file by its CID never touches it.
///
/// threads   every member but `close` from several threads; changes that wait for the disk share one sync
class repo_metadata {
public:
  /// reserve   a file of the same disk that keeps room for changes when it is full; empty: none
  repo_metadata(std::string folder, leveldb_options options, std::string reserve = {})
      : state_{std::make_unique<state>(std::move(folder), options, std::move(reserve))} {}

  CAIRN_DECL auto get(std::string_view key) const -> io_result<std::optional<bytes>>;
  CAIRN_DECL auto has(std::string_view key) const -> io_result<bool>;
  CAIRN_DECL auto put(std::string_view key, bytes_view value) -> io_result<void>;
  CAIRN_DECL auto remove(std::string_view key) -> io_result<void>;
  CAIRN_DECL auto apply(write_batch const& batch) -> io_result<void>;
  CAIRN_DECL auto scan(std::string_view prefix) const -> io_result<leveldb_datastore::cursor>;

  auto is_open() const -> bool { return state_->ready.load(std::memory_order_acquire) != nullptr; }
  void close() {
    state_->ready = nullptr;
    state_->store.reset();
  }
  auto folder() const -> std::string const& { return state_->folder; }

private:
  struct state {
    state(std::string in, leveldb_options with, std::string reserved) : folder{std::move(in)}, reserve{std::move(reserved)}, options{with} {}
    std::string folder, reserve;
    leveldb_options options;
    std::mutex guard;
    std::optional<leveldb_datastore> store;
    std::atomic<leveldb_datastore*> ready = nullptr;  // of `store`: whoever finds it need not lock
  };
  CAIRN_DECL auto opened() const -> io_result<leveldb_datastore*>;
  std::unique_ptr<state> state_;
};

static_assert(datastore<repo_metadata>);

}  // namespace cairn

#if CAIRN_HEADER_ONLY
#  include <cairn/repo/impl/metadata.ipp>
#endif
