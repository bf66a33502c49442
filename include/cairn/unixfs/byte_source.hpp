#pragma once

#include <cairn/concept/byte_source.hpp>
#include <cairn/core/config.hpp>

#include <algorithm>
#include <cstring>
#include <string>

namespace cairn {

/// Octets in memory, borrowed.
class memory_source {
public:
  explicit memory_source(bytes_view in) : rest_{in} {}
  auto read(bytes_span out) -> io_result<std::size_t> {
    auto const n = std::min(out.size(), rest_.size());
    if (n != 0) std::memcpy(out.data(), rest_.data(), n);
    rest_ = rest_.subspan(n);
    return n;
  }

private:
  bytes_view rest_;
};

/// An open file or pipe by its descriptor, borrowed; `name` is for errors.
class file_source {
public:
  explicit file_source(int fd, std::string name = {}) : fd_{fd}, name_{std::move(name)} {}

  /// errors    errno of read(2), "cannot read"
  CAIRN_DECL auto read(bytes_span out) -> io_result<std::size_t>;

private:
  int fd_;
  std::string name_;
};

/// Any byte_source, borrowed: two pointers.
class source_ref {
public:
  template <class S>
    requires(!std::same_as<S, source_ref>) && byte_source<S>
  source_ref(S& s) : self_{&s}, read_{[](void* self, bytes_span out) { return static_cast<S*>(self)->read(out); }} {}

  auto read(bytes_span out) const -> io_result<std::size_t> { return read_(self_, out); }

private:
  void* self_;
  io_result<std::size_t> (*read_)(void*, bytes_span);
};

static_assert(byte_source<memory_source> && byte_source<file_source> && byte_source<source_ref>);

}  // namespace cairn

#if CAIRN_HEADER_ONLY
#  include <cairn/unixfs/impl/byte_source.ipp>
#endif
