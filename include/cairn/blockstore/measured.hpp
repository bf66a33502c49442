#pragma once

#include <cairn/blockstore/forward.hpp>
#include <cairn/concept/layer.hpp>
#include <cairn/core/nanoseconds.hpp>
#include <cairn/core/metrics.hpp>

#include <memory>

namespace cairn {

/// What was asked of a store. A name is the operation of Kubo's metrics: "<scope>_datastore_<name>_total", "..._errors_total",
/// "..._latency_seconds", and "..._size_bytes" where octets moved, so that dashboards made for Kubo find their numbers.
template <class Backend>
struct basic_store_counts {
  struct operation {
    std::string_view name;
    counter<Backend> total{}, errors{};
    histogram<Backend, 100'000, 1'000'000, 10'000'000, 100'000'000, 1'000'000'000> nanoseconds{};
    histogram<Backend, 64, 4096, 262'144, 16'777'216> sizes{};
  };
  operation has{"has"}, get{"get"}, get_size{"getsize"}, put{"put"}, remove{"delete"}, list{"query"}, sync{"sync"};

  /// `f(operation const&)` for each.
  template <class F>
  void for_each(F&& f) const {
    for (auto const* op : {&has, &get, &get_size, &put, &remove, &list, &sync}) f(*op);
  }
};
using store_counts = basic_store_counts<live_metrics>;

/// Counts what is asked of the store below; a block that is not here is no error. What is not composed costs nothing, and with the
/// backend `no_metrics` this layer does what the store does.
///
/// cost      one relaxed atomic addition for an operation, three where octets move, three more and two looks at the clock where one is given
template <class S, class Backend = live_metrics>
class measured_blockstore : public forwarding_blockstore<S> {
  using base = forwarding_blockstore<S>;
  using counts_type = basic_store_counts<Backend>;
  static constexpr bool live = !std::is_same_v<Backend, no_metrics>;

public:
  explicit measured_blockstore(S below, steady_nanoseconds clock = nullptr) : base{std::move(below)}, clock_{clock} {
    if constexpr (live) counts_ = std::make_unique<counts_type>();
  }

  auto has(cid const& id) const -> io_result<bool> {
    return counted(&counts_type::has, 1, [&] { return base::has(id); });
  }
  auto get(cid const& id) const {
    auto found = counted(&counts_type::get, 1, [&] { return this->below_.get(id); });
    if constexpr (live)
      if (found) counts_->get.sizes.observe(static_cast<bytes_view>(data_of(*found)).size());
    return found;
  }
  auto get_many(std::span<cid const> ids) const
    requires(readable_blockstore<S> || requires(S const& s) { s.get_many(ids); })
  {
    auto found = counted(&counts_type::get, ids.size(), [&] {
      if constexpr (requires { this->below_.get_many(ids); }) return this->below_.get_many(ids);
      else return cairn::get_many(this->below_, ids);
    });
    if constexpr (live)
      if (found)
        for (auto const& b : *found) counts_->get.sizes.observe(static_cast<bytes_view>(data_of(b)).size());
    return found;
  }
  auto get_size(cid const& id) const -> io_result<std::optional<std::uint64_t>> {
    return counted(&counts_type::get_size, 1, [&] { return base::get_size(id); });
  }
  auto put(block_view const& b) -> io_result<void> {
    if constexpr (live) counts_->put.sizes.observe(b.data().size());
    return counted(&counts_type::put, 1, [&] { return base::put(b); });
  }
  auto put_many(std::span<block_view const> blocks) -> io_result<void> {
    if constexpr (live)
      for (auto const& b : blocks) counts_->put.sizes.observe(b.data().size());
    return counted(&counts_type::put, blocks.size(), [&] { return base::put_many(blocks); });
  }
  auto remove(cid const& id) -> io_result<void> {
    return counted(&counts_type::remove, 1, [&] { return base::remove(id); });
  }
  auto sync() -> io_result<void> {
    return counted(&counts_type::sync, 1, [&] { return base::sync(); });
  }
  auto keys() const
    requires requires(S const& s) { s.keys(); }
  {
    return counted(&counts_type::list, 1, [&] { return this->below_.keys(); });
  }

  /// Its address does not change while the store lives, wherever the store moves.
  auto counts() const -> counts_type const&
    requires live
  {
    return *counts_;
  }

private:
  static auto data_of(block const& b) -> bytes_view { return b.data(); }
  static auto data_of(unverified_block const& b) -> bytes_view { return b.data; }

  template <class F>
  auto counted(typename counts_type::operation counts_type::*which, std::uint64_t times, F const& work) const {
    if constexpr (!live) {
      return work();
    } else {
      auto& op = (*counts_).*which;
      auto const begin = clock_ ? clock_() : 0;
      auto outcome = work();
      if (clock_) op.nanoseconds.observe(static_cast<std::uint64_t>(clock_() - begin));
      op.total.add(times);
      if (!outcome && !(outcome.error() == block_errc::not_found)) op.errors.add();
      return outcome;
    }
  }

  struct nothing {};
  std::conditional_t<live, std::unique_ptr<counts_type>, nothing> counts_{};
  steady_nanoseconds clock_ = nullptr;
};

/// The layer that counts.
template <class Backend>
struct basic_measured_layer {
  static constexpr std::string_view layer_name = "measured";
  steady_nanoseconds clock = nullptr;  ///< null: no latencies

  auto peak_bytes() const -> std::uint64_t { return std::is_same_v<Backend, no_metrics> ? 0 : sizeof(basic_store_counts<Backend>); }

  template <class S>
  static constexpr bool takes = blockstore<S> || raw_blockstore<S>;
  template <class Hashes = void, class S>
  auto wrap(S store) const {
    return measured_blockstore<S, Backend>{std::move(store), clock};
  }
};
using measured_layer = basic_measured_layer<live_metrics>;
inline constexpr measured_layer measured{};
inline constexpr basic_measured_layer<no_metrics> unmeasured{};

/// With latencies.
constexpr auto measured_by(steady_nanoseconds clock) -> measured_layer { return {clock}; }

static_assert(blockstore_layer<measured_layer>);

}  // namespace cairn
