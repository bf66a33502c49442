#pragma once
// The CARs of a trustless gateway: the way of a path, and what lies at its end.

#include <cairn/car/export.hpp>
#include <cairn/car/writer.hpp>
#include <cairn/ipld/cid_set.hpp>
#include <cairn/service/core_api.hpp>
#include <cairn/service/impl/core_entry.ipp>
#include <cairn/service/impl/core_state.hpp>
#include <cairn/unixfs/shard.hpp>

namespace cairn::service {
namespace detail {

// A reader that remembers what it read, in order, each block once.
struct recording_reader {
  core_state const* state;
  std::vector<block>* read;
  auto get(cid const& id) const -> io_result<block> {
    for (auto const& b : *read)
      if (b.id() == id) return b;
    CAIRN_TRY(auto b, load(*state, id));
    if (id.hash().code() != code::identity) read->push_back(b);
    return b;
  }
};

// Writes the blocks that a part of a file or a sharded directory needs, parents first.
class entity_writer {
public:
  entity_writer(core_state const& state, car_writer& out, cid_set& written, bool duplicates)
      : state_{state}, out_{out}, written_{written}, duplicates_{duplicates} {}

  auto put(block const& b) -> io_result<void> {
    CAIRN_TRY(state_.check_cancelled());
    if (b.id().hash().code() == code::identity) return {};  // whoever has the CID has the block
    if (!written_.insert(b.id()) && !duplicates_) return {};
    return out_.put(b);
  }

  // All shard blocks of a sharded directory; a flat one is one block.
  auto directory(block const& b, std::size_t fanout, unsigned depth) -> io_result<void> {
    CAIRN_TRY(put(b));
    auto page = shard_page::open(b, fanout);
    if (!page) return std::unexpected(std::move(page).error());
    if (depth > limits::unixfs_depth) return std::unexpected(error::message("car", "a sharded directory is too deep"));
    auto const node = read_dag_pb(b.data());
    auto const width = prefix_width(page->fanout());
    for (auto const& l : node->links())
      if (l.name.size() == width) {
        if (!duplicates_ && written_.contains(l.id)) continue;  // all of it stands there already
        CAIRN_TRY(auto child, load(state_, l.id));
        CAIRN_TRY(directory(child, page->fanout(), depth + 1));
      }
    return {};
  }

  // The blocks of a file that hold octets [from, to); `at` is where this block begins.
  auto file(block const& b, std::uint64_t at, std::uint64_t from, std::uint64_t to, unsigned depth) -> io_result<void> {
    CAIRN_TRY(put(b));
    if (b.id().codec() != code::dag_pb) return {};
    if (depth > limits::unixfs_depth) return std::unexpected(error::message("car", "a file is too deep"));
    auto const both = unixfs_of(b);
    if (!both) return std::unexpected(both.error());
    at += both->second.content().size();
    auto size = both->second.block_sizes.begin();
    for (auto const& l : both->first.links()) {
      if (size == std::default_sentinel) return std::unexpected(error{unixfs_errc::sizes_differ}.about(to_string(b.id())));
      auto const end = at + *size;
      if (end < at) return std::unexpected(error{unixfs_errc::sizes_differ}.about(to_string(b.id())));
      if (at < to && end > from) {
        // a few blocks that name each other a thousand times could keep this busy for ever without an octet sent
        if (++loads_ > most_loads) return std::unexpected(error::message("car", "the range needs more blocks than a gateway reads for it"));
        CAIRN_TRY(auto child, load(state_, l.id));
        CAIRN_TRY(file(child, at, from, to, depth + 1));
      }
      at = end;
      ++size;
    }
    return {};
  }

private:
  static auto prefix_width(std::size_t fanout) -> std::size_t {
    auto digits = std::size_t{0};
    for (auto last = fanout - 1; last != 0; last >>= 4) ++digits;
    return digits;
  }

  static constexpr std::uint64_t most_loads = 1 << 22;  // leaves of 1 TiB

