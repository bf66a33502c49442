#pragma once

#include <cairn/unixfs/impl/import_engine.hpp>

#include <thread>

namespace cairn::detail {

/// One worker: takes the latest stage that can go on, until everything is stored or something failed.
inline void import_engine::work() {
  auto guard = std::unique_lock{lock_};
  // runs a stage without the lock; its failure ends the work of all
  auto const run = [&](auto&& body) {
    guard.unlock();
    auto done = body();
    guard.lock();
    if (!done && !failure_) failure_ = std::move(done).error();
    changed_.notify_all();
  };
  while (!failure_ && !(read_all_ && store_seq_ == read_seq_)) {
    if (auto const at = slot_at(store_seq_); store_seq_ != read_seq_ && stages_[at] == stage::hashed && !storing_) {
      storing_ = true;
      stages_[at] = stage::storing;
      run([&]() -> io_result<void> {
        auto linked = link(*slots_[at]);
        auto stored = store(*slots_[at]);  // also where linking failed: the slot may hold blocks of earlier files
        return linked ? std::move(stored) : std::move(linked);
      });
      stages_[at] = stage::free;
      storing_ = false;
      ++store_seq_;
      continue;
    }
    auto filled = store_seq_;
    while (filled != read_seq_ && stages_[slot_at(filled)] != stage::filled) ++filled;
    if (filled != read_seq_) {
      auto const at = slot_at(filled);
      stages_[at] = stage::hashing;
      run([&] { return hash(*slots_[at]); });
      stages_[at] = stage::hashed;
      continue;
    }
    if (auto const at = slot_at(read_seq_); !read_all_ && !reading_ && stages_[at] == stage::free) {
      reading_ = true;
      stages_[at] = stage::reading;
      run([&] { return fill(slot(at)); });
      stages_[at] = stage::filled;
      reading_ = false;
      ++read_seq_;
      read_all_ = end_ && !has_carry_ && window_begin_ == window_end_;
      continue;
    }
    changed_.wait(guard);
  }
  changed_.notify_all();
}

/// The rest of a file whose first slot is filled. All slots are empty afterwards.
inline auto import_engine::run_pipeline() -> io_result<void> {
  stages_.assign(slots_.size(), stage::free);
  stages_[current_] = stage::filled;
  read_seq_ = 1;
  store_seq_ = 0;
  reading_ = storing_ = read_all_ = false;
  failure_.reset();

  auto helpers = std::vector<std::thread>{};
  for (unsigned i = 0; i < helpers_; ++i) helpers.emplace_back([this] { work(); });
  work();
  for (auto& one : helpers) one.join();
  if (failure_) {
    // what earlier files left in the first slot still waits to be stored, unless it has been
    for (std::size_t i = 0; i < slots_.size(); ++i) {
      if (!slots_[i]) continue;
      if (i == current_ && store_seq_ == 0)
        slots_[i]->leaves.clear();
      else
        slots_[i]->clear();
    }
    return std::unexpected(*std::move(failure_));
  }
  return {};
}

}  // namespace cairn::detail
