#pragma once
// The core API's way from a path to what is shown of it.

#include <cairn/service/content_entry.hpp>
#include <cairn/service/core_api.hpp>
#include <cairn/service/go_text.hpp>
#include <cairn/service/impl/core_files.ipp>
#include <cairn/service/impl/core_state.hpp>
#include <cairn/unixfs/resolve.hpp>

namespace cairn::service {
namespace detail {

/// Walk a path segment by segment, and say where each one led: a root for each, as X-Ipfs-Roots has them.
///
/// errors    no link named "x" under CID, for whatever way a segment leads nowhere · those of the store
inline auto walk_path(core_state const& state, immutable_path const& path) -> io_result<content_entry> {
  auto const reader = content_reader_of{&state};
  auto const names = unixfs_name_lookup{};
  auto entry = content_entry{.roots = {path.root}, .id = path.root};
  for (auto const& name : path.segments) {
    auto const nothing = [&] { return std::unexpected(error::message("resolve", "no link named " + go_quoted(name) + " under " + to_string(entry.id))); };
    if (entry.id.codec() == code::raw) return nothing();
    // inside of a block the way is walked again from its root; a link on it leads out
    auto inside = entry.remainder;
    inside.push_back(name);
    auto at = cairn::resolve(reader, immutable_path{.root = entry.id, .segments = std::move(inside), .ns = path.ns}, &names);
    if (!at) {
      if (at.error().module() == errc_traits<resolve_errc>::module) return nothing();
      return std::unexpected(std::move(at).error());
    }
    entry.id = at->id;
    entry.remainder = std::move(at->remainder);
    entry.roots.push_back(entry.id);
  }
  return entry;
}

}  // namespace detail

CAIRN_DECL auto core_api::walk(path_like const& path) -> io_result<content_entry> {
  auto const& given = path.path();
  if (!given) return std::unexpected(given.error());
  auto target = resolved_name{};
  auto const* fixed = std::get_if<immutable_path>(&*given);
  if (fixed) {
    CAIRN_TRY(detail::check_not_blocked(*state_, *given));
  } else {
    CAIRN_TRY(target, resolve_name(path));
    fixed = &std::get<immutable_path>(target.path);
  }
  CAIRN_TRY(auto entry, detail::walk_path(*state_, *fixed));
  CAIRN_TRY(detail::check_not_blocked(*state_, immutable_path{entry.id}));
  return entry;
}

CAIRN_DECL auto core_api::open_entry(path_like const& path) -> io_result<content_entry> {
  CAIRN_TRY(auto entry, walk(path));
  CAIRN_TRY(auto b, detail::load(*state_, entry.id));
  entry.size = b.data().size();
  if (!entry.remainder.empty()) return entry;
  if (entry.id.codec() == code::dag_pb) {
    auto const both = detail::unixfs_of(b);
    if (!both) return entry;
    auto const& data = both->second;
    if (data.mtime) entry.mtime = data.mtime->seconds;
    if (data.is_directory()) {
      entry.type = content_entry::kind::directory;
      return entry;
    }
    if (data.type == unixfs_type::symlink) {
      entry.type = content_entry::kind::symlink;
      entry.size = data.content().size();
      entry.content = std::make_unique<detail::text_content>(bytes(data.content().begin(), data.content().end()));
      return entry;
    }
    if (data.type == unixfs_type::metadata) return entry;
  } else if (entry.id.codec() != code::raw) {
    return entry;
  }
  CAIRN_TRY(entry.content, detail::content_of_file(*state_, state_->reading(), b));
  entry.type = content_entry::kind::file;
  entry.size = entry.content->size();
  return entry;
}

CAIRN_DECL auto core_api::find_entry(cid const& directory, std::string_view name) -> io_result<std::optional<cid>> {
  auto const reader = detail::content_reader_of{state_.get()};
  CAIRN_TRY(auto b, detail::load(*state_, directory));
  return unixfs_name_lookup{}.find(reader, b, name);
}

}  // namespace cairn::service
