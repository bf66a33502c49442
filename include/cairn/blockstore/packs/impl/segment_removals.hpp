#pragma once

#include <cairn/blockstore/packs/impl/state.hpp>

#include <mutex>
#include <system_error>
#include <thread>
#include <utility>
#include <vector>

namespace cairn::detail {

/// Removes segments to which no name leads any more, while others go on. A disk that is told what is free takes tens of milliseconds for a
/// segment, most of which it waits: several at a time, and whoever has something else to do does it meanwhile.
class segment_removals {
public:
  static constexpr std::size_t most_threads = 4;

  /// threads   none: a segment is gone when `add` returns
  segment_removals(file_system& files, bool threads) : files_{files}, threads_allowed_{threads} {}
  segment_removals(segment_removals const&) = delete;
  ~segment_removals() { static_cast<void>(wait()); }

  /// Let nobody else hold them: their room is free when the file is closed too. What comes after the threads have ended is for `wait`.
  void add(std::vector<std::shared_ptr<packs_segment>> some) {
    auto const n = some.size();
    {
      auto const guard = std::lock_guard{lock_};
      for (auto& s : some) left_.push_back(std::move(s));
    }
    try {
      for (std::size_t i = 0; threads_allowed_ && i < n && threads_.size() < most_threads; ++i) threads_.emplace_back([this] { work(); });
    } catch (std::system_error const&) {  // no more threads here
    }
    if (threads_.empty()) work();
  }

  /// All of them are gone, or one of them cannot be removed.
  auto wait() -> io_result<void> {
    work();
    for (auto& t : threads_) t.join();
    threads_.clear();
    return std::exchange(done_, {});
  }

private:
  void work() {
    for (auto guard = std::unique_lock{lock_}; !left_.empty();) {
      auto s = std::move(left_.back());
      left_.pop_back();
      guard.unlock();
      auto const removed = files_.unlink(s->path);
      s.reset();
      guard.lock();
      if (!removed && done_) done_ = removed;
    }
  }

  file_system& files_;
  bool threads_allowed_;
  std::mutex lock_;
  std::vector<std::shared_ptr<packs_segment>> left_;
  io_result<void> done_;
  std::vector<std::thread> threads_;
};

}  // namespace cairn::detail
