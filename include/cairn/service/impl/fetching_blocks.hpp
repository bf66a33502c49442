#pragma once
// The blocks of the repo, and behind them those of the network, as one piece of work reads them.

#include <cairn/blockstore/ref.hpp>
#include <cairn/core/try.hpp>
#include <cairn/ipld/links.hpp>
#include <cairn/multiformats/multicodec.hpp>
#include <cairn/service/network.hpp>

#include <algorithm>
#include <chrono>
#include <functional>
#include <memory>
#include <mutex>
#include <optional>
#include <utility>
#include <vector>

namespace cairn::service::detail {

/// Where the work is in the DAGs that it reads: the links ahead, in the order of a walk in depth. Nothing is kept while all blocks
/// are here. The more blocks had to be fetched one behind the other, the more of what lies ahead is asked for.
class read_ahead {
public:
  static constexpr std::size_t most_kept = 1 << 16, most_ahead = 192, most_seen = 8;

  /// A block that was here; the blocks to ask for now. The latest are remembered: one of their links may be the first that is missing.
  auto met(block const& b, std::function<bool(cid const&)> const& is_here) -> std::vector<cid> {
    if (!ahead_.empty() && find(b.id()) != npos) {
      pass(b);
      return top_up(is_here);
    }
    if (b.id().codec() == code::raw) return {};
    if (seen_.size() == most_seen) seen_.erase(seen_.begin());
    seen_.push_back(b);
    return {};
  }

  /// Before a block is fetched: the blocks to ask for with it, it itself not among them.
  auto missing(cid const& id, std::function<bool(cid const&)> const& is_here) -> std::vector<cid> {
    if (find(id) == npos) {
      for (auto i = seen_.size(); i-- > 0;)
        if (auto links = links_of(seen_[i].id().codec(), seen_[i].data()); links && std::find(links->begin(), links->end(), id) != links->end()) {
          pile(*links);
          break;
        }
      seen_.clear();
    }
    auto const at = find(id);
    if (at == npos) {
      window_ = 2;
      return {};
    }
    ahead_.resize(at);  // what lies before it was passed over
    window_ = std::min(window_ * 2, most_ahead);
    return top_up(is_here);
  }

  /// A block that was fetched; the blocks to ask for now.
  auto came(block const& b, std::function<bool(cid const&)> const& is_here) -> std::vector<cid> {
    pass(b);
    return b.id().codec() == code::raw ? std::vector<cid>{} : top_up(is_here);
  }

private:
  static constexpr std::size_t npos = static_cast<std::size_t>(-1);
  struct entry {
    cid id;
    bool asked = false;
  };

  // near the top: a walk goes on where it is
  auto find(cid const& id) const -> std::size_t {
    for (auto i = ahead_.size(), n = 0uz; i-- > 0 && n < 2048; ++n)
      if (ahead_[i].id == id) return i;
    return npos;
  }
  // Once half of the window has come, the rest of it.
  auto top_up(std::function<bool(cid const&)> const& is_here) -> std::vector<cid> {
    auto const end = ahead_.size() - std::min(ahead_.size(), window_);
    auto open = 0uz;
    for (auto i = ahead_.size(); i-- > end;) open += ahead_[i].asked;
    auto out = std::vector<cid>{};
    if (open > window_ / 2) return out;
    for (auto i = ahead_.size(); i-- > end;) {
      if (std::exchange(ahead_[i].asked, true)) continue;
      if (!is_here(ahead_[i].id)) out.push_back(ahead_[i].id);
    }
    return out;
  }
  void pass(block const& b) {
    if (auto const at = find(b.id()); at != npos) ahead_.resize(at);
    if (b.id().codec() == code::raw) return;
    if (auto const links = links_of(b.id().codec(), b.data())) pile(*links);
  }
  void pile(std::vector<cid> const& links) {
    for (auto i = links.size(); i-- > 0;)
      if (links[i].hash().code() != code::identity) ahead_.push_back({links[i]});
    if (ahead_.size() > most_kept) ahead_.erase(ahead_.begin(), ahead_.end() - most_kept / 2);
  }

  std::vector<entry> ahead_;  // the next one last
  std::vector<block> seen_;
  std::size_t window_ = 2;
};

/// A blockstore of what is here and what peers have.
///
/// lifetime  of one caller; `base` outlives it
/// threads   all members from several threads
class fetching_blocks {
public:
  using opener = std::function<std::unique_ptr<block_fetch>()>;
  using screen = std::function<bool(cid const&)>;  // may not be fetched

