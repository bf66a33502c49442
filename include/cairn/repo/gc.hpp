#pragma once

#include <cairn/pin/mark.hpp>
#include <cairn/repo/leases.hpp>
#include <cairn/repo/repo.hpp>

#include <functional>

namespace cairn {

/// Why a collection did not happen.
enum class gc_errc : byte {
  aborted = 1,  ///< links of what is pinned cannot be read, so what is garbage is not known; nothing was removed
  incomplete,   ///< some blocks could not be removed; the others went
  stopped,      ///< the caller is gone; nothing was removed
};

template <>
struct errc_traits<gc_errc> {
  static constexpr std::string_view module = "gc";
  static constexpr auto describe(gc_errc e) -> std::string_view {
    switch (e) {
      case gc_errc::aborted: return "garbage collection aborted: could not retrieve some links";
      case gc_errc::incomplete: return "garbage collection incomplete: could not delete some blocks";
      case gc_errc::stopped: return "garbage collection stopped";
    }
    return "gc: unknown error";
  }
};

struct gc_options {
  /// Where the repo is used by others meanwhile: what they do under leases stays.
  block_leases* leases = nullptr;
  /// The pins; opened where it is null.
  pinset const* pins = nullptr;
  /// More roots, kept with everything below them that is here; asked once, after the collection began.
  std::function<io_result<std::vector<cid>>()> best_effort_roots{};
  /// Hears of each block that goes, as a raw CIDv1.
  std::function<void(cid const&)> removed{};
  /// Hears of each block whose links cannot be read, before the collection aborts.
  std::function<void(unreadable_block const&)> unreadable{};
  /// Hears of each block that could not be removed.
  std::function<void(unreadable_block const&)> not_removed{};
  /// Asked while it waits and marks; true ends it. A sweep that has begun goes on to its end.
  std::function<bool()> stopped{};
};

/// Remove every block that no pin and no root keeps: recursive pins with what is below them, direct ones, the MFS root, and what
/// leases hold. Others read, put and pin meanwhile.
///
/// errors    aborted (about the first unreadable block): nothing was removed · incomplete · stopped · those of the stores
/// memory    that of reachable_set: 24 to 43 bytes a live block, twice with links
CAIRN_DECL auto collect_garbage(repo const& r, gc_options const& options = {}) -> io_result<sweep_report>;

/// The root of the node's mutable files, as metadata has it.
CAIRN_DECL auto read_files_root(datastore_ref metadata) -> io_result<std::optional<cid>>;

}  // namespace cairn

#if CAIRN_HEADER_ONLY
#  include <cairn/repo/impl/gc.ipp>
#endif
