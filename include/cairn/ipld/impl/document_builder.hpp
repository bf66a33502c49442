#pragma once

#include <cairn/ipld/document.hpp>

#include <algorithm>
#include <cstring>

namespace cairn::detail {

inline auto scalar_cell(ipld::kind k, std::uint64_t number = 0, byte flags = 0) -> document_cell {
  auto c = document_cell{};
  c.kind_of = static_cast<byte>(static_cast<byte>(k) | flags);
  c.number = number;
  return c;
}
inline auto integer_cell(ipld::integer i) -> document_cell { return scalar_cell(ipld::kind::integer, i.rank(), i.is_negative() ? document_cell::negative : byte{0}); }
inline auto double_cell(double value) -> document_cell {
  auto c = scalar_cell(ipld::kind::floating);
  c.real = value;
  return c;
}
/// Octets that stay where they are.
inline auto octets_cell(ipld::kind k, bytes_view octets) -> document_cell {
  auto c = scalar_cell(k);
  c.size = octets.size();
  c.data = octets.data();
  return c;
}

/// Version 1, a codec of one octet, sha2-256: most are, and need no careful reading.
inline auto is_usual_cid(bytes_view id) -> bool {
  return id.size() == 36 && id[0] == 1 && id[1] < 0x80 && id[2] == code::sha2_256 && id[3] == 32;
}
inline auto usual_cid(bytes_view id) -> cid {
  auto hash = digest<32>{};
  std::copy_n(id.data() + 4, 32, hash.begin());
  return cid::v1(id[1], multihash::of(code::sha2_256, hash));
}

/// Writes the cells of a document, in the order of the values.
class document_builder {
public:
  void put(document_cell const& c) {
    if (count_ == room_for_) grow();
    made_.cells_[count_++] = c;
  }
  /// A list or a map whose values follow; `depth` is how many are open with it. Returns where it stands.
  auto open(ipld::kind k, std::size_t depth) -> std::size_t {
    made_.depth_ = std::max(made_.depth_, depth);
    put(scalar_cell(k));
    return count_ - 1;
  }
  void close(std::size_t at, std::size_t count, byte flags = 0) {
    auto& c = made_.cells_[at];
    c.kind_of = static_cast<byte>(c.kind_of | flags);
    c.size = count;
    c.number = count_ - at;
  }
  /// This value in place of the list or map, which was closed.
  void replace(std::size_t at, document_cell const& c) {
    made_.cells_[at] = c;
    count_ = at + 1;
  }
  auto at(std::size_t place) const -> ipld::view { return ipld::view{made_.cells_[place]}; }

  /// A copy of the octets that lives as long as the document.
  auto keep(bytes_view octets) -> bytes_view {
    if (octets.size() > room_.size()) {
      auto const size = std::max(octets.size(), std::min(std::max(256uz, 2 * last_), 64uz * 1024));
      made_.beside_.push_back(std::make_unique_for_overwrite<byte[]>(size));
      room_ = {made_.beside_.back().get(), size};
      last_ = size;
    }
    if (!octets.empty()) std::memcpy(room_.data(), octets.data(), octets.size());
    auto const kept = bytes_view{room_.first(octets.size())};
    room_ = room_.subspan(octets.size());
    return kept;
  }

  /// octets    that it was read from
  auto take(std::size_t octets) -> ipld::document {
    made_.octets_ = octets;
    return std::move(made_);
  }

private:
  void grow() {
    room_for_ = std::max(64uz, 4 * count_);
    auto more = std::make_unique_for_overwrite<document_cell[]>(room_for_);
    std::copy_n(made_.cells_.get(), count_, more.get());
    made_.cells_ = std::move(more);
  }

  ipld::document made_;
  std::size_t count_ = 0, room_for_ = 0;
  bytes_span room_;
  std::size_t last_ = 0;
};

/// Whether a key stands twice in a map.
inline auto has_equal_keys(ipld::view map) -> bool {
  auto keys = std::vector<std::string_view>{};
  keys.reserve(map.size());
  for (auto const& e : map.entries()) keys.push_back(e.key);
  std::sort(keys.begin(), keys.end());
  return std::adjacent_find(keys.begin(), keys.end()) != keys.end();
}

}  // namespace cairn::detail
