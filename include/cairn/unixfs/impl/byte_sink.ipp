#pragma once

#include <cairn/unixfs/byte_sink.hpp>

#include <cerrno>

#include <unistd.h>

namespace cairn {

CAIRN_DECL auto file_sink::write(bytes_view in) -> io_result<void> {
  while (!in.empty()) {
    auto const n = ::write(fd_, in.data(), in.size());
    if (n < 0 && errno == EINTR) continue;
    if (n < 0) return std::unexpected(error::system(errno, "cannot write", name_));
    in = in.subspan(static_cast<std::size_t>(n));
  }
  return {};
}

}  // namespace cairn
