#pragma once
// Threads that run an io_context, as many as are needed: those that wait for a client do not count.

#include <boost/asio/executor_work_guard.hpp>
#include <boost/asio/io_context.hpp>

#include <atomic>
#include <chrono>
#include <condition_variable>
#include <mutex>
#include <pthread.h>

namespace cairn::http::detail {

class worker_pool {
public:
  worker_pool(std::size_t base, std::size_t most) : base_{base}, most_{most}, io_{static_cast<int>(base)}, work_{io_.get_executor()} {}
  ~worker_pool() { join(); }

  auto io() -> boost::asio::io_context& { return io_; }

  auto start() -> bool {
    for (std::size_t i = 0; i < base_; ++i)
      if (!spawn()) return false;
    return true;
  }

  void join() {
    work_.reset();
    io_.stop();
    auto lock = std::unique_lock{mutex_};
    ended_ = true;
    watch_.notify_all();
    gone_.wait(lock, [&] { return threads_ == 0 && !watching_; });
  }

  /// A handler begins and ends on this thread.
  void began() {
    if (busy_.fetch_add(1) + 1 >= threads_.load()) all_busy();
  }
  void finished() {
    ++done_;
    --busy_;
  }

  /// The thread will wait for a client, and has waited.
  void blocks() {
    if (threads_ - ++blocked_ < base_) spawn();
  }
  void unblocks() { --blocked_; }

  /// The last threads run no handler that may wait: they are there to say so.
  auto exhausted() const -> bool { return busy_ + base_ >= most_; }
  auto threads() const -> std::size_t { return threads_; }
  auto blocked() const -> std::size_t { return blocked_; }

private:
  static auto start_thread(void* (*body)(void*), void* self) -> bool {
    pthread_attr_t attributes;
    pthread_attr_init(&attributes);
    pthread_attr_setstacksize(&attributes, 4 << 20);
    pthread_attr_setdetachstate(&attributes, PTHREAD_CREATE_DETACHED);
    auto thread = pthread_t{};
    auto const failed = pthread_create(&thread, &attributes, body, self);
    pthread_attr_destroy(&attributes);
    return failed == 0;
  }

  auto spawn() -> bool {
    {
      auto const lock = std::lock_guard{mutex_};
      if (ended_ || threads_ >= most_) return false;
      ++threads_;
    }
    if (start_thread([](void* self) -> void* { return static_cast<worker_pool*>(self)->work(), nullptr; }, this)) return true;
    auto const lock = std::lock_guard{mutex_};
    --threads_;
    gone_.notify_all();
    return false;
  }

  void work() {
    // a few spare threads stay: they cost little, and the next wave of slow clients finds them
    while (!io_.stopped()) {
      if (io_.run_one() == 0) break;
      if (threads_ <= base_ + blocked_ + spare) continue;
      auto const lock = std::lock_guard{mutex_};
      if (threads_ <= base_ + blocked_ + spare) continue;
      --threads_;
      gone_.notify_all();
      return;
    }
    auto const lock = std::lock_guard{mutex_};
    --threads_;
    gone_.notify_all();
  }

  // Every thread runs a handler. Where none of them ends for a while, others wait behind long work: a further thread begins.
  void all_busy() {
    if (alarmed_.exchange(true)) return;
    auto const lock = std::lock_guard{mutex_};
    if (ended_) return;
    if (!watching_) watching_ = start_thread([](void* self) -> void* { return static_cast<worker_pool*>(self)->watch(), nullptr; }, this);
    watch_.notify_all();
  }

  void watch() {
    auto lock = std::unique_lock{mutex_};
    while (!ended_) {
      watch_.wait(lock, [&] { return alarmed_ || ended_; });
      alarmed_ = false;  // whoever finds all threads busy from now on is heard
      while (!ended_ && busy_ >= threads_) {
        auto const before = done_.load();
        watch_.wait_for(lock, std::chrono::milliseconds{5}, [&] { return ended_; });
        if (ended_ || done_ != before || busy_ < threads_) continue;
        lock.unlock();
        spawn();
        lock.lock();
      }
    }
    watching_ = false;
    gone_.notify_all();
  }

  static constexpr std::size_t spare = 4;

  std::size_t base_, most_;
  boost::asio::io_context io_;
  boost::asio::executor_work_guard<boost::asio::io_context::executor_type> work_;
  std::atomic<std::size_t> threads_ = 0, busy_ = 0, blocked_ = 0;
  std::atomic<std::uint64_t> done_ = 0;
  std::atomic<bool> alarmed_ = false;
  std::mutex mutex_;
  std::condition_variable watch_, gone_;
  bool watching_ = false, ended_ = false;
};

}  // namespace cairn::http::detail
