#pragma once
// An engine behind one face. Only the bodies of this module see it.

#include <cairn/blockstore/flatfs.hpp>
#include <cairn/blockstore/packs/packs.hpp>
#include <cairn/blockstore/pipe.hpp>
#include <cairn/multiformats/multihash_set.hpp>
#include <cairn/repo/blocks.hpp>

#include <mutex>

namespace cairn {

struct repo_blocks::collection::body {
  virtual ~body() = default;
  virtual auto sweep(std::function<bool(multihash const&)> const& live, std::function<void(multihash const&)> const& removed)
      -> io_result<sweep_report> = 0;
};

namespace detail {

class repo_engine {
public:
  virtual ~repo_engine() = default;
  virtual auto store() -> blockstore_ref = 0;
  virtual auto facts() -> io_result<blocks_facts> = 0;
  virtual auto disk_bytes() -> io_result<std::uint64_t> = 0;
  virtual auto verify(std::function<void(damaged_block const&)> const& sink) -> io_result<verify_report> = 0;
  virtual auto begin_collection() -> std::unique_ptr<repo_blocks::collection::body> = 0;
  virtual auto close() -> io_result<void> = 0;
};

class flatfs_engine final : public repo_engine {
public:
  explicit flatfs_engine(flatfs_blockstore raw) : store_{std::move(raw) | verified | identity} {}
  auto store() -> blockstore_ref override { return store_; }
  auto disk_bytes() -> io_result<std::uint64_t> override { return raw().disk_usage(); }
  auto close() -> io_result<void> override { return raw().sync(); }

  auto facts() -> io_result<blocks_facts> override {
    auto out = blocks_facts{};
    CAIRN_TRY(out.disk_bytes, disk_bytes());
    CAIRN_TRY(auto all, raw().keys());
    for (;;) {
      CAIRN_TRY(auto key, all.next());
      if (!key) return out;
      ++out.blocks;
    }
  }

  auto verify(std::function<void(damaged_block const&)> const& sink) -> io_result<verify_report> override {
    auto out = verify_report{};
    CAIRN_TRY(auto all, raw().keys());
    auto batch = std::vector<unverified_block>{};
    auto bytes_held = std::size_t{0};
    auto const bad = [&](cid const& id, error const& why) {
      ++out.damaged;
      if (sink) sink({id, std::string{why.clause()}});
    };
    auto const flush = [&] {
      auto const count = batch.size();
      auto copies = batch;
      if (verify_many(std::move(copies))) {
        out.blocks += count;
        out.bytes += bytes_held;
      } else {
        for (auto const& b : batch)
          if (auto const right = check(b.id, b.data); right)
            ++out.blocks, out.bytes += b.data.size();
          else
            bad(b.id, right.error());
      }
      batch.clear();
      bytes_held = 0;
    };
    for (;;) {
      CAIRN_TRY(auto key, all.next());
      if (!key) break;
      auto const id = cid::v1(code::raw, *key);
      auto b = raw().get(id);
      if (!b && b.error() == block_errc::not_found) continue;  // removed meanwhile
      if (!b) {
        bad(id, b.error());
        continue;
      }
      bytes_held += b->data.size();
      batch.push_back(*std::move(b));
      if (batch.size() == 64 || bytes_held > 8 * limits::MiB) flush();
    }
    flush();
    return out;
  }

  auto begin_collection() -> std::unique_ptr<repo_blocks::collection::body> override { return std::make_unique<sweeper>(raw()); }

private:
  struct sweeper final : repo_blocks::collection::body {
    explicit sweeper(flatfs_blockstore& of) : raw{of} {}
    auto sweep(std::function<bool(multihash const&)> const& live, std::function<void(multihash const&)> const& removed)
        -> io_result<sweep_report> override {
      auto out = sweep_report{};
      CAIRN_TRY(auto all, raw.keys());
      for (;;) {
        CAIRN_TRY(auto key, all.next());
        if (!key) break;
        if (live(*key)) continue;
        auto const id = cid::v1(code::raw, *key);
        CAIRN_TRY(auto size, raw.get_size(id));
        if (auto gone = raw.remove(id); !gone) {
          ++out.failed;
          if (!out.first_failure) out.first_failure = std::move(gone).error();
          continue;
        }
        ++out.removed_blocks;
        out.removed_bytes += size.value_or(0);
        if (removed) removed(*key);
      }
      CAIRN_TRY(raw.sync());
      return out;
    }
    flatfs_blockstore& raw;
  };

  auto raw() -> flatfs_blockstore& { return store_.below().below(); }
  identity_blockstore<verified_blockstore<flatfs_blockstore>> store_;
};

class packs_engine final : public repo_engine {
public:
  explicit packs_engine(packs raw) : store_{std::move(raw) | verified | identity} {}
  auto store() -> blockstore_ref override { return store_; }
  auto disk_bytes() -> io_result<std::uint64_t> override { return raw().stats().disk_bytes; }
  auto facts() -> io_result<blocks_facts> override {
    auto const s = raw().stats();
    return blocks_facts{s.blocks, s.disk_bytes};
  }
  auto close() -> io_result<void> override { return raw().close(); }

  auto verify(std::function<void(damaged_block const&)> const& sink) -> io_result<verify_report> override {
    CAIRN_TRY(auto found, raw().verify());
    if (sink)
      for (auto const& d : found.damage) sink({d.id, d.where + ": " + d.what});
    return verify_report{found.blocks, found.bytes, found.damage.size()};
  }

  auto begin_collection() -> std::unique_ptr<repo_blocks::collection::body> override { return std::make_unique<sweeper>(raw().begin_collection()); }

private:
  struct sweeper final : repo_blocks::collection::body {
    explicit sweeper(packs::collection c) : inner{std::move(c)} {}
    auto sweep(std::function<bool(multihash const&)> const& live, std::function<void(multihash const&)> const& removed)
        -> io_result<sweep_report> override {
      auto told = multihash_set{};  // packs asks more than once
      CAIRN_TRY(auto done, inner.sweep([&](multihash const& h) {
        if (live(h)) return true;
        if (removed && told.insert(h)) removed(h);
        return false;
      }));
      return sweep_report{done.removed_blocks, done.removed_bytes, 0, {}};
    }
    packs::collection inner;
  };

  auto raw() -> packs& { return store_.below().below(); }
  identity_blockstore<verified_blockstore<packs>> store_;
};

}  // namespace detail
}  // namespace cairn
