#pragma once

#include <cairn/sim/network.hpp>

#include <algorithm>

namespace cairn::sim {

namespace detail {
inline auto time_of(std::size_t octets, std::uint64_t per_second) -> duration {
  return duration{static_cast<std::int64_t>(octets * 1'000'000'000u / per_second)};
}
}  // namespace detail

CAIRN_DECL auto wire::write(bytes_view in) -> std::size_t {
  if (broken_ || closed_) return 0;
  auto& w = network_.world_;
  while (!freed_.empty() && freed_.front().first <= w.now()) taken_ -= freed_.front().second, freed_.pop_front();
  auto const n = std::min(in.size(), link_.buffer - std::min(link_.buffer, taken_));
  short_of_room_ = n < in.size();
  if (short_of_room_ && !freed_.empty()) tell_room(freed_.front().first);
  for (in = in.first(n); !in.empty();) {
    auto const part = in.first(std::min<std::size_t>(in.size(), 64 * 1024));
    depart(part);
    in = in.subspan(part.size());
  }
  taken_ += n;
  return n;
}

inline void wire::depart(bytes_view in) {
  auto& w = network_.world_;
  auto const other = other_.lock();
  if (!other || other->broken_ || other->closed_) {
    // nobody has that socket: a machine that is there says so
    if (!network_.places_[there_].down)
      w.after(2 * link_.latency, [weak = weak_from_this()] {
        if (auto const self = weak.lock()) self->fail();
      });
    return;
  }
  auto& site = network_.places_[here_];
  auto sent = std::max(w.now(), line_free_);
  if (link_.bandwidth != 0) sent = line_free_ = sent + detail::time_of(in.size(), link_.bandwidth);
  if (site.uplink != 0) {
    site.uplink_free = std::max(site.uplink_free, w.now()) + detail::time_of(in.size(), site.uplink);
    sent = std::max(sent, site.uplink_free);
  }
  auto arrival = sent + link_.latency;
  if (link_.jitter.count() != 0) arrival += duration{static_cast<std::int64_t>(w.random().below(static_cast<std::uint64_t>(link_.jitter.count())))};
  if (link_.loss > 0)
    for (auto segments = in.size() / 1460 + 1; segments-- > 0;)
      for (auto wait = std::max<duration>(2 * link_.latency, std::chrono::milliseconds{10}); w.random().happens(link_.loss); wait *= 2) arrival += wait;
  last_arrival_ = std::max(arrival, last_arrival_);
  other->arriving_.push_back({last_arrival_, {in.begin(), in.end()}});
  w.at(last_arrival_, [weak = other_] {
    if (auto const to = weak.lock()) to->arrive();
  });
}

inline void wire::arrive() {
  auto const self = shared_from_this();
  auto& w = network_.world_;
  auto some = false;
  while (!broken_ && !arriving_.empty() && arriving_.front().arrives <= w.now()) {
    if (!network_.reaches(there_, here_)) {
      if (!network_.places_[here_].down && std::ranges::none_of(network_.stalled_, [&](auto const& s) { return s.lock() == self; })) network_.stalled_.push_back(self);
      break;
    }
    auto const octets = std::move(arriving_.front().octets);
    arriving_.pop_front();
    w.trace(std::uint64_t{there_} << 32 | here_);
    w.trace(octets);
    if (octets.empty()) ended_ = true;
    if (closed_) {
      if (auto const other = other_.lock(); other && !octets.empty()) other->fail();
      continue;
    }
    in_.push(octets);
    network_.delivered_ += octets.size();
    some = true;
  }
  if (some && on_data && !closed_) on_data();
}

inline void wire::fail() {
  if (broken_) return;
  auto const self = shared_from_this();
  broken_ = true;
  if (on_data && !closed_) on_data();
}

CAIRN_DECL void wire::consume(std::size_t n) {
  in_.consume(n);
  in_.release(16 * 1024);
  auto const other = other_.lock();
  if (!other || other->broken_) return;
  auto const known = network_.world_.now() + link_.latency;
  auto const first = other->freed_.empty();
  other->freed_.emplace_back(known, n);
  if (!first || !other->short_of_room_) return;
  other->tell_room(known);
}

inline void wire::tell_room(time_point when) {
  network_.world_.at(when, [weak = weak_from_this()] {
    auto const self = weak.lock();
    if (self && std::exchange(self->short_of_room_, false) && self->on_room && !self->closed_) self->on_room();
  });
}

CAIRN_DECL void wire::close() {
  if (!std::exchange(closed_, true) && !broken_) depart({});
}

CAIRN_DECL auto network::add_place() -> place {
  places_.emplace_back();
  return static_cast<place>(places_.size() - 1);
}

CAIRN_DECL void network::set_link(place a, place b, link_options const& o) { links_[pair_of(a, b)] = o; }

CAIRN_DECL auto network::link(place a, place b) const -> link_options const& {
  auto const at = links_.find(pair_of(a, b));
  return at == links_.end() ? link_ : at->second;
}

inline void network::keep(std::shared_ptr<wire> const& w) {
  auto& all = places_[w->here_].wires;
  // so that what is gone does not pile up
  if (all.size() >= 16 && (all.size() & (all.size() - 1)) == 0) std::erase_if(all, [](auto const& o) { return o.expired(); });
  all.push_back(w);
}

CAIRN_DECL void network::dial(place from, place to, std::function<void(std::shared_ptr<wire>)> then) {
  auto const wait = link(from, to).latency;
  world_.after(wait, [this, from, to, wait, then = std::move(then)]() mutable {
    world_.trace(std::uint64_t{from} << 32 | to);
    auto const& site = places_[to];
    if (!reaches(from, to) || site.hidden) return;
    if (!site.accept) return world_.after(wait, [then = std::move(then)] { then(nullptr); });
    auto near = std::make_shared<wire>(*this, from, to, link(from, to)), far = std::make_shared<wire>(*this, to, from, link(from, to));
    near->other_ = far, far->other_ = near;
    keep(near), keep(far);
    auto const accept = site.accept;
    accept(std::move(far));
    world_.after(wait, [near = std::move(near), then = std::move(then)] { then(near); });
  });
}

CAIRN_DECL void network::cut(place a, place b) { cuts_.insert(pair_of(a, b)); }
CAIRN_DECL void network::mend(place a, place b) {
  cuts_.erase(pair_of(a, b));
  resend();
}
CAIRN_DECL void network::partition(std::vector<place> const& island) {
  ++islands_;
  for (auto const p : island) places_[p].island = islands_;
}
CAIRN_DECL void network::heal() {
  cuts_.clear();
  for (auto& p : places_) p.island = 0;
  resend();
}

CAIRN_DECL auto network::reaches(place a, place b) const -> bool {
  auto const &from = places_[a], &to = places_[b];
  return !from.down && !to.down && from.island == to.island && (cuts_.empty() || !cuts_.contains(pair_of(a, b)));
}

// What waits for a link that is still cut will wait again.
inline void network::resend() {
  for (auto const& weak : std::exchange(stalled_, {}))
    if (auto const w = weak.lock())
      world_.after(2 * w->link_.latency, [weak] {
        if (auto const to = weak.lock()) to->arrive();
      });
}

CAIRN_DECL auto network::every_second(std::function<void()> what) -> std::uint64_t {
  auto const number = beat_numbers_++;
  auto const at = number % beats_.size();
  beats_[at].all.emplace_back(number, std::move(what));
  if (!std::exchange(beats_[at].runs, true)) world_.after(std::chrono::seconds{1} * (at + 1) / beats_.size(), [this, at] { strike(at); });
  return number;
}

CAIRN_DECL void network::no_more(std::uint64_t number) {
  for (auto& [n, what] : beats_[number % beats_.size()].all)
    if (n == number) what = {};
}

inline void network::strike(std::size_t at) {
  auto& b = beats_[at];
  for (auto i = 0uz; i < b.all.size(); ++i)
    if (auto const what = b.all[i].second) what();
  std::erase_if(b.all, [](auto const& e) { return !e.second; });
  b.runs = !b.all.empty();
  if (b.runs) world_.after(std::chrono::seconds{1}, [this, at] { strike(at); });
}

CAIRN_DECL void network::crash(place p) {
  auto& site = places_[p];
  site.down = true;
  site.accept = {};
  for (auto const& weak : std::exchange(site.wires, {}))
    if (auto const w = weak.lock()) {
      w->broken_ = w->closed_ = true;
    }
}

}  // namespace cairn::sim
