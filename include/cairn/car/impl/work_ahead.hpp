#pragma once

#include <condition_variable>
#include <cstddef>
#include <deque>
#include <memory>
#include <mutex>
#include <thread>
#include <vector>

namespace cairn::detail {

// Fills batches on a thread of its own, ahead of who uses them: `depth` batches in all, so memory is bounded. `fill(batch, *this)`
// sets `batch.more`; false ends the work. Parts of it may be shared with who waits for the batch. The thread has ended when the object
// has.
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

  // The next batch, in order; none is left behind the one without `more`. Who waits for it does shared work meanwhile.
  auto take() -> std::unique_ptr<Batch> {
    auto lock = std::unique_lock{mutex_};
    while (ready_.empty())
      if (!work_on_share(lock)) changed_.wait(lock);
    auto b = std::move(ready_.front());
    ready_.pop_front();
    return b;
  }

  // For `fill`: `part(i)` for each i below `count`, on this thread and on the one that waits in `take`.
  // A part that throws ends the program: who waits for it would wait for ever.
  template <class Part>
  void share(std::size_t count, Part& part) {
    auto lock = std::unique_lock{mutex_};
    part_ = [](void* self, std::size_t i) noexcept { (*static_cast<Part*>(self))(i); };
    part_self_ = &part;
    next_part_ = 0;
    parts_ = parts_left_ = count;
    changed_.notify_all();
    while (work_on_share(lock)) {}
    changed_.wait(lock, [&] { return parts_left_ == 0; });
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

  // One part, if one is left.
  auto work_on_share(std::unique_lock<std::mutex>& lock) -> bool {
    if (next_part_ == parts_) return false;
    auto const i = next_part_++;
    lock.unlock();
    part_(part_self_, i);
    lock.lock();
    if (--parts_left_ == 0) changed_.notify_all();
    return true;
  }

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
      (*fill_)(*b, *this);
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
  void (*part_)(void*, std::size_t) noexcept = nullptr;
  void* part_self_ = nullptr;
  std::size_t next_part_ = 0, parts_ = 0, parts_left_ = 0;
  bool stopped_ = false;
  std::thread thread_;  // last: it uses the others
};

}  // namespace cairn::detail
