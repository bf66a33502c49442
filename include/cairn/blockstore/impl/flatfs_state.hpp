#pragma once

#include <cairn/blockstore/flatfs.hpp>

#include <atomic>
#include <cerrno>
#include <cstring>
#include <mutex>

#include <fcntl.h>
#include <unistd.h>

namespace cairn::detail {

inline constexpr std::string_view flatfs_extension = ".data", flatfs_usage_file = "diskUsage.cache", flatfs_temporary = ".temp";
// what a file may hold at most: Kubo lets a user store blocks beyond 2 MiB when told to, and they stay readable
inline constexpr std::size_t flatfs_max_block = 64 * limits::MiB;

/// A descriptor that is closed with its owner.
class flatfs_fd {
public:
  flatfs_fd() = default;
  explicit flatfs_fd(int fd) : fd_{fd} {}
  flatfs_fd(flatfs_fd&& other) noexcept : fd_{std::exchange(other.fd_, -1)} {}
  auto operator=(flatfs_fd&& other) noexcept -> flatfs_fd& {
    std::swap(fd_, other.fd_);
    return *this;
  }
  ~flatfs_fd() {
    if (fd_ >= 0) ::close(fd_);
  }
  auto get() const -> int { return fd_; }
  explicit operator bool() const { return fd_ >= 0; }

private:
  int fd_ = -1;
};

struct flatfs_state {
  std::string folder;
  flatfs_options options;
  flatfs_shard shard;
  flatfs_fd root;
  std::atomic<std::uint64_t> temporary_names = 0;
  std::atomic<bool> has_temporary_folder = false;
  std::atomic<std::int64_t> usage_change = 0;
  std::mutex usage;                         // guards the two below
  std::optional<std::uint64_t> usage_base;  // of diskUsage.cache; nothing: unknown
  std::string usage_accuracy;
};

/// "XX/KEY.data" of a multihash, built on the stack.
class flatfs_name {
public:
  flatfs_name(flatfs_shard const& shard, multihash const& hash) {
    byte octets[limits::digest + 20];
    auto const size = write_multihash(octets, hash);
    auto* const key = text_ + shard.letters + 1;
    auto* end = key;
    unsigned held = 0, bits = 0;
    for (std::size_t i = 0; i < size; ++i) {
      held = (held << 8 | octets[i]) & 0xfff;
      for (bits += 8; bits >= 5; bits -= 5) *end++ = alphabet[held >> (bits - 5) & 31];
    }
    if (bits > 0) *end++ = alphabet[held << (5 - bits) & 31];
    shard.write(text_, {key, static_cast<std::size_t>(end - key)});
    text_[shard.letters] = '/';
    folder_size_ = shard.letters;
    std::memcpy(end, flatfs_extension.data(), flatfs_extension.size());
    end[flatfs_extension.size()] = '\0';
  }

  auto path() const -> char const* { return text_; }
  auto folder() const -> std::string { return {text_, folder_size_}; }

private:
  static constexpr auto alphabet = "ABCDEFGHIJKLMNOPQRSTUVWXYZ234567";
  char text_[64 + 1 + (limits::digest + 20) * 8 / 5 + 8];
  std::size_t folder_size_;
};

inline auto flatfs_error(flatfs_state const& s, char const* doing, std::string_view name) -> error {
  return error::system(errno, doing, s.folder + "/" + std::string{name});
}

inline auto flatfs_usage_now(flatfs_state const& s) -> std::uint64_t {
  auto const sum = static_cast<std::int64_t>(*s.usage_base) + s.usage_change;
  return sum > 0 ? static_cast<std::uint64_t>(sum) : 0;
}

}  // namespace cairn::detail
