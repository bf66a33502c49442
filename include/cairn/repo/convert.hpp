#pragma once

#include <cairn/repo/repo.hpp>

#include <functional>

namespace cairn {

struct convert_report {
  std::uint64_t copied_blocks = 0, copied_bytes = 0;
  std::uint64_t found_blocks = 0;  ///< that an interrupted run had copied
};

/// Move all blocks of a repo to the other engine. The new store stands beside the old one until it is complete and on the disk;
/// then the config names it, and the old one goes. After a kill at any point, the same call goes on.
///
/// target    the engine; where the repo has it already, nothing happens
/// errors    those of the stores; a damaged block stops it, the repo is then as it was
/// space     as much as the blocks take, until the old store goes
CAIRN_DECL auto convert_repo(std::string const& folder, block_engine target, std::function<void(convert_report const&)> const& progress = {})
    -> io_result<convert_report>;

}  // namespace cairn

#if CAIRN_HEADER_ONLY
#  include <cairn/repo/impl/convert.ipp>
#endif
