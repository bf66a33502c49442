#pragma once

#include <cairn/car/impl/work_ahead.hpp>
#include <cairn/car/import.hpp>
#include <cairn/core/try.hpp>

namespace cairn {
namespace detail {

// A batch that was checked; or why reading ended, behind the batches before it.
struct checked_car_batch {
  car_batch batch;
  std::vector<block_view> blocks;
  std::vector<bytes_view> messages;
  std::vector<digest<32>> digests;
  std::uint64_t sections = 0, octets = 0;
  std::optional<error> failed;
  bool more = false;
};

// Check every section of the batch; the blocks before a fault are kept.
inline void check_car_batch(checked_car_batch& b, std::size_t max_block) {
  b.blocks.clear(), b.messages.clear();
  b.sections = b.octets = 0;
  auto const is_plain = [](cid const& id) { return id.hash().code() == code::sha2_256 && id.hash().digest().size() == 32; };
  auto const sections = b.batch.sections();
  for (auto const& s : sections)
    if (is_plain(s.id)) b.messages.push_back(s.data);
  b.digests.resize(b.messages.size());
  sha256_many(b.messages, b.digests.data());
  auto digest = b.digests.begin();
  auto const fail = [&](error e, cid const& id) { b.failed = std::move(e).about(to_string(id)); };
  for (auto const& s : sections) {
    if (s.data.size() > max_block) return fail(car_errc::block_too_long, s.id);
    if (is_plain(s.id)) {
      if (!equal(s.id.hash().digest(), *digest++)) return fail(block_errc::hash_mismatch, s.id);
    } else if (auto const ok = check(s.id, s.data); !ok) {
      return fail(ok.error(), s.id);
    }
    ++b.sections, b.octets += s.data.size();
    if (s.id.hash().code() != code::identity) b.blocks.push_back(block_access::view(s.id, s.data));
  }
}

inline void read_car_batch(car_reader& reader, checked_car_batch& b, std::size_t max_block) {
  b.failed.reset();
  auto const more = reader.next_batch(b.batch);
  b.more = more && *more && !reader.ended();
  check_car_batch(b, max_block);
  if (!more && !b.failed) b.failed = more.error();
  if (b.failed) b.more = false;
}

}  // namespace detail

CAIRN_DECL auto import_car(blockstore_ref store, source_ref source, car_import_options const& options) -> io_result<car_import_report> {
  CAIRN_TRY(auto reader, car_reader::open(source, options.read));
  auto report = car_import_report{reader.version(), {reader.roots().begin(), reader.roots().end()}, 0, 0};
  auto const store_batch = [&](detail::checked_car_batch& b) -> io_result<void> {
    if (!b.blocks.empty()) CAIRN_TRY(store.put_many(b.blocks));
    report.blocks += b.sections, report.bytes += b.octets;
    if (b.failed) return std::unexpected(*b.failed);
    return {};
  };
  // what fits one batch needs no thread
  auto first = detail::checked_car_batch{};
  detail::read_car_batch(reader, first, options.max_block);
  if (!first.more) {
    CAIRN_TRY(store_batch(first));
    return report;
  }
  auto const read = [&](detail::checked_car_batch& b) { detail::read_car_batch(reader, b, options.max_block); };
  auto ahead = detail::work_ahead<detail::checked_car_batch, decltype(read)>{read};
  CAIRN_TRY(store_batch(first));
  for (auto more = true; more;) {
    auto b = ahead.take();
    more = b->more;
    CAIRN_TRY(store_batch(*b));
    if (more) ahead.recycle(std::move(b));
  }
  return report;
}

}  // namespace cairn
