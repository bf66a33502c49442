#pragma once

#include <cairn/core/try.hpp>
#include <cairn/unixfs/get_tree.hpp>
#include <cairn/unixfs/impl/tree_read.hpp>

#include <atomic>
#include <cerrno>

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

namespace cairn {
namespace detail {

/// Writes below open directories only: no path is ever put together for the system, so that no symlink can be followed.
class tree_extractor {
public:
  tree_extractor(blockstore_ref store, get_listener* listener) : store_{store}, listener_{listener} {}

  auto root(block const& b, std::string const& path, std::string const& name) -> io_result<void> {
    CAIRN_TRY(auto const node, read_tree_node(b));
    struct stat there {};
    auto const is_directory = ::lstat(path.c_str(), &there) == 0 && S_ISDIR(there.st_mode);
    if (node.what == tree_node::kind::directory) {
      if (!is_directory) CAIRN_TRY(make_parents(path));
      auto const fd = descriptor{::open(path.c_str(), O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC)};
      if (fd.number < 0) return blocked(path);
      return fill(fd.number, b, node, path, 0);
    }
    auto const below = is_directory ? path + "/" + name : path;
    if (is_directory && (name.empty() || name == "." || name == ".." || name.find('/') != name.npos))
      return std::unexpected(error{get_errc::bad_name}.about(name));
    auto const slash = below.rfind('/');
    auto const folder = slash == below.npos ? std::string{"."} : slash == 0 ? std::string{"/"} : below.substr(0, slash);
    auto const last = below.substr(slash == below.npos ? 0 : slash + 1);
    // the folder is the user's own words: it may be a symlink
    auto const fd = descriptor{::open(folder.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC)};
    if (fd.number < 0) return std::unexpected(error::system(errno, "cannot open", folder));
    return leaf(fd.number, b, node, last, below);
  }

private:
  static constexpr unsigned max_depth = 800;  // an open directory each

  struct descriptor {
    int number;
    explicit descriptor(int n) : number{n} {}
    descriptor(descriptor const&) = delete;
    ~descriptor() { if (number >= 0) ::close(number); }
  };

  static auto failed(char const* doing, std::string const& path) { return std::unexpected(error::system(errno, doing, path)); }

  static auto blocked(std::string const& path) -> io_result<void> {
    if (errno == ENOTDIR || errno == ELOOP) return std::unexpected(error{get_errc::in_the_way}.about(path));
    return failed("cannot open", path);
  }

  static auto make_parents(std::string const& path) -> io_result<void> {
    for (auto at = path.find('/', 1);; at = path.find('/', at + 1)) {
      auto const part = path.substr(0, at);
      if (::mkdir(part.c_str(), 0755) != 0 && errno != EEXIST) return failed("cannot make the directory", part);
      if (at == path.npos) return {};
    }
  }

  static auto times_of(file_metadata const& metadata) -> std::array<timespec, 2> {
    auto const t = timespec{static_cast<time_t>(metadata.mtime->seconds), static_cast<long>(metadata.mtime->nanos)};
    return {t, t};
  }

  static auto restore(int fd, file_metadata const& metadata, std::uint32_t otherwise, std::string const& path) -> io_result<void> {
    auto const mode = metadata.mode != 0 ? metadata.mode : otherwise;
    if (::fchmod(fd, mode) != 0) return failed("cannot set the mode", path);
    if (metadata.mtime && ::futimens(fd, times_of(metadata).data()) != 0) return failed("cannot set the time", path);
    return {};
  }

  auto fill(int fd, block const& b, tree_node const& node, std::string const& path, unsigned depth) -> io_result<void> {
    if (depth == max_depth) return std::unexpected(error{get_errc::too_deep}.about(path));
    CAIRN_TRY(auto entries, directory_cursor::open(store_, b));
    auto children = tree_children{store_, std::move(entries)};
    for (;;) {
      CAIRN_TRY(auto child, children.next());
      if (!child) break;
      if (listener_ && listener_->stopped()) return std::unexpected(get_errc::stopped);
      CAIRN_TRY(auto const what, read_tree_node(child->root));
      auto const below = path + "/" + child->name;
      if (what.what != tree_node::kind::directory) {
        CAIRN_TRY(leaf(fd, child->root, what, child->name, below));
        continue;
      }
      if (::mkdirat(fd, child->name.c_str(), 0755) != 0 && errno != EEXIST) return failed("cannot make the directory", below);
      auto const inner = descriptor{::openat(fd, child->name.c_str(), O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC)};
      if (inner.number < 0) return blocked(below);
      if (depth >= tree_children::free_depth) children.trim();
      CAIRN_TRY(fill(inner.number, child->root, what, below, depth + 1));
    }
    // last, as its mode may forbid to write into it, and each entry changes its time
    return restore(fd, node.metadata, 0755, path);
  }

