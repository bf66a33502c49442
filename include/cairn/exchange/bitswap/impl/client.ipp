#pragma once

#include <cairn/block/verify.hpp>
#include <cairn/exchange/bitswap/client.hpp>

#include <algorithm>
#include <unordered_set>

namespace cairn {

namespace detail {
inline auto is_plain(cid_prefix const& p) -> bool { return p.hash == code::sha2_256 && p.digest_size == 32; }
}  // namespace detail

inline void bitswap_client::say(peer_id const& peer, bitswap_want const& w) {
  auto& p = peers_[peer];
  p.out.push_back(w);
  if (!std::exchange(p.listed, true)) ready_.push_back(peer);
}

// Whoever was asked for the block and has none remembers that, and would send it when it gets it: so would the next that is asked.
// Where there is another, it is to say that it has it instead.
inline void bitswap_client::give_up(want_state& w) {
  auto const peer = *w.block_from;
  w.peers[peer] = asked::no;
  release(w);
  auto const at = peers_.find(peer);
  if (at == peers_.end()) return;
  at->second.fruitful = false;
  if (peers_.size() == 1) return;
  say(peer, {.id = w.id, .cancel = true});
  say(peer, {.id = w.id, .have = true});
}

inline void bitswap_client::release(want_state& w) {
  if (!w.block_from) return;
  if (auto const at = peers_.find(*w.block_from); at != peers_.end() && at->second.open != 0) --at->second.open;
  w.block_from.reset();
}

inline void bitswap_client::ask_block(want_state& w, peer_id const& peer, clock_time now) {
  auto& p = peers_[peer];
  ++p.open;
  w.block_from = peer;
  w.peers[peer] = asked::block;
  w.next_try = now + options_.patience;
  say(peer, {.id = w.id, .send_dont_have = true});
}

// Decides whom to ask now.
inline void bitswap_client::place(want_state& w, clock_time now) {
  if (w.block_from) return;
  auto best = peers_.end();
  auto full = false, somebody_unasked = false;
  for (auto at = peers_.begin(); at != peers_.end(); ++at) {
    auto const said = w.peers.find(at->first);
    auto const state = said == w.peers.end() ? asked::nothing : said->second;
    if (state == asked::no) continue;
    somebody_unasked = somebody_unasked || state == asked::nothing || state == asked::again;
    // one that has it, or that has what it was asked for, or the only one there is
    auto const likely = state == asked::has || at->second.fruitful || peers_.size() == 1;
    if (!likely || state == asked::block) continue;
    if (at->second.open >= options_.want_window) {
      full = true;
      continue;
    }
    if (best == peers_.end() || at->second.open < best->second.open) best = at;
  }
  if (best != peers_.end()) return ask_block(w, best->first, now);
  if (full) {
    waiting_.push_back(w.id.hash());
    w.next_try = w.until;
    return;
  }
  if (somebody_unasked) {
    auto left = options_.broadcast;
    // who was never asked comes before who said nothing: many that are silent hide nobody
    for (auto const kind : {asked::nothing, asked::again})
      for (auto const& [peer, p] : peers_) {
        auto& state = w.peers[peer];
        if (state != kind || left == 0) continue;
        --left;
        state = asked::have;
        say(peer, {.id = w.id, .have = true, .send_dont_have = true});
      }
  }
  w.next_try = now + options_.again;
}

CAIRN_DECL void bitswap_client::want(cid const& id, clock_time now, clock_time until) {
  auto const [at, fresh] = wants_.emplace(id.hash(), want_state{id, until});
  if (!fresh) {
    at->second.until = std::max(at->second.until, until);
    return;
  }
  place(at->second, now);
}

inline void bitswap_client::end(multihash const& h, bool tell_peers) {
  auto const at = wants_.find(h);
  if (at == wants_.end()) return;
  release(at->second);
  if (tell_peers)
    for (auto const& [peer, state] : at->second.peers)  // one that said no remembers the want, to send the block when it gets it
      if (state != asked::nothing && state != asked::has && peers_.contains(peer)) say(peer, {.id = at->second.id, .cancel = true});
  wants_.erase(at);
}

CAIRN_DECL void bitswap_client::cancel(cid const& id) { end(id.hash(), true); }

CAIRN_DECL void bitswap_client::connected(peer_id const& peer, clock_time now) {
  if (!peers_.emplace(peer, peer_state{}).second) return;
  for (auto& [h, w] : wants_)
    if (!w.block_from) place(w, now);
}

CAIRN_DECL void bitswap_client::disconnected(peer_id const& peer, clock_time now) {
  peers_.erase(peer);
  std::erase(ready_, peer);
  for (auto& [h, w] : wants_) {
    w.peers.erase(peer);
    if (w.block_from != peer) continue;
    w.block_from.reset();
    place(w, now);
  }
}

// `hash` is that of the octets: a want of that multihash is a want of this block.
inline void bitswap_client::take_block(peer_id const& peer, multihash const& hash, buffer data) {
  auto const at = wants_.find(hash);
  if (at == wants_.end()) {
    if (recent_set_.contains(hash)) ++sums_.duplicates, sums_.duplicate_bytes += data.size();
    else ++sums_.unasked;
    return;
  }
  ++sums_.blocks;
  sums_.bytes += data.size();
  auto b = detail::block_access::make(at->second.id, std::move(data));
  if (auto const p = peers_.find(peer); p != peers_.end()) p->second.fruitful = true;
  auto& w = at->second;
  w.peers.erase(peer);  // it has answered: it needs no cancel
  auto const id = w.id;
  auto const count = w.peers.size() + 1;
  end(id.hash(), true);
  outcomes_.push_back({id, std::move(b), count});
  recent_.push_back(hash);
  ++recent_set_[hash];
  if (recent_.size() > 4096) {
    if (auto const old = recent_set_.find(recent_.front()); old != recent_set_.end() && --old->second == 0) recent_set_.erase(old);
    recent_.pop_front();
  }
}

CAIRN_DECL auto bitswap_delivery::of(bitswap_message_view const& message) -> bitswap_delivery {
  auto out = bitswap_delivery{.items = {}, .presences = message.presences};
  out.items.reserve(message.payloads.size());
  for (auto const& p : message.payloads) out.items.push_back({p.prefix, buffer{p.data}});
  return out;
}

CAIRN_DECL void bitswap_delivery::hash(std::span<bitswap_delivery* const> all) {
  // nearly all are hashed with sha2-256
  auto views = std::vector<bytes_view>{};
  auto plain = std::vector<item*>{};
  for (auto* const d : all)
    for (auto& i : d->items) {
      if (!detail::is_plain(i.prefix)) {
        if (auto const other = hash_bytes(i.prefix.hash, i.data, i.prefix.digest_size)) i.hash = *other;
        continue;
      }
      views.push_back(i.data);
      plain.push_back(&i);
    }
  auto digests = std::vector<digest<32>>(views.size());
  sha256_many(views, digests.data());
  for (auto i = 0uz; i < plain.size(); ++i) plain[i]->hash = multihash::of(code::sha2_256, digests[i]);
}

CAIRN_DECL void bitswap_client::received(peer_id const& peer, bitswap_message_view const& message, clock_time now) {
  auto delivery = bitswap_delivery::of(message);
  bitswap_delivery* const one[]{&delivery};
  bitswap_delivery::hash(one);
  received(peer, std::move(delivery), now);
}

CAIRN_DECL void bitswap_client::received(peer_id const& peer, bitswap_delivery message, clock_time now) {
  for (auto& i : message.items) {  // a block is a block, though who sent it has gone meanwhile
    if (i.hash) take_block(peer, *i.hash, std::move(i.data));
    else ++sums_.unknown;
  }
  if (!peers_.contains(peer)) return;
  for (auto const& p : message.presences) {
    auto const at = wants_.find(p.id.hash());
    if (at == wants_.end()) continue;
    auto& w = at->second;
    auto const said = w.peers.find(peer);
    if (said == w.peers.end() || said->second == asked::nothing) continue;  // it was not asked
    if (p.have) {
      if (said->second != asked::block) said->second = asked::has;
    } else {
      said->second = asked::no;
      if (w.block_from == peer) give_up(w);
    }
    place(w, now);
  }
  // room again for what had to wait
  for (auto n = waiting_.size(); n-- > 0 && !waiting_.empty();) {
    auto const h = waiting_.front();
    waiting_.pop_front();
    auto const at = wants_.find(h);
    if (at == wants_.end() || at->second.block_from) continue;
    place(at->second, now);
    if (!at->second.block_from && !waiting_.empty() && waiting_.back() == h) break;
  }
}

CAIRN_DECL auto bitswap_client::next(peer_id const& peer, bitswap_version version, clock_time now, byte_queue& out) -> bool {
  auto frames = bitswap_frames{};
  auto const more = next(peer, version, now, frames);
  frames.append_to(out);
  return more;
}

CAIRN_DECL auto bitswap_client::next(peer_id const& peer, bitswap_version version, clock_time, bitswap_frames& out) -> bool {
  auto const at = peers_.find(peer);
  if (at == peers_.end() || at->second.out.empty()) return false;
  auto message = bitswap_message{};
  auto cancelled = std::unordered_set<multihash>{};
  auto& queue = at->second.out;
  while (!queue.empty() && message.size() < 64 * limits::KiB) {
    auto w = queue.front();
    // a message has one line for a CID: what is wanted anew goes with the next
    if (w.cancel) cancelled.insert(w.id.hash());
    else if (cancelled.contains(w.id.hash())) break;
    queue.pop_front();
    if (!w.cancel && !wants_.contains(w.id.hash())) continue;  // it came meanwhile
    // older versions know no questions: the block itself is wanted
    if (version != bitswap_version::v1_2) w.have = w.send_dont_have = false;
    message.want(w);
  }
  if (queue.empty()) at->second.listed = false;
  if (message.empty()) return !queue.empty() && next(peer, version, {}, out);
  message.encode(version, out);
  return true;
}

CAIRN_DECL auto bitswap_client::take_ready() -> std::vector<peer_id> {
  auto out = std::exchange(ready_, {});
  for (auto const& peer : out)
    if (auto const at = peers_.find(peer); at != peers_.end()) at->second.listed = false;
  return out;
}

CAIRN_DECL auto bitswap_client::take_outcome() -> std::optional<outcome> {
  if (outcomes_.empty()) return std::nullopt;
  auto out = std::optional<outcome>{std::move(outcomes_.front())};
  outcomes_.pop_front();
  return out;
}

CAIRN_DECL auto bitswap_client::next_tick() const -> std::optional<clock_time> {
  auto out = std::optional<clock_time>{};
  for (auto const& [h, w] : wants_) {
    auto const t = std::min(w.until, w.next_try);
    if (!out || t < *out) out = t;
  }
  return out;
}

CAIRN_DECL void bitswap_client::tick(clock_time now) {
  auto late = std::vector<multihash>{};
  for (auto& [h, w] : wants_) {
    if (w.until <= now) {
      late.push_back(h);
    } else if (w.next_try <= now) {
      if (w.block_from) {
        // it said nothing: another is asked, this one only if it answers after all
        give_up(w);
      } else {
        for (auto& [peer, state] : w.peers)
          if (state == asked::no || state == asked::have) state = asked::again;
      }
      place(w, now);
    }
  }
  for (auto const& h : late) {
    auto const& w = wants_.at(h);
    auto const id = w.id;
    auto const count = w.peers.size();
    end(h, true);
    outcomes_.push_back({id, std::nullopt, count});
  }
}

CAIRN_DECL auto bitswap_client::wantlist() const -> std::vector<cid> {
  auto out = std::vector<cid>{};
  for (auto const& [h, w] : wants_) out.push_back(w.id);
  return out;
}

}  // namespace cairn
