#pragma once

#include <cairn/car/export.hpp>
#include <cairn/car/impl/work_ahead.hpp>
#include <cairn/car/writer.hpp>
#include <cairn/core/try.hpp>

namespace cairn {

namespace detail {

struct walked_batch {
  std::vector<block> blocks;
  std::optional<error> failed;
  bool more = false;
};

inline void walk_batch(dag_walk& walk, walked_batch& b) {
  constexpr std::size_t enough = 8 * limits::MiB;
  b.blocks.clear();
  for (std::size_t size = 0; size < enough;) {
    auto found = walk.next();
    if (!found) b.failed = std::move(found).error();
    b.more = found && *found;
    if (!b.more) return;
    auto& data = *(*found)->data;  // every block is read
    size += data.data().size() + 256;
    b.blocks.push_back(std::move(data));
  }
}

}  // namespace detail

CAIRN_DECL auto export_car(blockstore_ref store, cid const& root, sink_ref sink, car_export_options const& options)
    -> io_result<car_export_report> {
  auto walk = dag_walk{store, root, {.skip_missing = options.on_missing == car_missing::is_skipped}};
  auto report = car_export_report{};
  auto first = detail::walked_batch{};
  detail::walk_batch(walk, first);
  if (first.blocks.empty() && first.failed) return std::unexpected(*std::move(first.failed));  // nothing was written
  CAIRN_TRY(auto writer, car_writer::open(sink, {&root, 1}));
  auto const write_batch = [&](detail::walked_batch& b) -> io_result<void> {
    for (auto const& one : b.blocks) CAIRN_TRY(writer.put(one));
    report.blocks += b.blocks.size();
    if (b.failed) return std::unexpected(*std::move(b.failed));
    return {};
  };
  if (first.more) {
    auto const fill = [&](detail::walked_batch& b) { detail::walk_batch(walk, b); };
    auto ahead = detail::work_ahead<detail::walked_batch, decltype(fill)>{fill};
    CAIRN_TRY(write_batch(first));
    for (auto more = true; more;) {
      auto b = ahead.take();
      more = b->more;
      CAIRN_TRY(write_batch(*b));
      if (more) ahead.recycle(std::move(b));
    }
  } else {
    CAIRN_TRY(write_batch(first));
  }
  CAIRN_TRY(writer.finish());
  report.bytes = writer.size();
  return report;
}

}  // namespace cairn