  /// Make way for a file or symlink: what is no directory is replaced by the rename, an empty directory goes now.
  static auto put_in_place(int folder, std::string const& from, std::string const& to, std::string const& path) -> io_result<void> {
    if (::renameat(folder, from.c_str(), folder, to.c_str()) == 0) return {};
    if (errno == EISDIR && ::unlinkat(folder, to.c_str(), AT_REMOVEDIR) == 0 &&
        ::renameat(folder, from.c_str(), folder, to.c_str()) == 0)
      return {};
    auto why = error::system(errno, "cannot replace", path);
    ::unlinkat(folder, from.c_str(), 0);
    return std::unexpected(std::move(why));
  }

  auto temporary_name() -> std::string {
    static auto counter = std::atomic<unsigned>{0};
    return ".cairn-get-" + std::to_string(::getpid()) + "-" + std::to_string(++counter);
  }

  auto leaf(int folder, block const& b, tree_node const& node, std::string const& name, std::string const& path) -> io_result<void> {
    auto hidden = temporary_name();
    if (node.what == tree_node::kind::symlink) {
      while (::symlinkat(node.target.c_str(), folder, hidden.c_str()) != 0) {
        if (errno != EEXIST) return failed("cannot make the symlink", path);
        hidden = temporary_name();
      }
      if (node.metadata.mtime) ::utimensat(folder, hidden.c_str(), times_of(node.metadata).data(), AT_SYMLINK_NOFOLLOW);
      return put_in_place(folder, hidden, name, path);
    }
    auto const open = [&] { return ::openat(folder, hidden.c_str(), O_WRONLY | O_CREAT | O_EXCL | O_NOFOLLOW | O_CLOEXEC, 0600); };
    auto number = open();
    while (number < 0 && errno == EEXIST) {
      hidden = temporary_name();
      number = open();
    }
    auto const fd = descriptor{number};
    if (fd.number < 0) return failed("cannot make the file", path);
    auto done = content(fd.number, b, node, path);
    if (done) done = restore(fd.number, node.metadata, 0644, path);
    if (done) return put_in_place(folder, hidden, name, path);
    ::unlinkat(folder, hidden.c_str(), 0);
    return done;
  }

  auto content(int fd, block const& b, tree_node const& node, std::string const& path) -> io_result<void> {
    if (node.content) {
      auto sink = counted<file_sink>{file_sink{fd, path}, listener_};
      return node.content->empty() ? io_result<void>{} : sink.write(*node.content);
    }
    auto sink = counted<bulk_sink>{{fd, path, listener_ ? listener_->pace() : nullptr}, listener_};
    CAIRN_TRY(auto file, open_file(store_, b));
    CAIRN_TRY(file.copy_to(sink));
    return sink.to.finish();
  }

  template <class Sink>
  struct counted {
    Sink to;
    get_listener* listener;
    auto write(bytes_view in) -> io_result<void> {
      if (listener && listener->stopped()) return std::unexpected(get_errc::stopped);
      CAIRN_TRY(to.write(in));
      if (listener) listener->wrote(in.size());
      return {};
    }
  };

  blockstore_ref store_;
  get_listener* listener_;
};

}  // namespace detail

CAIRN_DECL auto get_tree(blockstore_ref store, cid const& root, std::string const& path, std::string const& name, get_listener* listener)
    -> io_result<void> {
  CAIRN_TRY(auto const b, get_block(store, root));
  return detail::tree_extractor{store, listener}.root(b, path, name);
}

}  // namespace cairn
