#pragma once

#include <cairn/unixfs/byte_source.hpp>

#include <cerrno>

#include <unistd.h>

namespace cairn {

CAIRN_DECL auto file_source::read(bytes_span out) -> io_result<std::size_t> {
  for (;;) {
    auto const n = ::read(fd_, out.data(), out.size());
    if (n >= 0) return static_cast<std::size_t>(n);
    if (errno != EINTR) return std::unexpected(error::system(errno, "cannot read", name_));
  }
}

}  // namespace cairn
