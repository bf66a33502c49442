#pragma once
// The smallest raw_blockstore: unchecked bytes, with a way to damage them.

#include <cairn/block/verify.hpp>
#include <cairn/concept/blockstore.hpp>

#include <map>

namespace cairn::archetypes {

class raw_store {
public:
  auto has(cid const& id) const -> io_result<bool> { return held_.contains(id.hash()); }
  auto get(cid const& id) const -> io_result<unverified_block> {
    auto const at = held_.find(id.hash());
    if (at == held_.end()) return std::unexpected(error{block_errc::not_found}.about(to_string(id)));
    ++reads;
    return unverified_block{id, at->second};
  }
  auto put(block_view const& b) -> io_result<void> {
    held_.insert_or_assign(b.id().hash(), buffer{b.data()});
    return {};
  }
  auto remove(cid const& id) -> io_result<void> {
    held_.erase(id.hash());
    return {};
  }

  class cursor {
  public:
    explicit cursor(std::map<multihash, buffer> const& of) : at_{of.begin()}, end_{of.end()} {}
    auto next() -> io_result<std::optional<multihash>> {
      if (at_ == end_) return std::nullopt;
      return (at_++)->first;
    }

  private:
    std::map<multihash, buffer>::const_iterator at_, end_;
  };
  auto keys() const -> io_result<cursor> { return cursor{held_}; }

  void damage(cid const& id, std::string_view with) { held_.insert_or_assign(id.hash(), buffer{as_bytes(with)}); }

  mutable int reads = 0;

private:
  std::map<multihash, buffer> held_;
};

static_assert(raw_blockstore<raw_store>);
static_assert(!blockstore<raw_store>);

/// The part that opens one.
struct raw_part {
  static constexpr std::string_view name = "raw";
  template <class Hashes>
  auto open() const -> io_result<raw_store> { return raw_store{}; }
  auto peak_bytes() const -> std::uint64_t { return 7; }
};

}  // namespace cairn::archetypes
