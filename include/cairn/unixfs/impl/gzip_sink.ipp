#pragma once

#include <cairn/core/limits.hpp>
#include <cairn/core/try.hpp>
#include <cairn/unixfs/gzip_sink.hpp>

#include <new>

#include <zlib.h>

namespace cairn {
namespace detail {

struct gzip_state {
  sink_ref out;
  z_stream stream{};
  gz_header header{};
  byte buffer[64 * limits::KiB];

  gzip_state(sink_ref to, int level) : out{to} {
    if (::deflateInit2(&stream, level, Z_DEFLATED, 15 + 16, 8, Z_DEFAULT_STRATEGY) != Z_OK) throw std::bad_alloc{};
    header.os = 255;  // the archive is the same on every system
    ::deflateSetHeader(&stream, &header);
  }
  gzip_state(gzip_state const&) = delete;
  ~gzip_state() { ::deflateEnd(&stream); }

  auto run(bytes_view in, int flush) -> io_result<void> {
    do {
      // zlib counts with 32 bits
      auto const part = in.first(std::min<std::size_t>(in.size(), limits::GiB));
      in = in.subspan(part.size());
      stream.next_in = const_cast<byte*>(part.data());
      stream.avail_in = static_cast<uInt>(part.size());
      do {
        stream.next_out = buffer;
        stream.avail_out = sizeof buffer;
        ::deflate(&stream, in.empty() ? flush : Z_NO_FLUSH);
        if (auto const size = sizeof buffer - stream.avail_out; size != 0) CAIRN_TRY(out.write({buffer, size}));
      } while (stream.avail_out == 0);
    } while (!in.empty());
    return {};
  }
};

}  // namespace detail

CAIRN_DECL gzip_sink::gzip_sink(sink_ref out, int level) : state_{std::make_unique<detail::gzip_state>(out, level)} {}
CAIRN_DECL gzip_sink::gzip_sink(gzip_sink&&) noexcept = default;
CAIRN_DECL gzip_sink::~gzip_sink() = default;

CAIRN_DECL auto gzip_sink::write(bytes_view in) -> io_result<void> { return state_->run(in, Z_NO_FLUSH); }

CAIRN_DECL auto gzip_sink::finish() -> io_result<void> { return state_->run({}, Z_FINISH); }

}  // namespace cairn
