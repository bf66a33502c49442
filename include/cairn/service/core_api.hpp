#pragma once

#include <cairn/concept/dns_resolver.hpp>
#include <cairn/core/config.hpp>
#include <cairn/core/error.hpp>
#include <cairn/ipld/node.hpp>
#include <cairn/service/content_entry.hpp>
#include <cairn/service/core_files_api.hpp>
#include <cairn/service/core_types.hpp>

#include <functional>
#include <memory>
#include <optional>
#include <span>
#include <string>

namespace cairn {
struct utc_time;
}

namespace cairn::service {

class input_source;
class node_network;

namespace detail {
struct core_state;
struct core_access;
}

/// Whom a core API serves.
struct core_options {
  std::function<bool()> cancelled{};  ///< asked now and then by long work, by threads of that work too; true ends it with an error

  bool offline = false;                   ///< nobody is asked for blocks, whatever the node does for others
  std::int64_t patience = 0;              ///< nanoseconds that one block may take to come from others; 0: as long as the caller waits

  // of the node: what `open` is given holds for all callers
  bool online = false;                    ///< a daemon that was not started with --offline
  std::uint64_t cache_bytes = 0;          ///< of blocks that are read again soon; 0: none
  std::optional<dns_resolver_ref> dns{};  ///< for names that are domains; without it, none has a DNSLink record
  std::optional<std::string> name_map{};  ///< fixed names, as parse_name_map reads them; unset: of the environment, IPFS_NS_MAP
};

/// What a node can do, for the command line, the RPC and the gateway; the only layer they know. Paths are resolved here and
/// nowhere else. Offline: what is not in the repo is an error.
///
/// threads   Every member but `close` may be called by any number of threads at once, on one core API or on several of one node
///           (`for_caller`). Readers wait neither for writers nor for a disk that syncs; imports run side by side; changes that
///           wait for the disk share its syncs. What a member takes by reference (sinks, events, sources) is used by that call
///           alone, and never after it. A walk or a reader that a call gave out is for one thread, and must not outlive the core API
///           that gave it.
/// errors    the sentences are Kubo's wherever its users know them
class core_api {
public:
  /// A config with a new identity, as it is before profiles.
  CAIRN_DECL static auto new_config(std::string_view key_type, std::optional<std::int64_t> bits) -> io_result<ipld::node>;
  /// A profile, also one of those that say how blocks are kept, which a repo has from its beginning.
  CAIRN_DECL static auto apply_first_profile(ipld::node& config, std::string_view name) -> io_result<void>;
  /// The same for a repo that there is: its blocks and metadata stay where they are. errors: those of it · the layout would be another
  CAIRN_DECL static auto apply_later_profile(ipld::node& config, std::string_view name) -> io_result<void>;
  /// All sections and keys of a config, without values.
  CAIRN_DECL static auto empty_config() -> ipld::node;
  /// Make a repo in that folder; the config holds the identity. errors: there is one already
  CAIRN_DECL static auto create(std::string const& path, ipld::node const& config) -> io_result<void>;
  /// Move the blocks of a closed repo to the engine "packs" or "flatfs"; what was interrupted goes on.
  CAIRN_DECL static auto convert(std::string const& path, std::string_view engine, std::function<void(std::uint64_t blocks, std::uint64_t bytes)> const& progress)
      -> io_result<void>;

  /// Whether a node can be made of the config: errors name the key and what it takes.
  CAIRN_DECL auto check_config() const -> io_result<void>;

  /// Whether another process has that repo open.
  CAIRN_DECL static auto is_in_use(std::string const& path) -> bool;
  /// The private key of that name, of the repo in that folder, whether a node runs or not.
  ///
  /// security  the caller wipes what it gets
  CAIRN_DECL static auto export_key(std::string const& path, std::string_view name, key_format format) -> io_result<bytes>;
  /// The libraries that this build was compiled with, and their versions.
  CAIRN_DECL static auto dependencies() -> std::vector<std::pair<std::string, std::string>>;

  /// Open the repo in that folder.
  CAIRN_DECL static auto open(std::string const& path, core_options options) -> io_result<std::unique_ptr<core_api>>;
  /// The same node for another caller, whose work ends when that caller is gone: one for each request of a running node.
  CAIRN_DECL auto for_caller(core_options options) const -> std::unique_ptr<core_api>;
  /// For the same caller, but nobody else is asked for blocks.
  CAIRN_DECL auto without_others() const -> std::unique_ptr<core_api>;
  CAIRN_DECL ~core_api();
  core_api(core_api const&) = delete;
  auto operator=(core_api const&) -> core_api& = delete;

