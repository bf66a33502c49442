#pragma once

#include <cairn/core/try.hpp>
#include <cairn/repo/gc.hpp>
#include <cairn/repo/impl/reserve.hpp>

namespace cairn {

CAIRN_DECL auto read_files_root(datastore_ref metadata) -> io_result<std::optional<cid>> {
  CAIRN_TRY(auto value, metadata.get("/local/filesroot"));
  if (!value) return std::nullopt;
  auto const root = decode_cid(*value);
  if (!root) return std::unexpected(error{root.error()}.about("/local/filesroot"));
  return *root;
}

CAIRN_DECL auto collect_garbage(repo const& r, gc_options const& options) -> io_result<sweep_report> {
  auto const reserve = detail::metadata_reserve{r.folder() + "/" + std::string{detail::reserve_file}};
  auto const room = reserve.lend(detail::metadata_reserve::size);
  auto own = block_leases{};
  auto others = (options.leases ? *options.leases : own).begin_collection(options.stopped);
  if (!others) return std::unexpected(gc_errc::stopped);
  // the store first: what is noted after `read` meets a store that knows of the collection
  CAIRN_TRY(auto collection, r.blocks().begin_collection());
  auto live = reachable_set{r.blocks(), options.stopped};
  auto const hold = [&](std::vector<held_root> const& roots) {
    for (auto const& root : roots) root.alone ? live.mark_alone(root.id) : live.mark(root.id, true);
  };
  hold(others->read(live));
  if (options.pins) {
    CAIRN_TRY(live.mark_pins(*options.pins));
  } else {
    CAIRN_TRY(auto pins, pinset::open(r.metadata()));
    CAIRN_TRY(live.mark_pins(pins));
  }
  CAIRN_TRY(auto files_root, read_files_root(r.metadata()));
  if (files_root) live.mark(*files_root, true);
  if (options.best_effort_roots) {
    CAIRN_TRY(auto more, options.best_effort_roots());
    for (auto const& root : more) live.mark(root, true);
  }
  for (;;) {
    auto const late = others->late_roots();
    if (late.empty()) break;
    hold(late);
  }
  if (options.stopped && options.stopped()) return std::unexpected(gc_errc::stopped);
  if (!live.complete()) {
    if (options.unreadable)
      for (auto const& problem : live.problems()) options.unreadable(problem);
    auto const& first = live.problems().front();
    return std::unexpected(error{gc_errc::aborted}.about(to_string(first.id)).during(std::string{first.why.clause()}).advise(
        "nothing was removed; fetch the missing blocks, or unpin what needs them"));
  }
  auto const is_live = [&](multihash const& h) { return live.contains(h); };
  auto removed = std::function<void(multihash const&)>{};
  if (options.removed) removed = [&](multihash const& h) { options.removed(cid::v1(code::raw, h)); };
  auto failed = std::function<void(multihash const&, error const&)>{};
  if (options.not_removed) failed = [&](multihash const& h, error const& why) { options.not_removed({cid::v1(code::raw, h), why}); };
  CAIRN_TRY(auto report, collection.sweep(is_live, removed, failed));
  if (report.failed > 0)
    return std::unexpected(error{gc_errc::incomplete}
                               .about(report.first_failure->subject())
                               .during(std::to_string(report.failed) + " blocks; the first: " + std::string{report.first_failure->clause()})
                               .advise("the other garbage is gone; run it again when the cause is away"));
  return report;
}

}  // namespace cairn
