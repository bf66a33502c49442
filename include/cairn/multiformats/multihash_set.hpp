#pragma once

#include <cairn/multiformats/multihash.hpp>

#include <cstring>
#include <vector>

namespace cairn {

/// The multihashes that a walk or a collection has met, in 16 bytes each: the first bytes of the digest, with the hash
/// function and the length mixed in. Two distinct digests are taken for one only where 127 bits agree, which nobody can
/// bring about for a hash that still resists; digests below 20 bytes are refused long before.
///
/// Identity digests are not kept (`insert` answers true each time): an identity CID holds its own bytes.
///
/// memory    16 bytes x capacity; capacity doubles at 3/4 full: 24 to 43 bytes an entry while it grows
class multihash_set {
public:
  /// True where it was not in before.
  auto insert(multihash const& h) -> bool {
    if (h.code() == identity_code) return true;
    if ((size_ + 1) * 4 > slots_.size() * 3) grow();
    auto const k = key_of(h);
    auto& slot = slots_[place(slots_, k)];
    if (slot == k) return false;
    slot = k;
    ++size_;
    return true;
  }

  /// All of another set.
  void insert_all(multihash_set const& other) {
    for (auto const& k : other.slots_) {
      if (k == key{}) continue;
      if ((size_ + 1) * 4 > slots_.size() * 3) grow();
      auto& slot = slots_[place(slots_, k)];
      size_ += slot == key{};
      slot = k;
    }
  }

  auto contains(multihash const& h) const -> bool {
    if (slots_.empty()) return false;
    auto const k = key_of(h);
    return slots_[place(slots_, k)] == k;
  }

  auto size() const -> std::size_t { return size_; }
  auto memory() const -> std::size_t { return slots_.size() * sizeof(key); }

private:
  static constexpr std::uint64_t identity_code = 0;

  struct key {
    std::uint64_t low = 0, high = 0;  // both 0: empty
    friend auto operator==(key const&, key const&) -> bool = default;
  };

  static auto key_of(multihash const& h) -> key {
    auto k = key{};
    auto const d = h.digest();
    byte head[16]{};
    std::memcpy(head, d.data(), d.size() < 16 ? d.size() : 16);
    std::memcpy(&k.low, head, 8);
    std::memcpy(&k.high, head + 8, 8);
    k.low ^= (h.code() + d.size() * 0x100000000u) * 0x9e3779b97f4a7c15u;
    k.high |= 1ull << 63;  // taken
    return k;
  }

  // where a key is, or where it would go
  static auto place(std::vector<key> const& slots, key const& k) -> std::size_t {
    auto at = static_cast<std::size_t>((k.low ^ (k.high << 1)) * 0x9e3779b97f4a7c15u >> 20) & (slots.size() - 1);
    while (!(slots[at] == key{}) && !(slots[at] == k)) at = (at + 1) & (slots.size() - 1);
    return at;
  }

  void grow() {
    auto fresh = std::vector<key>(slots_.empty() ? 256 : slots_.size() * 2);
    for (auto const& k : slots_)
      if (!(k == key{})) fresh[place(fresh, k)] = k;
    slots_ = std::move(fresh);
  }

  std::vector<key> slots_;  // a power of two of them
  std::size_t size_ = 0;
};

}  // namespace cairn
