#pragma once

#include <cairn/core/try.hpp>
#include <cairn/core/varint.hpp>
#include <cairn/exchange/bitswap/engine.hpp>
#include <cairn/libp2p/multistream.hpp>

#include <utility>

namespace cairn {

// What the client has to tell.
CAIRN_DECL void bitswap_engine::collect() {
  while (auto o = client_.take_outcome()) {
    auto who = std::vector<waiter>{};
    if (auto const at = waiting_.find(o->id.hash()); at != waiting_.end()) {
      for (auto const& w : at->second)
        if (auto s = w.lock()) who.push_back(std::move(s));
      waiting_.erase(at);
    }
    if (!o->found) {
      give(*o, who, {});
      continue;
    }
    // each block once, into the store of the first who waits for it
    auto const* const first = who.empty() ? nullptr : who.front().get();
    auto const into = first && first->into ? *first->into : store_;
    auto const hash = o->id.hash();
    on_the_way_ += o->found->data().size();
    auto one = std::make_shared<bitswap_placed>(bitswap_placed{*std::move(o), std::move(who), first, into});
    placed_[hash] = one;
    next_work_.blocks.push_back(std::move(one));
  }
}

CAIRN_DECL void bitswap_engine::give(bitswap_client::outcome const& o, std::vector<waiter> const& who, io_result<void> const& stored) {
  if (o.found && stored) added(o.id);
  for (auto const& w : who) {
    w->wanted.erase(o.id.hash());
    if (w->to) w->to(o, stored);
  }
}

CAIRN_DECL void bitswap_engine::spread() {
  collect();
  if (elsewhere_) return;
  while (auto const work = take_work()) {
    work->run();
    finish(*work, {});
  }
}

CAIRN_DECL auto bitswap_engine::take_work() -> std::shared_ptr<bitswap_work> {
  auto out = bitswap_work{};
  if (!storing_ && !next_work_.blocks.empty()) {
    storing_ = true;
    out.blocks.swap(next_work_.blocks);
  } else if (!hashing_ && !next_work_.arrived.empty()) {
    hashing_ = true;
    out.arrived.swap(next_work_.arrived);
  } else {
    return nullptr;
  }
  return std::make_shared<bitswap_work>(std::move(out));
}

CAIRN_DECL void bitswap_engine::finish(bitswap_work& done, clock_time now) {
  if (!done.arrived.empty()) hashing_ = false;
  if (!done.blocks.empty()) storing_ = false;
  for (auto& [peer, d] : done.arrived) {
    on_the_way_ -= d.bytes();
    client_.received(peer, std::move(d), now);
  }
  for (auto const& b : done.blocks) {
    on_the_way_ -= b->outcome.found->data().size();
    placed_.erase(b->outcome.id.hash());
    give(b->outcome, b->who, b->stored);
  }
  collect();
}

CAIRN_DECL void bitswap_engine::connected(peer_id const& peer, clock_time now) {
  client_.connected(peer, now);
  spread();
}
CAIRN_DECL void bitswap_engine::disconnected(peer_id const& peer, clock_time now) {
  server_.disconnected(peer);
  client_.disconnected(peer, now);
  spread();
}
CAIRN_DECL auto bitswap_engine::not_opened(peer_id const& peer, error const& why, clock_time now) -> bool {
  // one that has no such protocol will not have it later; all else is the network's
  auto const later = !(why == multistream_errc::none_in_common);
  client_.disconnected(peer, now);
  if (later) client_.connected(peer, now);
  spread();
  return later;
}
CAIRN_DECL void bitswap_engine::broken(peer_id const& peer, clock_time now) {
  client_.disconnected(peer, now);
  connected(peer, now);
}

CAIRN_DECL auto bitswap_engine::received(peer_id const& peer, bytes_view in, clock_time now) -> result<void, bitswap_errc> {
  CAIRN_TRY(auto const message, decode_bitswap(in));
  if (serve_) {
    server_.received(peer, message);
    if (!message.wants.empty()) ready_.push_back(peer);
  }
  auto delivery = bitswap_delivery::of(message);
  if (elsewhere_ && !delivery.items.empty()) {
    on_the_way_ += delivery.bytes();
    next_work_.arrived.emplace_back(peer, std::move(delivery));
    return {};
  }
  bitswap_delivery* const one[]{&delivery};
  bitswap_delivery::hash(one);
  client_.received(peer, std::move(delivery), now);
  spread();
  return {};
}

CAIRN_DECL auto bitswap_engine::next(peer_id const& peer, bitswap_version version, clock_time now, byte_queue& out) -> bool {
  auto const asks = client_.next(peer, version, now, out);
  auto const answers = serve_ && server_.next(peer, version, store_, out);
  return asks || answers;
}

CAIRN_DECL auto bitswap_engine::next(peer_id const& peer, bitswap_version version, clock_time now, bitswap_lookup const* looked, bitswap_frames& out) -> bool {
  auto const asks = client_.next(peer, version, now, out);
  auto const answers = looked && server_.answer(peer, version, *looked, out);
  return asks || answers;
}

CAIRN_DECL auto bitswap_engine::take_ready() -> std::vector<peer_id> {
  auto out = client_.take_ready();
  out.insert(out.end(), ready_.begin(), ready_.end());
  ready_.clear();
  return out;
}

CAIRN_DECL auto bitswap_engine::want(waiter const& who, cid const& id, clock_time now, clock_time until) -> bool {
  if (!who->wanted.insert(id.hash()).second) return false;
  if (auto const at = placed_.find(id.hash()); at != placed_.end()) {  // it has come, and is being stored
    at->second->who.push_back(who);
    return true;
  }
  waiting_[id.hash()].push_back(who);
  client_.want(id, now, until);
  return true;
}

// One less waits for it; nobody waits: it is wanted no more.
CAIRN_DECL void bitswap_engine::give_up(waiter const& who, multihash const& hash) {
  auto const at = waiting_.find(hash);
  if (at == waiting_.end()) return;
  std::erase_if(at->second, [&](auto const& w) { return w.expired() || w.lock() == who; });
  if (!at->second.empty()) return;
  waiting_.erase(at);
  client_.cancel(cid::v1(code::raw, hash));
}

CAIRN_DECL void bitswap_engine::drop(waiter const& who, cid const& id) {
  if (who->wanted.erase(id.hash()) != 0) give_up(who, id.hash());
}

CAIRN_DECL void bitswap_engine::cancel(waiter const& who) {
  for (auto const& hash : std::exchange(who->wanted, {})) give_up(who, hash);
  who->to = {};
}

CAIRN_DECL void bitswap_engine::added(cid const& id) {
  if (!serve_) return;
  auto const who = server_.added(id);
  ready_.insert(ready_.end(), who.begin(), who.end());
}

CAIRN_DECL void bitswap_engine::tick(clock_time now) {
  client_.tick(now);
  spread();
}

CAIRN_DECL auto bitswap_reader::hold(std::size_t n) -> bool {
  auto& all = to_->arriving_;
  auto& own = all.of_peer[peer_];
  own.held += n - counted_;
  all.all += n - counted_;
  counted_ = n;
  if (n == 0 && own.goes_on == this) own.goes_on = nullptr;
  if (own.held == 0) all.of_peer.erase(peer_);
  if (n == 0) return true;
  if (all.all > all.most) return false;
  if (own.held <= all.most_of_peer || own.goes_on == this) return true;
  if (own.goes_on) return false;
  own.goes_on = this;
  return true;
}

CAIRN_DECL auto bitswap_reader::whole(bytes_view in) -> result<std::size_t, bitswap_errc> {
  auto const size = read_varint(in);
  if (!size && size.error() == varint_errc::truncated) return 0uz;
  if (!size) return std::unexpected(bitswap_errc::bad_message);
  if (size->value > bitswap_message_view::max_size) return std::unexpected(bitswap_errc::too_long);
  return varint_size(size->value) + static_cast<std::size_t>(size->value);
}

CAIRN_DECL auto bitswap_reader::resume(bytes_view in, bitswap_engine::clock_time now) -> result<void, bitswap_errc> {
  auto const take_all = [&](bytes_view view) -> result<std::size_t, bitswap_errc> {
    for (auto taken = 0uz;;) {
      CAIRN_TRY(auto const n, whole(view.subspan(taken)));
      if (n == 0 || view.size() - taken < n) return taken;
      auto const message = read_varint(view.subspan(taken, n))->rest;
      taken += n;
      CAIRN_TRY(to_->received(peer_, message, now));
    }
  };
  if (held_.empty()) {
    CAIRN_TRY(auto const taken, take_all(in));
    in = in.subspan(taken);
  }
  (void)hold(held_.size());
  if (in.empty()) return {};
  if (!hold(held_.size() + in.size())) return std::unexpected(bitswap_errc::too_much);
  held_.push(in);
  CAIRN_TRY(auto const taken, take_all(held_.view()));
  held_.consume(taken);
  held_.release(1024 * 1024);
  (void)hold(held_.size());
  return {};
}

}  // namespace cairn
