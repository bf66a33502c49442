#pragma once

#include <cairn/concept/byte_sink.hpp>
#include <cairn/core/config.hpp>

#include <string>

namespace cairn {

/// Appends to octets that it owns.
class memory_sink {
public:
  auto write(bytes_view in) -> io_result<void> {
    append(written_, in);
    return {};
  }
  auto written() const -> bytes const& { return written_; }

private:
  bytes written_;
};

/// An open file or pipe by its descriptor, borrowed; `name` is for errors.
class file_sink {
public:
  explicit file_sink(int fd, std::string name = {}) : fd_{fd}, name_{std::move(name)} {}

  /// errors    errno of write(2), "cannot write"
  CAIRN_DECL auto write(bytes_view in) -> io_result<void>;

private:
  int fd_;
  std::string name_;
};

/// Any byte_sink, borrowed: two pointers.
class sink_ref {
public:
  template <class S>
    requires(!std::same_as<S, sink_ref>) && byte_sink<S>
  sink_ref(S& s) : self_{&s}, write_{[](void* self, bytes_view in) { return static_cast<S*>(self)->write(in); }} {}

  auto write(bytes_view in) const -> io_result<void> { return write_(self_, in); }

private:
  void* self_;
  io_result<void> (*write_)(void*, bytes_view);
};

static_assert(byte_sink<memory_sink> && byte_sink<file_sink> && byte_sink<sink_ref>);

}  // namespace cairn

#if CAIRN_HEADER_ONLY
#  include <cairn/unixfs/impl/byte_sink.ipp>
#endif
