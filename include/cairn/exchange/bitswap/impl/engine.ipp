#pragma once

#include <cairn/core/try.hpp>
#include <cairn/core/varint.hpp>
#include <cairn/exchange/bitswap/engine.hpp>
#include <cairn/libp2p/multistream.hpp>

#include <utility>

namespace cairn {

// What the client has to tell: blocks to the stores and to those who wait.
CAIRN_DECL void bitswap_engine::spread() {
  using waiters = std::vector<waiter>;
  auto outcomes = std::vector<std::pair<bitswap_client::outcome, waiters>>{};
  while (auto o = client_.take_outcome()) {
    auto who = waiters{};
    if (auto const at = waiting_.find(o->id.hash()); at != waiting_.end()) {
      for (auto const& w : at->second)
        if (auto s = w.lock()) who.push_back(std::move(s));
      waiting_.erase(at);
    }
    outcomes.emplace_back(*std::move(o), std::move(who));
  }
  // each block once, into the store of the first who waits for it; one call for what goes to the same
  auto stored = std::vector<io_result<void>>(outcomes.size());
  for (auto i = 0uz; i < outcomes.size();) {
    auto const first = outcomes[i].second.empty() ? nullptr : outcomes[i].second.front();
    auto blocks = std::vector<block_view>{};
    auto end = i;
    for (; end < outcomes.size() && (outcomes[end].second.empty() ? nullptr : outcomes[end].second.front()) == first; ++end)
      if (outcomes[end].first.found) blocks.emplace_back(*outcomes[end].first.found);
    auto const into = first && first->into ? *first->into : store_;
    auto const done = blocks.empty() ? io_result<void>{} : into.put_many(blocks);
    for (; i < end; ++i) stored[i] = done;
  }
  for (auto i = 0uz; i < outcomes.size(); ++i) {
    auto const& [o, who] = outcomes[i];
    if (o.found && stored[i]) added(o.id);
    for (auto const& w : who) {
      w->wanted.erase(o.id.hash());
      if (w->to) w->to(o, stored[i]);
    }
  }
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
  client_.received(peer, message, now);
  spread();
  return {};
}

CAIRN_DECL auto bitswap_engine::next(peer_id const& peer, bitswap_version version, clock_time now, byte_queue& out) -> bool {
  auto const asks = client_.next(peer, version, now, out);
  auto const answers = serve_ && server_.next(peer, version, store_, out);
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

// False: more than the peer may have waiting, or all of them.
CAIRN_DECL auto bitswap_reader::hold(std::size_t n) -> bool {
  auto& all = to_->arriving_;
  auto& own = all.of_peer[peer_];
  own += n - counted_;
  all.all += n - counted_;
  counted_ = n;
  auto const fits = own <= all.most_of_peer && all.all <= all.most;
  if (own == 0) all.of_peer.erase(peer_);
  return fits;
}

CAIRN_DECL auto bitswap_reader::resume(bytes_view in, bitswap_engine::clock_time now) -> result<void, bitswap_errc> {
  if (!hold(held_.size() + in.size())) return std::unexpected(bitswap_errc::too_much);
  held_.push(in);
  for (;;) {
    auto const size = read_varint(held_.view());
    if (!size && size.error() == varint_errc::truncated) return {};
    if (!size) return std::unexpected(bitswap_errc::bad_message);
    if (size->value > bitswap_message_view::max_size) return std::unexpected(bitswap_errc::too_long);
    auto const head = varint_size(size->value), whole = head + static_cast<std::size_t>(size->value);
    if (held_.size() < whole) return {};
    CAIRN_TRY(to_->received(peer_, held_.view().subspan(head, whole - head), now));
    held_.consume(whole);
    held_.release(1024 * 1024);
  }
}

}  // namespace cairn
