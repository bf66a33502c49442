#pragma once
// A TAR archive from a node, written to this machine while it comes: below open folders only, so that no link is followed.

#include <cairn/core/try.hpp>
#include <cairn/service/cli/terminal.hpp>

#include <algorithm>
#include <cerrno>
#include <charconv>
#include <cstring>
#include <fcntl.h>
#include <functional>
#include <sys/stat.h>
#include <unistd.h>
#include <vector>

namespace cairn::service::cli::detail {

class untar {
public:
  /// The archive's root becomes `to`, or where that is a folder and the root is none, `to`/`name`.
  untar(std::string to, std::string name, std::function<void(std::uint64_t)> wrote) : to_{std::move(to)}, name_{std::move(name)}, wrote_{std::move(wrote)} {}
  untar(untar const&) = delete;
  ~untar() {
    if (file_ >= 0) {
      ::close(file_);
      ::unlinkat(folder_, part_.c_str(), 0);
    }
    if (folder_ >= 0) ::close(folder_);
  }

  auto write(bytes_view in) -> io_result<void> {
    while (!in.empty()) {
      if (left_ != 0) {
        auto const piece = in.first(std::min<std::uint64_t>(in.size(), left_));
        if (file_ >= 0) CAIRN_TRY(content(piece));
        else if (records_) text_ += as_text(piece);
        left_ -= piece.size();
        in = in.subspan(piece.size());
        if (left_ == 0) CAIRN_TRY(end_entry());
        continue;
      }
      auto const wanted = std::min(in.size(), padding_ != 0 ? padding_ : 512 - header_.size());
      if (padding_ != 0) {
        padding_ -= wanted;
      } else {
        header_ += as_text(in.first(wanted));
        if (header_.size() == 512) {
          CAIRN_TRY(begin_entry());
          header_.clear();
        }
      }
      in = in.subspan(wanted);
    }
    return {};
  }

  auto finish() -> io_result<void> {
    if (!ended_) return fail("unexpected EOF");
    // what was entered first is finished last: each entry changes the time of its folder
    for (auto f = folders_.rbegin(); f != folders_.rend(); ++f) {
      auto const fd = open_folder(f->path, false);
      if (!fd) return std::unexpected(fd.error());
      ::fchmod(*fd, f->mode);
      ::futimens(*fd, f->times);
      ::close(*fd);
    }
    return {};
  }

private:
  struct folder {
    std::vector<std::string> path;
    mode_t mode;
    timespec times[2];
  };

  static auto fail(std::string why) -> std::unexpected<error> { return std::unexpected(error::message("get", std::move(why))); }
  static auto failed(char const* doing, std::string const& path) -> std::unexpected<error> { return std::unexpected(error::system(errno, doing, path)); }

  auto field(std::size_t at, std::size_t size) const -> std::string { return std::string{header_.c_str() + at, ::strnlen(header_.c_str() + at, size)}; }
  auto number(std::size_t at, std::size_t size) const -> io_result<std::uint64_t> {
    auto text = field(at, size);
    std::erase(text, ' ');
    auto n = std::uint64_t{0};
    auto const r = std::from_chars(text.data(), text.data() + text.size(), n, 8);
    if (!text.empty() && (r.ec != std::errc{} || r.ptr != text.data() + text.size())) return fail("archive/tar: invalid tar header");
    return n;
  }

