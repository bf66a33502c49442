#pragma once
// The core API on files and directories.

#include <cairn/core/try.hpp>
#include <cairn/ipld/dag_pb_wire.hpp>
#include <cairn/ipld/links.hpp>
#include <cairn/service/core_api.hpp>
#include <cairn/service/impl/core_state.hpp>
#include <cairn/unixfs/data.hpp>
#include <cairn/unixfs/directory_cursor.hpp>
#include <cairn/unixfs/file_reader.hpp>

namespace cairn::service {
namespace detail {

// A symlink's content is its target.
class text_content final : public content_reader {
public:
  explicit text_content(bytes data) : data_{std::move(data)} {}
  auto size() const -> std::uint64_t override { return data_.size(); }
  auto read(std::uint64_t offset, std::uint64_t length, byte_sink const& sink) -> io_result<void> override {
    if (offset >= data_.size()) return {};
    auto const rest = bytes_view{data_}.subspan(offset);
    return sink(rest.first(std::min<std::uint64_t>(rest.size(), length)));
  }

private:
  bytes data_;
};

class file_content final : public content_reader {
public:
  file_content(core_state const& state, file_reader file, std::unique_ptr<screened_blocks> screen = {}) : state_{state}, screen_{std::move(screen)}, file_{std::move(file)} {}
  auto size() const -> std::uint64_t override { return file_.size(); }
  auto read(std::uint64_t offset, std::uint64_t length, byte_sink const& sink) -> io_result<void> override {
    struct adapter {
      core_state const& state;
      byte_sink const& sink;
      auto write(bytes_view in) -> io_result<void> {
        CAIRN_TRY(state.check_cancelled());
        return sink(in);
      }
    };
    auto out = adapter{state_, sink};
    auto const share = state_.node->ahead.take();
    auto done = file_.copy_to(out, offset, length, share.ahead);
    if (!done) return std::unexpected(offline_error_of(std::move(done).error()));
    return {};
  }

private:
  core_state const& state_;
  std::unique_ptr<screened_blocks> screen_;  // where there are denylists: what they block is not read, whatever file it is of
  file_reader file_;
};

inline auto content_of_file(core_state const& state, blockstore_ref from, block const& b) -> io_result<std::unique_ptr<file_content>> {
  CAIRN_TRY(auto rules, state.node->denylists.current(state.opened().folder()));
  auto screen = std::unique_ptr<screened_blocks>{};
  if (!rules->empty()) from = *(screen = std::make_unique<screened_blocks>(from, std::move(rules)));
  CAIRN_TRY(auto file, open_file(from, b));
  return std::make_unique<file_content>(state, std::move(file), std::move(screen));
}

inline auto unixfs_of(block const& b) -> io_result<std::pair<pb_view, unixfs_view>> {
  auto const node = read_dag_pb(b.data());
  if (!node) return std::unexpected(error{node.error()}.about(to_string(b.id())));
  auto const data = decode_unixfs(node->data().value_or(bytes_view{}));
  if (!data) return std::unexpected(error{data.error()}.about(to_string(b.id())));
  return std::pair{*node, *data};
}

// What `ls` tells of one link. errors: of the child, where it is opened
inline auto describe_link(core_state const& state, ls_options const& options, std::string name, cid const& id, std::uint64_t tsize) -> io_result<directory_link> {
  auto link = directory_link{.name = std::move(name), .id = id};
  if (id.codec() == code::raw) {
    link.type = directory_link::kind::file;
    link.size = tsize;
    return link;
  }
  if (id.codec() != code::dag_pb || !options.resolve_children) return link;
  CAIRN_TRY(auto b, load(state, id));
  auto const both = unixfs_of(b);
  if (!both) return std::unexpected(both.error());
  auto const& data = both->second;
  using enum unixfs_type;
  link.type = data.is_directory()          ? directory_link::kind::directory
              : data.type == symlink       ? directory_link::kind::symlink
              : data.type == metadata      ? directory_link::kind::unknown
                                           : directory_link::kind::file;
  if (!data.is_directory()) link.size = data.size();
  if (data.type == symlink) link.target = std::string{as_text(data.content())};
  link.mode = data.permissions();
  if (data.mtime) link.mtime = data.mtime->seconds;
  return link;
}

}  // namespace detail

CAIRN_DECL auto core_api::open_content(path_like const& path) -> io_result<std::unique_ptr<content_reader>> {
  CAIRN_TRY(auto at, resolve(path));
  auto const not_supported = [] { return std::unexpected(error::message("files", "unknown node type")); };
  if (!at.remainder.empty()) return not_supported();
  CAIRN_TRY(auto b, detail::load(*state_, at.id));
  if (at.id.codec() != code::dag_pb && at.id.codec() != code::raw) return not_supported();
  if (at.id.codec() == code::dag_pb) {
    auto const both = detail::unixfs_of(b);
    if (both && both->second.is_directory()) return std::unexpected(error::message("files", "this dag node is a directory"));
    if (both && both->second.type == unixfs_type::symlink) {
      auto const content = both->second.content();
      return std::make_unique<detail::text_content>(bytes(content.begin(), content.end()));
    }
  }
  return detail::content_of_file(*state_, state_->reading(), b);
}

CAIRN_DECL auto core_api::ls(path_like const& path, ls_options const& options, directory_sink const& sink) -> io_result<void> {
  CAIRN_TRY(auto at, resolve(path));
  CAIRN_TRY(auto b, detail::load(*state_, at.id));
  if (at.id.codec() != code::dag_pb) {
    if (!knows_links_of(at.id.codec())) return {};
    CAIRN_TRY(auto links, links_of(at.id.codec(), b.data()));  // they have no names
    for (auto const& id : links) {
      CAIRN_TRY(auto link, detail::describe_link(*state_, options, {}, id, 0));
      CAIRN_TRY(sink(link));
    }
    return {};
  }
  auto const both = detail::unixfs_of(b);
  if (both && both->second.is_directory()) {
    CAIRN_TRY(auto cursor, directory_cursor::open(state_->reading(), b));
    for (;;) {
      auto entry = cursor.next();
      if (!entry) {
        if (entry.error() == block_errc::not_found) return std::unexpected(error::message("files", "failed to fetch all nodes"));
        return std::unexpected(std::move(entry).error());
      }
      if (!*entry) return {};
      CAIRN_TRY(auto link, detail::describe_link(*state_, options, std::move((*entry)->name), (*entry)->link.id, (*entry)->link.tsize));
      CAIRN_TRY(sink(link));
      CAIRN_TRY(state_->check_cancelled());
    }
  }
  auto const node = read_dag_pb(b.data());
  if (!node) return std::unexpected(error{node.error()}.about(to_string(at.id)));
  for (auto const& l : node->links()) {
    CAIRN_TRY(auto link, detail::describe_link(*state_, options, std::string{l.name}, l.id, l.tsize));
    CAIRN_TRY(sink(link));
  }
  return {};
}

}  // namespace cairn::service
