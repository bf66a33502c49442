#pragma once

#include <cairn/blockstore/forward.hpp>
#include <cairn/concept/layer.hpp>

#include <list>
#include <memory>
#include <mutex>
#include <unordered_map>

namespace cairn {

/// Which reading of a block makes a cache keep it.
enum class cache_admission : byte { first_read, second_read };
inline constexpr std::size_t cached_marks = 8192;  ///< of blocks that were read once, for `second_read`

/// Keeps the blocks that were read last, up to a number and up to a size: a copy of a pointer in place of a read and a hash.
///
/// With `cache_admission::second_read` a block is kept when it is read again soon: one long read of everything pushes nothing out.
///
/// memory    at most max_bytes, and `overhead` for each of max_entries; a block above an eighth of max_bytes is not kept
/// threads   const members may be called from several threads; the lock is not held while the store below is read
template <blockstore S>
class cached_blockstore : public forwarding_blockstore<S> {
public:
  static constexpr std::uint64_t overhead = 2 * sizeof(multihash) + sizeof(buffer) + 96;

  cached_blockstore(S below, std::size_t max_entries, std::uint64_t max_bytes, cache_admission admits = cache_admission::first_read)
      : forwarding_blockstore<S>{std::move(below)}, kept_{std::make_unique<state>()}, max_entries_{max_entries}, max_bytes_{max_bytes} {
    if (admits == cache_admission::second_read && keeps()) kept_->read_once.resize(cached_marks);
  }

  auto has(cid const& id) const -> io_result<bool> {
    if (keeps() && find(id)) return true;
    return this->below_.has(id);
  }
  auto get(cid const& id) const -> io_result<block> {
    if (!keeps()) return this->below_.get(id);
    if (auto hit = find(id)) return detail::block_access::make(id, *std::move(hit));
    auto const epoch = now();
    CAIRN_TRY(auto b, this->below_.get(id));
    keep(b, epoch);
    return b;
  }
  auto get_many(std::span<cid const> ids) const -> io_result<std::vector<block>> {
    if (!keeps()) return cairn::get_many(this->below_, ids);
    auto missing = std::vector<cid>{};
    auto hits = std::vector<std::optional<buffer>>{};
    hits.reserve(ids.size());
    for (auto const& id : ids)
      if (!hits.emplace_back(find(id))) missing.push_back(id);
    auto const epoch = now();
    auto found = std::vector<block>{};
    if (!missing.empty()) {
      CAIRN_TRY(found, cairn::get_many(this->below_, std::span<cid const>{missing}));
    }
    auto out = std::vector<block>{};
    out.reserve(ids.size());
    auto next = found.begin();
    for (std::size_t i = 0; i < ids.size(); ++i) {
      if (hits[i]) {
        out.push_back(detail::block_access::make(ids[i], *std::move(hits[i])));
      } else {
        keep(*next, epoch);
        out.push_back(std::move(*next++));
      }
    }
    return out;
  }
  auto get_size(cid const& id) const -> io_result<std::optional<std::uint64_t>> {
    if (auto hit = keeps() ? find(id) : std::nullopt) return hit->size();
    return cairn::get_size(this->below_, id);
  }
  auto remove(cid const& id) -> io_result<void> {
    CAIRN_TRY(this->below_.remove(id));
    if (!keeps()) return {};
    auto const lock = std::lock_guard{kept_->guard};
    ++kept_->epoch;  // a read that began before must not bring it back
    if (auto const at = kept_->index.find(id.hash()); at != kept_->index.end()) drop(at->second);
    return {};
  }

  /// Forget everything: after blocks were removed behind this layer's back.
  void clear() {
    auto const lock = std::lock_guard{kept_->guard};
    empty();
  }

  /// From here until `resume` nothing is kept and every question goes to the store below: while blocks are removed behind this layer's back.
  void pause() {
    auto const lock = std::lock_guard{kept_->guard};
    ++kept_->pauses;
    empty();
  }
  void resume() {
    auto const lock = std::lock_guard{kept_->guard};
    --kept_->pauses;
    ++kept_->epoch;
  }

