#pragma once

#include <cairn/core/varint.hpp>
#include <cairn/sim/bitswap.hpp>

#include <utility>

namespace cairn::sim {

struct bitswap::fetching {
  dag_fetch fetch;
  duration patience;
  std::function<void(io_result<fetch_report>)> then;
  std::weak_ptr<bitswap_waiter> waits;
};

CAIRN_DECL bitswap::bitswap(host& on, blockstore_ref store, bitswap_options options)
    : host_{on}, engine_{std::make_shared<bitswap_engine>(store, std::move(options))} {
  auto const weak = std::weak_ptr{alive_};
  for (auto const name : bitswap_protocols)
    on.handle(std::string{name}, [this, weak](std::shared_ptr<stream> const& s) {
      if (!weak.expired()) take(s);
    });
  on.on_peer([this, weak](peer_id const& p, bool there) {
    if (!weak.expired()) peer(p, there);
  });
  for (auto const& c : on.connections()) peer(c->remote(), true);
}

CAIRN_DECL bitswap::~bitswap() { alive_.reset(); }

inline void bitswap::wake() {
  for (auto const& p : engine_->take_ready()) pump(p);
  if (ticking_ || engine_->client().want_count() == 0) return;
  ticking_ = true;
  host_.of_world().after(std::chrono::milliseconds{250}, [this, weak = std::weak_ptr{alive_}] {
    if (!weak.expired()) tick();
  });
}

inline void bitswap::tick() {
  ticking_ = false;
  auto const now = host_.of_world().now();
  engine_->tick(now);
  auto late = std::vector<std::shared_ptr<stream>>{};
  for (auto const& [p, s] : senders_)
    if (!s->out.empty() && now - s->since > std::chrono::minutes{2}) late.push_back(s->to);
  for (auto const& s : late) s->reset();
  wake();
}

inline void bitswap::peer(peer_id const& p, bool there) {
  auto const now = host_.of_world().now();
  if (there) {
    senders_[p] = std::make_shared<sender>();
    engine_->connected(p, now);
  } else {
    senders_.erase(p);
    engine_->disconnected(p, now);
  }
  wake();
}

inline void bitswap::take(std::shared_ptr<stream> const& s) {
  auto const reader = std::make_shared<bitswap_reader>(engine_, s->remote());
  s->on_event = [this, weak = std::weak_ptr{alive_}, s = s.get(), reader] {
    if (weak.expired() || s->is_gone()) return;
    auto const n = s->in().size();
    if (!reader->resume(s->in(), host_.of_world().now())) return s->reset();
    s->consume(n);
    if (s->is_ended()) s->close();
    wake();
  };
}

inline void bitswap::count(peer_id const& p, bytes_view in) {
  auto& to = to_[p];
  for (auto* c : {&sent_, &to}) c->octets += in.size();
  while (!in.empty()) {
    auto const size = read_varint(in);
    auto const whole = varint_size(size->value) + static_cast<std::size_t>(size->value);
    auto const message = decode_bitswap(in.first(whole).last(static_cast<std::size_t>(size->value)));
    in = in.subspan(whole);
    for (auto* c : {&sent_, &to}) {
      ++c->messages;
      for (auto const& w : message->wants) ++(w.cancel ? c->cancels : w.have ? c->want_haves : c->want_blocks);
      c->blocks += message->payloads.size();
      c->presences += message->presences.size();
    }
  }
}

inline void bitswap::opened(peer_id const& p, std::weak_ptr<sender> weak, io_result<std::shared_ptr<stream>> to) {
  auto const s = weak.lock();
  if (!s) return;
  auto const now = host_.of_world().now();
  s->opening = false;
  if (!to) {
    s->opening = engine_->not_opened(p, to.error(), now);  // until the next try
    wake();
    if (!s->opening) return;
    return host_.of_world().after(std::chrono::seconds{1}, [this, alive = std::weak_ptr{alive_}, weak, p] {
      auto const s = weak.lock();
      if (alive.expired() || !s) return;
      s->opening = false;
      pump(p);
    });
  }
  s->to = *std::move(to);
  s->version = bitswap_version_of(s->to->protocol());
  s->to->on_event = [this, alive = std::weak_ptr{alive_}, weak, p] {
    auto const s = weak.lock();
    if (alive.expired() || !s || !s->to) return;
    if (!s->to->is_gone()) return pump(p);
    s->to.reset();
    s->out.clear();
    engine_->broken(p, host_.of_world().now());
    wake();
  };
  pump(p);
}

inline void bitswap::pump(peer_id const& p) {
  auto const at = senders_.find(p);
  if (at == senders_.end()) return;
  auto const s = at->second;
  if (!s->to) {
    if (s->opening || !engine_->owes(p)) return;
    s->opening = true;
    auto names = std::vector<std::string>{};
    for (auto const name : bitswap_protocols) names.emplace_back(name);
    return host_.open(p, std::move(names), [this, alive = std::weak_ptr{alive_}, weak = std::weak_ptr{s}, p](io_result<std::shared_ptr<stream>> to) {
      if (!alive.expired()) opened(p, weak, std::move(to));
    });
  }
  for (;;) {
    s->out.consume(s->to->write(s->out.view()));
    if (!s->out.empty()) return;
    s->out.release(64 * 1024);
    if (!engine_->next(p, s->version, host_.of_world().now(), s->out)) return;
    s->since = host_.of_world().now();
    count(p, s->out.view());
  }
}

// Whoever waits is kept until it has waited; it may be in the middle of a call then.
inline void bitswap::keep(bitswap_engine::waiter const& w) { kept_.push_back(w); }
inline void bitswap::let_go(bitswap_engine::waiter const& w) {
  host_.of_world().after({}, [this, weak = std::weak_ptr{alive_}, w] {
    if (!weak.expired()) std::erase(kept_, w);
  });
}

CAIRN_DECL void bitswap::get(cid const& id, duration patience, std::function<void(bitswap_client::outcome const&)> then) {
  auto const waits = std::make_shared<bitswap_waiter>();
  waits->to = [this, weak = std::weak_ptr{waits}, then = std::move(then)](bitswap_client::outcome const& o, io_result<void> const&) {
    let_go(weak.lock());
    then(o);
  };
  keep(waits);
  auto const now = host_.of_world().now();
  engine_->want(waits, id, now, now + patience);
  wake();
}

CAIRN_DECL void bitswap::fetch(cid const& root, duration patience, std::function<void(io_result<fetch_report>)> then, std::size_t window) {
  auto const waits = std::make_shared<bitswap_waiter>();
  auto const f = std::make_shared<fetching>(fetching{dag_fetch{root, window}, patience, std::move(then), waits});
  waits->to = [this, f](bitswap_client::outcome const& o, io_result<void> const& stored) {
    if (!f->then) return;
    auto ok = stored;
    if (!o.found) ok = std::unexpected(error{block_errc::not_found}.about(to_string(o.id)).during("bitswap: asked " + std::to_string(o.asked) + " peers"));
    else if (ok) ok = f->fetch.came(*o.found);
    if (ok) go_on(*f);
    else finish(*f, std::unexpected(ok.error()));
  };
  keep(waits);
  go_on(*f);
}

inline void bitswap::finish(fetching& f, io_result<fetch_report> r) {
  let_go(f.waits.lock());
  std::exchange(f.then, {})(std::move(r));
}

inline void bitswap::go_on(fetching& f) {
  auto const now = host_.of_world().now();
  auto const wants = f.fetch.next(engine_->store());
  if (!wants) return finish(f, std::unexpected(wants.error()));
  auto const waits = f.waits.lock();
  for (auto const& id : *wants) engine_->want(waits, id, now, now + f.patience);
  if (f.fetch.is_done()) return finish(f, f.fetch.report());
  host_.of_world().after({}, [this, weak = std::weak_ptr{alive_}] {
    if (!weak.expired()) wake();
  });
}

}  // namespace cairn::sim
