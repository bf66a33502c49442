#pragma once
// What stands behind a core API: the opened repo, shared by all who call. Only the bodies of the core API see it.
//
// Who locks what: blocks, metadata and keys of LevelDB, packs and flatfs lock for themselves, none while the disk works. Here are the
// locks of what is read, changed and written again: the config, and the files of keys. The pinset locks by CID.

#include <cairn/blockstore/filestore.hpp>
#include <cairn/blockstore/ref.hpp>
#include <cairn/core/bulk_write.hpp>
#include <cairn/core/try.hpp>
#include <cairn/ipld/node.hpp>
#include <cairn/ipld/resolve.hpp>
#include <cairn/naming/name_map.hpp>
#include <cairn/pin/pinset.hpp>
#include <cairn/pin/snapshot.hpp>
#include <cairn/repo/errc.hpp>
#include <cairn/repo/leases.hpp>
#include <cairn/repo/repo.hpp>
#include <cairn/service/core_api.hpp>
#include <cairn/service/impl/denylists.hpp>
#include <cairn/service/impl/fetching_blocks.hpp>
#include <cairn/service/impl/files_state.hpp>
#include <cairn/service/network.hpp>
#include <cairn/unixfs/read_ahead.hpp>

#include <atomic>
#include <chrono>
#include <filesystem>
#include <memory>
#include <mutex>
#include <optional>
#include <string>

namespace cairn::service::detail {

inline auto no_repo_in(std::string const& path) { return std::unexpected(error::message("core", "no IPFS repo found in " + path + ".\nplease run: 'ipfs init'")); }

inline auto steady_now() -> std::int64_t {
  return std::chrono::duration_cast<std::chrono::nanoseconds>(std::chrono::steady_clock::now().time_since_epoch()).count();
}

/// The folder that the repo's folder lies in, by its name: references of the filestore are below it.
inline auto folder_around(std::string folder) -> std::string {
  if (!folder.starts_with('/')) folder = std::filesystem::current_path().string() + "/" + folder;
  folder = std::filesystem::path{folder}.lexically_normal().string();
  while (folder.size() > 1 && folder.ends_with('/')) folder.pop_back();
  auto const slash = folder.rfind('/');
  return slash == 0 ? "/" : folder.substr(0, slash);
}

struct core_node {
  core_node(repo r, core_options const& o)
      : opened{std::move(r)}, online{o.online}, dns{o.dns}, name_map_text{o.name_map}, config{std::make_shared<ipld::node const>(opened.config())} {
    auto const enabled = [&](std::string_view key) {
      auto const* section = config->find("Experimental");
      auto const* value = section ? section->find(key) : nullptr;
      return value && value->as_boolean() && *value->as_boolean();
    };
    filestore_enabled = enabled("FilestoreEnabled");
    urlstore_enabled = enabled("UrlstoreEnabled");
    if (filestore_enabled || urlstore_enabled) files.emplace(blockstore_ref{opened.blocks()}, file_references{datastore_ref{opened.metadata()}, folder_around(opened.folder())});
  }

  repo opened;
  bool filestore_enabled = false, urlstore_enabled = false;  // as the config said when the repo was opened
  std::optional<filestore> files{};                         // over the blocks, where one of them is
  bool online;
  std::optional<dns_resolver_ref> dns;
  std::optional<std::string> name_map_text;

  std::mutex naming;  // held by who reads the record of a name and writes another; guards the next
  std::optional<name_map> fixed_names{};
  write_pace pace{steady_now, 1, waited_for_processor};  // of files that are written for the user

  read_ahead_budget ahead{20 * limits::MiB};  // of all answers together
  node_denylists denylists;

  std::mutex opening_pins;
  std::optional<pinset> opened_pins{};
  std::atomic<pinset*> pins = nullptr;  // of `opened_pins`: whoever finds it need not lock

  std::mutex saving_config;                  // held from reading the config to having written it
  std::mutex config_guard;                   // guards the pointer alone
  std::shared_ptr<ipld::node const> config;  // as on the disk; whoever reads an older one keeps it

  std::mutex keys;  // held by who changes the keystore

  block_leases leases;
  files_state mutable_files{opened.blocks(), leases};

  std::shared_ptr<node_network> network{};  // set before anybody calls, and taken away when nobody does any more
};

/// The repo's blocks as work stores them: noted by its lease, and peers that wait for one are told.
class shared_blocks {
public:
  shared_blocks(core_node& node, block_leases::lease& held) : node_{&node}, blocks_{node.opened.blocks(), held} {}

