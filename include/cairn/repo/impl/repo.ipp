#pragma once

#include <cairn/block/verify.hpp>
#include <cairn/core/text.hpp>
#include <cairn/core/try.hpp>
#include <cairn/pin/pinset.hpp>
#include <cairn/repo/errc.hpp>
#include <cairn/repo/impl/files.ipp>
#include <cairn/repo/impl/inner.hpp>
#include <cairn/repo/impl/reserve.hpp>
#include <cairn/repo/repo.hpp>

#include <cerrno>

#include <dirent.h>
#include <sys/stat.h>
#include <unistd.h>

namespace cairn {
namespace detail {

inline auto make_repo_folder(std::string const& path, unsigned mode) -> io_result<void> {
  for (auto slash = path.find('/', 1); slash != path.npos; slash = path.find('/', slash + 1)) {
    auto const above = path.substr(0, slash);
    if (::mkdir(above.c_str(), 0755) != 0 && errno != EEXIST) return std::unexpected(error::system(errno, "cannot create the folder", above));
  }
  if (::mkdir(path.c_str(), mode) != 0 && errno != EEXIST) return std::unexpected(error::system(errno, "cannot create the folder", path));
  return {};
}

inline auto check_repo_version(std::string const& folder) -> io_result<void> {
  CAIRN_TRY(auto text, read_text_file(folder + "/version", 64));
  auto const version = text ? parse_decimal(trim_repo_text(*text)) : std::nullopt;
  if (!version) return std::unexpected(error{repo_errc::no_version}.about(folder + "/version"));
  auto const say = "version " + std::to_string(*version) + ", and this build reads version " + std::to_string(repo_version);
  if (*version < repo_version)
    return std::unexpected(error{repo_errc::older}.about(folder).during("the repo has " + say).advise("run Kubo 0.43 on it once: it migrates the repo"));
  if (*version > repo_version)
    return std::unexpected(error{repo_errc::newer}.about(folder).during("the repo has " + say).advise("use a newer build, or migrate the repo back with the program that made it"));
  return {};
}

inline auto folder_bytes(std::string const& folder) -> std::uint64_t {
  auto sum = std::uint64_t{0};
  auto* const dir = ::opendir(folder.c_str());
  if (!dir) return 0;
  while (auto const* entry = ::readdir(dir)) {
    struct ::stat facts {};
    if (::fstatat(::dirfd(dir), entry->d_name, &facts, AT_SYMLINK_NOFOLLOW) == 0 && S_ISREG(facts.st_mode)) sum += static_cast<std::uint64_t>(facts.st_size);
  }
  ::closedir(dir);
  return sum;
}

inline auto repo_spec(ipld::node const& config) -> io_result<datastore_spec> {
  auto const* const spec = find_config(config, "Datastore.Spec");
  if (!spec) return std::unexpected(error{repo_errc::bad_spec}.during("required Datastore.Spec entry missing from config file"));
  return parse_datastore_spec(*spec);
}

/// A config that was replaced by one without a store: the store is still there, and its file says what it is.
inline auto restore_spec(std::string const& folder, ipld::node& config) -> io_result<void> {
  auto* const top = config.as_map();
  auto* const datastore = top ? top->find("Datastore") : nullptr;
  auto const* const spec = datastore ? datastore->find("Spec") : nullptr;
  if (!datastore || !datastore->as_map() || (spec && !spec->is_null())) return {};
  CAIRN_TRY(auto const text, read_text_file(folder + "/datastore_spec", 64 * limits::KiB));
  if (!text) return {};
  if (auto known = plain_json::decode(as_bytes(*text))) datastore->as_map()->set("Spec", *std::move(known));
  return {};
}

}  // namespace detail

CAIRN_DECL auto is_repo(std::string const& folder) -> bool { return ::access((folder + "/config").c_str(), F_OK) == 0; }

CAIRN_DECL auto init_repo(std::string const& folder, ipld::node const& config) -> io_result<void> {
  if (is_repo(folder)) return std::unexpected(error{repo_errc::exists}.about(folder).advise("initializing again would overwrite its keys"));
  CAIRN_TRY(auto spec, detail::repo_spec(config));
  CAIRN_TRY(detail::make_repo_folder(folder, 0755));
  CAIRN_TRY(auto lock, repo_lock::take(folder + "/repo.lock"));
  if (is_repo(folder)) return std::unexpected(error{repo_errc::exists}.about(folder));
  CAIRN_TRY(detail::make_repo_folder(folder + "/keystore", 0700));
  auto blocks = repo_blocks{folder, spec, true};
  auto metadata = repo_metadata{detail::in_repo(folder, spec.metadata_path), {.sync = spec.metadata_sync}, folder + "/" + std::string{detail::reserve_file}};
  // as Kubo: the empty directory is here and pinned from the start
  CAIRN_TRY(auto empty, hash_block({.version = 0, .codec = code::dag_pb}, buffer{as_bytes("\x0a\x02\x08\x01")}));
  CAIRN_TRY(blocks.put(empty));
  CAIRN_TRY(blocks.close());
  CAIRN_TRY(auto pins, pinset::open(metadata));
  CAIRN_TRY(pins.add({empty.id(), pin_mode::recursive, ""}));
  metadata.close();
  CAIRN_TRY(replace_text_file(folder + "/datastore_spec", spec.disk_text()));
  CAIRN_TRY(replace_text_file(folder + "/version", std::to_string(repo_version) + "\n", 0644));
  // the config last: with it the folder is a repo
  return write_config(folder + "/config", config);
}

CAIRN_DECL auto repo::open(std::string folder, steady_nanoseconds clock, std::uint64_t cache_bytes) -> io_result<repo> {
  return open(std::move(folder), false, clock, cache_bytes);
}
CAIRN_DECL auto open_repo_for_conversion(std::string folder) -> io_result<repo> { return repo::open(std::move(folder), true, nullptr, 0); }

CAIRN_DECL auto repo::open(std::string folder, bool converting, steady_nanoseconds clock, std::uint64_t cache_bytes) -> io_result<repo> {
  while (folder.size() > 1 && folder.back() == '/') folder.pop_back();
  if (!is_repo(folder)) return std::unexpected(error{repo_errc::no_repo}.about(folder).advise("please run: 'ipfs init'"));
  CAIRN_TRY(auto lock, repo_lock::take(folder + "/repo.lock"));
  auto opened = repo{folder, std::move(lock)};
  CAIRN_TRY(detail::check_repo_version(folder));
  CAIRN_TRY(opened.config_, read_config(folder + "/config"));
  CAIRN_TRY(detail::restore_spec(folder, opened.config_));
  CAIRN_TRY(opened.spec_, detail::repo_spec(opened.config_));
  if (!converting) {
    if (::access((folder + "/" + std::string{detail::conversion_file}).c_str(), F_OK) == 0)
      return std::unexpected(error{repo_errc::converting}.about(folder).advise("run 'ipfs repo convert' again: it goes on where it stopped"));
    CAIRN_TRY(auto on_disk, read_text_file(folder + "/datastore_spec", 64 * limits::KiB));
    if (!on_disk || detail::trim_repo_text(*on_disk) != opened.spec_.disk_text())
      return std::unexpected(error{repo_errc::spec_mismatch}
                                 .about(folder)
                                 .during("the config says " + opened.spec_.disk_text() + ", the file " + (on_disk ? *on_disk : std::string{"is missing"}))
                                 .advise("put Datastore.Spec back, or move the data with 'ipfs repo convert'"));
  }
  opened.metadata_ = std::make_unique<repo_metadata>(detail::in_repo(folder, opened.spec_.metadata_path),
                                                     // Kubo may read the logs of a repo that it can open: those stay as it writes them
                                                     leveldb_options{.sync = opened.spec_.metadata_sync, .room_ahead = opened.spec_.engine == block_engine::packs},
                                                     folder + "/" + std::string{detail::reserve_file});
  opened.blocks_ = std::make_unique<repo_blocks>(folder, opened.spec_, false, clock, cache_bytes);
  return opened;
}

CAIRN_DECL repo::~repo() {
  if (lock_) static_cast<void>(close());
}

CAIRN_DECL auto repo::save_config(ipld::node config, std::string_view backup_prefix) -> io_result<void> {
  CAIRN_TRY(write_config(folder_ + "/config", config, backup_prefix));
  config_ = std::move(config);
  return {};
}

CAIRN_DECL auto repo::announce_api(std::string_view multiaddr) -> io_result<void> {
  announced_ = true;
  return detail::replace_file(folder_ + "/api", multiaddr, 0644, false);  // of no worth after a power cut: four syncs less until the node is ready
}

CAIRN_DECL auto repo::announce_gateway(std::string_view url) -> io_result<void> {
  announced_ = true;
  return detail::replace_file(folder_ + "/gateway", url, 0644, false);
}

CAIRN_DECL auto repo::disk_bytes() -> io_result<std::uint64_t> {
  CAIRN_TRY(auto blocks, blocks_->disk_bytes());
  return blocks + detail::folder_bytes(metadata_->folder());
}

CAIRN_DECL auto repo::close() -> io_result<void> {
  if (!lock_) return {};
  if (announced_) {
    ::unlink((folder_ + "/api").c_str());
    ::unlink((folder_ + "/gateway").c_str());
  }
  auto done = blocks_ ? blocks_->close() : io_result<void>{};
  if (metadata_) metadata_->close();
  lock_.reset();
  return done;
}

CAIRN_DECL auto read_api_file(std::string const& folder) -> io_result<std::optional<std::string>> {
  CAIRN_TRY(auto text, read_text_file(folder + "/api", 2047));
  if (!text) return std::nullopt;
  return std::string{detail::trim_repo_text(*text)};
}

}  // namespace cairn