  /// Fetch from others what is not here, for all callers of this node from now on; null: no longer. Before anybody else calls, or when
  /// nobody does any more.
  CAIRN_DECL void attach(std::shared_ptr<node_network> network);
  /// The network of this node; null: it has none.
  CAIRN_DECL auto network() const -> std::shared_ptr<node_network>;

  /// Sync and unlock: the last call on the node, by whichever core API.
  CAIRN_DECL auto close() -> io_result<void>;
  /// Nothing has been asked for a while: memory that is kept for what might be asked again is given back.
  CAIRN_DECL void rest();
  /// While the answer lives, a collection removes nothing that calls of this core API stored or pinned, also between them: for work
  /// of several calls, whose result is named by a pin or a root only at its end. A single call needs none.
  CAIRN_DECL auto begin_work() -> std::shared_ptr<void>;
  /// What was stored is as durable as the store promises.
  CAIRN_DECL auto sync() -> io_result<void>;

  /// A text of the config's section Import ("HashFunction"); nothing where it is not set.
  CAIRN_DECL auto import_text(std::string_view key) const -> std::optional<std::string>;

  /// The config as it is now; it stays as it is for whoever holds it.
  CAIRN_DECL auto config() const -> std::shared_ptr<ipld::node const>;
  /// Change it and write it, one caller at a time; with a prefix, the old file is kept under a name that begins with config-PREFIX.
  ///
  /// errors    those of `change`, and of the disk: then it is as it was
  CAIRN_DECL auto edit_config(std::function<io_result<void>(ipld::node&)> const& change, std::string_view backup_prefix = {}) -> io_result<void>;

  CAIRN_DECL auto identity() -> io_result<identity_facts>;

  /// Tell other programs of this machine where the API and the gateway listen, until `close`; an empty text tells nothing.
  CAIRN_DECL auto announce(std::string_view api, std::string_view gateway) -> io_result<void>;

  // names

  /// Where a path ends; names on the way are resolved. A bare CID is itself: no block is read.
  CAIRN_DECL auto resolve(path_like const& path) -> io_result<resolved_path>;
  /// The immutable path that a path of names leads to, and for how long.
  ///
  /// recursive  false: one name only; what it leads to may be a name again
  /// errors    could not resolve name · recursion limit exceeded · the sentences of DNSLink
  CAIRN_DECL auto resolve_name(path_like const& path, bool recursive = true) -> io_result<resolved_name>;
  /// Sign a record for one of the node's keys and keep it in the repo.
  CAIRN_DECL auto name_publish(path_like const& path, publish_request const& request) -> io_result<published_name>;
  /// Sign the records that this node last published for its keys again: each holds `lifetime` nanoseconds from now, or longer where it did.
  ///
  /// returns   how many
  /// errors    the first key's whose record could not be signed or kept; the others are renewed all the same
  CAIRN_DECL auto renew_names(std::int64_t lifetime, utc_time now) -> io_result<std::size_t>;
  /// The best valid record of a name. errors: not a name · routing: not found
  CAIRN_DECL auto name_record(std::string_view name) -> io_result<bytes>;
  /// Keep a record that was signed elsewhere. A record that is not valid for the name, or older than the one here, is
  /// dropped without an error, as Kubo does; `name inspect --verify` says whether it is.
  CAIRN_DECL auto name_put(std::string_view name, bytes_view record) -> io_result<void>;
  /// Whether the denylists of this machine let that path be read; `resolve` asks for itself.
  ///
  /// errors    /ipfs/... is blocked and cannot be provided: `is_blocked_error`, 410 at a gateway · a denylist that is none
  CAIRN_DECL auto check_not_blocked(path_like const& path) -> io_result<void>;
  /// Whether others can be asked.
  CAIRN_DECL auto is_online() const -> bool;

  // blocks

  CAIRN_DECL auto block_get(path_like const& path) -> io_result<block>;
  CAIRN_DECL auto block_stat(path_like const& path) -> io_result<block_facts>;
  CAIRN_DECL auto block_put(bytes_view data, cid_prefix const& prefix, bool pin) -> io_result<block_facts>;
  /// errors    pinned: by which pin · not here, unless `force`
  CAIRN_DECL auto block_remove(cid const& id, bool force) -> io_result<void>;
  /// Each block of the repo once, as a raw CIDv1.
  CAIRN_DECL auto each_block(std::function<io_result<void>(cid const&)> const& sink) -> io_result<void>;

  // data

