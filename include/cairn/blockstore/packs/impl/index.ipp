#pragma once

#include <cairn/blockstore/packs/impl/index_env.hpp>
#include <cairn/blockstore/packs/index.hpp>
#include <cairn/core/try.hpp>
#include <cairn/core/varint.hpp>

#include <leveldb/cache.h>
#include <leveldb/db.h>
#include <leveldb/filter_policy.h>
#include <leveldb/write_batch.h>

namespace cairn::detail {

struct packs_index::handle {
  std::string folder;
  std::unique_ptr<packs_index_env> env;
  std::unique_ptr<leveldb::Cache> cache;
  std::unique_ptr<leveldb::FilterPolicy const> filter;
  std::unique_ptr<leveldb::DB> db;

  auto failed(leveldb::Status const& s) const -> error {
    auto e = error::message("blockstore", s.ToString()).about(folder);
    return s.IsCorruption() ? error{std::move(e).advise("'repo verify --rebuild' makes the index again")} : e;
  }
};

/// Notes of the index on itself sort after every multihash: ten bytes 0xff are no varint. After them the number of the batch.
inline constexpr std::string_view index_note = "\xff\xff\xff\xff\xff\xff\xff\xff\xff\xff";

inline auto index_slice(bytes_view in) -> leveldb::Slice { return {reinterpret_cast<char const*>(in.data()), in.size()}; }

inline auto index_note_key(std::uint64_t batch) -> std::string {
  auto key = std::string{index_note};
  for (int shift = 56; shift >= 0; shift -= 8) key += static_cast<char>(batch >> shift);
  return key;
}

/// In the tables that a barrier makes, beside the entries: the barrier's number.
inline auto index_tables_key() -> std::string { return std::string{index_note} + 'T'; }

inline auto encode_location(block_location const& l, byte* out) -> std::size_t {
  auto n = write_varint(out, std::uint64_t{l.segment} << 1 | (l.damaged ? 1 : 0));
  n += write_varint(out + n, l.offset);
  return n + write_varint(out + n, l.length);
}

inline auto decode_numbers(bytes_view in, std::span<std::uint64_t> out) -> bool {
  for (auto& v : out) {
    auto const read = read_varint<varint_width::protobuf>(in);
    if (!read) return false;
    v = read->value;
    in = read->rest;
  }
  return in.empty();
}

inline auto decode_location(bytes_view in) -> std::optional<block_location> {
  std::uint64_t v[3];
  if (!decode_numbers(in, v) || (v[0] >> 1) > 0xffffffffu || v[1] > 0xffffffffu || v[2] > 0xffffffffu) return std::nullopt;
  return block_location{static_cast<std::uint32_t>(v[0] >> 1), static_cast<std::uint32_t>(v[1]), static_cast<std::uint32_t>(v[2]), (v[0] & 1) != 0};
}

CAIRN_DECL packs_index::packs_index(std::unique_ptr<handle> h) : handle_{std::move(h)} {}
CAIRN_DECL packs_index::~packs_index() = default;

CAIRN_DECL auto packs_index::open(std::shared_ptr<file_system> files, std::string folder, bool syncs, room when_full)
    -> io_result<std::unique_ptr<packs_index>> {
  auto h = std::make_unique<handle>();
  h->folder = folder;
  h->env = std::make_unique<packs_index_env>(std::move(files), syncs, when_full.make, when_full.context);
  h->cache.reset(leveldb::NewLRUCache(6 << 20));
  h->filter.reset(leveldb::NewBloomFilterPolicy(10));
  auto o = leveldb::Options{};
  o.create_if_missing = true;
  o.paranoid_checks = true;
  o.env = h->env.get();
  o.write_buffer_size = 4 << 20;
  o.block_cache = h->cache.get();
  o.filter_policy = h->filter.get();
  o.compression = leveldb::kNoCompression;
  o.reuse_logs = true;
  o.max_open_files = 400;
  leveldb::DB* db = nullptr;
  if (auto const s = leveldb::DB::Open(o, folder, &db); !s.ok()) return std::unexpected(h->failed(s));
  h->db.reset(db);
  auto index = std::unique_ptr<packs_index>{new packs_index{std::move(h)}};
  CAIRN_TRY(index->recover());
  return index;
}

/// The notes from the last barrier on must have consecutive numbers; where one is missing, its batch is, and the barrier's holds.
CAIRN_DECL auto packs_index::recover() -> io_result<void> {
  auto options = leveldb::ReadOptions{};
  options.verify_checksums = true;
  auto const at = std::unique_ptr<leveldb::Iterator>{handle_->db->NewIterator(options)};
  auto first = true;
  auto whole = true;
  auto newest = std::uint64_t{0}, tables = std::uint64_t{0};
  auto last = index_state{};
  for (at->Seek(leveldb::Slice{index_note.data(), index_note.size()}); at->Valid(); at->Next()) {
    auto const key = at->key();
    std::uint64_t batch = 0;
    for (auto i = index_note.size(); i < key.size(); ++i) batch = batch << 8 | static_cast<byte>(key[i]);
    std::uint64_t v[10];
    if (key == index_tables_key()) {
      if (!decode_numbers({reinterpret_cast<byte const*>(at->value().data()), at->value().size()}, {&tables, 1})) tables = 0;
      continue;
    }
    if (key.size() != index_note.size() + 8 || !decode_numbers({reinterpret_cast<byte const*>(at->value().data()), at->value().size()}, v) || v[0] > 0xffffffffu)
      return std::unexpected(error::message("blockstore", "the index is damaged").about(handle_->folder));
    auto const state = index_state{{static_cast<std::uint32_t>(v[0]), v[1]}, v[2], v[3], v[4], v[8], v[9], static_cast<std::uint32_t>(v[7])};
    if (first) {
      // the first note is the barrier's; a batch that lost it names a barrier that is not here
      if (v[5] != batch) return std::unexpected(error::message("blockstore", "the index lost its last barrier").about(handle_->folder));
      barrier_batch_ = batch;
      state_ = state;
    } else if (batch != newest + 1 || v[5] != barrier_batch_) {
      whole = false;
    }
    newest = batch;
    last = state;
    unsettled_ = v[6];
    first = false;
  }
  if (!at->status().ok()) return std::unexpected(handle_->failed(at->status()));
  // a log that outlived the tables that it stands on
  if (tables < barrier_batch_) return std::unexpected(error::message("blockstore", "the index lost its tables").about(handle_->folder));
  batch_ = newest;
  if (whole) state_ = last;
  holes_ = !whole;
  fresh_ = first;
  if (first) {
    // notes are written with the first batch; entries without any note are what a power cut left
    at->SeekToFirst();
    if (at->Valid()) return std::unexpected(error::message("blockstore", "the index lost its notes").about(handle_->folder));
  }
  return {};
}

CAIRN_DECL packs_index::moment::~moment() { of_->db->ReleaseSnapshot(static_cast<leveldb::Snapshot const*>(taken_)); }

CAIRN_DECL auto packs_index::now() const -> std::unique_ptr<moment const> {
  return std::unique_ptr<moment const>{new moment{handle_.get(), handle_->db->GetSnapshot()}};
}

CAIRN_DECL auto packs_index::get(bytes_view key, moment const* when) const -> io_result<std::optional<block_location>> {
  thread_local std::string value;
  auto options = leveldb::ReadOptions{};
  options.verify_checksums = true;
  if (when) options.snapshot = static_cast<leveldb::Snapshot const*>(when->taken_);
  auto const s = handle_->db->Get(options, index_slice(key), &value);
  if (s.IsNotFound()) return std::nullopt;
  if (!s.ok()) return std::unexpected(handle_->failed(s));
  auto const l = decode_location({reinterpret_cast<byte const*>(value.data()), value.size()});
  if (!l) return std::unexpected(error::message("blockstore", "the index is damaged").about(handle_->folder));
  return l;
}

inline auto index_note_value(index_state const& s, std::uint64_t barrier, std::uint64_t unsettled) -> std::string {
  auto out = std::string{};
  for (auto v : {std::uint64_t{s.upto.segment}, s.upto.offset, s.removed_upto, s.blocks, s.block_bytes, barrier, unsettled, std::uint64_t{s.sections}, s.dropped_blocks, s.dropped_bytes}) {
    byte b[10];
    out.append(reinterpret_cast<char const*>(b), write_varint(b, v));
  }
  return out;
}

CAIRN_DECL auto packs_index::apply(std::span<index_change const> changes, index_state const& after) -> io_result<void> {
  auto batch = leveldb::WriteBatch{};
  for (auto const& c : changes) {
    if (c.location) {
      byte value[32];
      batch.Put(index_slice(c.key), index_slice({value, encode_location(*c.location, value)}));
    } else {
      batch.Delete(index_slice(c.key));
    }
  }
  if (fresh_) {
    // the barrier's note of an empty index: all is to be read again if what follows is lost
    batch.Put(index_note_key(0), index_note_value({}, 0, 0));
    batch_ = barrier_batch_ = 0;
  }
  unsettled_ += changes.size() + 1;
  batch.Put(index_note_key(batch_ + 1), index_note_value(after, barrier_batch_, unsettled_));
  if (auto const s = handle_->db->Write({}, &batch); !s.ok()) return std::unexpected(handle_->failed(s));
  ++batch_;
  state_ = after;
  fresh_ = false;
  return {};
}

CAIRN_DECL auto packs_index::barrier() -> io_result<void> {
  if (fresh_) return {};
  // first the entries, into synced tables; then the note that says so; a loss of that note leaves the older barrier, which is as true
  auto const beyond = std::string{index_note} + "\xff\xff\xff\xff\xff\xff\xff\xff\xff";
  auto const nothing = leveldb::Slice{beyond};
  byte number[10];
  if (auto const s = handle_->db->Put({}, index_tables_key(), index_slice({number, write_varint(number, batch_ + 1)})); !s.ok())
    return std::unexpected(handle_->failed(s));
  handle_->db->CompactRange(&nothing, &nothing);
  auto batch = leveldb::WriteBatch{};
  for (auto b = barrier_batch_; b <= batch_; ++b) batch.Delete(index_note_key(b));
  batch.Put(index_note_key(batch_ + 1), index_note_value(state_, batch_ + 1, 0));
  if (auto const s = handle_->db->Write({}, &batch); !s.ok()) return std::unexpected(handle_->failed(s));
  barrier_batch_ = ++batch_;
  unsettled_ = 0;
  holes_ = false;
  return {};
}

CAIRN_DECL auto packs_index::entries(bool checked, moment const* when) const -> cursor {
  auto options = leveldb::ReadOptions{};
  if (when) options.snapshot = static_cast<leveldb::Snapshot const*>(when->taken_);
  options.verify_checksums = checked;
  options.fill_cache = false;
  return cursor{handle_->db->NewIterator(options)};
}

CAIRN_DECL packs_index::cursor::~cursor() { delete static_cast<leveldb::Iterator*>(iterator_); }

CAIRN_DECL void packs_index::cursor::seek_after(bytes_view key) {
  auto* const at = static_cast<leveldb::Iterator*>(iterator_);
  at->Seek(index_slice(key));
  if (at->Valid() && at->key() == index_slice(key)) at->Next();
  placed_ = true;
}

CAIRN_DECL auto packs_index::cursor::next() -> io_result<std::optional<entry>> {
  auto* const at = static_cast<leveldb::Iterator*>(iterator_);
  if (!std::exchange(placed_, false)) {
    if (!started_) at->SeekToFirst();
    else if (at->Valid()) at->Next();
  }
  started_ = true;
  if (!at->Valid() || at->key().starts_with({index_note.data(), index_note.size()})) {
    if (!at->status().ok()) return std::unexpected(error::message("blockstore", at->status().ToString()));
    return std::nullopt;
  }
  auto const value = at->value();
  auto const l = decode_location({reinterpret_cast<byte const*>(value.data()), value.size()});
  if (!l) return std::unexpected(error::message("blockstore", "the index is damaged"));
  return entry{{reinterpret_cast<byte const*>(at->key().data()), at->key().size()}, *l};
}

}  // namespace cairn::detail
