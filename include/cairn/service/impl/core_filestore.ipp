#pragma once
// The core API on blocks that lie in files.

#include <cairn/core/try.hpp>
#include <cairn/service/core_api.hpp>
#include <cairn/service/impl/core_state.hpp>

#include <algorithm>

namespace cairn::service {
namespace detail {

inline auto files_of(core_state const& state) -> io_result<filestore*> {
  if (state.node->files) return &*state.node->files;
  return std::unexpected(error::message("filestore", "filestore is not enabled, see https://git.io/vNItf"));
}

inline auto entry_of(cid const& id, io_result<file_reference> const& reference, file_references const& files, bool check) -> filestore_entry {
  using state = filestore_entry::state;
  auto out = filestore_entry{id};
  auto const failed = [&](state why, error const& e) {
    out.status = why;
    out.why = to_string(e);
    return out;
  };
  if (!reference) return failed(state::other, reference.error());
  out.path = reference->path;
  out.offset = reference->offset;
  out.size = reference->size;
  if (!check) return out;
  auto const read = files.read(id, *reference);
  if (read) return out;
  auto const& e = read.error();
  return failed(e == filestore_errc::no_file ? state::no_file : e == filestore_errc::unreadable ? state::unreadable : e.clause().starts_with("data in file") ? state::changed : state::other, e);
}

}  // namespace detail

CAIRN_DECL auto core_api::filestore_is_enabled() -> io_result<void> {
  CAIRN_TRY(auto* files, detail::files_of(*state_));
  static_cast<void>(files);
  return {};
}

CAIRN_DECL auto core_api::filestore_list(std::span<cid const> ids, bool file_order, bool check, filestore_sink const& sink) -> io_result<void> {
  CAIRN_TRY(auto* files, detail::files_of(*state_));
  auto const& references = files->references();
  auto sorted = std::vector<std::pair<cid, file_reference>>{};
  auto const take = [&](cid const& id, io_result<file_reference> const& reference) -> io_result<void> {
    CAIRN_TRY(state_->check_cancelled());
    if (file_order && reference) {
      sorted.emplace_back(id, *reference);
      return {};
    }
    return sink(detail::entry_of(id, reference, references, check));
  };
  if (ids.empty()) {
    CAIRN_TRY(references.each([&](multihash const& h, io_result<file_reference> const& r) { return take(cid::v1(code::raw, h), r); }));
  } else {
    for (auto const& id : ids) {
      auto const found = references.get(id.hash());
      if (found && !*found) {
        auto none = filestore_entry{id};
        none.status = filestore_entry::state::missing;
        none.why = "ipld: could not find " + to_string(id);
        CAIRN_TRY(sink(none));
        continue;
      }
      CAIRN_TRY(take(id, found ? io_result<file_reference>{**found} : std::unexpected(found.error())));
    }
  }
  std::sort(sorted.begin(), sorted.end(), [](auto const& a, auto const& b) { return std::tie(a.second.path, a.second.offset) < std::tie(b.second.path, b.second.offset); });
  for (auto const& [id, reference] : sorted) {
    CAIRN_TRY(state_->check_cancelled());
    CAIRN_TRY(sink(detail::entry_of(id, reference, references, check)));
  }
  return {};
}

CAIRN_DECL auto core_api::filestore_remove(cid const& id) -> io_result<void> {
  CAIRN_TRY(auto* files, detail::files_of(*state_));
  return files->references().remove(id.hash());
}

CAIRN_DECL auto core_api::filestore_duplicates(std::function<io_result<void>(cid const&)> const& sink) -> io_result<void> {
  CAIRN_TRY(auto* files, detail::files_of(*state_));
  return files->references().each([&](multihash const& h, io_result<file_reference> const&) -> io_result<void> {
    CAIRN_TRY(state_->check_cancelled());
    auto const id = cid::v1(code::raw, h);
    CAIRN_TRY(auto const here, files->below().has(id));
    return here ? sink(id) : io_result<void>{};
  });
}

}  // namespace cairn::service