  /// The node at the end of a path, in another codec.
  CAIRN_DECL auto dag_get(path_like const& path, std::uint64_t codec) -> io_result<bytes>;
  CAIRN_DECL auto dag_put(bytes_view data, dag_put_request const& request) -> io_result<cid>;
  CAIRN_DECL auto stat_dags(std::span<path_like const> paths, std::function<void(std::uint64_t blocks, std::uint64_t bytes)> const& progress)
      -> io_result<dag_sum>;
  /// The CAR that a trustless gateway gives: the blocks on the way of the path, then those that `request` asks for, in the order of
  /// a walk in depth. The head and the first block are written only when the path's end can be read.
  CAIRN_DECL auto car_of(path_like const& path, car_request const& request, byte_sink const& sink) -> io_result<void>;
  CAIRN_DECL auto dag_export(path_like const& root, bool local_only, byte_sink const& sink) -> io_result<void>;
  /// Adds to `sum`; nothing is pinned.
  CAIRN_DECL auto dag_import(input_source& car, bool allow_big, car_import_facts& sum) -> io_result<void>;
  CAIRN_DECL auto refs_walk(refs_options const& options) -> std::unique_ptr<edge_walk>;

  /// A dag-pb node with a link set or removed; the new nodes are stored.
  ///
  /// errors    Kubo's: expected protobuf dag node · no link by that name · cannot add named links to ...
  CAIRN_DECL auto object_patch(cid const& root, object_patch_request const& request) -> io_result<cid>;
  CAIRN_DECL auto object_diff(cid const& before, cid const& after) -> io_result<std::vector<object_change>>;

  // files

  /// errors    this dag node is a directory · ...
  CAIRN_DECL auto open_content(path_like const& path) -> io_result<std::unique_ptr<content_reader>>;
  /// What a path leads to, opened; a name in it is resolved.
  CAIRN_DECL auto open_entry(path_like const& path) -> io_result<content_entry>;
  /// The same without opening it: the blocks on its way, and where it ends.
  CAIRN_DECL auto walk(path_like const& path) -> io_result<content_entry>;
  /// Where a name of a directory leads; nothing where there is no such name.
  CAIRN_DECL auto find_entry(cid const& directory, std::string_view name) -> io_result<std::optional<cid>>;
  CAIRN_DECL auto ls(path_like const& path, ls_options const& options, directory_sink const& sink) -> io_result<void>;

  /// Store files and directories of this machine, or streams. Pins the roots, unless told otherwise.
  CAIRN_DECL auto add(add_request const& request, add_events& events) -> io_result<std::vector<cid>>;
  /// The same for an upload, in place of the request's items. A folder is what came below its name, whether it was sent itself or not.
  CAIRN_DECL auto add(add_request const& request, upload_source& files, add_events& events) -> io_result<std::vector<cid>>;

  /// The mutable files; for as long as this core API lives.
  auto files() -> core_files { return core_files{*state_}; }

  // blocks in files

  /// errors    filestore is not enabled
  CAIRN_DECL auto filestore_is_enabled() -> io_result<void>;
  /// Each reference, or those of these CIDs, in the order of their keys or of the files. A CID without one is `missing`.
  ///
  /// check     read each block; otherwise what is here is `ok`
  /// errors    filestore is not enabled
  CAIRN_DECL auto filestore_list(std::span<cid const> ids, bool file_order, bool check, filestore_sink const& sink) -> io_result<void>;
  /// Forget the reference; the file stays.
  CAIRN_DECL auto filestore_remove(cid const& id) -> io_result<void>;
  /// Blocks that are both in a file and in the repo.
  CAIRN_DECL auto filestore_duplicates(std::function<io_result<void>(cid const&)> const& sink) -> io_result<void>;

  // pins

  /// whole     the caller has just stored all of the DAG: it is not walked
  /// progress  hears now and then, and at the end, how much was looked at
  CAIRN_DECL auto pin_add(cid const& id, bool recursive, std::string_view name, bool whole = false,
                          std::function<void(std::uint64_t blocks, std::uint64_t bytes)> const& progress = {}) -> io_result<void>;
  CAIRN_DECL auto pin_remove(cid const& id, bool recursive) -> io_result<void>;
  CAIRN_DECL auto pin_update(cid const& from, cid const& to, bool unpin) -> io_result<void>;
  /// The pin that holds this CID, the nearest kind first.
  CAIRN_DECL auto pin_of(cid const& id, pin_kinds kinds, bool names) -> io_result<std::optional<pin_facts>>;
  CAIRN_DECL auto pin_list(pin_kinds kinds, bool names, pin_sink const& sink) -> io_result<void>;
  /// All pins under one CID, the same for the same pins, and how many they are. Nothing of it is pinned.
  CAIRN_DECL auto pin_snapshot() -> io_result<std::pair<cid, std::uint64_t>>;
  /// What differs between two snapshots; a pin whose mode or name differs is told twice. added: of the second one
  CAIRN_DECL auto pin_diff(cid const& before, cid const& after, std::function<io_result<void>(pin_facts const&, bool added)> const& sink) -> io_result<void>;
  CAIRN_DECL auto pin_verify(pin_check_sink const& sink) -> io_result<void>;

