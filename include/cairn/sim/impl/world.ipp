#pragma once

#include <cairn/sim/world.hpp>

#include <algorithm>
#include <bit>
#include <cstring>
#include <utility>

namespace cairn::sim {

CAIRN_DECL world::world(std::uint64_t seed) : seed_{seed}, trace_{seed}, random_{seed} {}

CAIRN_DECL auto world::random_of(std::uint64_t of) const -> seeded_random {
  auto mixed = seeded_random{seed_ ^ 0x6a09e667f3bcc908u};
  return seeded_random{mixed.next() + of * 0xd1342543de82ef95u};
}

CAIRN_DECL void world::at(time_point when, std::function<void()> what) {
  heap_.push_back({std::max(when, now_), numbers_++, std::move(what)});
  std::push_heap(heap_.begin(), heap_.end(), later);
}

CAIRN_DECL auto world::step() -> bool {
  if (heap_.empty()) return false;
  std::pop_heap(heap_.begin(), heap_.end(), later);
  auto const e = std::move(heap_.back());
  heap_.pop_back();
  now_ = e.when;
  ++events_;
  trace(static_cast<std::uint64_t>(elapsed().count()));
  trace(e.number);
  e.what();
  return true;
}

CAIRN_DECL void world::run_for(duration d) {
  auto const end = now_ + d;
  while (!heap_.empty() && heap_.front().when <= end) step();
  now_ = end;
}

CAIRN_DECL auto world::run_until(std::function<bool()> const& so, duration at_most) -> bool {
  auto const end = now_ + at_most;
  while (!so()) {
    if (heap_.empty() || heap_.front().when > end) return false;
    step();
  }
  return true;
}

CAIRN_DECL void world::trace(std::uint64_t v) {
  trace_ = std::rotl((trace_ ^ v) * 0x9fb21c651e98df25u, 29);
  trace_ ^= trace_ >> 32;
}

CAIRN_DECL void world::trace(bytes_view octets) {
  trace(octets.size());
  while (octets.size() >= 8) {
    std::uint64_t v;  // little-endian machines only, as all of the library's
    std::memcpy(&v, octets.data(), 8);
    trace(v);
    octets = octets.subspan(8);
  }
  auto rest = std::uint64_t{0};
  for (auto const b : octets) rest = rest << 8 | b;
  trace(rest);
}

}  // namespace cairn::sim
