#pragma once
// The mutable files while one caller works on them, and what its methods share.

#include <cairn/core/try.hpp>
#include <cairn/ipld/cid_set.hpp>
#include <cairn/ipld/dag_pb_wire.hpp>
#include <cairn/mfs/tree.hpp>
#include <cairn/repo/gc.hpp>
#include <cairn/service/config_text.hpp>
#include <cairn/service/core_files_api.hpp>
#include <cairn/service/impl/core_add.ipp>
#include <cairn/service/impl/core_state.hpp>
#include <cairn/service/impl/handler.hpp>

#include <chrono>
#include <unordered_map>

namespace cairn::service::detail {

inline constexpr std::string_view files_root_key = "/local/filesroot";

inline auto now_of_files() -> unixfs_time {
  auto const n = std::chrono::duration_cast<std::chrono::nanoseconds>(std::chrono::system_clock::now().time_since_epoch()).count();
  return {n / 1'000'000'000, static_cast<std::uint32_t>(n % 1'000'000'000)};
}

/// An error of MFS with Kubo's words around it.
inline auto around(std::string front, error const& e) -> error { return error::message("files", std::move(front) + to_string(e)); }

/// Before a DAG that is here comes into the files, while they are not locked: a collection under way leaves all of it. What is not here
/// cannot go, and is no error.
inline auto keep_whole(core_state const& state, core_work& work, cid const& root) -> io_result<void> {
  work.hold(root);
  if (!work.sweeping()) return {};
  auto seen = cid_set{};
  auto todo = std::vector<cid>{root};
  while (!todo.empty()) {
    auto const id = todo.back();
    todo.pop_back();
    if (!seen.insert(id)) continue;
    if (id.codec() == code::raw) {
      CAIRN_TRY(work.keep(id));
      continue;
    }
    auto b = work.get(id);
    if (!b) continue;
    CAIRN_TRY(state.check_cancelled());
    if (auto const pb = read_dag_pb(b->data()); id.codec() == code::dag_pb && pb)
      for (auto const& l : pb->links()) todo.push_back(l.id);
  }
  return {};
}

/// The files while they are locked.
class locked_files {
public:
  explicit locked_files(core_state& state) : state_{state}, files_{state.node->mutable_files}, lock_{files_.guard} {}

  auto tree() -> io_result<mfs_tree*> {
    if (files_.tree) return &*files_.tree;
    CAIRN_TRY(auto options, import_options_now());
    CAIRN_TRY(files_.kept, read_files_root(state_.opened().metadata()));
    auto root = files_.kept;
    if (!root) {
      auto empty = directory{files_.store, {}};
      CAIRN_TRY(auto made, empty.save());
      root = made.id;
    }
    auto opened = mfs_tree::open(files_.store, *root, {.directories = options.directory});
    if (!opened) return std::unexpected(around("error loading filesroot from dagservice: ", offline_error_of(std::move(opened).error())));
    files_.tree.emplace(*std::move(opened));
    return &*files_.tree;
  }

  auto import_options_now() -> io_result<tree_options> { return tree_options_of(add_request{}, *state_.config()); }

  auto prefix(std::optional<files_prefix> const& asked) -> io_result<files_prefix> {
    if (asked) return *asked;
    CAIRN_TRY(auto options, import_options_now());
    return files_prefix{options.directory.cid_version, options.directory.hash};
  }

  /// To be called before a change.
  auto count(bool flush) -> io_result<void> {
    if (flush) {
      files_.unflushed = 0;
      return {};
    }
    auto limit = std::int64_t{256};
    auto const config = state_.config();
    if (auto const set = config_value(*config, "Internal.MFSNoFlushLimit"))
      if (auto const* n = (*set)->as_integer()) limit = n->to_int64().value_or(limit);
    if (limit > 0 && files_.unflushed >= static_cast<std::uint64_t>(limit))
      return fail("reached limit of " + std::to_string(limit) + " unflushed MFS operations. To resolve: 1) run 'ipfs files flush' to persist changes, 2) use --flush=true (default), or "
                  "3) increase Internal.MFSNoFlushLimit in config");
    ++files_.unflushed;
    return {};
  }

  /// What was here before is named by the tree from now on. Whoever calls has kept it from a sweep under way: by `keep_whole`, because
  /// he has just stored it under a lease, or because it is in the files already.
  void hold(cid const& root) { static_cast<void>(files_.store.lease().hold(root)); }

  /// Blocks, then the root.
  auto commit() -> io_result<void> {
    auto done = write_root();
    if (!done && files_.unflushed == 0) files_.tree.reset();  // as the metadata has it, at the next call
    return done;
  }
  auto finish(bool flush) -> io_result<void> { return flush ? commit() : io_result<void>{}; }

  auto files() -> files_state& { return files_; }
  void unlock() { lock_.unlock(); }

private:
  auto write_root() -> io_result<void> {
    CAIRN_TRY(auto* const tree, this->tree());
    CAIRN_TRY(auto root, tree->save());
    if (files_.kept != root.id) {
      CAIRN_TRY(files_.store.sync());
      CAIRN_TRY(state_.opened().metadata().put(files_root_key, to_bytes(root.id)));
      files_.kept = root.id;
    }
    files_.unflushed = 0;
    files_.store.release();
    return {};
  }

  core_state& state_;
  files_state& files_;
  std::unique_lock<std::mutex> lock_;
};

inline auto files_folder(std::string_view path) -> std::string {
  auto const slash = path.rfind('/');
  return slash == 0 || slash == path.npos ? "/" : std::string{path.substr(0, slash)};
}

inline auto files_base(std::string_view path) -> std::string {
  while (path.size() > 1 && path.ends_with('/')) path.remove_suffix(1);
  return std::string{path.substr(path.rfind('/') + 1)};
}

/// Which blocks below a node are here: all, and the bytes of those that are, a repeated one counted each time.
class locality_walk {
public:
  explicit locality_walk(core_state const& state) : state_{state} {}
  auto of(block const& b, int depth = 0) -> io_result<std::pair<bool, std::uint64_t>> {
    if (depth > 1024) return fail("a DAG is deeper than 1024 nodes");
    CAIRN_TRY(state_.check_cancelled());
    auto out = std::pair{true, std::uint64_t{b.data().size()}};
    if (b.id().codec() != code::dag_pb) return out;
    auto const pb = read_dag_pb(b.data());
    if (!pb) return std::unexpected(error{pb.error()}.about(to_string(b.id())));
    for (auto const& l : pb->links()) {
      auto known = known_.find(l.id);
      if (known == known_.end()) {
        auto below = state_.blocks().get(l.id);
        auto facts = std::pair{false, std::uint64_t{0}};
        if (below) {
          CAIRN_TRY(facts, of(*below, depth + 1));
        } else if (!(below.error() == block_errc::not_found)) {
          return std::unexpected(std::move(below).error());
        }
        known = known_.emplace(l.id, facts).first;
      }
      out.first = out.first && known->second.first;
      out.second += known->second.second;
    }
    return out;
  }

private:
  core_state const& state_;
  std::unordered_map<cid, std::pair<bool, std::uint64_t>> known_;
};

}  // namespace cairn::service::detail
