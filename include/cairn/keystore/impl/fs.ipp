#pragma once

#include <cairn/core/try.hpp>
#include <cairn/crypto/libp2p_key.hpp>
#include <cairn/keystore/fs.hpp>
#include <cairn/multiformats/multibase.hpp>

#include <algorithm>
#include <cerrno>
#include <memory>

#include <dirent.h>
#include <fcntl.h>
#include <stdio.h>
#include <sys/stat.h>
#include <unistd.h>

namespace cairn {

namespace detail {

inline constexpr std::string_view key_file_prefix = "key_";
inline constexpr std::size_t key_file_limit = 16384;  // an RSA key of 8192 bits is 4.7 KiB

class keystore_fd {
public:
  explicit keystore_fd(int fd) : fd_{fd} {}
  keystore_fd(keystore_fd&& other) noexcept : fd_{std::exchange(other.fd_, -1)} {}
  auto operator=(keystore_fd&&) -> keystore_fd& = delete;
  ~keystore_fd() {
    if (fd_ >= 0) ::close(fd_);
  }
  auto get() const -> int { return fd_; }
  explicit operator bool() const { return fd_ >= 0; }

private:
  int fd_;
};

inline auto keystore_open_folder(std::string const& folder) -> io_result<keystore_fd> {
  auto fd = keystore_fd{::open(folder.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC)};
  if (!fd) return std::unexpected(error::system(errno, "cannot open keystore directory", folder));
  return fd;
}

inline auto keystore_refusal(keystore_errc why, std::string_view name) -> std::unexpected<error> {
  return std::unexpected(error{why}.about(std::string{name}));
}

inline auto keystore_write_all(int fd, bytes_view data) -> bool {
  while (!data.empty()) {
    auto const n = ::write(fd, data.data(), data.size());
    if (n < 0 && errno == EINTR) continue;
    if (n <= 0) return false;
    data = data.subspan(static_cast<std::size_t>(n));
  }
  return true;
}

// The octets of a key file; nothing is read of what is no regular file or too long.
inline auto keystore_read(int folder, std::string const& file) -> io_result<secret_bytes> {
  auto const fd = keystore_fd{::openat(folder, file.c_str(), O_RDONLY | O_CLOEXEC | O_NONBLOCK)};
  if (!fd) return std::unexpected(error::system(errno, "cannot read keystore file", file));
  struct ::stat info {};
  if (::fstat(fd.get(), &info) != 0) return std::unexpected(error::system(errno, "cannot read keystore file", file));
  if (!S_ISREG(info.st_mode) || info.st_size > static_cast<off_t>(key_file_limit)) return keystore_refusal(keystore_errc::not_a_key, file);
  auto octets = bytes(static_cast<std::size_t>(info.st_size) + 1);
  auto used = 0uz;
  for (;;) {
    auto const n = ::read(fd.get(), octets.data() + used, octets.size() - used);
    if (n < 0 && errno == EINTR) continue;
    if (n < 0) return std::unexpected(error::system(errno, "cannot read keystore file", file));
    used += static_cast<std::size_t>(n);
    if (n == 0 || used == octets.size()) break;
  }
  auto out = secret_bytes{bytes_view{octets}.first(used)};
  wipe(octets);
  return out;
}

// A whole, synced file without a name yet; where the file system has none, one under a name that no key has.
struct keystore_new_file {
  keystore_fd fd;
  std::string name;  // empty: none
};

inline auto keystore_create(int folder, std::string const& file) -> io_result<keystore_new_file> {
  auto made = keystore_new_file{keystore_fd{::openat(folder, ".", O_TMPFILE | O_WRONLY | O_CLOEXEC, 0400)}, {}};
  if (made.fd) return made;
  auto name = ".new-" + file + "-" + std::to_string(::getpid());
  name.resize(std::min<std::size_t>(name.size(), 255));
  ::unlinkat(folder, name.c_str(), 0);  // of a process that had our number and died
  auto named = keystore_new_file{keystore_fd{::openat(folder, name.c_str(), O_CREAT | O_EXCL | O_WRONLY | O_CLOEXEC, 0400)}, name};
  if (!named.fd) return std::unexpected(error::system(errno, "cannot create keystore file", file));
  return named;
}

// One step that never replaces; 0 or an errno.
inline auto keystore_link(int folder, keystore_new_file const& made, std::string const& file) -> int {
  if (!made.name.empty()) {
    auto const failed = ::linkat(folder, made.name.c_str(), folder, file.c_str(), 0) != 0 ? errno : 0;
    ::unlinkat(folder, made.name.c_str(), 0);
    return failed;
  }
  auto const path = "/proc/self/fd/" + std::to_string(made.fd.get());
  return ::linkat(AT_FDCWD, path.c_str(), folder, file.c_str(), AT_SYMLINK_FOLLOW) != 0 ? errno : 0;
}

}  // namespace detail

CAIRN_DECL auto key_file_name(std::string_view key_name) -> std::string {
  return std::string{detail::key_file_prefix} + encode_base(multibase::base32, as_bytes(key_name));
}

CAIRN_DECL auto parse_key_file_name(std::string_view file_name) -> std::optional<std::string> {
  if (!file_name.starts_with(detail::key_file_prefix)) return std::nullopt;
  auto const octets = decode_base(multibase::base32, file_name.substr(detail::key_file_prefix.size()));
  if (!octets || octets->empty() || key_file_name(as_text(*octets)) != file_name) return std::nullopt;
  return std::string{as_text(*octets)};
}

CAIRN_DECL auto fs_keystore::open(std::string folder) -> io_result<fs_keystore> {
  if (::mkdir(folder.c_str(), 0700) != 0 && errno != EEXIST) return std::unexpected(error::system(errno, "cannot create keystore directory", folder));
  CAIRN_TRY(detail::keystore_open_folder(folder));
  return fs_keystore{std::move(folder)};
}

CAIRN_DECL auto fs_keystore::get(std::string_view name) const -> io_result<private_key> {
  CAIRN_TRY(check_key_name(name));
  CAIRN_TRY(auto const folder, detail::keystore_open_folder(folder_));
  auto const octets = detail::keystore_read(folder.get(), key_file_name(name));
  if (!octets && octets.error().is_system(ENOENT)) return detail::keystore_refusal(keystore_errc::no_such_key, name);
  if (!octets) return std::unexpected(octets.error());
  auto key = decode_libp2p_private_key(*octets);
  if (!key) return std::unexpected(error{keystore_errc::not_a_key}.about(folder_ + "/" + key_file_name(name)).during(std::string{describe(key.error())}));
  return *std::move(key);
}

CAIRN_DECL auto fs_keystore::has(std::string_view name) const -> io_result<bool> {
  CAIRN_TRY(check_key_name(name));
  auto const path = folder_ + "/" + key_file_name(name);
  struct ::stat info {};
  if (::stat(path.c_str(), &info) == 0) return true;
  if (errno == ENOENT) return false;
  return std::unexpected(error::system(errno, "cannot stat keystore file", path));
}

CAIRN_DECL auto fs_keystore::list() const -> io_result<std::vector<std::string>> {
  auto const folder = std::unique_ptr<DIR, int (*)(DIR*)>{::opendir(folder_.c_str()), ::closedir};
  if (!folder) return std::unexpected(error::system(errno, "cannot open keystore directory", folder_));
  auto names = std::vector<std::string>{};
  for (errno = 0; auto const* const entry = ::readdir(folder.get()); errno = 0)
    if (auto name = parse_key_file_name(entry->d_name)) names.push_back(*std::move(name));
  if (errno != 0) return std::unexpected(error::system(errno, "cannot list keystore directory", folder_));
  std::ranges::sort(names);
  return names;
}

CAIRN_DECL auto fs_keystore::put(std::string_view name, private_key const& key) -> io_result<void> {
  CAIRN_TRY(check_key_name(name));
  CAIRN_TRY(auto const folder, detail::keystore_open_folder(folder_));
  auto const file = key_file_name(name);
  CAIRN_TRY(auto const made, detail::keystore_create(folder.get(), file));
  auto failed = detail::keystore_write_all(made.fd.get(), encode_libp2p_key(key)) && ::fsync(made.fd.get()) == 0 ? 0 : errno;
  if (failed == 0) failed = detail::keystore_link(folder.get(), made, file);
  else if (!made.name.empty()) ::unlinkat(folder.get(), made.name.c_str(), 0);
  if (failed == EEXIST) return detail::keystore_refusal(keystore_errc::already_exists, name);
  if (failed != 0) return std::unexpected(error::system(failed, "cannot create keystore file", folder_ + "/" + file));
  ::fsync(folder.get());
  return {};
}

CAIRN_DECL auto fs_keystore::remove(std::string_view name) -> io_result<void> {
  CAIRN_TRY(check_key_name(name));
  CAIRN_TRY(auto const folder, detail::keystore_open_folder(folder_));
  auto const file = key_file_name(name);
  if (::unlinkat(folder.get(), file.c_str(), 0) != 0) {
    if (errno == ENOENT) return detail::keystore_refusal(keystore_errc::no_such_key, name);
    return std::unexpected(error::system(errno, "cannot remove keystore file", folder_ + "/" + file));
  }
  ::fsync(folder.get());
  return {};
}

CAIRN_DECL auto fs_keystore::rename(std::string_view from, std::string_view to, bool replace) -> io_result<void> {
  CAIRN_TRY(check_key_name(from));
  CAIRN_TRY(check_key_name(to));
  CAIRN_TRY(auto const folder, detail::keystore_open_folder(folder_));
  auto const old_file = key_file_name(from), new_file = key_file_name(to);
  CAIRN_TRY(auto const there, has(from));
  if (!there) return detail::keystore_refusal(keystore_errc::no_such_key, from);
  if (from == to) return {};
  auto failed = 0;
  if (replace) {
    failed = ::renameat(folder.get(), old_file.c_str(), folder.get(), new_file.c_str()) != 0 ? errno : 0;
  } else if (::renameat2(folder.get(), old_file.c_str(), folder.get(), new_file.c_str(), RENAME_NOREPLACE) != 0) {
    failed = errno;
    if (failed == EINVAL || failed == ENOSYS) {  // a file system without that flag: two steps, of which the first never replaces
      failed = ::linkat(folder.get(), old_file.c_str(), folder.get(), new_file.c_str(), 0) != 0 ? errno : 0;
      if (failed == 0) failed = ::unlinkat(folder.get(), old_file.c_str(), 0) != 0 ? errno : 0;
    }
  }
  if (failed == EEXIST) return detail::keystore_refusal(keystore_errc::already_exists, to);
  if (failed == ENOENT) return detail::keystore_refusal(keystore_errc::no_such_key, from);
  if (failed != 0) return std::unexpected(error::system(failed, "cannot rename keystore file", folder_ + "/" + old_file));
  ::fsync(folder.get());
  return {};
}

}  // namespace cairn