  auto cached_blocks() const -> std::size_t { return locked([](state& s) { return s.order.size(); }); }
  auto cached_bytes() const -> std::uint64_t { return locked([](state& s) { return s.bytes; }); }

private:
  struct entry {
    multihash hash;
    buffer data;
  };
  struct state {
    std::mutex guard;
    std::list<entry> order;  // the last read first
    std::unordered_map<multihash, typename std::list<entry>::iterator> index;
    std::vector<std::uint32_t> read_once;  // marks of blocks, each where its hash says; none where the first read admits
    std::uint64_t bytes = 0, epoch = 0;
    std::size_t pauses = 0;
  };

  auto keeps() const -> bool { return max_entries_ != 0 && max_bytes_ != 0; }
  void empty() const {
    ++kept_->epoch;
    kept_->index.clear();
    kept_->order.clear();
    kept_->bytes = 0;
  }
  auto admits(multihash const& hash) const -> bool {
    auto& marks = kept_->read_once;
    if (marks.empty()) return true;
    auto const h = std::hash<multihash>{}(hash);
    auto const mark = static_cast<std::uint32_t>(h >> 13) | 1;
    return std::exchange(marks[h % cached_marks], mark) == mark;
  }
  template <class F>
  auto locked(F f) const {
    auto const lock = std::lock_guard{kept_->guard};
    return f(*kept_);
  }
  auto now() const -> std::uint64_t { return locked([](state& s) { return s.epoch; }); }
  auto find(cid const& id) const -> std::optional<buffer> {
    auto const lock = std::lock_guard{kept_->guard};
    auto const at = kept_->index.find(id.hash());
    if (at == kept_->index.end()) return std::nullopt;
    kept_->order.splice(kept_->order.begin(), kept_->order, at->second);
    return at->second->data;
  }
  void drop(typename std::list<entry>::iterator which) const {
    kept_->bytes -= which->data.size();
    kept_->index.erase(which->hash);
    kept_->order.erase(which);
  }
  void keep(block const& b, std::uint64_t epoch) const {
    auto const size = b.data().size();
    if (max_entries_ == 0 || size > max_bytes_ / 8) return;
    auto const lock = std::lock_guard{kept_->guard};
    if (kept_->pauses != 0 || kept_->epoch != epoch || kept_->index.contains(b.id().hash()) || !admits(b.id().hash())) return;
    while (!kept_->order.empty() && (kept_->order.size() >= max_entries_ || kept_->bytes + size > max_bytes_))
      drop(std::prev(kept_->order.end()));
    kept_->order.push_front({b.id().hash(), b.share()});
    kept_->index.emplace(b.id().hash(), kept_->order.begin());
    kept_->bytes += size;
  }

  std::unique_ptr<state> kept_;
  std::size_t max_entries_;
  std::uint64_t max_bytes_;
};

/// The layer that keeps what was read.
struct cached_layer {
  static constexpr std::string_view layer_name = "cached";
  std::size_t max_entries = 1024;
  std::uint64_t max_bytes = 64 * limits::MiB;
  cache_admission admits = cache_admission::first_read;

  auto peak_bytes() const -> std::uint64_t {
    auto const marks = admits == cache_admission::second_read ? std::uint64_t{cached_marks} * sizeof(std::uint32_t) : 0;
    return max_bytes + max_entries * (2 * sizeof(multihash) + sizeof(buffer) + 96) + marks;
  }

  template <class S>
  static constexpr bool takes = blockstore<S>;
  template <class Hashes = void, class S>
  auto wrap(S store) const {
    return cached_blockstore<S>{std::move(store), max_entries, max_bytes, admits};
  }
};

/// Keep up to so many blocks, of so many bytes together.
constexpr auto cached(std::size_t max_entries, std::uint64_t max_bytes = 64 * limits::MiB, cache_admission admits = cache_admission::first_read) -> cached_layer {
  return {max_entries, max_bytes, admits};
}

static_assert(blockstore_layer<cached_layer>);

}  // namespace cairn
