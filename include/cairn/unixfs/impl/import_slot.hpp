#pragma once

#include <cairn/block.hpp>
#include <cairn/core/try.hpp>
#include <cairn/unixfs/import_options.hpp>

#include <cstdlib>
#include <memory>
#include <vector>

namespace cairn::detail {

/// One leaf where it lies in a slot.
struct import_leaf {
  byte const* block;
  std::size_t block_size, data_size;
  auto view() const -> bytes_view { return {block, block_size}; }
};

/// Memory for a batch of leaves, each with room around it for what wraps it, and the blocks that wait to be stored.
class import_slot {
public:
  static constexpr std::size_t head = 16, tail = 64, align = 64;  // of a leaf: 14 bytes before, at most 52 behind

  /// What one leaf of `size` content bytes needs at most.
  static constexpr auto stride(std::size_t size) -> std::size_t { return head + align + size + tail; }

  explicit import_slot(std::size_t capacity) : memory_{static_cast<byte*>(std::malloc(capacity))}, capacity_{capacity} {
    if (!memory_) throw std::bad_alloc{};
  }

  /// How much content the next leaf may have.
  auto room() const -> std::size_t {
    auto const at = next();
    return at + tail < capacity_ ? capacity_ - at - tail : 0;
  }
  auto next_data() -> byte* { return memory_.get() + next(); }

  /// Take the content that was written to next_data(): as it is, or wrapped in place.
  void take_raw(std::size_t size) {
    leaves.push_back({next_data(), size, size});
    used_ = next() + size;
  }
  void take_wrapped(std::size_t size, unixfs_type type, file_metadata const& metadata) {
    auto* const data = next_data();
    // the message without Data: its first two bytes go before the content, the rest behind
    auto fields = unixfs_fields{.type = type, .filesize = size, .mtime = metadata.mtime};
    if (metadata.mode != 0) fields.mode = metadata.mode;
    message_.clear();
    append_unixfs(message_, fields);
    byte before[head];
    auto n = 0uz;
    before[n++] = 0x0a;
    n += write_varint(before + n, message_.size() + 1 + varint_size(size) + size);
    before[n++] = message_[0];
    before[n++] = message_[1];
    before[n++] = 0x12;
    n += write_varint(before + n, size);
    std::memcpy(data - n, before, n);
    std::memcpy(data + size, message_.data() + 2, message_.size() - 2);
    leaves.push_back({data - n, n + size + message_.size() - 2, size});
    used_ = next() + size + message_.size() - 2;
  }

  /// Move content that was read to next_data() to the front, and forget everything before it.
  void restart_with(std::size_t size) {
    auto const* const from = next_data();
    clear();
    std::memmove(next_data(), from, size);
  }

  /// Keep a copy of a node until it is stored.
  auto keep(bytes_view node) -> bytes_view {
    if (kept_ == nodes_.size()) nodes_.emplace_back();
    auto& copy = nodes_[kept_++];
    copy.assign(node.begin(), node.end());
    kept_bytes_ += node.size();
    return copy;
  }

  /// Whether what waits should be stored before more is added.
  auto full() const -> bool { return blocks.size() >= 4096 || kept_bytes_ >= limits::MiB; }

  void clear() {
    used_ = kept_ = kept_bytes_ = 0;
    leaves.clear();
    blocks.clear();
  }

  std::vector<import_leaf> leaves;  // of the file that is being added, in order
  std::vector<cid> ids;             // of the leaves, once hashed
  std::vector<block_view> blocks;   // named and not yet stored

  // scratch of the hash stage
  std::vector<bytes_view> views;
  std::vector<digest<32>> digests;

private:
  struct release {
    void operator()(byte* p) const { std::free(p); }
  };
  auto next() const -> std::size_t { return (used_ + head + align - 1) / align * align; }

  std::unique_ptr<byte[], release> memory_;
  std::size_t capacity_, used_ = 0;
  std::vector<bytes> nodes_;
  std::size_t kept_ = 0, kept_bytes_ = 0;
  bytes message_;
};

}  // namespace cairn::detail
