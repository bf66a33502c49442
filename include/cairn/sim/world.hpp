#pragma once

#include <cairn/core/config.hpp>
#include <cairn/sim/random.hpp>

#include <chrono>
#include <cstdint>
#include <functional>
#include <vector>

namespace cairn::sim {

/// Virtual time, of the type that the machines take.
using time_point = std::chrono::steady_clock::time_point;
using duration = std::chrono::nanoseconds;

/// A clock that only events move, the queue of these events, one source of randomness, and a hash of all that happened. What runs in
/// it runs in one thread; the same seed and the same calls are the same run, to the last octet.
class world {
public:
  CAIRN_DECL explicit world(std::uint64_t seed);
  world(world const&) = delete;

  auto seed() const -> std::uint64_t { return seed_; }
  auto now() const -> time_point { return now_; }
  /// Since the beginning.
  auto elapsed() const -> duration { return now_ - beginning; }

  /// What is to happen at one time happens in the order in which it was asked for. What is past happens now.
  CAIRN_DECL void at(time_point when, std::function<void()> what);
  void after(duration d, std::function<void()> what) { at(now_ + d, std::move(what)); }

  /// The next event; false: there is none.
  CAIRN_DECL auto step() -> bool;
  /// All events of that time; then it has passed.
  CAIRN_DECL void run_for(duration d);
  /// Until it is so, looked at after each event; false: it was not so after that time, or nothing happens any more.
  CAIRN_DECL auto run_until(std::function<bool()> const& so, duration at_most) -> bool;

  auto random() -> seeded_random& { return random_; }
  /// A source of its own for whoever is `of`: what others draw does not change it.
  CAIRN_DECL auto random_of(std::uint64_t of) const -> seeded_random;

  /// What happened, and its order and times, goes into the hash.
  CAIRN_DECL void trace(std::uint64_t v);
  CAIRN_DECL void trace(bytes_view octets);
  auto trace_hash() const -> std::uint64_t { return trace_; }
  auto event_count() const -> std::uint64_t { return events_; }

private:
  struct event {
    time_point when;
    std::uint64_t number;
    std::function<void()> what;
  };
  static auto later(event const& a, event const& b) -> bool { return a.when != b.when ? a.when > b.when : a.number > b.number; }

  // the machines take time zero for "never"
  static constexpr time_point beginning{std::chrono::hours(1)};

  std::uint64_t seed_, trace_, numbers_ = 0, events_ = 0;
  time_point now_ = beginning;
  std::vector<event> heap_{};
  seeded_random random_;
};

}  // namespace cairn::sim

#if CAIRN_HEADER_ONLY
#  include <cairn/sim/impl/world.ipp>
#endif
