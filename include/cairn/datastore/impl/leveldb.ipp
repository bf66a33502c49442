#pragma once

#include <cairn/datastore/impl/leveldb_env.hpp>
#include <cairn/datastore/impl/leveldb_log.hpp>
#include <cairn/datastore/leveldb.hpp>

#include <leveldb/cache.h>
#include <leveldb/db.h>
#include <leveldb/env.h>
#include <leveldb/filter_policy.h>
#include <leveldb/write_batch.h>

#include <algorithm>

namespace cairn {
namespace detail {

struct leveldb_handle {
  std::string folder;
  leveldb_options options;
  env_with_room env{};
  std::unique_ptr<leveldb::Cache> cache;
  std::unique_ptr<leveldb::FilterPolicy const> filter;
  std::unique_ptr<leveldb::DB> db;
};

struct leveldb_scan {
  std::string folder, prefix;
  std::unique_ptr<leveldb::Iterator> at;
  bool started = false;
};

inline auto checked_read() -> leveldb::ReadOptions {
  auto how = leveldb::ReadOptions{};
  how.verify_checksums = true;
  return how;
}

inline auto slice_of(std::string_view text) -> leveldb::Slice { return {text.data(), text.size()}; }
inline auto slice_of(bytes_view in) -> leveldb::Slice { return {reinterpret_cast<char const*>(in.data()), in.size()}; }

inline auto leveldb_error(leveldb::Status const& status, std::string const& folder) -> error {
  auto e = error::message("datastore", status.ToString()).about(folder);
  if (status.IsCorruption()) return error{std::move(e).advise("the metadata is damaged; copy the folder before anything else touches it")};
  return e;
}

/// The first log of a folder that is damaged, in words that say what to do.
inline auto damaged_log(std::string const& folder) -> std::optional<error> {
  auto names = std::vector<std::string>{};
  static_cast<void>(leveldb::Env::Default()->GetChildren(folder, &names));
  std::sort(names.begin(), names.end());
  for (auto const& name : names) {
    if (!name.ends_with(".log")) continue;
    if (auto const at = damage_of_leveldb_log((folder + "/" + name).c_str()))
      return error{error::message("datastore", "Corruption: the log of the metadata is damaged at octet " + std::to_string(*at) + "; nothing was changed")
                       .about(folder + "/" + name)
                       .advise("copy the folder first; then put the log back from a backup, or move it away to go on without the last changes of pins, files and names, "
                               "and look through 'pin ls' before the next 'repo gc'")};
  }
  return std::nullopt;
}

}  // namespace detail

CAIRN_DECL leveldb_datastore::leveldb_datastore(std::unique_ptr<detail::leveldb_handle> handle) : handle_{std::move(handle)} {}
CAIRN_DECL leveldb_datastore::leveldb_datastore(leveldb_datastore&&) noexcept = default;
CAIRN_DECL auto leveldb_datastore::operator=(leveldb_datastore&&) noexcept -> leveldb_datastore& = default;
CAIRN_DECL leveldb_datastore::~leveldb_datastore() = default;

CAIRN_DECL auto leveldb_datastore::open(std::string folder, leveldb_options options) -> io_result<leveldb_datastore> {
  auto handle = std::make_unique<detail::leveldb_handle>();
  handle->folder = folder;
  handle->options = options;
  handle->cache.reset(leveldb::NewLRUCache(options.cache));
  handle->filter.reset(leveldb::NewBloomFilterPolicy(10));
  auto settings = leveldb::Options{};
  settings.create_if_missing = options.create;
  settings.write_buffer_size = options.write_buffer;
  settings.block_cache = handle->cache.get();
  settings.filter_policy = handle->filter.get();
  settings.max_open_files = 64;
  if (options.sync && options.room_ahead) settings.env = &handle->env;
  // a log whose middle is damaged would else be read without it, and forgotten
  settings.paranoid_checks = true;
  leveldb::DB* db = nullptr;
  auto status = leveldb::DB::Open(settings, folder, &db);
  if (status.IsCorruption()) {
    if (auto damage = detail::damaged_log(folder)) return std::unexpected(*std::move(damage));
    settings.paranoid_checks = false;  // what a power cut left is passed over
    status = leveldb::DB::Open(settings, folder, &db);
  }
  if (!status.ok()) return std::unexpected(detail::leveldb_error(status, folder));
  handle->db.reset(db);
  return leveldb_datastore{std::move(handle)};
}

CAIRN_DECL auto leveldb_datastore::get(std::string_view key) const -> io_result<std::optional<bytes>> {
  auto value = std::string{};
  auto const status = handle_->db->Get(detail::checked_read(), detail::slice_of(key), &value);
  if (status.IsNotFound()) return std::nullopt;
  if (!status.ok()) return std::unexpected(detail::leveldb_error(status, handle_->folder));
  auto const octets = as_bytes(value);
  return bytes(octets.begin(), octets.end());
}

CAIRN_DECL auto leveldb_datastore::has(std::string_view key) const -> io_result<bool> {
  auto value = std::string{};
  auto const status = handle_->db->Get(detail::checked_read(), detail::slice_of(key), &value);
  if (status.IsNotFound()) return false;
  if (!status.ok()) return std::unexpected(detail::leveldb_error(status, handle_->folder));
  return true;
}

CAIRN_DECL auto leveldb_datastore::put(std::string_view key, bytes_view value) -> io_result<void> {
  auto batch = write_batch{};
  batch.put(key, value);
  return apply(batch);
}

CAIRN_DECL auto leveldb_datastore::remove(std::string_view key) -> io_result<void> {
  auto batch = write_batch{};
  batch.remove(key);
  return apply(batch);
}

CAIRN_DECL auto leveldb_datastore::apply(write_batch const& batch) -> io_result<void> {
  if (batch.empty()) return {};
  auto changes = leveldb::WriteBatch{};
  for (auto const& change : batch.changes()) {
    if (change.value)
      changes.Put(detail::slice_of(change.key), detail::slice_of(*change.value));
    else
      changes.Delete(detail::slice_of(change.key));
  }
  auto how = leveldb::WriteOptions{};
  how.sync = handle_->options.sync;
  auto const status = handle_->db->Write(how, &changes);
  if (!status.ok()) return std::unexpected(detail::leveldb_error(status, handle_->folder));
  return {};
}

CAIRN_DECL leveldb_datastore::cursor::cursor(std::unique_ptr<detail::leveldb_scan> scan) : scan_{std::move(scan)} {}
CAIRN_DECL leveldb_datastore::cursor::cursor(cursor&&) noexcept = default;
CAIRN_DECL leveldb_datastore::cursor::~cursor() = default;

CAIRN_DECL auto leveldb_datastore::cursor::next() -> io_result<bool> {
  auto& at = *scan_->at;
  if (!scan_->started)
    at.Seek(scan_->prefix);
  else
    at.Next();
  scan_->started = true;
  if (at.Valid() && at.key().starts_with(scan_->prefix)) return true;
  // damage is passed over, up to a key behind the prefix or to no key: only a clean status is the end
  if (!at.status().ok()) return std::unexpected(detail::leveldb_error(at.status(), scan_->folder));
  return false;
}

CAIRN_DECL auto leveldb_datastore::cursor::key() const -> std::string_view {
  auto const key = scan_->at->key();
  return {key.data(), key.size()};
}

CAIRN_DECL auto leveldb_datastore::cursor::value() const -> bytes_view {
  auto const value = scan_->at->value();
  return as_bytes({value.data(), value.size()});
}

CAIRN_DECL auto leveldb_datastore::scan(std::string_view prefix) const -> io_result<cursor> {
  auto how = detail::checked_read();
  how.fill_cache = false;
  auto scan = std::make_unique<detail::leveldb_scan>();
  scan->folder = handle_->folder;
  scan->prefix = std::string{prefix};
  scan->at.reset(handle_->db->NewIterator(how));
  return cursor{std::move(scan)};
}

}  // namespace cairn
