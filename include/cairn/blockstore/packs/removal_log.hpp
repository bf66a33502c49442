#pragma once

#include <cairn/blockstore/packs/location.hpp>
#include <cairn/core/config.hpp>
#include <cairn/core/bytes.hpp>

#include <optional>

namespace cairn::detail {

/// One removal: it kills every copy of the multihash that stands before `sequence`.
///
/// record    0xd1, size of the rest but the sum [1], segment [4], offset [8], multihash, first 4 bytes of the rest's SHA-256
struct removal {
  bytes_view key;  ///< a multihash, encoded; borrowed
  pack_position sequence;
};

CAIRN_DECL void append_removal(bytes& out, removal const& r);

/// Reads the whole of the log's bytes; what is no record is skipped, octet by octet, so that one bad sum hides one record only.
class removal_reader {
public:
  explicit removal_reader(bytes_view log) : rest_{log} {}
  CAIRN_DECL auto next() -> std::optional<removal>;
  /// Octets that were in no record so far.
  auto skipped() const -> std::size_t { return skipped_; }

private:
  bytes_view rest_;
  std::size_t skipped_ = 0;
};

}  // namespace cairn::detail
