#pragma once

#include <cairn/unixfs/byte_sink.hpp>
#include <cairn/unixfs/impl/file_walk.hpp>
#include <cairn/unixfs/read_ahead.hpp>

#include <algorithm>
#include <condition_variable>
#include <deque>
#include <mutex>
#include <thread>

namespace cairn::detail {

/// One range on its way from a store to a sink: the caller walks the nodes and writes; whoever is free reads and checks the next
/// batch of leaves.
class file_copy {
public:
  static constexpr std::size_t batch_count = 16;

  file_copy(file_walk& walk, sink_ref out, std::uint64_t offset, std::uint64_t end)
      : walk_{walk}, out_{out}, offset_{offset}, end_{end} {}

  auto run(read_ahead how) -> io_result<std::uint64_t> {
    auto const begin = offset_;
    walk_.seek(offset_);
    auto helpers = how.helpers;
    if (end_ - offset_ < 8 * limits::MiB) helpers = 0;  // a thread costs more than it brings
    // nobody works ahead without one: then a batch is what the caches of a core hold
    batches_ahead_ = helpers == 0 ? 1 : 3;
    batch_bytes_ = helpers == 0 ? std::min(how.bytes, read_ahead::alone) : how.bytes / batches_ahead_;
    auto threads = std::vector<std::thread>{};
    for (unsigned i = 0; i < helpers; ++i) threads.emplace_back([this] { help(); });
    auto done = copy();
    {
      auto const guard = std::lock_guard{lock_};
      stop_ = true;
    }
    changed_.notify_all();
    for (auto& t : threads) t.join();
    if (!done) return std::unexpected(std::move(done).error());
    return offset_ - begin;
  }

private:
  enum class stage : byte { waiting, fetching, fetched };
  struct batch {
    std::vector<file_piece> pieces;
    std::vector<cid> ids;  // of those pieces that are to be read
    io_result<std::vector<block>> got{};
    stage at = stage::waiting;
  };

  auto copy() -> io_result<void> {
    auto more = true;
    for (;;) {
      // an error of the walk counts only when everything before it is written
      while (more && !walk_error_ && queue_.size() < batches_ahead_) more = gather();
      if (queue_.empty()) break;
      auto& front = wait_for_front();
      CAIRN_TRY(write(front));
      auto const guard = std::lock_guard{lock_};
      queue_.pop_front();
    }
    if (walk_error_) return std::unexpected(*std::move(walk_error_));
    return {};
  }

  /// Append one batch to the queue; false at the end of the range.
  auto gather() -> bool {
    auto b = batch{};
    auto total = std::uint64_t{0};
    auto more = true;
    while (more && b.pieces.size() < batch_count && total < batch_bytes_) {
      auto piece = walk_.next(limits::block);
      if (!piece) {
        walk_error_ = std::move(piece).error();
        break;
      }
      more = *piece && (*piece)->start < end_;
      if (!more) break;
      total += (*piece)->size;
      if (!(*piece)->source) {
        if ((*piece)->id.hash().code() == code::identity)
          (*piece)->source = block_access::make((*piece)->id, buffer{(*piece)->id.hash().digest()});
        else
          b.ids.push_back((*piece)->id);
      }
      b.pieces.push_back(**std::move(piece));
    }
    if (b.pieces.empty()) return more && !walk_error_;
    if (b.ids.empty()) b.at = stage::fetched;
    {
      auto const guard = std::lock_guard{lock_};
      queue_.push_back(std::move(b));
    }
    changed_.notify_one();
    return more;
  }

  void fetch(batch& b) {
    auto got = walk_.store().get_many(b.ids);
    auto const guard = std::lock_guard{lock_};
    b.got = std::move(got);
    b.at = stage::fetched;
  }

  auto claim() -> batch* {
    for (auto& b : queue_)
      if (b.at == stage::waiting) {
        b.at = stage::fetching;
        return &b;
      }
    return nullptr;
  }

  void help() {
    for (auto guard = std::unique_lock{lock_}; !stop_;) {
      if (auto* const b = claim()) {
        guard.unlock();
        fetch(*b);
        changed_.notify_all();
        guard.lock();
      } else {
        changed_.wait(guard);
      }
    }
  }

  auto wait_for_front() -> batch& {
    auto guard = std::unique_lock{lock_};
    for (;;) {
      if (queue_.front().at == stage::fetched) return queue_.front();
      if (auto* const b = claim()) {
        guard.unlock();
        fetch(*b);
        guard.lock();
      } else {
        changed_.wait(guard);
      }
    }
  }

  auto write(batch& b) -> io_result<void> {
    auto next = std::size_t{0};
    for (auto& piece : b.pieces) {
      if (piece.content.empty() && !piece.source) {
        // where a batch failed, its blocks are read one by one, so that what comes before the missing one is still written
        if (b.got) {
          piece.source = std::move((*b.got)[next++]);
        } else {
          CAIRN_TRY(piece.source, walk_.store().get(piece.id));
        }
      }
      CAIRN_TRY(write(piece));
    }
    return {};
  }

  auto write(file_piece& piece) -> io_result<void> {
    if (!piece.content.empty()) return emit(piece.start, piece.content);
    auto part = read_file_part(*piece.source);
    if (!part) return std::unexpected(std::move(part).error().about(to_string(piece.id)));
    if (part->size != piece.size) return std::unexpected(error{unixfs_errc::wrong_size}.about(to_string(piece.id)));
    if (!part->links) return emit(piece.start, part->content);
    // a small subtree: no larger than a leaf may be
    auto inner = file_walk{walk_.store(), *std::move(part), piece.depth};
    if (offset_ > piece.start) inner.seek(offset_ - piece.start);
    while (offset_ < end_) {
      CAIRN_TRY(auto one, inner.next(0));
      if (!one) break;
      CAIRN_TRY(emit(piece.start + one->start, one->content));
    }
    return {};
  }

  /// Of the octets from `start` on, those that the range asks for.
  auto emit(std::uint64_t start, bytes_view content) -> io_result<void> {
    auto const skip = static_cast<std::size_t>(std::max(start, offset_) - start);
    if (skip >= content.size() || start >= end_) return {};
    auto const n = static_cast<std::size_t>(std::min<std::uint64_t>(content.size() - skip, end_ - start - skip));
    CAIRN_TRY(out_.write(content.subspan(skip, n)));
    offset_ = start + skip + n;
    return {};
  }

  file_walk& walk_;
  sink_ref out_;
  std::uint64_t offset_, end_;
  std::size_t batch_bytes_ = read_ahead::alone, batches_ahead_ = 1;
  std::optional<error> walk_error_;

  std::mutex lock_;
  std::condition_variable changed_;
  std::deque<batch> queue_;  // grows at the back and shrinks at the front: references stay valid
  bool stop_ = false;
};

}  // namespace cairn::detail
