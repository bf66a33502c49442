#pragma once

#include <cairn/core/config.hpp>
#include <cairn/core/error.hpp>
#include <cairn/ipld/node.hpp>

#include <span>
#include <vector>

namespace cairn::ipld {

/// Why a patch does not apply, or is none.
enum class patch_errc : byte {
  bad_patch = 1,  ///< not a list of {"op", "path", "value" or "from"}, or an unknown op
  no_target,      ///< the path leads to nothing
  target_exists,  ///< add, move and copy do not overwrite an entry of a map
  bad_index,      ///< a place in a list is a number up to its length, or "-" for its end
  test_failed,    ///< the value at the path is another one
  into_itself,    ///< a value cannot be moved below itself
};

enum class patch_op : byte { add, remove, replace, move, copy, test };

/// One step of a patch.
struct patch_step {
  patch_op op;
  std::vector<std::string> path;
  std::vector<std::string> from{};  ///< of move and copy
  node value{};                     ///< of add, replace and test
};

/// A patch as it is written: [{"op": "add", "path": "/a/0", "value": 1}, ...].
///
/// errors    bad_patch
CAIRN_DECL auto parse_patch(node const& n) -> result<std::vector<patch_step>, patch_errc>;

/// Apply all steps, or none: on an error `n` is as it was. New keys go to the end of a map.
///
/// errors    no_target · target_exists · bad_index · test_failed · into_itself
/// cost      one copy of the node
/// spec      ipld/patch
CAIRN_DECL auto apply_patch(node& n, std::span<patch_step const> steps) -> result<void, patch_errc>;

}  // namespace cairn::ipld

template <>
struct cairn::errc_traits<cairn::ipld::patch_errc> {
  static constexpr std::string_view module = "patch";
  static constexpr auto describe(cairn::ipld::patch_errc e) -> std::string_view {
    using enum cairn::ipld::patch_errc;
    switch (e) {
      case bad_patch: return "patch: not a list of operations";
      case no_target: return "patch: the path leads to nothing";
      case target_exists: return "patch: the target exists";
      case bad_index: return "patch: no place of the list";
      case test_failed: return "patch: test failed";
      case into_itself: return "patch: a value cannot be moved below itself";
    }
    return "patch: unknown error";
  }
};

#if CAIRN_HEADER_ONLY
#  include <cairn/ipld/impl/patch.ipp>
#endif
