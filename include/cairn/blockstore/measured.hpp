#pragma once

#include <cairn/blockstore/forward.hpp>
#include <cairn/concept/layer.hpp>

#include <atomic>
#include <memory>

namespace cairn {

/// What was asked of a store. A name is the operation of a metric: "<prefix>_datastore_<name>_total", "..._errors_total", and
/// "..._size_bytes_sum" where octets moved, so that dashboards made for Kubo find their numbers.
struct store_counts {
  struct operation {
    std::string_view name;
    std::atomic<std::uint64_t> total = 0, errors = 0, bytes = 0;
  };
  operation has{"has"}, get{"get"}, get_size{"getsize"}, put{"put"}, remove{"delete"}, list{"query"}, sync{"sync"};

  /// `f(operation const&)` for each.
  template <class F>
  void for_each(F&& f) const {
    for (auto const* op : {&has, &get, &get_size, &put, &remove, &list, &sync}) f(*op);
  }
};

/// Counts what is asked of the store below; a block that is not here is no error. What is not composed costs nothing.
///
/// cost      one relaxed atomic addition for an operation, two where octets move
template <class S>
class measured_blockstore : public forwarding_blockstore<S> {
  using base = forwarding_blockstore<S>;

public:
  explicit measured_blockstore(S below) : base{std::move(below)}, counts_{std::make_unique<store_counts>()} {}

  auto has(cid const& id) const -> io_result<bool> { return counted(counts_->has, base::has(id)); }
  auto get(cid const& id) const {
    auto found = this->below_.get(id);
    auto& op = counts_->get;
    add(op.total, 1);
    if (found)
      add(op.bytes, static_cast<bytes_view>(data_of(*found)).size());
    else if (!(found.error() == block_errc::not_found))
      add(op.errors, 1);
    return found;
  }
  auto get_many(std::span<cid const> ids) const
    requires readable_blockstore<S>
  {
    auto found = cairn::get_many(this->below_, ids);
    add(counts_->get.total, ids.size());
    if (found)
      for (auto const& b : *found) add(counts_->get.bytes, b.data().size());
    else if (!(found.error() == block_errc::not_found))
      add(counts_->get.errors, 1);
    return found;
  }
  auto get_size(cid const& id) const -> io_result<std::optional<std::uint64_t>> { return counted(counts_->get_size, base::get_size(id)); }
  auto put(block_view const& b) -> io_result<void> {
    add(counts_->put.bytes, b.data().size());
    return counted(counts_->put, base::put(b));
  }
  auto put_many(std::span<block_view const> blocks) -> io_result<void> {
    for (auto const& b : blocks) add(counts_->put.bytes, b.data().size());
    return counted(counts_->put, base::put_many(blocks), blocks.size());
  }
  auto remove(cid const& id) -> io_result<void> { return counted(counts_->remove, base::remove(id)); }
  auto sync() -> io_result<void> { return counted(counts_->sync, base::sync()); }
  auto keys() const
    requires requires(S const& s) { s.keys(); }
  {
    return counted(counts_->list, this->below_.keys());
  }

  /// Its address does not change while the store lives, wherever the store moves.
  auto counts() const -> store_counts const& { return *counts_; }

private:
  static void add(std::atomic<std::uint64_t>& to, std::uint64_t n) { to.fetch_add(n, std::memory_order_relaxed); }
  static auto data_of(block const& b) -> bytes_view { return b.data(); }
  static auto data_of(unverified_block const& b) -> bytes_view { return b.data; }

  template <class R>
  static auto counted(store_counts::operation& op, R outcome, std::uint64_t times = 1) -> R {
    add(op.total, times);
    if (!outcome) add(op.errors, 1);
    return outcome;
  }

  std::unique_ptr<store_counts> counts_;
};

/// The layer that counts.
struct measured_layer {
  static constexpr std::string_view layer_name = "measured";
  auto peak_bytes() const -> std::uint64_t { return sizeof(store_counts); }

  template <class S>
  static constexpr bool takes = blockstore<S> || raw_blockstore<S>;
  template <class Hashes = void, class S>
  auto wrap(S store) const {
    return measured_blockstore<S>{std::move(store)};
  }
};
inline constexpr measured_layer measured{};

static_assert(blockstore_layer<measured_layer>);

}  // namespace cairn
