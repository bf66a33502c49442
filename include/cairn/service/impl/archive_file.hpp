#pragma once
// A file that appears under its name when it is whole: a failure or Ctrl-C leaves no half of it.

#include <cairn/core/bytes.hpp>
#include <cairn/core/error.hpp>
#include <cairn/core/limits.hpp>
#include <cairn/core/try.hpp>

#include <cerrno>
#include <fcntl.h>
#include <string>
#include <unistd.h>

namespace cairn::service::detail {

class archive_file {
public:
  explicit archive_file(std::string target) : target_{std::move(target)}, part_{target_ + ".part"} {}
  archive_file(archive_file const&) = delete;
  ~archive_file() {
    if (to_ < 0) return;
    ::close(to_);
    ::unlink(part_.c_str());
  }

  auto is_open() const -> bool { return to_ >= 0; }
  auto open() -> io_result<void> {
    to_ = ::open(part_.c_str(), O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0644);
    return to_ < 0 ? std::unexpected(error::system(errno, "cannot create", target_)) : io_result<void>{};
  }
  auto write(bytes_view piece) -> io_result<void> {
    append(pending_, piece);
    return pending_.size() >= limits::MiB ? flush() : io_result<void>{};
  }
  auto finish() -> io_result<void> {
    CAIRN_TRY(flush());
    auto const bad = ::close(std::exchange(to_, -1)) != 0;
    if (bad || ::rename(part_.c_str(), target_.c_str()) != 0) {
      auto why = error::system(errno, bad ? "cannot write" : "cannot create", target_);
      ::unlink(part_.c_str());
      return std::unexpected(std::move(why));
    }
    return {};
  }

private:
  auto flush() -> io_result<void> {
    for (auto rest = bytes_view{pending_}; !rest.empty();) {
      auto const n = ::write(to_, rest.data(), rest.size());
      if (n < 0 && errno == EINTR) continue;
      if (n < 0) return std::unexpected(error::system(errno, "cannot write", target_));
      rest = rest.subspan(static_cast<std::size_t>(n));
    }
    pending_.clear();
    return {};
  }

  std::string target_, part_;
  bytes pending_;
  int to_ = -1;
};

}  // namespace cairn::service::detail
