#pragma once

#include <cairn/repo/blocks.hpp>
#include <cairn/repo/config.hpp>
#include <cairn/repo/files.hpp>
#include <cairn/repo/metadata.hpp>

#include <memory>
#include <string>

namespace cairn {

/// The version of repos that this build reads and writes: Kubo's.
inline constexpr unsigned repo_version = 18;

/// Make a repo in a folder, which is created where missing: `config`, `version`, `datastore_spec`, the stores, `keystore/`, and
/// the empty directory, pinned.
///
/// config    as of `default_config`, profiles applied
/// errors    exists · bad_spec · unsupported_store · those of the system
CAIRN_DECL auto init_repo(std::string const& folder, ipld::node const& config) -> io_result<void>;

/// Whether there is a repo in a folder: it has a config.
CAIRN_DECL auto is_repo(std::string const& folder) -> bool;

/// An open repo: one process at a time. Kubo's repos open in place.
///
/// Opening reads four small files; the block store and LevelDB are opened by their first use.
///
/// threads   blocks and metadata may be used by several threads; the repo itself (config, announcements, close) by one at a time
class repo {
public:
  /// clock, cache_bytes  for `repo_blocks`
  /// errors    no_repo · locked: by whom · older · newer · no_version · bad_config · bad_spec · unsupported_store · spec_mismatch · converting
  CAIRN_DECL static auto open(std::string folder, steady_nanoseconds clock = nullptr, std::uint64_t cache_bytes = 0) -> io_result<repo>;

  repo(repo&&) noexcept = default;
  auto operator=(repo&&) noexcept -> repo& = default;
  CAIRN_DECL ~repo();

  auto folder() const -> std::string const& { return folder_; }
  auto spec() const -> datastore_spec const& { return spec_; }

  /// The blocks; verified, identity CIDs included.
  auto blocks() const -> repo_blocks& { return *blocks_; }
  /// Pins, the MFS root, records: Kubo's keys and bytes. A record that names blocks is written after `blocks().sync()`.
  auto metadata() const -> repo_metadata& { return *metadata_; }
  auto keystore_folder() const -> std::string { return folder_ + "/keystore"; }

  auto config() const -> ipld::node const& { return config_; }
  /// errors    bad_config · those of the system; then file and memory are as they were
  CAIRN_DECL auto save_config(ipld::node config, std::string_view backup_prefix = {}) -> io_result<void>;

  /// Tell other programs where the API or the gateway listens; taken back by `close`.
  CAIRN_DECL auto announce_api(std::string_view multiaddr) -> io_result<void>;
  CAIRN_DECL auto announce_gateway(std::string_view url) -> io_result<void>;

  /// Bytes on the disk: blocks and metadata.
  CAIRN_DECL auto disk_bytes() -> io_result<std::uint64_t>;

  /// Write everything out and unlock.
  CAIRN_DECL auto close() -> io_result<void>;

private:
  friend auto open_repo_for_conversion(std::string folder) -> io_result<repo>;
  CAIRN_DECL static auto open(std::string folder, bool converting, steady_nanoseconds clock, std::uint64_t cache_bytes) -> io_result<repo>;
  repo(std::string folder, repo_lock lock) : folder_{std::move(folder)}, lock_{std::make_unique<repo_lock>(std::move(lock))} {}

  std::string folder_;
  std::unique_ptr<repo_lock> lock_;  // the last to go
  ipld::node config_;
  datastore_spec spec_;
  std::unique_ptr<repo_metadata> metadata_;
  std::unique_ptr<repo_blocks> blocks_;
  bool announced_ = false;
};

/// A repo whose conversion may have been interrupted: for `convert_repo` only.
CAIRN_DECL auto open_repo_for_conversion(std::string folder) -> io_result<repo>;

/// The API address that a running node wrote, "/ip4/127.0.0.1/tcp/5001"; nothing where none runs.
///
/// errors    a file of 2048 bytes or more · those of the system
CAIRN_DECL auto read_api_file(std::string const& folder) -> io_result<std::optional<std::string>>;

}  // namespace cairn

#if CAIRN_HEADER_ONLY
#  include <cairn/repo/impl/repo.ipp>
#endif