  core_state const& state_;
  car_writer& out_;
  cid_set& written_;
  bool duplicates_;
  std::uint64_t loads_ = 0;
};

}  // namespace detail

CAIRN_DECL auto core_api::car_of(path_like const& path, car_request const& request, byte_sink const& sink) -> io_result<void> {
  auto const& given = path.path();
  if (!given) return std::unexpected(given.error());
  auto const* fixed = std::get_if<immutable_path>(&*given);
  auto target = resolved_name{};
  if (!fixed) {
    CAIRN_TRY(target, resolve_name(path));
    fixed = &std::get<immutable_path>(target.path);
  }
  struct writer {
    byte_sink const& sink;
    detail::core_state const& state;
    auto write(bytes_view in) -> io_result<void> {
      CAIRN_TRY(state.check_cancelled());
      return sink(in);
    }
  } out{sink, *state_};

  auto trail = std::vector<block>{};
  auto const reader = detail::recording_reader{state_.get(), &trail};
  auto const names = unixfs_name_lookup{};
  auto at = cairn::resolve(reader, *fixed, &names);
  auto root = at ? at->id : fixed->root;
  auto written = cid_set{};
  auto const open = [&]() -> io_result<car_writer> {
    CAIRN_TRY(auto w, car_writer::open(out, {&root, 1}));
    for (auto const& b : trail)
      if (written.insert(b.id()) || request.duplicates) CAIRN_TRY(w.put(b));
    return w;
  };
  if (!at) {
    if (at.error().module() != errc_traits<resolve_errc>::module || trail.empty()) return std::unexpected(std::move(at).error());
    // the blocks read so far prove that the path leads nowhere; the root then is the CID of nothing, as Boxo has it
    root = cid::v1(code::raw, multihash::of(code::identity, digest<0>{}));
    CAIRN_TRY(auto w, open());
    return w.finish();
  }

  CAIRN_TRY(auto last, detail::load(*state_, at->id));
  auto const all_below = [&]() -> io_result<void> {
    CAIRN_TRY(auto rules, state_->node->denylists.current(state_->opened().folder()));
    auto screened = detail::screened_blocks{state_->reading(), rules};
    auto const share = state_->node->ahead.take();
    auto done = export_car(rules->empty() ? state_->reading() : blockstore_ref{screened}, at->id, out, {.duplicates = request.duplicates, .identity = false, .ahead = share.ahead, .leading = trail});
    if (!done) return std::unexpected(detail::offline_error_of(std::move(done).error()));
    return {};
  };
  if (request.which == car_request::scope::all) return all_below();
  auto const entity = request.which == car_request::scope::entity && at->remainder.empty() && last.id().codec() == code::dag_pb;
  auto const both = entity ? detail::unixfs_of(last) : std::unexpected(error::message("car", "no entity"));
  if (both && !both->second.is_directory() && !request.octets && both->second.type != unixfs_type::symlink && both->second.type != unixfs_type::metadata) return all_below();

  CAIRN_TRY(auto w, open());
  auto blocks = detail::entity_writer{*state_, w, written, request.duplicates};
  if (both && both->second.type == unixfs_type::hamt_shard) {
    CAIRN_TRY(blocks.directory(last, 0, 0));
  } else if (both && request.octets && (both->second.type == unixfs_type::file || both->second.type == unixfs_type::raw)) {
    auto const size = static_cast<std::int64_t>(std::min<std::uint64_t>(both->second.size(), INT64_MAX / 2));
    auto const place = [&](std::int64_t n) { return n < 0 ? std::max<std::int64_t>(0, size + n) : std::min(n, size); };
    auto const from = place(request.octets->from);
    auto const to = request.octets->to ? (*request.octets->to < 0 ? size + *request.octets->to + 1 : std::min(*request.octets->to, size - 1) + 1) : size;
    CAIRN_TRY(blocks.file(last, 0, static_cast<std::uint64_t>(from), static_cast<std::uint64_t>(std::max<std::int64_t>(to, from)), 0));
  } else {
    CAIRN_TRY(blocks.put(last));
  }
  return w.finish();
}

}  // namespace cairn::service
