#pragma once

#include <cairn/blockstore/ops.hpp>

#include <utility>

namespace cairn {

/// A store that owns another and answers as it does: the base of the layers, which replace what they change.
///
/// Optional members of the store below are members here, and only those.
template <class S>
class forwarding_blockstore {
public:
  explicit forwarding_blockstore(S below) : below_{std::move(below)} {}

  auto has(cid const& id) const -> io_result<bool> { return below_.has(id); }
  auto get(cid const& id) const { return below_.get(id); }
  auto get_size(cid const& id) const -> io_result<std::optional<std::uint64_t>> { return cairn::get_size(below_, id); }
  auto put(block_view const& b) -> io_result<void> { return below_.put(b); }
  auto put_many(std::span<block_view const> blocks) -> io_result<void> { return cairn::put_many(below_, blocks); }
  auto remove(cid const& id) -> io_result<void> { return below_.remove(id); }
  auto sync() -> io_result<void> { return cairn::sync(below_); }
  auto keys() const
    requires requires(S const& s) { s.keys(); }
  {
    return below_.keys();
  }

  /// The store below.
  auto below() const -> S const& { return below_; }
  auto below() -> S& { return below_; }

protected:
  S below_;
};

}  // namespace cairn
