#pragma once

#include <cairn/block.hpp>
#include <cairn/car/header.hpp>
#include <cairn/car/index.hpp>
#include <cairn/unixfs/byte_sink.hpp>

namespace cairn {

/// Writes a CARv1 into any sink, block by block. Sections are gathered, so `finish` writes the last of them.
///
/// lifetime  the sink outlives the writer
/// spec      ipld/car
class car_writer {
public:
  /// Writes the header.
  CAIRN_DECL static auto open(sink_ref sink, std::span<cid const> roots) -> io_result<car_writer>;

  /// Append a section.
  ///
  /// errors    those of the sink; after one the writer is not used again
  CAIRN_DECL auto put(block_view const& b) -> io_result<void>;

  /// Hand all that was put to the sink.
  CAIRN_DECL auto finish() -> io_result<void>;

  /// The size of the CARv1 so far, where the next section begins.
  auto size() const -> std::uint64_t { return size_; }

private:
  explicit car_writer(sink_ref sink) : sink_{sink} {}
  sink_ref sink_;
  bytes held_;
  std::uint64_t size_ = 0;
};

/// Writes a CARv2: the sections, then an index over them. Its header stands before them and is known only then, so a place
/// is kept for it, which a reader refuses until `patch_car_v2_header` has filled it.
class car_v2_writer {
public:
  CAIRN_DECL static auto open(sink_ref sink, std::span<cid const> roots, car_index_format format = car_index_format::multihash_sorted)
      -> io_result<car_v2_writer>;

  CAIRN_DECL auto put(block_view const& b) -> io_result<void>;

  /// Write the index; the header that has to stand behind the pragma, at octet 11.
  CAIRN_DECL auto finish() -> io_result<car_v2_header>;

private:
  car_v2_writer(sink_ref sink, car_writer inner, car_index_format format) : sink_{sink}, inner_{std::move(inner)}, index_{format} {}
  sink_ref sink_;
  car_writer inner_;
  car_index index_;
  bool index_is_full_ = true;
};

/// Write the header into an open file that begins with what a `car_v2_writer` wrote.
///
/// errors    errno of pwrite(2), "cannot write"
CAIRN_DECL auto patch_car_v2_header(int fd, car_v2_header const& h, std::string name = {}) -> io_result<void>;

}  // namespace cairn

#if CAIRN_HEADER_ONLY
#  include <cairn/car/impl/writer.ipp>
#endif
