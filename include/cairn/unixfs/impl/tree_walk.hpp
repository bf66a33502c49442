#pragma once

#include <cairn/core/try.hpp>
#include <cairn/unixfs/add_tree.hpp>

#include <algorithm>
#include <condition_variable>
#include <deque>
#include <mutex>
#include <string>
#include <thread>
#include <vector>

#include <dirent.h>
#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

// Reading a local tree: the first of the two halves of add_tree.

namespace cairn::detail {

/// A file descriptor that is closed with its owner.
class tree_fd {
public:
  explicit tree_fd(int fd = -1) : fd_{fd} {}
  tree_fd(tree_fd&& other) noexcept : fd_{std::exchange(other.fd_, -1)} {}
  auto operator=(tree_fd&& other) noexcept -> tree_fd& { std::swap(fd_, other.fd_); return *this; }
  ~tree_fd() { if (fd_ >= 0) ::close(fd_); }
  auto get() const -> int { return fd_; }
  auto release() -> int { return std::exchange(fd_, -1); }

private:
  int fd_;
};

enum class tree_item_kind : byte { enter, leave, file, big_file, symlink };

struct tree_item {
  tree_item_kind kind{};
  std::uint32_t name_size = 0;
  std::size_t at = 0;       // in the batch's text: the name, then the content or the target
  std::size_t size = 0;     // of the content
  file_metadata metadata{};
  tree_fd fd{};             // of a big file, behind its first bytes
};

struct tree_batch {
  std::string text;
  std::vector<tree_item> items;
  std::optional<error> failed;  // behind the items
  bool last = false;

  auto name(tree_item const& i) const -> std::string_view { return std::string_view{text}.substr(i.at, i.name_size); }
  auto content(tree_item const& i) const -> std::string_view { return std::string_view{text}.substr(i.at + i.name_size, i.size); }
};

/// Walks arguments in a thread of its own and fills batches; `next` gives them in order.
class tree_walk {
public:
  static constexpr std::size_t small_file = 64 * limits::KiB, batch_bytes = limits::MiB, batch_items = 1024, batches_ahead = 3;
  static constexpr unsigned max_depth = 800;  // an open directory each

  tree_walk(std::span<tree_argument const> arguments, tree_options const& options, add_listener* listener)
      : arguments_{arguments}, options_{options}, listener_{listener} {
    thread_ = std::thread{[this] { run(); }};
  }
  ~tree_walk() {
    {
      auto guard = std::lock_guard{lock_};
      given_up_ = true;
    }
    changed_.notify_all();
    thread_.join();
  }

  auto next() -> tree_batch {
    auto guard = std::unique_lock{lock_};
    changed_.wait(guard, [&] { return !ready_.empty(); });
    auto out = std::move(ready_.front());
    ready_.pop_front();
    guard.unlock();
    changed_.notify_all();
    return out;
  }

private:
  void run() {
    for (auto const& a : arguments_) {
      auto const done = entry(AT_FDCWD, a.path, a.name, a.path, 0, DT_UNKNOWN);
      if (!done) {
        batch_.failed = std::move(done).error();
        break;
      }
    }
    batch_.last = true;
    hand_over();
  }

  /// Whether to go on.
  auto hand_over() -> bool {
    auto guard = std::unique_lock{lock_};
    changed_.wait(guard, [&] { return given_up_ || ready_.size() < batches_ahead; });
    if (given_up_) return false;
    ready_.push_back(std::exchange(batch_, {}));
    guard.unlock();
    changed_.notify_all();
    return true;
  }

  auto put(tree_item_kind kind, std::string_view name, std::string_view content, file_metadata const& metadata, tree_fd fd = tree_fd{})
      -> io_result<void> {
    auto const full = batch_.text.size() + name.size() + content.size() > batch_bytes || batch_.items.size() == batch_items;
    if (full && !hand_over()) return std::unexpected(add_errc::stopped);
    if (batch_.text.capacity() == 0) batch_.text.reserve(64 * limits::KiB);
    auto item = tree_item{kind, static_cast<std::uint32_t>(name.size()), batch_.text.size(), content.size(), metadata, std::move(fd)};
    batch_.text += name;
    batch_.text += content;
    batch_.items.push_back(std::move(item));
    // open files are not collected
    if (kind == tree_item_kind::big_file && !hand_over()) return std::unexpected(add_errc::stopped);
    return {};
  }

  auto metadata_of(struct stat const& s, bool directory) const -> file_metadata {
    auto out = directory ? options_.directory.metadata : options_.file.metadata;
    if (options_.preserve_mode) out.mode = s.st_mode & 07777;
    if (options_.preserve_mtime) out.mtime = unixfs_time{s.st_mtim.tv_sec, static_cast<std::uint32_t>(s.st_mtim.tv_nsec)};
    return out;
  }