  auto has(cid const& id) const -> io_result<bool> { return blocks_.has(id); }
  auto get(cid const& id) const -> io_result<block> { return blocks_.get(id); }
  auto get_many(std::span<cid const> ids) const -> io_result<std::vector<block>> { return blocks_.get_many(ids); }
  auto get_size(cid const& id) const -> io_result<std::optional<std::uint64_t>> { return blocks_.get_size(id); }
  auto put(block_view const& b) -> io_result<void> { return put_many({&b, 1}); }
  auto put_many(std::span<block_view const> blocks) -> io_result<void> {
    CAIRN_TRY(blocks_.put_many(blocks));
    if (!node_->network) return {};
    auto ids = std::vector<cid>{};
    for (auto const& b : blocks) ids.push_back(b.id());
    node_->network->stored(ids);
    return {};
  }
  auto remove(cid const& id) -> io_result<void> { return blocks_.remove(id); }
  auto sync() -> io_result<void> { return blocks_.sync(); }
  auto keys() const -> io_result<std::unique_ptr<key_cursor>> { return blocks_.keys(); }

private:
  core_node* node_;
  leased_blocks blocks_;
};

struct core_state {
  core_options options;  // of this caller
  std::shared_ptr<core_node> node;

  std::mutex work_guard{};
  std::weak_ptr<block_leases::lease> longer_work{};  // of `begin_work`

  std::optional<fetching_blocks> fetching{};  // where there is a network, and the caller wants it

  core_state(core_options o, std::shared_ptr<core_node> n) : options{std::move(o)}, node{std::move(n)} { open_fetching(); }

  void open_fetching() {
    if (!node->network || options.offline) return;
    auto const open = [this] {
      struct storing {
        explicit storing(std::shared_ptr<core_node> n) : node{std::move(n)}, lease{node->leases.take()}, blocks{node->opened.blocks(), lease} {}
        std::shared_ptr<core_node> node;
        block_leases::lease lease;
        leased_blocks blocks;
      };
      auto to = std::make_shared<storing>(node);
      auto const into = blockstore_ref{to->blocks};
      return node->network->open_fetch(std::move(to), into);
    };
    auto const is_blocked = [this](cid const& id) {
      auto const rules = node->denylists.current(opened().folder());
      return !rules || (!(*rules)->empty() && (*rules)->blocks(id));
    };
    fetching.emplace(blocks(), open, is_blocked, options.cancelled, std::chrono::nanoseconds{options.patience});
  }

  auto opened() const -> repo& { return node->opened; }
  auto blocks() const -> blockstore_ref { return node->files ? blockstore_ref{*node->files} : blockstore_ref{node->opened.blocks()}; }
  /// To read content from: what is not here is fetched, where there is a network.
  auto reading() -> blockstore_ref { return fetching ? blockstore_ref{*fetching} : blocks(); }
  auto reading() const -> blockstore_ref { return fetching ? blockstore_ref{const_cast<fetching_blocks&>(*fetching)} : blocks(); }
  auto config() const -> std::shared_ptr<ipld::node const> {
    auto const lock = std::lock_guard{node->config_guard};
    return node->config;
  }
  auto pins() const -> io_result<pinset*> {
    if (auto* const known = node->pins.load(std::memory_order_acquire)) return known;
    auto const lock = std::lock_guard{node->opening_pins};
    if (!node->opened_pins) {
      CAIRN_TRY(node->opened_pins, pinset::open(node->opened.metadata()));
      if (auto taken = take_old_pins(*node->opened_pins); !taken) {
        node->opened_pins.reset();
        return std::unexpected(std::move(taken).error());
      }
      node->pins.store(&*node->opened_pins, std::memory_order_release);
    }
    return &*node->opened_pins;
  }
  /// The pins of a node before version 0.8, once.
  auto take_old_pins(pinset& pins) const -> io_result<void> {
    constexpr auto key = std::string_view{"/local/pins"};
    CAIRN_TRY(auto value, node->opened.metadata().get(key));
    if (!value) return {};
    auto const root = decode_cid(*value);
    if (!root) return std::unexpected(error{root.error()}.about(std::string{key}));
    CAIRN_TRY(read_old_pins(blocks(), *root, [&](pin const& p) -> io_result<void> {
      auto done = pins.add(p);
      return !done && done.error() == pin_errc::pinned_recursively ? io_result<void>{} : done;
    }));
    return node->opened.metadata().remove(key);
  }
  auto check_cancelled() const -> io_result<void> {
    if (options.cancelled && options.cancelled()) return std::unexpected(error::message("core", "canceled"));
    return {};
  }
};

/// Whoever stores blocks, or pins what is here, does it through one of these, and keeps it until a pin or a root names the result:
/// a collection that runs meanwhile removes nothing of it.
class core_work {
public:
  explicit core_work(core_state& state) : node_{state.node} {
    auto const lock = std::lock_guard{state.work_guard};
    lease_ = state.longer_work.lock();
    if (!lease_) lease_ = std::make_shared<block_leases::lease>(node_->leases.take());
    blocks_.emplace(*node_, *lease_);
  }

