#pragma once
// Interim: opens Kubo's layout directly until the module repo does.

#include <cairn/blockstore/flatfs.hpp>
#include <cairn/blockstore/pipe.hpp>
#include <cairn/core/try.hpp>
#include <cairn/datastore/leveldb.hpp>
#include <cairn/service/config_text.hpp>
#include <cairn/service/impl/core_state.hpp>
#include <cairn/service/impl/default_config.hpp>

#include <cerrno>
#include <cstdio>
#include <cstdlib>
#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

namespace cairn::service::detail {

inline auto read_text(std::string const& path) -> io_result<std::string> {
  auto* f = std::fopen(path.c_str(), "rbe");
  if (!f) return std::unexpected(error::system(errno, "cannot open", path));
  auto text = std::string{};
  char some[16384];
  for (std::size_t n; (n = std::fread(some, 1, sizeof some, f)) > 0;) text.append(some, n);
  std::fclose(f);
  return text;
}

// A new file renamed over the old one: there is always a whole one.
inline auto write_text(std::string const& path, std::string_view text) -> io_result<void> {
  auto const part = path + ".part";
  auto const fd = ::open(part.c_str(), O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0600);
  if (fd < 0) return std::unexpected(error::system(errno, "cannot create", part));
  auto good = ::write(fd, text.data(), text.size()) == static_cast<::ssize_t>(text.size()) && ::fsync(fd) == 0;
  good = ::close(fd) == 0 && good;
  if (!good || ::rename(part.c_str(), path.c_str()) != 0) return std::unexpected(error::system(errno, "cannot write", path));
  return {};
}

class interim_backend final : public core_backend {
public:
  using store = identity_blockstore<verified_blockstore<flatfs_blockstore>>;
  interim_backend(std::string path, ipld::node config, flatfs_blockstore files, leveldb_datastore metadata)
      : path_{path}, config_{std::move(config)}, files_{verified_blockstore<flatfs_blockstore>{std::move(files)}}, metadata_{std::move(metadata)} {}
  auto blocks() -> blockstore_ref override { return files_; }
  auto metadata() -> datastore_ref override { return metadata_; }
  auto config() const -> ipld::node const& override { return config_; }
  auto save_config(ipld::node const& config, std::string_view prefix) -> io_result<void> override {
    auto const at = path_ + "/config";
    if (!prefix.empty()) {
      // beside it, under a name of its own
      auto name = path_ + "/config-" + std::string{prefix} + "XXXXXX";
      auto const fd = ::mkstemp(name.data());
      if (fd < 0) return std::unexpected(error::system(errno, "cannot create", name));
      ::close(fd);
      CAIRN_TRY(auto old, read_text(at));
      CAIRN_TRY(write_text(name, old));
    }
    CAIRN_TRY(write_text(at, config_to_text(config)));
    config_ = config;
    return {};
  }
  auto disk_usage() -> io_result<std::uint64_t> override { return files_.below().below().disk_usage(); }
  auto block_count() -> io_result<std::uint64_t> override {
    CAIRN_TRY(auto keys, files_.keys());
    for (auto n = std::uint64_t{0};; ++n) {
      CAIRN_TRY(auto key, keys.next());
      if (!key) return n;
    }
  }
  auto close() -> io_result<void> override { return files_.sync(); }

private:
  std::string path_;
  ipld::node config_;
  store files_;
  leveldb_datastore metadata_;
};

inline auto open_backend(std::string const& path) -> io_result<std::unique_ptr<core_backend>> {
  auto text = read_text(path + "/config");
  if (!text) return std::unexpected(error::message("core", "no IPFS repo found in " + path + ".\nplease run: 'ipfs init'"));
  CAIRN_TRY(auto config, parse_config(*text));
  CAIRN_TRY(auto files, flatfs_blockstore::open(path + "/blocks"));
  CAIRN_TRY(auto metadata, leveldb_datastore::open(path + "/datastore"));
  return std::make_unique<interim_backend>(path, std::move(config), std::move(files), std::move(metadata));
}

inline auto create_backend(std::string const& path, ipld::node config, block_engine) -> io_result<void> {
  if (::access((path + "/config").c_str(), F_OK) == 0)
    return std::unexpected(error::message("core", "ipfs configuration file already exists!\nReinitializing would overwrite your keys\n"));
  if (::mkdir(path.c_str(), 0755) != 0 && errno != EEXIST) return std::unexpected(error::system(errno, "cannot create", path));
  CAIRN_TRY(auto spec, parse_config(flatfs_spec));
  CAIRN_TRY(set_config_value(config, "Datastore.Spec", std::move(spec)));
  CAIRN_TRY(flatfs_blockstore::open(path + "/blocks", {.create = true}));
  CAIRN_TRY(leveldb_datastore::open(path + "/datastore"));
  ::mkdir((path + "/keystore").c_str(), 0700);
  CAIRN_TRY(write_text(path + "/datastore_spec", flatfs_disk_spec));
  CAIRN_TRY(write_text(path + "/version", "18\n"));
  return write_text(path + "/config", config_to_text(config));
}

inline auto resolve_name(core_state&, mutable_path const& name) -> io_result<immutable_path> {
  return std::unexpected(error::message("name", "cannot resolve /ipns/" + name.name + ": this command must be run in online mode. Try running 'ipfs daemon' first"));
}

}  // namespace cairn::service::detail
