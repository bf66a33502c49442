#pragma once

#include <cairn/unixfs/impl/import_engine.hpp>
#include <cairn/unixfs/impl/import_pipeline.hpp>
#include <cairn/unixfs/importer.hpp>

#include <algorithm>
#include <new>

namespace cairn {
namespace detail {

// Eight leaves of the default size: enough for every engine of SHA-256, and few enough that what was read is still in the cache of
// the processor when it is hashed and written.
inline constexpr std::size_t import_batch = 2 * limits::MiB;

inline import_engine::import_engine(blockstore_ref store, import_options options, unsigned helpers)
    : store_{store}, options_{options}, helpers_{helpers} {
  auto const chunk = std::min(options_.chunker.max_size(), limits::block);
  auto const many = std::max<std::size_t>(1, import_batch / chunk);
  slot_size_ = many * import_slot::stride(chunk);
  if (slot_size_ > import_batch + import_batch / 4 && chunk < 4096) slot_size_ = import_batch;
  if (options_.chunker.fixed_size() == 0) slot_size_ = import_batch + import_slot::stride(chunk);
  slots_.resize(helpers_ + 2);
}

inline auto import_engine::slot(std::size_t i) -> import_slot& {
  if (!slots_[i]) slots_[i] = std::make_unique<import_slot>(slot_size_);
  return *slots_[i];
}

inline auto import_engine::check_options(file_metadata const& metadata) -> result<void, unixfs_errc> {
  if (options_.cid_version == 0 && options_.hash != code::sha2_256) return std::unexpected(unixfs_errc::v0_needs_sha2_256);
  if (options_.layout.max_children() < (options_.layout.single_leaf_is_root() ? 2 : 1)) return std::unexpected(unixfs_errc::too_few_links);
  if (options_.chunker.max_size() == 0) return std::unexpected(unixfs_errc::bad_cut);
  if (!metadata.empty() && options_.raw_leaves == true) return std::unexpected(unixfs_errc::raw_leaves_metadata);
  raw_leaves_ = metadata.empty() && options_.raw_leaves.value_or(options_.cid_version > 0);
  return {};
}

// ---- reading ----

inline auto import_engine::read_some(bytes_span out) -> io_result<std::size_t> {
  auto got = 0uz;
  if (has_carry_ && !out.empty()) {
    out[got++] = carry_;
    has_carry_ = false;
  }
  while (!end_ && got < out.size()) {
    CAIRN_TRY(auto n, in_->read(out.subspan(got)));
    end_ = n == 0;
    got += n;
  }
  return got;
}

/// Whether anything follows what was taken so far.
inline auto import_engine::more() -> io_result<bool> {
  if (has_carry_ || window_begin_ != window_end_) return true;
  CAIRN_TRY(auto n, read_some({&carry_, 1}));
  has_carry_ = n == 1;
  return has_carry_;
}

/// The content at next_data() becomes a leaf.
inline auto import_engine::take(import_slot& s, std::size_t size) -> io_result<void> {
  auto const first = leaves_read_++ == 0;
  file_size_ += size;
  if (raw_leaves_) {
    s.take_raw(size);
    return {};
  }
  auto here = file_metadata{};
  if (first && !metadata_.empty() && options_.layout.single_leaf_is_root()) {
    CAIRN_TRY(auto another, more());
    if (!another) here = metadata_;
  }
  s.take_wrapped(size, options_.layout.leaves_are_files() ? unixfs_type::file : unixfs_type::raw, here);
  return {};
}

inline auto import_engine::fill_fixed(import_slot& s) -> io_result<void> {
  auto const chunk = options_.chunker.fixed_size();
  while (!end_ || has_carry_) {
    auto const room = s.room();
    // only the first leaf of a file whose size was foretold may find less room than a chunk; then the foretold size was wrong
    if (s.full() || (room < chunk && leaves_read_ != 0) || s.leaves.size() >= 4096) return {};
    CAIRN_TRY(auto n, read_some({s.next_data(), std::min(room, chunk)}));
    if (n == room && n < chunk) {
      CAIRN_TRY(put_pending(s));
      s.restart_with(n);
      CAIRN_TRY(auto rest, read_some({s.next_data() + n, chunk - n}));
      n += rest;
    }
    if (n != 0) CAIRN_TRY(take(s, n));
  }
  return {};
}

inline auto import_engine::fill_window() -> io_result<void> {
  auto const most = options_.chunker.max_size();
  if (window_end_ - window_begin_ >= most || end_) return {};
  window_.resize(std::max(limits::MiB, 2 * most));
  std::copy(window_.data() + window_begin_, window_.data() + window_end_, window_.data());
  window_end_ -= window_begin_;
  window_begin_ = 0;
  CAIRN_TRY(auto n, read_some({window_.data() + window_end_, window_.size() - window_end_}));
  window_end_ += n;
  return {};
}

inline auto import_engine::fill_cut(import_slot& s) -> io_result<void> {
  for (;;) {
    CAIRN_TRY(fill_window());
    auto const rest = bytes_view{window_}.subspan(window_begin_, window_end_ - window_begin_);
    if (rest.empty()) return {};
    auto const n = next_cut_ != 0 ? next_cut_ : options_.chunker.cut(rest);
    if (n == 0 || n > rest.size()) return std::unexpected(unixfs_errc::bad_cut);
    if (n > limits::block) return std::unexpected(unixfs_errc::leaf_too_big);
    next_cut_ = n;
    if (s.full() || s.room() < n || s.leaves.size() >= 4096) return {};
    std::copy_n(rest.data(), n, s.next_data());
    window_begin_ += n;
    next_cut_ = 0;
    CAIRN_TRY(take(s, n));
  }
}

inline auto import_engine::fill(import_slot& s) -> io_result<void> {
  return options_.chunker.fixed_size() != 0 ? fill_fixed(s) : fill_cut(s);
}

// ---- hashing and linking ----

inline auto import_engine::name(bytes_view data, std::uint64_t codec) const -> io_result<cid> {
  if (options_.inline_limit && data.size() <= *options_.inline_limit) {
    CAIRN_TRY(auto whole, multihash::wrap(code::identity, data));
    return cid::v1(codec, whole);
  }
  return hash_cid({.version = codec == code::raw ? 1 : options_.cid_version, .codec = codec, .hash = options_.hash}, data);
}

inline auto import_engine::hash(import_slot& s) const -> io_result<void> {
  auto const codec = raw_leaves_ ? code::raw : code::dag_pb;
  s.ids.clear();
  if (options_.hash != code::sha2_256 || options_.inline_limit) {
    for (auto const& leaf : s.leaves) {
      CAIRN_TRY(auto id, name(leaf.view(), codec));
      s.ids.push_back(id);
    }
    return {};
  }
  s.views.clear();
  for (auto const& leaf : s.leaves) s.views.push_back(leaf.view());
  s.digests.resize(s.views.size());
  sha256_many(s.views, s.digests.data());
  for (auto const& d : s.digests) {
    auto const h = multihash::of(code::sha2_256, d);
    s.ids.push_back(codec == code::dag_pb && options_.cid_version == 0 ? *cid::v0(h) : cid::v1(codec, h));
  }
  return {};
}

inline auto import_engine::emit(import_slot& s, bytes_view node, std::uint64_t codec) -> io_result<cid> {
  CAIRN_TRY(auto id, name(node, codec));
  if (id.hash().code() != code::identity) s.blocks.push_back(block_access::view(id, s.keep(node))), ++named_;
  return id;
}

inline auto import_engine::link(import_slot& s) -> io_result<void> {
  for (std::size_t i = 0; i < s.leaves.size(); ++i) {
    auto const& leaf = s.leaves[i];
    auto stored = s.ids[i].hash().code() != code::identity;
    if (stored && raw_leaves_ && options_.keeper) {
      CAIRN_TRY(auto kept, options_.keeper->keep(s.ids[i], linked_size_, leaf.data_size));
      stored = !kept;
    }
    linked_size_ += leaf.data_size;
    if (stored) s.blocks.push_back(block_access::view(s.ids[i], leaf.view())), ++named_;
    CAIRN_TRY(tree_.add_leaf({s.ids[i], leaf.data_size, leaf.block_size}, [&](bytes_view node) { return emit(s, node, code::dag_pb); }));
  }
  s.leaves.clear();
  return {};
}

/// A failure here is for good: blocks of files that were already answered for may be missing.
inline auto import_engine::put_pending(import_slot& s) -> io_result<void> {
  auto done = s.blocks.empty() ? io_result<void>{} : store_.put_many(s.blocks);
  if (!done) broken_ = done.error();
  else stored_ += s.blocks.size();
  return done;
}

inline auto import_engine::store(import_slot& s) -> io_result<void> {
  auto done = put_pending(s);
  s.clear();
  return done;
}

inline auto import_engine::finish(import_slot& s) -> io_result<imported_file> {
  auto file = imported_file{.root = {}, .file_size = file_size_};
  if (tree_.leaves() == 0) {
    auto node = bytes{};
    auto fields = unixfs_fields{.type = unixfs_type::file, .filesize = 0, .mtime = metadata_.mtime};
    if (metadata_.mode != 0) fields.mode = metadata_.mode;
    auto const raw = raw_leaves_ && options_.layout.single_leaf_is_root();
    if (!raw) append_dag_pb_data(node, encode_unixfs(fields));
    CAIRN_TRY(file.root, emit(s, node, raw ? code::raw : code::dag_pb));
    file.dag_size = node.size();
    file.blocks = 1;
    return file;
  }
  CAIRN_TRY(auto root, tree_.finish(metadata_, [&](bytes_view node) { return emit(s, node, code::dag_pb); }));
  file.root = root.id;
  file.dag_size = root.dag_size;
  file.blocks = tree_.leaves() + tree_.nodes();
  return file;
}

// ---- whole files ----

inline auto import_engine::add(source_ref in, std::optional<std::uint64_t> size_hint, file_metadata const& metadata)
    -> io_result<imported_file> {
  if (broken_) return std::unexpected(*broken_);
  CAIRN_TRY(check_options(metadata));
  in_.emplace(in);
  metadata_ = metadata;
  end_ = has_carry_ = false;
  leaves_read_ = file_size_ = linked_size_ = 0;
  window_begin_ = window_end_ = next_cut_ = 0;
  tree_.reset(options_.layout);

  auto& s = slot(current_);
  s.leaves.clear();  // of a file that failed
  auto const chunk = std::min(options_.chunker.max_size(), limits::block);
  auto const need = size_hint && *size_hint < chunk ? static_cast<std::size_t>(*size_hint) + 1 : chunk;  // one more shows the end
  if (s.full() || s.room() < need) CAIRN_TRY(store(s));

  CAIRN_TRY(fill(s));
  if (end_ && !has_carry_ && window_begin_ == window_end_) {
    CAIRN_TRY(hash(s));
    CAIRN_TRY(link(s));
  } else {
    CAIRN_TRY(run_pipeline());
  }
  return finish(slot(current_));
}

inline auto import_engine::put(bytes_view node, std::uint64_t codec) -> io_result<cid> {
  if (broken_) return std::unexpected(*broken_);
  auto& s = slot(current_);
  if (s.full()) CAIRN_TRY(store(s));
  return emit(s, node, codec);
}

inline auto import_engine::flush() -> io_result<void> {
  if (broken_) return std::unexpected(*broken_);
  return slots_[current_] ? store(*slots_[current_]) : io_result<void>{};
}

}  // namespace detail

CAIRN_DECL auto importer::helpers_here() -> unsigned { return std::thread::hardware_concurrency() > 2 ? 2 : 1; }

CAIRN_DECL importer::importer(blockstore_ref store, import_options options, unsigned helpers)
    : engine_{std::make_unique<detail::import_engine>(store, std::move(options), helpers)} {}
CAIRN_DECL importer::importer(importer&&) noexcept = default;
CAIRN_DECL importer::~importer() = default;

CAIRN_DECL auto importer::add(source_ref in, std::optional<std::uint64_t> size_hint) -> io_result<imported_file> {
  return engine_->add(in, size_hint, engine_->options().metadata);
}

CAIRN_DECL auto importer::add(source_ref in, std::optional<std::uint64_t> size_hint, file_metadata const& metadata)
    -> io_result<imported_file> {
  return engine_->add(in, size_hint, metadata);
}

CAIRN_DECL auto importer::add(bytes_view in) -> io_result<imported_file> {
  auto source = memory_source{in};
  return add(source, in.size());
}

CAIRN_DECL auto importer::put(bytes_view dag_pb_node) -> io_result<cid> { return engine_->put(dag_pb_node, code::dag_pb); }
CAIRN_DECL auto importer::named() const -> std::uint64_t { return engine_->named(); }
CAIRN_DECL auto importer::stored() const -> std::uint64_t { return engine_->stored(); }
CAIRN_DECL auto importer::flush() -> io_result<void> { return engine_->flush(); }

}  // namespace cairn
