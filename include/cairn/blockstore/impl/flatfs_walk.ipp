#pragma once

#include <cairn/blockstore/flatfs.hpp>
#include <cairn/blockstore/impl/flatfs_state.hpp>

#include <cairn/core/try.hpp>

#include <dirent.h>
#include <sys/stat.h>

namespace cairn {
namespace detail {

/// Names of one folder at a time, through a buffer that is reused.
class flatfs_names {
public:
  static constexpr std::size_t buffer_size = 64 * limits::KiB;

  void start(flatfs_fd folder) {
    folder_ = std::move(folder);
    at_ = end_ = 0;
  }
  auto folder() const -> int { return folder_.get(); }

  struct name {
    std::string_view text;
    unsigned char type;
  };
  /// Nothing at the end; errno is set where it failed.
  auto next() -> io_result<std::optional<name>> {
    if (at_ == end_) {
      auto const n = ::getdents64(folder_.get(), buffer_.get(), buffer_size);
      if (n < 0) return std::unexpected(error::system(errno, "cannot list", "a folder of blocks"));
      if (n == 0) return std::nullopt;
      at_ = 0, end_ = static_cast<std::size_t>(n);
    }
    auto const* const entry = reinterpret_cast<struct ::dirent64 const*>(buffer_.get() + at_);
    at_ += entry->d_reclen;
    return name{entry->d_name, entry->d_type};
  }

private:
  flatfs_fd folder_;
  std::unique_ptr<char[]> buffer_{new char[buffer_size]};  // new: aligned for any type
  std::size_t at_ = 0, end_ = 0;
};

struct flatfs_walk {
  std::string root;
  flatfs_shard shard;
  flatfs_names folders, files;
  char folder[256];
  std::size_t folder_size = 0;
  bool inside = false;
};

// The multihash of "KEY.data"; nothing where the name is not that of a block.
inline auto flatfs_multihash_of(std::string_view name) -> std::optional<multihash> {
  constexpr auto value = [](char c) { return c >= 'A' && c <= 'Z' ? c - 'A' : c >= '2' && c <= '7' ? c - '2' + 26 : -1; };
  if (!name.ends_with(flatfs_extension)) return std::nullopt;
  name.remove_suffix(flatfs_extension.size());
  byte octets[256];
  std::size_t size = 0;
  unsigned held = 0, bits = 0;
  for (auto c : name) {
    auto const five = value(c);
    if (five < 0 || size == sizeof octets) return std::nullopt;
    held = (held << 5 | static_cast<unsigned>(five)) & 0xfff;
    if ((bits += 5) >= 8) octets[size++] = static_cast<byte>(held >> (bits -= 8));
  }
  if (bits >= 5 || (held & ((1u << bits) - 1)) != 0) return std::nullopt;
  auto const hash = decode_multihash({octets, size});
  if (!hash) return std::nullopt;
  return *hash;
}

}  // namespace detail

CAIRN_DECL flatfs_blockstore::cursor::cursor(std::unique_ptr<detail::flatfs_walk> walk) : walk_{std::move(walk)} {}
CAIRN_DECL flatfs_blockstore::cursor::cursor(cursor&&) noexcept = default;
CAIRN_DECL flatfs_blockstore::cursor::~cursor() = default;

CAIRN_DECL auto flatfs_blockstore::keys() const -> io_result<cursor> {
  auto walk = std::make_unique<detail::flatfs_walk>();
  walk->root = state_->folder;
  walk->shard = state_->shard;
  // a descriptor of its own: the position in a folder belongs to the descriptor
  walk->folders.start(detail::flatfs_fd{::open(state_->folder.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC)});
  if (walk->folders.folder() < 0) return std::unexpected(error::system(errno, "cannot list", state_->folder));
  return cursor{std::move(walk)};
}

CAIRN_DECL auto flatfs_blockstore::cursor::next() -> io_result<std::optional<multihash>> {
  auto& w = *walk_;
  for (;;) {
    if (!w.inside) {
      CAIRN_TRY(auto folder, w.folders.next());
      if (!folder) return std::nullopt;
      if (folder->text.size() != w.shard.letters || folder->text.front() == '.') continue;
      if (folder->type != DT_DIR && folder->type != DT_UNKNOWN && folder->type != DT_LNK) continue;
      auto fd = detail::flatfs_fd{::openat(w.folders.folder(), folder->text.data(), O_RDONLY | O_DIRECTORY | O_CLOEXEC)};
      if (!fd && (errno == ENOENT || errno == ENOTDIR)) continue;  // removed meanwhile, or a file
      if (!fd) return std::unexpected(error::system(errno, "cannot list", w.root + "/" + std::string{folder->text}));
      std::memcpy(w.folder, folder->text.data(), folder->text.size());
      w.files.start(std::move(fd));
      w.inside = true;
    }
    CAIRN_TRY(auto file, w.files.next());
    if (!file) {
      w.inside = false;
      continue;
    }
    if (file->type == DT_DIR) continue;
    auto const hash = detail::flatfs_multihash_of(file->text);
    if (!hash) continue;
    // in the folder of another key nobody would find it: it is no block of this store
    char wanted[64];
    w.shard.write(wanted, file->text.substr(0, file->text.size() - detail::flatfs_extension.size()));
    if (std::memcmp(wanted, w.folder, w.shard.letters) == 0) return *hash;
  }
}

CAIRN_DECL auto flatfs_blockstore::disk_usage() const -> io_result<std::uint64_t> {
  auto const lock = std::lock_guard{state_->usage};
  if (state_->usage_base) return detail::flatfs_usage_now(*state_);
  auto sum = std::uint64_t{0};
  auto const count = [&](int folder, char const* name) {
    struct stat facts;
    if (::fstatat(folder, name, &facts, AT_SYMLINK_NOFOLLOW) == 0) sum += static_cast<std::uint64_t>(facts.st_size);
  };
  auto folders = detail::flatfs_names{}, files = detail::flatfs_names{};
  folders.start(detail::flatfs_fd{::open(state_->folder.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC)});
  if (folders.folder() < 0) return std::unexpected(error::system(errno, "cannot list", state_->folder));
  for (;;) {
    CAIRN_TRY(auto folder, folders.next());
    if (!folder) break;
    if (folder->text == "..") continue;
    count(folders.folder(), folder->text.data());
    if (folder->text.front() == '.' || folder->type == DT_REG) continue;
    auto fd = detail::flatfs_fd{::openat(folders.folder(), folder->text.data(), O_RDONLY | O_DIRECTORY | O_CLOEXEC)};
    if (!fd) continue;
    files.start(std::move(fd));
    for (;;) {
      CAIRN_TRY(auto file, files.next());
      if (!file) break;
      if (file->text != "." && file->text != "..") count(files.folder(), file->text.data());
    }
  }
  state_->usage_base = sum;
  state_->usage_accuracy = "initial-exact";
  state_->usage_change = 0;
  return sum;
}

}  // namespace cairn
