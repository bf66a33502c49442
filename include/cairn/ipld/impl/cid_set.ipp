#pragma once

#include <cairn/ipld/cid_set.hpp>

#include <algorithm>
#include <cstring>

namespace cairn {

struct cid_set::key {
  byte data[limits::cid];
  std::size_t size = 0;
  std::uint64_t hash = 0;

  explicit key(cid const& id) {
    size = write_cid(data, id);
    hash = mix({data, size});
  }

  static auto mix(bytes_view in) -> std::uint64_t {
    std::uint64_t h = in.size() * 0x9e3779b97f4a7c15u;
    while (!in.empty()) {
      auto const n = std::min<std::size_t>(in.size(), 8);
      std::uint64_t word = 0;
      std::memcpy(&word, in.data(), n);
      auto const product = static_cast<unsigned __int128>(h ^ word) * 0xd6e8feb86659fd93u;
      h = static_cast<std::uint64_t>(product) ^ static_cast<std::uint64_t>(product >> 64) ^ (word << 32 | word >> 32);
      in = in.subspan(n);
    }
    return (h ^ h >> 29) * 0xbf58476d1ce4e5b9u;
  }
};

namespace detail {
inline constexpr std::uint64_t cid_set_place = (std::uint64_t{1} << 48) - 1;
}

inline auto cid_set::slot_of(key const& k) const -> std::size_t {
  auto const mask = table_.size() - 1;
  auto const tag = k.hash & ~detail::cid_set_place;
  for (auto i = static_cast<std::size_t>(k.hash) & mask;; i = (i + 1) & mask) {
    auto const entry = table_[i];
    if (entry == 0) return i;
    if ((entry & ~detail::cid_set_place) != tag) continue;
    auto const* const at = keys_.data() + (entry & detail::cid_set_place) - 1;
    if (*at == k.size && std::memcmp(at + 1, k.data, k.size) == 0) return i;
  }
}

inline void cid_set::grow() {
  table_.assign(std::max<std::size_t>(64, table_.size() * 2), 0);
  auto const mask = table_.size() - 1;
  for (std::size_t at = 0; at < keys_.size(); at += 1 + keys_[at]) {
    auto const hash = key::mix({keys_.data() + at + 1, keys_[at]});
    auto i = static_cast<std::size_t>(hash) & mask;
    while (table_[i] != 0) i = (i + 1) & mask;
    table_[i] = (hash & ~detail::cid_set_place) | (at + 1);
  }
}

CAIRN_DECL auto cid_set::insert(cid const& id) -> bool {
  if (4 * (size_ + 1) > 3 * table_.size()) grow();
  auto const k = key{id};
  auto const i = slot_of(k);
  if (table_[i] != 0) return false;
  table_[i] = (k.hash & ~detail::cid_set_place) | (keys_.size() + 1);
  keys_.push_back(static_cast<byte>(k.size));
  append(keys_, {k.data, k.size});
  ++size_;
  return true;
}

CAIRN_DECL auto cid_set::contains(cid const& id) const -> bool { return !table_.empty() && table_[slot_of(key{id})] != 0; }

CAIRN_DECL void cid_set::clear() {
  keys_.clear();
  table_.clear();
  size_ = 0;
}

}  // namespace cairn
