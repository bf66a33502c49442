#pragma once

#include <array>
#include <atomic>
#include <cstdint>
#include <span>

/// What is counted while a node runs. A component holds its metrics itself, as members with the backend as a parameter; there is no
/// registry. Who shows them (service/metrics_text.hpp) names them and gives them their scope: a library never knows of it.
namespace cairn {

/// Nothing is counted: members are empty, calls are gone.
struct no_metrics {};
/// Relaxed atomic additions.
struct live_metrics {};

/// A number that only grows.
template <class Backend>
class counter {
public:
  void add(std::uint64_t = 1) {}
  auto value() const -> std::uint64_t { return 0; }
};
template <>
class counter<live_metrics> {
public:
  void add(std::uint64_t n = 1) { value_.fetch_add(n, std::memory_order_relaxed); }
  auto value() const -> std::uint64_t { return value_.load(std::memory_order_relaxed); }

private:
  std::atomic<std::uint64_t> value_ = 0;
};

/// A number that grows and shrinks.
template <class Backend>
class gauge {
public:
  void set(std::int64_t) {}
  void add(std::int64_t) {}
  auto value() const -> std::int64_t { return 0; }
};
template <>
class gauge<live_metrics> {
public:
  void set(std::int64_t n) { value_.store(n, std::memory_order_relaxed); }
  void add(std::int64_t n) { value_.fetch_add(n, std::memory_order_relaxed); }
  auto value() const -> std::int64_t { return value_.load(std::memory_order_relaxed); }

private:
  std::atomic<std::int64_t> value_ = 0;
};

/// How many observations were at most each bound, and their sum. Bounds ascend; one more place stands behind the last.
template <class Backend, std::uint64_t... Bounds>
class histogram {
public:
  static constexpr std::array<std::uint64_t, sizeof...(Bounds)> bounds{Bounds...};
  void observe(std::uint64_t) {}
  auto in_place(std::size_t) const -> std::uint64_t { return 0; }
  auto sum() const -> std::uint64_t { return 0; }
};
template <std::uint64_t... Bounds>
class histogram<live_metrics, Bounds...> {
public:
  static constexpr std::array<std::uint64_t, sizeof...(Bounds)> bounds{Bounds...};
  void observe(std::uint64_t value) {
    auto place = std::size_t{0};
    while (place < bounds.size() && value > bounds[place]) ++place;
    places_[place].add();
    sum_.add(value);
  }
  auto in_place(std::size_t n) const -> std::uint64_t { return places_[n].value(); }
  auto sum() const -> std::uint64_t { return sum_.value(); }

private:
  std::array<counter<live_metrics>, sizeof...(Bounds) + 1> places_;
  counter<live_metrics> sum_;
};

}  // namespace cairn
