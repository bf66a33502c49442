#pragma once

#include <cairn/core/config.hpp>
#include <cairn/core/limits.hpp>
#include <cairn/multiformats/multicodec.hpp>

#include <map>
#include <string>
#include <vector>

namespace cairn {

/// The registry with rows added at run time: from a newer table.csv, or private ones.
///
/// It may add rows and promote a draft to permanent; it never gives a code another name or a name another code, so no CID
/// changes its meaning. A text that is refused changes nothing.
class multicodec_overlay {
public:
  /// Take the rows of a CSV with the registry's columns: name, tag, code, status, description. A row that is already there
  /// is not an error.
  ///
  /// in        at most `limits::registry_text` bytes
  /// errors    the message names the line, and both names where a row would re-assign
  CAIRN_DECL auto load(std::string_view csv) -> io_result<void>;

  /// The row of a code or of a name, the overlay's where it has one; its name lives as long as the overlay.
  CAIRN_DECL auto find(std::uint64_t code) const -> std::optional<multicodec_row>;
  CAIRN_DECL auto find(std::string_view name) const -> std::optional<multicodec_row>;

  /// All rows, by code: the registry's and the overlay's.
  CAIRN_DECL auto rows() const -> std::vector<multicodec_row>;

  /// As the function of the same name, over this table.
  CAIRN_DECL auto check_multihash_code(std::uint64_t code, multihash_codes allowed = multihash_codes::multihash_only) const
      -> result<void, multicodec_errc>;

private:
  struct entry {
    std::string name;
    multicodec_tag tag;
    multicodec_status status;
  };
  std::map<std::uint64_t, entry> entries_;
  std::map<std::string, std::uint64_t, std::less<>> codes_;
};

}  // namespace cairn

#if CAIRN_HEADER_ONLY
#  include <cairn/multiformats/impl/multicodec_overlay.ipp>
#endif
