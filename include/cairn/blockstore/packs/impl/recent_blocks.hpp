#pragma once

#include <cairn/blockstore/packs/location.hpp>
#include <cairn/multiformats/multihash.hpp>

#include <cstring>
#include <optional>
#include <vector>

namespace cairn::detail {

/// A multihash as the index has it, on the stack, with a hash for tables.
struct block_key {
  explicit block_key(multihash const& h) {
    size = write_varint(data, h.code());
    size += write_varint(data + size, h.digest().size());
    if (!h.digest().empty()) std::memcpy(data + size, h.digest().data(), h.digest().size());
    size += h.digest().size();
    mix();
  }
  explicit block_key(bytes_view encoded) : size{encoded.size() < sizeof data ? encoded.size() : sizeof data} {
    std::memcpy(data, encoded.data(), size);
    mix();
  }
  auto view() const -> bytes_view { return {data, size}; }

  byte data[limits::digest + 12];
  std::size_t size;
  std::uint64_t hash = 0;

private:
  void mix() {
    std::memcpy(&hash, data + (size > 8 ? size - 8 : 0), size < 8 ? size : 8);
    hash = (hash ^ size) * 0x9e3779b97f4a7c15u;
    hash ^= hash >> 32;
  }
};

/// What was put and removed since the index was last written: an open table over one array and one heap of keys.
///
/// memory    about 90 bytes an entry of 34 bytes' key
class recent_blocks {
public:
  struct entry {
    std::uint64_t hash = 0;
    std::uint32_t key_at = 0;
    std::uint32_t key_size = 0;
    block_location where;
    bool removed = false;
  };

  auto size() const -> std::size_t { return entries_.size(); }
  auto entries() const -> std::vector<entry> const& { return entries_; }
  auto key(entry const& e) const -> bytes_view { return {keys_.data() + e.key_at, e.key_size}; }

  auto find(block_key const& k) const -> entry const* {
    if (slots_.empty()) return nullptr;
    for (auto at = k.hash & (slots_.size() - 1); slots_[at] != 0; at = (at + 1) & (slots_.size() - 1)) {
      auto const& e = entries_[slots_[at] - 1];
      if (e.hash == k.hash && e.key_size == k.size && std::memcmp(keys_.data() + e.key_at, k.data, k.size) == 0) return &e;
    }
    return nullptr;
  }

  /// Room for `more` entries, so that `set` cannot fail half-way through a batch.
  void reserve(std::size_t more) {
    auto const wanted = entries_.size() + more;
    if (wanted * 2 > slots_.size()) {
      auto size = slots_.empty() ? std::size_t{1024} : slots_.size();
      while (wanted * 2 > size) size *= 2;
      slots_.assign(size, 0);
      for (std::size_t i = 0; i < entries_.size(); ++i) place(i);
    }
  }

  void set(block_key const& k, std::optional<block_location> where) {
    auto* e = const_cast<entry*>(find(k));
    if (!e) {
      reserve(1);
      entries_.push_back({k.hash, static_cast<std::uint32_t>(keys_.size()), static_cast<std::uint32_t>(k.size), {}, false});
      append(keys_, k.view());
      place(entries_.size() - 1);
      e = &entries_.back();
    }
    e->removed = !where;
    e->where = where ? *where : block_location{};
  }

  void clear() {
    if (entries_.capacity() > 4096) *this = {};
    entries_.clear();
    keys_.clear();
    slots_.assign(slots_.size(), 0);
  }

private:
  void place(std::size_t i) {
    auto at = entries_[i].hash & (slots_.size() - 1);
    while (slots_[at] != 0) at = (at + 1) & (slots_.size() - 1);
    slots_[at] = static_cast<std::uint32_t>(i + 1);
  }

  std::vector<entry> entries_;
  bytes keys_;
  std::vector<std::uint32_t> slots_;
};

}  // namespace cairn::detail
