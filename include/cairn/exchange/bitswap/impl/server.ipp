#pragma once

#include <cairn/exchange/bitswap/server.hpp>

#include <algorithm>

namespace cairn {

CAIRN_DECL void bitswap_server::drop(peer_state& p, entries::iterator at) {
  if (at->at == phase::ready) --p.ready;
  p.by_hash.erase(at->want.id.hash());
  p.wants.erase(at);
}

// The newest of the lowest priority goes.
CAIRN_DECL void bitswap_server::make_room(peer_state& p) {
  auto lowest = p.wants.begin();
  for (auto at = p.wants.begin(); at != p.wants.end(); ++at)
    if (at->want.priority <= lowest->want.priority) lowest = at;
  drop(p, lowest);
}

CAIRN_DECL void bitswap_server::put(peer_state& p, bitswap_want const& w) {
  auto const at = p.by_hash.find(w.id.hash());
  if (at == p.by_hash.end()) {
    p.wants.push_back({w});
    p.by_hash.emplace(w.id.hash(), std::prev(p.wants.end()));
    ++p.ready;
    return;
  }
  // the same want again is one entry; it is answered anew, a have may become a block, not the other way round
  auto& old = *at->second;
  if (old.at == phase::waits) {
    old.at = phase::ready;
    ++p.ready;
  } else if (old.at == phase::looked_up) {
    old.at = phase::again;
  }
  old.want.have = old.want.have && w.have;
  old.want.send_dont_have = old.want.send_dont_have || w.send_dont_have;
  old.want.priority = w.priority;
}

CAIRN_DECL void bitswap_server::received(peer_id const& peer, bitswap_message_view const& message) {
  auto& p = peers_[peer];
  for (auto* sums : {&p.sums, &totals_}) {
    ++sums->messages_received;
    for (auto const& b : message.payloads) {
      ++sums->blocks_received;
      sums->bytes_received += b.data.size();
    }
  }
  if (message.full) {
    p.wants.clear();
    p.by_hash.clear();
    p.ready = 0;
  }
  auto evictions = options_.max_wants;  // bounds the work of one message
  for (auto const& w : message.wants) {
    if (w.cancel) {
      if (auto const at = p.by_hash.find(w.id.hash()); at != p.by_hash.end()) drop(p, at->second);
      continue;
    }
    if (p.wants.size() >= options_.max_wants && !p.by_hash.contains(w.id.hash())) {
      if (evictions-- == 0) break;
      make_room(p);
    }
    put(p, w);
  }
}

CAIRN_DECL void bitswap_server::disconnected(peer_id const& peer) { peers_.erase(peer); }

CAIRN_DECL auto bitswap_server::added(cid const& id) -> std::vector<peer_id> {
  auto out = std::vector<peer_id>{};
  for (auto& [peer, p] : peers_) {
    auto const at = p.by_hash.find(id.hash());
    if (at == p.by_hash.end()) continue;
    if (at->second->at == phase::looked_up) at->second->at = phase::again;
    if (at->second->at != phase::waits) continue;
    at->second->at = phase::ready;
    ++p.ready;
    p.wants.splice(p.wants.begin(), p.wants, at->second);
    out.push_back(peer);
  }
  return out;
}

CAIRN_DECL auto bitswap_server::owes(peer_id const& peer) const -> bool {
  auto const at = peers_.find(peer);
  return at != peers_.end() && at->second.ready != 0;
}

CAIRN_DECL auto bitswap_server::take(peer_id const& peer, bitswap_version version) -> std::optional<bitswap_lookup> {
  auto const found = peers_.find(peer);
  if (found == peers_.end() || found->second.ready == 0) return std::nullopt;
  auto& p = found->second;
  auto out = bitswap_lookup{.message_size = options_.message_size, .replace_have = options_.replace_have, .knows_have = version == bitswap_version::v1_2};
  for (auto at = p.wants.begin(); p.ready != 0 && at != p.wants.end() && out.wants.size() < most_looked_up; ++at) {
    if (at->at != phase::ready) continue;
    at->at = phase::looked_up;
    --p.ready;
    out.wants.push_back(at->want);
  }
  out.answers.resize(out.wants.size());
  // what a peer may not have is not there
  for (auto i = 0uz; i < out.wants.size(); ++i)
    if (options_.may_have && !options_.may_have(peer, out.wants[i].id)) out.answers[i].what = bitswap_lookup::answer::kind::nothing;
  return out;
}

CAIRN_DECL void bitswap_lookup::run(blockstore_ref store) {
  using kind = answer::kind;
  auto size = 0uz;
  auto ids = std::vector<cid>{};
  auto places = std::vector<std::size_t>{};
  for (auto i = 0uz; i < wants.size() && size < message_size; ++i) {
    auto& a = answers[i];
    auto const& w = wants[i];
    size += 2 * w.id.encoded_size();
    if (a.what != kind::not_looked) continue;
    auto const there = store.get_size(w.id);
    a.what = kind::nothing;
    if (!there || !*there || **there > limits::block) continue;
    if (w.have && knows_have && **there > replace_have) {
      a.what = kind::here;
      continue;
    }
    size += static_cast<std::size_t>(**there);
    ids.push_back(w.id);
    places.push_back(i);
  }
  auto put = [&](std::size_t i, block b) {
    if (b.data().size() > limits::block) return;
    answers[i].what = kind::sent;
    answers[i].found = std::move(b);
  };
  if (auto all = store.get_many(ids)) {
    for (auto i = 0uz; i < ids.size(); ++i) put(places[i], std::move((*all)[i]));
    return;
  }
  for (auto i = 0uz; i < ids.size(); ++i)  // one of them is damaged, or gone
    if (auto b = store.get(ids[i])) put(places[i], *std::move(b));
}

CAIRN_DECL auto bitswap_server::answer(peer_id const& peer, bitswap_version version, bitswap_lookup const& looked, bitswap_frames& out) -> bool {
  using kind = bitswap_lookup::answer::kind;
  auto const found = peers_.find(peer);
  if (found == peers_.end()) return false;
  auto& p = found->second;
  auto message = bitswap_message{};
  for (auto i = 0uz; i < looked.wants.size(); ++i) {
    auto const& [what, b] = looked.answers[i];
    auto const known = p.by_hash.find(looked.wants[i].id.hash());
    if (known == p.by_hash.end()) continue;  // it was taken back
    auto const at = known->second;
    if (at->at != phase::looked_up && at->at != phase::again) continue;
    auto const& w = at->want;
    auto const changed = at->at == phase::again;
    if (what == kind::not_looked || (changed && (what == kind::nothing || what == kind::here))) {
      at->at = phase::ready;  // its turn is later
      ++p.ready;
    } else if (what == kind::here) {
      message.presence(w.id, true);
      drop(p, at);
    } else if (what == kind::sent) {
      message.add_block(w.id, b->data());
      for (auto* sums : {&p.sums, &totals_}) {
        ++sums->blocks_sent;
        sums->bytes_sent += b->data().size();
      }
      drop(p, at);
    } else {
      if (w.send_dont_have) message.presence(w.id, false);
      // it stays: when the block comes, the peer gets it. What a peer may not have is not remembered
      if (options_.may_have && !options_.may_have(peer, w.id)) {
        drop(p, at);
        continue;
      }
      at->at = phase::waits;
      p.wants.splice(p.wants.end(), p.wants, at);
    }
  }
  if (message.empty()) return false;
  message.encode(version, out);
  return true;
}

CAIRN_DECL auto bitswap_server::next(peer_id const& peer, bitswap_version version, blockstore_ref store, byte_queue& out) -> bool {
  while (auto looked = take(peer, version)) {
    looked->run(store);
    auto frames = bitswap_frames{};
    if (!answer(peer, version, *looked, frames)) continue;
    frames.append_to(out);
    return true;
  }
  return false;
}

CAIRN_DECL auto bitswap_server::ledger(peer_id const& peer) const -> bitswap_ledger {
  auto const at = peers_.find(peer);
  if (at == peers_.end()) return {};
  auto out = at->second.sums;
  out.wants = at->second.wants.size();
  return out;
}

CAIRN_DECL auto bitswap_server::wantlist(peer_id const& peer) const -> std::vector<bitswap_want> {
  auto out = std::vector<bitswap_want>{};
  if (auto const at = peers_.find(peer); at != peers_.end())
    for (auto const& e : at->second.wants) out.push_back(e.want);
  return out;
}

CAIRN_DECL auto bitswap_server::partners() const -> std::vector<peer_id> {
  auto out = std::vector<peer_id>{};
  for (auto const& [peer, p] : peers_)
    if (!p.wants.empty()) out.push_back(peer);
  return out;
}

}  // namespace cairn
