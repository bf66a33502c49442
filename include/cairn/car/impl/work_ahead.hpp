#pragma once

#include <condition_variable>
#include <cstddef>
#include <deque>
#include <memory>
#include <mutex>
#include <thread>
#include <vector>

namespace cairn::detail {

// Fills batches on a thread of its own, ahead of who uses them: `depth` batches in all, so memory is bounded. `fill(batch)`
// sets `batch.more`; false ends the work. The thread has ended when the object has.
template <class Batch, class Fill>
class work_ahead {
public:
  explicit work_ahead(Fill const& fill) : fill_{&fill}, thread_{[this] { run(); }} {}
  work_ahead(work_ahead const&) = delete;
  ~work_ahead() {
    {
      auto const lock = std::lock_guard{mutex_};
      stopped_ = true;
    }
    changed_.notify_all();
    thread_.join();
  }

  // The next batch, in order; none is left behind the one without `more`.
  auto take() -> std::unique_ptr<Batch> {
    auto lock = std::unique_lock{mutex_};
    changed_.wait(lock, [&] { return !ready_.empty(); });
    auto b = std::move(ready_.front());
    ready_.pop_front();
    return b;
  }

  // Its memory is used again.
  void recycle(std::unique_ptr<Batch> b) {
    {
      auto const lock = std::lock_guard{mutex_};
      free_.push_back(std::move(b));
    }
    changed_.notify_all();
  }

private:
  static constexpr std::size_t depth = 3;

  void run() {
    for (std::size_t made = 0;;) {
      auto b = std::unique_ptr<Batch>{};
      {
        auto lock = std::unique_lock{mutex_};
        changed_.wait(lock, [&] { return stopped_ || !free_.empty() || made < depth; });
        if (stopped_) return;
        if (!free_.empty()) b = std::move(free_.back()), free_.pop_back();
      }
      if (!b) b = std::make_unique<Batch>(), ++made;
      (*fill_)(*b);
      auto const more = b->more;
      {
        auto const lock = std::lock_guard{mutex_};
        ready_.push_back(std::move(b));
      }
      changed_.notify_all();
      if (!more) return;
    }
  }

  Fill const* fill_;
  std::mutex mutex_;
  std::condition_variable changed_;
  std::deque<std::unique_ptr<Batch>> ready_;
  std::vector<std::unique_ptr<Batch>> free_;
  bool stopped_ = false;
  std::thread thread_;  // last: it uses the others
};

}  // namespace cairn::detail