  auto begin_entry() -> io_result<void> {
    if (header_.find_first_not_of('\0') == std::string::npos) {
      ended_ = true;
      return {};
    }
    auto sum = 0u;
    for (std::size_t i = 0; i < 512; ++i) sum += i >= 148 && i < 156 ? ' ' : static_cast<unsigned char>(header_[i]);
    CAIRN_TRY(auto told, number(148, 8));
    if (told != sum) return fail("archive/tar: invalid tar header");
    CAIRN_TRY(left_, number(124, 12));
    if (extended_size_) left_ = *extended_size_;
    padding_after_ = static_cast<std::size_t>((512 - left_ % 512) % 512);
    auto const kind = header_[156];
    if (kind == 'x' || kind == 'g') {
      if (left_ > 1 << 20) return fail("archive/tar: header field too long");
      records_ = kind == 'x';
      text_.clear();
      if (left_ == 0) return end_entry();
      return {};
    }
    auto path = field(0, 100);
    if (auto const prefix = field(345, 155); !prefix.empty()) path = prefix + "/" + path;
    if (!extended_path_.empty()) path = extended_path_;
    auto target = extended_target_.empty() ? field(157, 100) : extended_target_;
    CAIRN_TRY(auto mode, number(100, 8));
    CAIRN_TRY(auto seconds, number(136, 12));
    auto time = extended_time_.value_or(static_cast<std::int64_t>(seconds));
    extended_path_.clear();
    extended_target_.clear();
    extended_time_.reset();
    extended_size_.reset();
    CAIRN_TRY(entry(kind, path, target, static_cast<mode_t>(mode & 07777), time));
    if (left_ == 0) return end_entry();
    return {};
  }

  auto parts_of(std::string_view path) -> io_result<std::vector<std::string>> {
    auto parts = std::vector<std::string>{};
    while (path.ends_with('/')) path.remove_suffix(1);
    while (!path.empty()) {
      auto const slash = path.find('/');
      auto const part = path.substr(0, slash);
      if (part.empty() || part == "." || part == ".." || part.find('\0') != std::string_view::npos)
        return fail("relative UnixFS paths outside the root are not allowed, use CAR instead");
      parts.emplace_back(part);
      path = slash == std::string_view::npos ? std::string_view{} : path.substr(slash + 1);
    }
    if (parts.empty()) return fail("archive/tar: an entry without a name");
    parts.erase(parts.begin());  // the root's name is the caller's word
    return parts;
  }

  // The folder below `to`, each step without following a link.
  auto open_folder(std::vector<std::string> const& parts, bool make) -> io_result<int> {
    auto fd = ::open(to_.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC);
    if (fd < 0) return failed("cannot open", to_);
    for (auto const& p : parts) {
      if (make && ::mkdirat(fd, p.c_str(), 0755) != 0 && errno != EEXIST) return ::close(fd), failed("cannot make the directory", p);
      auto const next = ::openat(fd, p.c_str(), O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC);
      ::close(fd);
      if (next < 0) return fail(p + ": cannot extract to symlink or non-directory objects");
      fd = next;
    }
    return fd;
  }

  auto entry(char kind, std::string const& path, std::string const& target, mode_t mode, std::int64_t time) -> io_result<void> {
    CAIRN_TRY(auto parts, parts_of(path));
    times_[0] = times_[1] = {static_cast<time_t>(time), 0};
    mode_ = mode;
    if (kind == '5') {
      if (parts.empty()) {
        for (auto at = to_.find('/', 1);; at = to_.find('/', at + 1)) {
          if (::mkdir(to_.substr(0, at).c_str(), 0755) != 0 && errno != EEXIST) return failed("cannot make the directory", to_);
          if (at == std::string::npos) break;
        }
      }
      CAIRN_TRY(auto fd, open_folder(parts, true));
      ::close(fd);
      folders_.push_back({std::move(parts), mode, {times_[0], times_[1]}});
      return {};
    }
    if (kind != '0' && kind != '\0' && kind != '2') return fail("unrecognized tar header type: " + std::to_string(static_cast<int>(kind)));
    if (folder_ >= 0) ::close(std::exchange(folder_, -1));
    if (parts.empty()) {
      struct stat there {};
      auto const inside = ::lstat(to_.c_str(), &there) == 0 && S_ISDIR(there.st_mode);
      auto const whole = inside ? to_ + "/" + name_ : to_;
      auto const slash = whole.rfind('/');
      auto const above = slash == std::string::npos ? std::string{"."} : slash == 0 ? std::string{"/"} : whole.substr(0, slash);
      last_ = whole.substr(slash == std::string::npos ? 0 : slash + 1);
      folder_ = ::open(above.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC);
      if (folder_ < 0) return failed("cannot open", above);
    } else {
      last_ = parts.back();
      parts.pop_back();
      CAIRN_TRY(folder_, open_folder(parts, true));
    }
    part_ = ".cairn-get-" + std::to_string(::getpid());
    ::unlinkat(folder_, part_.c_str(), 0);
    if (kind == '2') {
      if (::symlinkat(target.c_str(), folder_, part_.c_str()) != 0) return failed("cannot make the symlink", last_);
      ::utimensat(folder_, part_.c_str(), times_, AT_SYMLINK_NOFOLLOW);
      return put_in_place();
    }
    file_ = ::openat(folder_, part_.c_str(), O_WRONLY | O_CREAT | O_EXCL | O_NOFOLLOW | O_CLOEXEC, 0600);
    if (file_ < 0) return failed("cannot make the file", last_);
    return {};
  }

