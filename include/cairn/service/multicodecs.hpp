#pragma once

#include <cairn/core/config.hpp>
#include <cairn/multiformats/multicodec_overlay.hpp>

#include <string>

namespace cairn::service {

/// The multicodec table of the repo in that folder, which may be missing: the registry, and the rows of the CSV files in its folder
/// multicodec/, which add rows or promote drafts, and never re-assign. A node whose table is broken does not open.
///
/// errors    a row that would re-assign: file, line and both names
CAIRN_DECL auto multicodecs_of(std::string const& repo_folder) -> io_result<multicodec_overlay>;

}  // namespace cairn::service

#if CAIRN_HEADER_ONLY
#  include <cairn/service/impl/multicodecs.ipp>
#endif
