#pragma once

#include <cairn/unixfs/add_tree.hpp>
#include <cairn/unixfs/impl/tree_walk.hpp>

#include <cstring>
#include <deque>

namespace cairn {
namespace detail {

/// The second half of add_tree: takes items in the order of the walk, writes files, and directories when they are left.
class tree_writer {
public:
  tree_writer(blockstore_ref store, tree_options const& options, add_listener* listener)
      : files_{store, options.file}, options_{options}, listener_{listener} {}

  auto run(tree_walk& walk, bool wrap) -> io_result<added_entry> {
    auto done = take_all(walk, wrap);
    // what came before a failure is there, and told
    auto flushed = files_.flush();
    if (done && !flushed) done = std::unexpected(std::move(flushed).error());
    tell();
    if (done && listener_)
      for (auto const& d : directories_) listener_->added(d);
    return done;
  }

private:
  auto take_all(tree_walk& walk, bool wrap) -> io_result<added_entry> {
    if (wrap) open_.push_back({directory_builder{options_.directory}, {}, 0, {}});
    for (auto last = false; !last;) {
      auto batch = walk.next();
      for (auto& item : batch.items) {
        if (listener_ && listener_->stopped()) return std::unexpected(add_errc::stopped);
        CAIRN_TRY(take(batch, item));
      }
      if (batch.failed) return std::unexpected(*std::move(batch.failed));
      last = batch.last;
    }
    if (wrap) CAIRN_TRY(leave());
    return root_;
  }

  /// What is in the store is told, and nothing before.
  void tell() {
    for (; !untold_.empty() && untold_.front().second <= files_.stored(); untold_.pop_front()) listener_->added(untold_.front().first);
  }

  struct range {
    std::size_t first, last;  // in directories_
    std::uint64_t hash;       // of its last name
  };
  struct level {
    directory_builder entries;
    std::string name;
    std::size_t first;           // in directories_
    std::vector<range> below;    // the directories in it, each with all that is in them
  };

  /// What the importer reads of a big file: the first bytes are here already.
  struct big_source {
    tree_writer& of;
    std::string_view head;
    int fd;
    std::string const& name;
    std::uint64_t done = 0, told = 0;  // of the content

    auto read(bytes_span out) -> io_result<std::size_t> {
      if (!head.empty()) {
        auto const n = std::min(head.size(), out.size());
        std::memcpy(out.data(), head.data(), n);
        head.remove_prefix(n);
        done += n;
        return n;
      }
      auto source = file_source{fd, name};
      CAIRN_TRY(auto n, source.read(out));
      done += n;
      if (!of.listener_) return n;
      if (of.listener_->stopped()) return std::unexpected(add_errc::stopped);
      if (done - told >= limits::MiB && n != 0) of.listener_->progress(name, told = done);
      return n;
    }
  };

  auto full_name(std::string_view name) const -> std::string {
    auto out = path_;
    if (!out.empty() && !name.empty()) out += '/';
    return out += name;
  }

  auto take(tree_batch const& batch, tree_item& item) -> io_result<void> {
    auto const name = batch.name(item);
    auto const content = batch.content(item);
    switch (item.kind) {
      case tree_item_kind::enter: {
        auto options = options_.directory;
        options.metadata = item.metadata;
        open_.push_back({directory_builder{options}, std::string{name}, directories_.size(), {}});
        path_ = full_name(name);
        return {};
      }
      case tree_item_kind::leave: return leave();
      case tree_item_kind::symlink: {
        auto fields = unixfs_fields{.type = unixfs_type::symlink, .data = as_bytes(content)};
        fields.mtime = item.metadata.mtime;
        auto node = bytes{};
        append_dag_pb_data(node, encode_unixfs(fields));
        CAIRN_TRY(auto id, files_.put(node));
        return done(name, {id, node.size()});
      }
      case tree_item_kind::file: {
        auto source = memory_source{as_bytes(content)};
        if (options_.file.keeper) CAIRN_TRY(options_.file.keeper->begin_file(full_name(name)));
        CAIRN_TRY(auto f, files_.add(source, content.size(), item.metadata));
        if (listener_) listener_->progress(full_name(name), content.size());
        return done(name, {f.root, f.dag_size});
      }
      case tree_item_kind::big_file: {
        auto const shown = full_name(name);
        auto source = big_source{*this, content, item.fd.get(), shown};
        if (options_.file.keeper) CAIRN_TRY(options_.file.keeper->begin_file(shown));
        CAIRN_TRY(auto f, files_.add(source, std::nullopt, item.metadata));
        if (listener_) listener_->progress(shown, source.done);
        return done(name, {f.root, f.dag_size});
      }
    }
    return {};
  }

  auto done(std::string_view name, unixfs_link const& link) -> io_result<void> {
    root_ = {full_name(name), link.id, link.tsize};
    if (listener_) {
      untold_.emplace_back(root_, files_.named());
      tell();
    }
    if (!open_.empty()) open_.back().entries.add(name, link);
    return {};
  }

  auto leave() -> io_result<void> {
    auto level = std::move(open_.back());
    open_.pop_back();
    CAIRN_TRY(auto built, level.entries.finish(files_));
    // directories are told in the order of the finished directory's links, which of a sharded one is that of the hashes
    if (built.sharded && level.below.size() > 1) {
      std::sort(level.below.begin(), level.below.end(), [](range const& a, range const& b) { return a.hash < b.hash; });
      auto sorted = std::vector<added_entry>{};
      for (auto const& r : level.below)
        for (auto i = r.first; i != r.last; ++i) sorted.push_back(std::move(directories_[i]));
      std::move(sorted.begin(), sorted.end(), directories_.begin() + static_cast<std::ptrdiff_t>(level.first));
    }
    root_ = {path_, built.link.id, built.link.tsize};
    directories_.push_back(root_);
    if (open_.empty()) {
      path_.clear();
      return {};
    }
    open_.back().entries.add(level.name, built.link);
    open_.back().below.push_back({level.first, directories_.size(), unixfs_name_hash(level.name).prefix()});
    path_.resize(path_.size() - std::min(path_.size(), level.name.size() + 1));
    return {};
  }

  importer files_;
  tree_options const& options_;
  add_listener* listener_;
  std::vector<level> open_;
  std::vector<added_entry> directories_;
  std::deque<std::pair<added_entry, std::uint64_t>> untold_;  // with how many blocks must be in the store
  std::string path_;
  added_entry root_{};
};

}  // namespace detail

CAIRN_DECL auto add_tree(blockstore_ref store, tree_argument const& argument, tree_options const& options, add_listener* listener)
    -> io_result<added_entry> {
  auto writer = detail::tree_writer{store, options, listener};
  auto walk = detail::tree_walk{{&argument, 1}, options, listener};
  return writer.run(walk, false);
}

CAIRN_DECL auto add_wrapped(blockstore_ref store, std::span<tree_argument const> arguments, tree_options const& options,
                            add_listener* listener) -> io_result<added_entry> {
  auto writer = detail::tree_writer{store, options, listener};
  auto walk = detail::tree_walk{arguments, options, listener};
  return writer.run(walk, true);
}

}  // namespace cairn