  fetching_blocks(blockstore_ref base, opener open, screen blocked, cancel_check cancelled, std::chrono::nanoseconds patience = {})
      : base_{base}, open_{std::move(open)}, blocked_{std::move(blocked)}, cancelled_{std::move(cancelled)}, patience_{patience} {}

  auto get(cid const& id) const -> io_result<block> {
    if (expects(id)) return fetch(id);
    auto here = base_.get(id);
    if (here || !(here.error() == block_errc::not_found)) {
      if (here) note(*here);
      return here;
    }
    return fetch(id);
  }
  auto get_many(std::span<cid const> ids) const -> io_result<std::vector<block>> {
    if (ids.empty() || !expects(ids.front())) {
      auto all = base_.get_many(ids);
      if (all || !(all.error() == block_errc::not_found)) return all;
    }
    auto out = std::vector<block>{};
    out.reserve(ids.size());
    auto absent = std::vector<cid>{};
    for (auto const& id : ids) {
      CAIRN_TRY(auto here, base_.has(id));
      if (!here && !blocked_(id)) absent.push_back(id);
    }
    if (!absent.empty()) session().want(absent);
    for (auto const& id : ids) {
      CAIRN_TRY(auto b, get(id));
      out.push_back(std::move(b));
    }
    return out;
  }
  /// Whether it is here, after it was fetched where it was not.
  auto has(cid const& id) const -> io_result<bool> {
    CAIRN_TRY(auto here, base_.has(id));
    if (here) return true;
    CAIRN_TRY(fetch(id));
    return true;
  }
  auto get_size(cid const& id) const -> io_result<std::optional<std::uint64_t>> {
    CAIRN_TRY(auto here, base_.get_size(id));
    if (here) return here;
    CAIRN_TRY(auto b, fetch(id));
    return b.data().size();
  }
  auto put(block_view const& b) -> io_result<void> { return base_.put(b); }
  auto put_many(std::span<block_view const> blocks) -> io_result<void> { return base_.put_many(blocks); }
  auto remove(cid const& id) -> io_result<void> { return base_.remove(id); }

  /// From the network; it is not here, or is expected.
  auto fetch(cid const& id) const -> io_result<block> {
    auto& from = session();
    auto soon = look([&](auto const& is_here) { return ahead_.missing(id, is_here); });
    soon.insert(soon.begin(), id);
    from.want(soon);
    CAIRN_TRY(auto b, wait(from, id));
    soon = look([&](auto const& is_here) { return ahead_.came(b, is_here); });
    if (!soon.empty()) from.want(soon);
    return b;
  }
  /// Whether it was asked for ahead: `fetch` then has it sooner than the store.
  auto expects(cid const& id) const -> bool {
    auto* const from = [&] {
      auto const lock = std::lock_guard{guard_};
      return session_.get();
    }();
    return from && from->expects(id);
  }
  /// A block that the work read here.
  void note(block const& b) const {
    auto const soon = look([&](auto const& is_here) { return ahead_.met(b, is_here); });
    if (!soon.empty()) session().want(soon);
  }

private:
  auto wait(block_fetch& from, cid const& id) const -> io_result<block> {
    if (patience_.count() == 0) return from.get(id, cancelled_);
    auto const until = std::chrono::steady_clock::now() + patience_;
    auto late = false;
    auto b = from.get(id, [&] { return (cancelled_ && cancelled_()) || (late = std::chrono::steady_clock::now() > until); });
    if (!b && late) return std::unexpected(error::message("retrieval", "failed to retrieve " + to_string(id) + ": no connected peer sent it (phase: data retrieval)"));
    return b;
  }
  template <class F>
  auto look(F const& f) const -> std::vector<cid> {
    auto const is_here = std::function<bool(cid const&)>{[this](cid const& next) { return base_.has(next).value_or(true) || blocked_(next); }};
    auto const lock = std::lock_guard{guard_};
    return f(is_here);
  }
  auto session() const -> block_fetch& {
    auto const lock = std::lock_guard{guard_};
    if (!session_) session_ = open_();
    return *session_;
  }

  blockstore_ref base_;
  opener open_;
  screen blocked_;
  cancel_check cancelled_;
  std::chrono::nanoseconds patience_;
  mutable std::mutex guard_;
  mutable std::unique_ptr<block_fetch> session_;
  mutable read_ahead ahead_;
};

}  // namespace cairn::service::detail
