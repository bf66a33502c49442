#pragma once

#include <cairn/core/config.hpp>
#include <cairn/unixfs/byte_sink.hpp>
#include <cairn/unixfs/data.hpp>

#include <string>
#include <string_view>

namespace cairn {

enum class tar_type : char { file = '0', symlink = '2', directory = '5' };

/// One entry of an archive.
struct tar_entry {
  std::string_view name;
  tar_type type = tar_type::file;
  std::uint64_t size = 0;  ///< of the content that follows
  std::uint32_t mode = 0;
  unixfs_time mtime{};
  std::string_view target{};  ///< of a symlink
};

/// Writes a TAR archive: USTAR where an entry fits, PAX records where a name is long or not ASCII, a file has 8 GiB or more, or a
/// time is before 1970. Octet for octet what Go's archive/tar writes when it may choose the format, times rounded to seconds.
///
/// memory    one header
/// lifetime  the sink outlives it
class tar_writer {
public:
  explicit tar_writer(sink_ref out) : out_{out} {}

  /// Begin an entry; the one before it has got all its content.
  CAIRN_DECL auto begin(tar_entry const& entry) -> io_result<void>;
  /// Content of the entry; more than it promised is an error.
  CAIRN_DECL auto write(bytes_view in) -> io_result<void>;
  /// End the archive.
  CAIRN_DECL auto finish() -> io_result<void>;

private:
  auto pad() -> io_result<void>;

  sink_ref out_;
  std::uint64_t left_ = 0;   // of the entry's content
  std::size_t padding_ = 0;  // behind it
};

}  // namespace cairn

#if CAIRN_HEADER_ONLY
#  include <cairn/unixfs/impl/tar_writer.ipp>
#endif
