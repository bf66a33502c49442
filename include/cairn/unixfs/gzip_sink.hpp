#pragma once

#include <cairn/core/config.hpp>
#include <cairn/unixfs/byte_sink.hpp>

#include <memory>

namespace cairn {

namespace detail {
struct gzip_state;
}

/// Compresses what is written to it, as one GZIP member, for another sink.
///
/// memory    256 KiB of zlib's and 64 KiB
/// lifetime  the sink behind it outlives it
class gzip_sink {
public:
  /// level     1 (fast) to 9 (small); -1: zlib's own choice
  CAIRN_DECL explicit gzip_sink(sink_ref out, int level = -1);
  CAIRN_DECL gzip_sink(gzip_sink&&) noexcept;
  CAIRN_DECL ~gzip_sink();

  /// errors    those of the sink behind it
  CAIRN_DECL auto write(bytes_view in) -> io_result<void>;
  /// Write what is held back and the end; nothing may be written after that.
  CAIRN_DECL auto finish() -> io_result<void>;

private:
  std::unique_ptr<detail::gzip_state> state_;
};

static_assert(byte_sink<gzip_sink>);

}  // namespace cairn

#if CAIRN_HEADER_ONLY
#  include <cairn/unixfs/impl/gzip_sink.ipp>
#endif