  auto content(bytes_view piece) -> io_result<void> {
    for (auto rest = piece; !rest.empty();) {
      auto const n = ::write(file_, rest.data(), rest.size());
      if (n < 0 && errno == EINTR) continue;
      if (n < 0) return failed("cannot write", last_);
      rest = rest.subspan(static_cast<std::size_t>(n));
    }
    wrote_(piece.size());
    return {};
  }

  auto put_in_place() -> io_result<void> {
    if (::renameat(folder_, part_.c_str(), folder_, last_.c_str()) == 0) return {};
    if (errno == EISDIR && ::unlinkat(folder_, last_.c_str(), AT_REMOVEDIR) == 0 && ::renameat(folder_, part_.c_str(), folder_, last_.c_str()) == 0) return {};
    auto why = error::system(errno, "cannot replace", last_);
    ::unlinkat(folder_, part_.c_str(), 0);
    return std::unexpected(std::move(why));
  }

  auto end_entry() -> io_result<void> {
    padding_ = std::exchange(padding_after_, 0);
    if (std::exchange(records_, false)) return take_records();
    if (file_ < 0) return {};
    auto const bad = ::fchmod(file_, mode_) != 0 || ::futimens(file_, times_) != 0;
    auto const unsaved = ::close(std::exchange(file_, -1)) != 0;
    if (bad || unsaved) return failed("cannot write", last_);
    return put_in_place();
  }

  auto take_records() -> io_result<void> {
    for (auto rest = std::string_view{text_}; !rest.empty();) {
      auto size = 0uz;
      auto const r = std::from_chars(rest.data(), rest.data() + rest.size(), size);
      auto const head = static_cast<std::size_t>(r.ptr - rest.data());
      if (r.ec != std::errc{} || size <= head + 1 || size > rest.size()) return fail("archive/tar: invalid tar header");
      auto const record = rest.substr(head + 1, size - head - 2);
      rest.remove_prefix(size);
      auto const equals = record.find('=');
      if (equals == std::string_view::npos) return fail("archive/tar: invalid tar header");
      auto const key = record.substr(0, equals), value = record.substr(equals + 1);
      auto n = std::int64_t{0};
      if (key == "path") extended_path_ = value;
      else if (key == "linkpath") extended_target_ = value;
      else if ((key == "mtime" || key == "size") && std::from_chars(value.data(), value.data() + value.size(), n).ec == std::errc{}) {
        if (key == "mtime") extended_time_ = n;
        else extended_size_ = static_cast<std::uint64_t>(n);
      }
    }
    return {};
  }

  std::string to_, name_;
  std::function<void(std::uint64_t)> wrote_;
  std::string header_, text_, part_, last_, extended_path_, extended_target_;
  std::optional<std::int64_t> extended_time_;
  std::optional<std::uint64_t> extended_size_;
  std::vector<folder> folders_;
  timespec times_[2]{};
  mode_t mode_ = 0;
  std::uint64_t left_ = 0;
  std::size_t padding_ = 0, padding_after_ = 0;
  int folder_ = -1, file_ = -1;
  bool records_ = false, ended_ = false;
};

}  // namespace cairn::service::cli::detail