  /// The store to put into.
  auto blocks() -> blockstore_ref { return *blocks_; }

  /// To be called before a DAG that is here is looked at in order to keep it; then `keeping` reads it.
  void hold(cid const& root, bool alone = false) { sweeping_ = lease_->hold(root, alone) || sweeping_; }

  auto sweeping() const -> bool { return sweeping_; }

  /// Whether a block is here, and stays.
  auto keep(cid const& id) -> io_result<bool> {
    auto stored = false;
    if (sweeping_) {
      CAIRN_TRY(auto here, node_->opened.blocks().keep({&id, 1}));
      stored = here[0];
    } else {
      CAIRN_TRY(stored, node_->opened.blocks().has(id));
    }
    if (stored || !node_->files) return stored;
    return node_->files->references().has(id.hash());  // what lies in a file of the user's is not swept
  }
  auto get(cid const& id) -> io_result<block> {
    if (sweeping_ && id.hash().code() != code::identity) {
      CAIRN_TRY(auto here, keep(id));
      if (!here) return std::unexpected(error{block_errc::not_found}.about(to_string(id)));
    }
    return node_->files ? node_->files->get(id) : node_->opened.blocks().get(id);
  }

private:
  std::shared_ptr<core_node> node_;
  std::shared_ptr<block_leases::lease> lease_;
  std::optional<shared_blocks> blocks_;
  bool sweeping_ = false;
};

/// The error of a block that is not here, as Kubo's users see it offline; other errors stay.
inline auto offline_error(cid const& id, error e) -> error {
  if (e == block_errc::not_found) return error::message("missing block", "block was not found locally (offline): ipld: could not find " + to_string(id));
  return e;
}

/// The same where the error names the block.
inline auto offline_error_of(error e) -> error {
  if (!(e == block_errc::not_found)) return e;
  auto const id = parse_cid(e.subject());
  return id ? offline_error(*id, std::move(e)) : e;
}

/// errors    also: blocked, whatever path led to it
inline auto load_from(blockstore_ref from, core_state const& state, cid const& id) -> io_result<block> {
  CAIRN_TRY(auto const rules, state.node->denylists.current(state.opened().folder()));
  if (!rules->empty() && rules->blocks(id)) return std::unexpected(blocked_error(to_string(id)));
  auto b = from.get(id);
  if (!b) return std::unexpected(offline_error(id, std::move(b).error()));
  return b;
}

inline auto load(core_state const& state, cid const& id) -> io_result<block> { return load_from(state.reading(), state, id); }

/// What a DAG is read by in order to keep it; what is missing is fetched, where there is a network.
struct keeping_reader {
  core_work* work;
  core_state const* state;
  auto get(cid const& id) const -> io_result<block> {
    if (state->fetching && state->fetching->expects(id)) return state->fetching->fetch(id);
    auto b = work->get(id);
    if (b && state->fetching) state->fetching->note(*b);
    if (b) return b;
    if (state->fetching && b.error() == block_errc::not_found) return state->fetching->fetch(id);
    return std::unexpected(offline_error(id, std::move(b).error()));
  }
};

inline auto check_not_blocked(core_state const& state, content_path const& path) -> io_result<void> {
  CAIRN_TRY(auto const rules, state.node->denylists.current(state.opened().folder()));
  if (!rules->empty() && rules->blocks(path)) return std::unexpected(blocked_error(to_string(path)));
  return {};
}

/// The blocks of the repo without those that are blocked.
class screened_blocks {
public:
  screened_blocks(blockstore_ref below, std::shared_ptr<denylist const> rules) : below_{below}, rules_{std::move(rules)} {}
  auto has(cid const& id) const -> io_result<bool> { return below_.has(id); }
  auto get(cid const& id) const -> io_result<block> {
    if (!rules_->empty() && rules_->blocks(id)) return std::unexpected(blocked_error(to_string(id)));
    return below_.get(id);
  }
  auto get_many(std::span<cid const> ids) const -> io_result<std::vector<block>> {
    if (!rules_->empty())
      for (auto const& id : ids)
        if (rules_->blocks(id)) return std::unexpected(blocked_error(to_string(id)));
    return below_.get_many(ids);
  }
  auto put(block_view const& b) -> io_result<void> { return below_.put(b); }
  auto remove(cid const& id) -> io_result<void> { return below_.remove(id); }

private:
  blockstore_ref below_;
  std::shared_ptr<denylist const> rules_;
};

/// A store whose errors of missing blocks are Kubo's.
struct content_reader_of {
  core_state const* state;
  auto get(cid const& id) const -> io_result<block> { return load(*state, id); }
};
/// The same that asks nobody.
struct offline_reader {
  core_state const* state;
  auto get(cid const& id) const -> io_result<block> { return load_from(state->blocks(), *state, id); }
};

}  // namespace cairn::service::detail
