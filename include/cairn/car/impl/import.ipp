#pragma once

#include <cairn/car/impl/work_ahead.hpp>
#include <cairn/car/import.hpp>
#include <cairn/core/try.hpp>
#include <cairn/ipld/links.hpp>
#include <cairn/multiformats/multihash_set.hpp>

#include <algorithm>

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

// Check every section of the batch; the blocks before a fault are kept. `hash` is given the messages and a digest for each.
template <class Hash>
void check_car_batch(checked_car_batch& b, std::size_t max_block, Hash const& hash) {
  b.blocks.clear(), b.messages.clear();
  b.sections = b.octets = 0;
  auto const is_plain = [](cid const& id) { return id.hash().code() == code::sha2_256 && id.hash().digest().size() == 32; };
  auto const sections = b.batch.sections();
  for (auto const& s : sections)
    if (is_plain(s.id)) b.messages.push_back(s.data);
  b.digests.resize(b.messages.size());
  hash(b.messages, b.digests.data());
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

/// Whether all that is linked to was met; gives up, which is no harm, where that would take much memory.
class car_completeness {
public:
  void meet(std::span<block_view const> blocks) {
    auto const follow = [this](cid const& to) {
      if (to.hash().code() != code::identity) all_.insert(key_of(to));
      else if (to.codec() != code::raw) known_ = false;  // it may link on
    };
    for (auto const& b : blocks) {
      if (!known_) return;
      auto const key = key_of(b.id());
      if (!met_.insert(key)) continue;
      all_.insert(key);
      auto const read = visit_links(b.id().codec(), b.data(), link_sink{follow});
      known_ = known_ && read && all_.size() < most;
    }
  }
  auto whole(std::span<cid const> roots) const -> bool {
    auto const is_met = [this](cid const& root) { return met_.contains(key_of(root)); };
    return known_ && met_.size() == all_.size() && std::all_of(roots.begin(), roots.end(), is_met);
  }

private:
  static constexpr std::size_t most = std::size_t{1} << 20;
  /// The same bytes under two codecs are two.
  static auto key_of(cid const& id) -> multihash { return *multihash::wrap(id.hash().code() + (id.codec() << 24), id.hash().digest()); }

  multihash_set all_, met_;
  bool known_ = true;
};

template <class Hash>
void read_car_batch(car_reader& reader, checked_car_batch& b, std::size_t max_block, Hash const& hash) {
  b.failed.reset();
  auto const more = reader.next_batch(b.batch);
  b.more = more && *more && !reader.ended();
  check_car_batch(b, max_block, hash);
  if (!more && !b.failed) b.failed = more.error();
  if (b.failed) b.more = false;
}

// The digests of many messages, by who reads and by who waits for what is read: half a megabyte at a time, but two messages at least,
// which is what the SHA extensions take at once. Larger parts leave one of the two waiting for the other.
template <class Crew>
void hash_shared(Crew& crew, std::span<bytes_view const> messages, digest<32>* digests) {
  auto total = std::size_t{0};
  for (auto const& m : messages) total += m.size();
  auto const parts = std::min(messages.size() / 2, total / (512 * limits::KiB));
  if (parts < 2) return sha256_many(messages, digests);
  auto const step = (messages.size() + parts - 1) / parts;
  auto hash = [&](std::size_t i) {
    auto const from = std::min(step * i, messages.size());
    sha256_many(messages.subspan(from, std::min(step, messages.size() - from)), digests + from);
  };
  crew.share(parts, hash);
}

inline auto import_from(blockstore_ref store, car_reader& reader, car_import_options const& options) -> io_result<car_import_report> {
  auto report = car_import_report{reader.version(), {reader.roots().begin(), reader.roots().end()}, 0, 0};
  auto completeness = car_completeness{};
  auto last = std::optional<cid>{};
  auto const store_batch = [&](checked_car_batch& b) -> io_result<void> {
    if (auto const all = b.batch.sections(); !all.empty()) last = all.back().id;
    if (options.follow_links) completeness.meet(b.blocks);
    if (!b.blocks.empty()) CAIRN_TRY(store.put_many(b.blocks));
    report.blocks += b.sections, report.bytes += b.octets;
    if (!b.failed) return {};
    if (b.failed->subject().empty()) return std::unexpected(std::move(*b.failed).about(last ? "after " + to_string(*last) : "after the header"));
    return std::unexpected(*b.failed);
  };
  // what fits one batch needs no thread
  auto first = checked_car_batch{};
  read_car_batch(reader, first, options.max_block, sha256_many);
  if (!first.more) {
    CAIRN_TRY(store_batch(first));
    report.whole = options.follow_links && completeness.whole(report.roots);
    return report;
  }
  auto const read = [&](checked_car_batch& b, auto& crew) {
    read_car_batch(reader, b, options.max_block, [&](std::span<bytes_view const> messages, digest<32>* digests) {
      hash_shared(crew, messages, digests);
    });
  };
  auto ahead = work_ahead<checked_car_batch, decltype(read)>{read};
  CAIRN_TRY(store_batch(first));
  for (auto more = true; more;) {
    auto b = ahead.take();
    more = b->more;
    CAIRN_TRY(store_batch(*b));
    if (more) ahead.recycle(std::move(b));
  }
  report.whole = options.follow_links && completeness.whole(report.roots);
  return report;
}

}  // namespace detail

CAIRN_DECL auto import_car(blockstore_ref store, source_ref source, car_import_options const& options) -> io_result<car_import_report> {
  CAIRN_TRY(auto reader, car_reader::open(source, options.read));
  return detail::import_from(store, reader, options);
}

CAIRN_DECL auto import_car(blockstore_ref store, bytes_view whole, car_import_options const& options) -> io_result<car_import_report> {
  CAIRN_TRY(auto reader, car_reader::open(whole, options.read));
  return detail::import_from(store, reader, options);
}

}  // namespace cairn