  auto entry(int in, std::string const& name, std::string_view shown, std::string const& path, unsigned depth, unsigned char type)
      -> io_result<void> {
    auto const failed = [&](char const* doing) { return std::unexpected(error::system(errno, doing, path)); };
    auto const follow = options_.dereference || (depth == 0 && options_.dereference_args);
    struct stat s {};
    auto const wants_stat = options_.preserve_mode || options_.preserve_mtime;
    if (type == DT_UNKNOWN || wants_stat || (type == DT_LNK && follow)) {
      if (::fstatat(in, name.c_str(), &s, follow ? 0 : AT_SYMLINK_NOFOLLOW) != 0) return failed("cannot stat");
      type = S_ISREG(s.st_mode) ? DT_REG : S_ISDIR(s.st_mode) ? DT_DIR : S_ISLNK(s.st_mode) ? DT_LNK : DT_FIFO;
    }
    auto const metadata = metadata_of(s, type == DT_DIR);
    if (type == DT_LNK) {
      char target[4096];
      auto const n = ::readlinkat(in, name.c_str(), target, sizeof target);
      if (n < 0) return failed("cannot read the link");
      return put(tree_item_kind::symlink, shown, {target, static_cast<std::size_t>(n)}, metadata);
    }
    if (type == DT_DIR) return directory(in, name, shown, path, depth, metadata, follow);
    if (type != DT_REG) return std::unexpected(error{add_errc::file_type}.about(path));

    auto fd = tree_fd{::openat(in, name.c_str(), O_RDONLY | O_CLOEXEC | O_NONBLOCK | (follow ? 0 : O_NOFOLLOW))};
    if (fd.get() < 0) return failed("cannot open");
    if (buffer_.empty()) buffer_.resize(small_file);
    auto got = 0uz;
    while (got < buffer_.size()) {
      auto const n = ::read(fd.get(), buffer_.data() + got, buffer_.size() - got);
      if (n < 0 && errno == EINTR) continue;
      if (n < 0) return failed("cannot read");
      got += static_cast<std::size_t>(n);
      // of a regular file less than asked for is its end
      if (n == 0 || got < buffer_.size()) break;
    }
    auto const head = std::string_view{buffer_}.substr(0, got);
    if (got < buffer_.size()) return put(tree_item_kind::file, shown, head, metadata);
    return put(tree_item_kind::big_file, shown, head, metadata, std::move(fd));
  }

  auto directory(int in, std::string const& name, std::string_view shown, std::string const& path, unsigned depth, file_metadata const& metadata,
                 bool follow) -> io_result<void> {
    auto const failed = [&](char const* doing) { return std::unexpected(error::system(errno, doing, path)); };
    if (depth == max_depth) return std::unexpected(error{add_errc::too_deep}.about(path));
    auto fd = tree_fd{::openat(in, name.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC | (follow ? 0 : O_NOFOLLOW))};
    if (fd.get() < 0) return failed("cannot open");
    auto const held = ::dup(fd.get());
    if (held < 0) return failed("cannot open");
    auto* const stream = ::fdopendir(held);
    if (!stream) {
      ::close(held);
      return failed("cannot open");
    }
    // one text with all names: many directories have many entries
    struct place { std::uint32_t at; std::uint16_t size; unsigned char type; };
    auto text = std::string{};
    auto places = std::vector<place>{};
    errno = 0;
    while (auto const* const e = ::readdir(stream)) {
      auto const n = std::string_view{e->d_name};
      if (n == "." || n == ".." || (n[0] == '.' && !options_.hidden)) continue;
      if (listener_ && listener_->excludes(n, e->d_type == DT_DIR)) continue;
      places.push_back({static_cast<std::uint32_t>(text.size()), static_cast<std::uint16_t>(n.size()), e->d_type});
      text += n;
    }
    auto const why = errno;
    ::closedir(stream);
    if ((errno = why) != 0) return failed("cannot list");
    if (places.empty() && !options_.empty_dirs && depth != 0) return {};
    auto const view = std::string_view{text};
    std::sort(places.begin(), places.end(), [&](place const& a, place const& b) { return view.substr(a.at, a.size) < view.substr(b.at, b.size); });

    CAIRN_TRY(put(tree_item_kind::enter, shown, {}, metadata));
    auto child = std::string{};
    auto child_path = path + "/";
    auto const stem = child_path.size();
    for (auto const& p : places) {
      child = view.substr(p.at, p.size);
      child_path.resize(stem);
      child_path += child;
      CAIRN_TRY(entry(fd.get(), child, child, child_path, depth + 1, p.type));
    }
    return put(tree_item_kind::leave, {}, {}, {});
  }

  std::span<tree_argument const> arguments_;
  tree_options const& options_;
  add_listener* listener_;
  tree_batch batch_;
  std::string buffer_;

  std::mutex lock_;
  std::condition_variable changed_;
  std::deque<tree_batch> ready_;
  bool given_up_ = false;
  std::thread thread_;
};

}  // namespace cairn::detail
