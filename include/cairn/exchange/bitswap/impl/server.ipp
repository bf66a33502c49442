#pragma once

#include <cairn/exchange/bitswap/server.hpp>

#include <algorithm>

namespace cairn {

CAIRN_DECL void bitswap_server::drop(peer_state& p, entries::iterator at) {
  if (!at->waits) --p.ready;
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
  if (old.waits) ++p.ready;
  old.waits = false;
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
    if (at == p.by_hash.end() || !at->second->waits) continue;
    at->second->waits = false;
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

CAIRN_DECL auto bitswap_server::next(peer_id const& peer, bitswap_version version, blockstore_ref store, byte_queue& out) -> bool {
  auto const found = peers_.find(peer);
  if (found == peers_.end()) return false;
  auto& p = found->second;
  auto message = bitswap_message{};
  auto held = std::vector<block>{};  // what the message borrows
  held.reserve(64);
  auto at = p.wants.begin();
  while (p.ready != 0 && at != p.wants.end() && message.size() < options_.message_size) {
    auto const here = at++;
    if (here->waits) continue;
    auto const& w = here->want;
    auto const allowed = !options_.may_have || options_.may_have(peer, w.id);
    auto const has_no_block = [&] {
      if (w.send_dont_have) message.presence(w.id, false);
      // it stays: when the block comes, the peer gets it. What a peer may not have is not remembered
      if (!allowed) {
        drop(p, here);
        return;
      }
      here->waits = true;
      --p.ready;
      p.wants.splice(p.wants.end(), p.wants, here);
    };
    if (!allowed) {
      has_no_block();
      continue;
    }
    if (w.have && version == bitswap_version::v1_2) {
      auto const size = store.get_size(w.id);
      if (!size || !*size) {
        has_no_block();
        continue;
      }
      if (**size > options_.replace_have) {
        message.presence(w.id, true);
        drop(p, here);
        continue;
      }
    }
    auto b = store.get(w.id);
    if (!b || b->data().size() > limits::block) {
      has_no_block();
      continue;
    }
    held.push_back(*std::move(b));
    message.add_block(w.id, held.back().data());
    for (auto* sums : {&p.sums, &totals_}) {
      ++sums->blocks_sent;
      sums->bytes_sent += held.back().data().size();
    }
    drop(p, here);
  }
  if (message.empty()) return false;
  message.encode(version, out);
  return true;
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
