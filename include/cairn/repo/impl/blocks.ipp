#pragma once

#include <cairn/core/try.hpp>
#include <cairn/repo/impl/engine.hpp>
#include <cairn/repo/impl/inner.hpp>
#include <cairn/repo/impl/reserve.hpp>

#include <atomic>

namespace cairn {
namespace detail {

struct repo_blocks_state {
  std::string folder;
  datastore_spec spec;
  bool create;
  engine_options options;
  std::mutex guard;
  std::unique_ptr<repo_engine> engine;
  std::atomic<repo_engine*> ready = nullptr;  // of `engine`: whoever finds it need not lock
};

inline auto open_engine(std::string const& folder, datastore_spec const& spec, bool create, engine_options const& o) -> io_result<std::unique_ptr<repo_engine>> {
  auto const blocks = in_repo(folder, spec.blocks_path);
  if (spec.engine == block_engine::flatfs) {
    CAIRN_TRY(auto raw, flatfs_blockstore::open(blocks, {.sync = spec.sync, .create = create, .shard = spec.shard}));
    return std::make_unique<flatfs_engine>(std::move(raw), o);
  }
  auto options = packs_options{};
  options.background = true;
  options.blocks = blocks;
  options.clock = o.clock;
  options.sync = spec.sync ? sync_mode::commit : sync_mode::off;
  CAIRN_TRY(auto raw, packs::open(std::move(options)));
  return std::make_unique<packs_engine>(std::move(raw), o);
}

}  // namespace detail

CAIRN_DECL repo_blocks::repo_blocks(std::string repo_folder, datastore_spec const& spec, bool create, steady_nanoseconds clock, std::uint64_t cache_bytes)
    : engine_{spec.engine}, state_{std::make_unique<detail::repo_blocks_state>()} {
  state_->folder = std::move(repo_folder);
  state_->spec = spec;
  state_->create = create;
  state_->options = {clock, cache_bytes};
}
CAIRN_DECL repo_blocks::repo_blocks(repo_blocks&&) noexcept = default;
CAIRN_DECL auto repo_blocks::operator=(repo_blocks&&) noexcept -> repo_blocks& = default;
CAIRN_DECL repo_blocks::~repo_blocks() = default;

CAIRN_DECL auto repo_blocks::opened() const -> io_result<detail::repo_engine*> {
  if (auto* const engine = state_->ready.load(std::memory_order_acquire)) return engine;
  auto const lock = std::lock_guard{state_->guard};
  if (!state_->engine) {
    // an index is written while it is opened
    auto const reserve = detail::metadata_reserve{state_->folder + "/" + std::string{detail::reserve_file}};
    auto const room = reserve.lend(detail::metadata_reserve::least);
    CAIRN_TRY(state_->engine, detail::open_engine(state_->folder, state_->spec, state_->create, state_->options));
    state_->ready.store(state_->engine.get(), std::memory_order_release);
  }
  return state_->engine.get();
}

CAIRN_DECL auto repo_blocks::counts() const -> store_counts const* {
  auto* const engine = state_->ready.load(std::memory_order_acquire);
  return engine ? &engine->counts() : nullptr;
}

CAIRN_DECL auto repo_blocks::has(cid const& id) const -> io_result<bool> {
  CAIRN_TRY(auto* engine, opened());
  return engine->store().has(id);
}
CAIRN_DECL auto repo_blocks::get(cid const& id) const -> io_result<block> {
  CAIRN_TRY(auto* engine, opened());
  return engine->store().get(id);
}
CAIRN_DECL auto repo_blocks::get_many(std::span<cid const> ids) const -> io_result<std::vector<block>> {
  CAIRN_TRY(auto* engine, opened());
  return engine->store().get_many(ids);
}
CAIRN_DECL auto repo_blocks::get_size(cid const& id) const -> io_result<std::optional<std::uint64_t>> {
  CAIRN_TRY(auto* engine, opened());
  return engine->store().get_size(id);
}
CAIRN_DECL auto repo_blocks::put(block_view const& b) -> io_result<void> {
  CAIRN_TRY(auto* engine, opened());
  engine->before_put({&b, 1});
  return engine->store().put(b);
}
CAIRN_DECL auto repo_blocks::put_many(std::span<block_view const> blocks) -> io_result<void> {
  CAIRN_TRY(auto* engine, opened());
  engine->before_put(blocks);
  return engine->store().put_many(blocks);
}
CAIRN_DECL auto repo_blocks::remove(cid const& id) -> io_result<void> {
  CAIRN_TRY(auto* engine, opened());
  return engine->store().remove(id);
}
CAIRN_DECL auto repo_blocks::sync() -> io_result<void> {
  auto* const engine = state_->ready.load(std::memory_order_acquire);
  return engine ? engine->store().sync() : io_result<void>{};
}
CAIRN_DECL auto repo_blocks::keys() const -> io_result<std::unique_ptr<key_cursor>> {
  CAIRN_TRY(auto* engine, opened());
  return engine->store().keys();
}
CAIRN_DECL auto repo_blocks::facts() const -> io_result<blocks_facts> {
  CAIRN_TRY(auto* engine, opened());
  return engine->facts();
}
CAIRN_DECL auto repo_blocks::disk_bytes() const -> io_result<std::uint64_t> {
  CAIRN_TRY(auto* engine, opened());
  return engine->disk_bytes();
}
CAIRN_DECL auto repo_blocks::verify(std::function<void(damaged_block const&)> const& sink) -> io_result<verify_report> {
  CAIRN_TRY(auto* engine, opened());
  return engine->verify(sink);
}
CAIRN_DECL auto repo_blocks::keep(std::span<cid const> ids) -> io_result<std::vector<bool>> {
  CAIRN_TRY(auto* engine, opened());
  return engine->keep(ids);
}
CAIRN_DECL auto repo_blocks::begin_collection() -> io_result<collection> {
  CAIRN_TRY(auto* engine, opened());
  return collection{engine->begin_collection()};
}
CAIRN_DECL auto repo_blocks::aim(std::uint64_t disk_bytes) -> io_result<void> {
  CAIRN_TRY(auto* engine, opened());
  engine->aim(disk_bytes);
  return {};
}
CAIRN_DECL void repo_blocks::forget_cached() {
  if (auto* const engine = state_->ready.load(std::memory_order_acquire)) engine->forget_cached();
}
CAIRN_DECL auto repo_blocks::close() -> io_result<void> {
  auto const lock = std::lock_guard{state_->guard};
  if (!state_->engine) return {};
  auto const done = state_->engine->close();
  state_->ready.store(nullptr, std::memory_order_release);
  state_->engine.reset();
  return done;
}

CAIRN_DECL repo_blocks::collection::collection(std::unique_ptr<body> b) : body_{std::move(b)} {}
CAIRN_DECL repo_blocks::collection::collection(collection&&) noexcept = default;
CAIRN_DECL repo_blocks::collection::~collection() = default;
CAIRN_DECL auto repo_blocks::collection::sweep(std::function<bool(multihash const&)> const& live,
                                               std::function<void(multihash const&)> const& removed,
                                               std::function<void(multihash const&, error const&)> const& failed) -> io_result<sweep_report> {
  return body_->sweep(live, removed, failed);
}

}  // namespace cairn
