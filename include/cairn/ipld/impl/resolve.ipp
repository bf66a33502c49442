#pragma once

#include <cairn/core/text.hpp>
#include <cairn/core/try.hpp>
#include <cairn/ipld/codec_set.hpp>
#include <cairn/ipld/resolve.hpp>

namespace cairn {
namespace detail {

inline auto resolve_quoted(std::string_view text) -> std::string { return '"' + printable(text) + '"'; }

inline auto resolve_no_link(std::string_view name, cid const& under) -> error {
  return error{resolve_errc::no_link}.about("no link named " + resolve_quoted(name) + " under " + to_string(under));
}

inline auto resolve_decode(block const& b) -> io_result<ipld::node> {
  auto n = default_codecs::decode(b.id().codec(), b.data(), codec_mode::lax);
  if (!n) return std::unexpected(std::move(n).error().about(to_string(b.id())));
  return n;
}

/// Walks inside of one block: how many segments were used, and where that led.
struct resolve_walk {
  std::size_t used = 0;
  std::optional<cid> link;
};

inline auto resolve_in_block(block const& b, std::span<std::string const> segments) -> io_result<resolve_walk> {
  CAIRN_TRY(auto const root, resolve_decode(b));
  auto const* at = &root;
  auto walk = resolve_walk{};
  while (walk.used < segments.size() && !at->as_link()) {
    auto const last = walk.used + 1 == segments.size();
    auto next = step(*at, segments[walk.used]);
    if (!next) {
      auto const field = b.id().codec() == code::dag_pb && at->as_map();
      if (!last || field) return std::unexpected(resolve_no_link(segments[walk.used], b.id()));
      return std::unexpected(std::move(next).error());
    }
    at = *next;
    ++walk.used;
  }
  if (at->as_link()) walk.link = *at->as_link();
  return walk;
}

}  // namespace detail

CAIRN_DECL auto pb_name_lookup::find(block_reader, block const& in, std::string_view name) const -> io_result<std::optional<cid>> {
  CAIRN_TRY(auto const view, read_dag_pb(in.data()));
  for (auto const& l : view.links())
    if (l.has_name && l.name == name) return l.id;
  return std::nullopt;
}

CAIRN_DECL auto step(ipld::node const& from, std::string_view segment) -> io_result<ipld::node const*> {
  if (auto const* const m = from.as_map()) {
    if (auto const* const value = m->find(segment)) return value;
    return std::unexpected(error{resolve_errc::no_key}.about("key not found: " + detail::resolve_quoted(segment)));
  }
  if (auto const* const l = from.as_list()) {
    auto const place = parse_decimal(segment);
    if (!place) {
      auto const quoted = detail::resolve_quoted(segment);
      return std::unexpected(error{resolve_errc::bad_index}.about("invalid segment for lookup on a list: " + quoted +
                                                                  ": strconv.ParseInt: parsing " + quoted + ": invalid syntax"));
    }
    if (*place < l->size()) return &(*l)[static_cast<std::size_t>(*place)];
    return std::unexpected(error{resolve_errc::no_key}.about("key not found: " + detail::resolve_quoted(segment)));
  }
  auto const kind = std::string{to_string(from.kind())};
  return std::unexpected(error{resolve_errc::wrong_kind}.about("func called on wrong kind: \"LookupBySegment\" called on a " + kind +
                                                               " node (kind: " + kind + "), but only makes sense on map or list"));
}

CAIRN_DECL auto resolve(block_reader blocks, immutable_path const& path, name_lookup const* names) -> io_result<resolved> {
  auto const by_link = pb_name_lookup{};
  if (!names) names = &by_link;
  auto id = path.root;
  auto rest = std::span<std::string const>{path.segments};
  while (!rest.empty()) {
    CAIRN_TRY(auto const b, blocks.get(id));
    if (id.codec() == code::dag_pb && path.ns == path_namespace::ipfs) {
      CAIRN_TRY(auto const next, names->find(blocks, b, rest.front()));
      if (!next) return std::unexpected(detail::resolve_no_link(rest.front(), id));
      id = *next;
      rest = rest.subspan(1);
      continue;
    }
    CAIRN_TRY(auto const walk, detail::resolve_in_block(b, rest));
    if (!walk.link) return resolved{id, {rest.begin(), rest.end()}};
    if (walk.used == 0) return std::unexpected(detail::resolve_no_link(rest.front(), id));  // the whole block is a link
    id = *walk.link;
    rest = rest.subspan(walk.used);
  }
  return resolved{id};
}

CAIRN_DECL auto get_node(block_reader blocks, resolved const& at) -> io_result<ipld::node> {
  CAIRN_TRY(auto const b, blocks.get(at.id));
  auto root = ipld::node{};
  if (at.id.codec() == code::dag_pb) {
    CAIRN_TRY(auto const pb, decode_dag_pb(b.data()));
    root = to_node(pb, pb_absent::null);
  } else {
    CAIRN_TRY(root, detail::resolve_decode(b));
  }
  auto const* place = &root;
  for (auto const& segment : at.remainder) {
    CAIRN_TRY(place, step(*place, segment));
  }
  return ipld::node{*place};
}

}  // namespace cairn