  // keys

  /// type      "ed25519", "rsa", "secp256k1"; bits: of RSA
  CAIRN_DECL auto key_generate(std::string_view name, std::string_view type, std::optional<std::int64_t> bits) -> io_result<key_facts>;
  /// "self" first, then by name.
  CAIRN_DECL auto key_list() -> io_result<std::vector<key_facts>>;
  /// And whether another key was overwritten.
  CAIRN_DECL auto key_rename(std::string_view from, std::string_view to, bool force) -> io_result<std::pair<key_facts, bool>>;
  CAIRN_DECL auto key_remove(std::string_view name) -> io_result<key_facts>;
  CAIRN_DECL auto key_import(std::string_view name, bytes_view file, key_format format, bool any_type) -> io_result<key_facts>;
  CAIRN_DECL auto key_sign(std::string_view name, bytes_view data) -> io_result<std::pair<key_facts, bytes>>;
  /// The key by its name, or by its peer ID where that holds it.
  CAIRN_DECL auto key_verify(std::string_view name, bytes_view data, bytes_view signature) -> io_result<std::pair<key_facts, bool>>;
  /// A new identity; the old one is kept under a name.
  CAIRN_DECL auto key_rotate(std::string_view old_name, std::string_view type, std::optional<std::int64_t> bits) -> io_result<key_facts>;

  // the repo

  /// What was counted since the node was opened, as Prometheus reads it; Kubo's names where the number is Kubo's.
  CAIRN_DECL auto metrics() const -> std::string;
  CAIRN_DECL auto repo_stat(bool size_only) -> io_result<repo_facts>;
  /// Remove what no pin and no root holds, while others go on. Each removed block is told, and in Kubo's words why it aborts or which
  /// block could not be removed.
  ///
  /// errors    aborted: nothing was removed · incomplete · canceled
  CAIRN_DECL auto collect(std::function<io_result<void>(cid const&)> const& removed, std::function<void(std::string const&)> const& problem)
      -> io_result<void>;
  /// The same where Datastore.StorageMax and StorageGCWatermark ask for it; true where it was needed. A running node calls it each
  /// `collection_period`.
  CAIRN_DECL auto collect_when_full() -> io_result<bool>;
  /// Datastore.GCPeriod in nanoseconds; nothing where it is zero. errors: it is no duration
  CAIRN_DECL auto collection_period() const -> io_result<std::optional<std::int64_t>>;
  /// The records of the repo by their keys, for looking into it: pins, names, roots. errors: key not found
  CAIRN_DECL auto record_get(std::string_view key) -> io_result<bytes>;
  CAIRN_DECL auto record_put(std::string_view key, bytes_view value) -> io_result<void>;
  /// How many keys are below that one; "/blocks" are the blocks, "/" is everything.
  CAIRN_DECL auto record_count(std::string_view prefix) -> io_result<std::uint64_t>;
  CAIRN_DECL auto verify_blocks(bool drop, damage_sink const& damaged) -> io_result<verify_sum>;

  /// Write a file, directory or symlink to this machine: to `to`, or below it under `name` where it is a folder.
  CAIRN_DECL auto get(path_like const& path, std::string const& to, std::string const& name, std::function<void(std::uint64_t)> const& wrote) -> io_result<void>;
  /// The same as a TAR archive whose root is `name`, or the content of a single file.
  CAIRN_DECL auto archive(path_like const& path, std::string const& name, archive_options const& options, byte_sink const& sink) -> io_result<void>;

private:
  friend struct detail::core_access;
  explicit core_api(std::unique_ptr<detail::core_state> state);
  std::unique_ptr<detail::core_state> state_;
};

}  // namespace cairn::service

#if CAIRN_HEADER_ONLY
#  include <cairn/service/impl/core_add.ipp>
#  include <cairn/service/impl/core_api.ipp>
#  include <cairn/service/impl/core_dag.ipp>
#  include <cairn/service/impl/core_car.ipp>
#  include <cairn/service/impl/core_entry.ipp>
#  include <cairn/service/impl/core_files.ipp>
#  include <cairn/service/impl/core_filestore.ipp>
#  include <cairn/service/impl/core_get.ipp>
#  include <cairn/service/impl/core_keys.ipp>
#  include <cairn/service/impl/core_mfs.ipp>
#  include <cairn/service/impl/core_names.ipp>
#  include <cairn/service/impl/core_object.ipp>
#  include <cairn/service/impl/core_pins.ipp>
#  include <cairn/service/impl/core_repo.ipp>
#  include <cairn/service/impl/core_upload.ipp>
#endif
