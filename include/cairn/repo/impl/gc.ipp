#pragma once

#include <cairn/core/try.hpp>
#include <cairn/repo/gc.hpp>

namespace cairn {

CAIRN_DECL auto read_files_root(datastore_ref metadata) -> io_result<std::optional<cid>> {
  CAIRN_TRY(auto value, metadata.get("/local/filesroot"));
  if (!value) return std::nullopt;
  auto const root = decode_cid(*value);
  if (!root) return std::unexpected(error{root.error()}.about("/local/filesroot"));
  return *root;
}

CAIRN_DECL auto collect_garbage(repo& r, gc_options const& options) -> io_result<sweep_report> {
  CAIRN_TRY(auto collection, r.blocks().begin_collection());
  CAIRN_TRY(auto pins, pinset::open(r.metadata()));
  auto live = reachable_set{r.blocks()};
  CAIRN_TRY(live.mark_pins(pins));
  CAIRN_TRY(auto files_root, read_files_root(r.metadata()));
  if (files_root) live.mark(*files_root, true);
  for (auto const& root : options.best_effort_roots) live.mark(root, true);
  if (!live.complete()) {
    if (options.unreadable)
      for (auto const& problem : live.problems()) options.unreadable(problem);
    auto const& first = live.problems().front();
    return std::unexpected(error{gc_errc::aborted}.about(to_string(first.id)).during(std::string{first.why.clause()}).advise(
        "nothing was removed; fetch the missing blocks, or unpin what needs them"));
  }
  auto const is_live = [&](multihash const& h) { return live.contains(h); };
  auto const removed = [&](multihash const& h) { options.removed(cid::v1(code::raw, h)); };
  CAIRN_TRY(auto report, collection.sweep(is_live, options.removed ? std::function<void(multihash const&)>{removed} : nullptr));
  if (report.failed > 0)
    return std::unexpected(error{gc_errc::incomplete}
                               .about(report.first_failure->subject())
                               .during(std::to_string(report.failed) + " blocks; the first: " + std::string{report.first_failure->clause()})
                               .advise("the other garbage is gone; run it again when the cause is away"));
  return report;
}

}  // namespace cairn
