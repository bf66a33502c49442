#pragma once

#include <cairn/core/try.hpp>
#include <cairn/sim/host.hpp>

#include <algorithm>
#include <utility>

namespace cairn::sim {

CAIRN_DECL stream::stream(connection& of, stream_id id, bool opened_here)
    : of_{&of}, id_{id}, remote_{of.remote()}, memory_{of.of_->memory_}, opened_here_{opened_here} {}

// Whoever uses it hears of it in an event of its own.
inline void stream::tell() {
  if (gone_ && !on_event) return;
  if (std::exchange(told_, true)) return;
  of_->of_->of_world().after({}, [self = shared_from_this()] {
    self->told_ = false;
    auto f = std::exchange(self->on_event, {});
    if (f) f();
    if (!self->on_event && !self->gone_) self->on_event = std::move(f);
  });
}

CAIRN_DECL void stream::consume(std::size_t n) {
  in_.consume(n);
  memory_.shrink(n);
  in_.release(1024 * 1024);
  if (gone_ || dropped_) return;
  auto& c = *of_;
  c.session_.consumed(id_, n, c.of_->of_world().now(), c.text_out_);
  if (!c.text_out_.empty()) c.kick();
}

CAIRN_DECL auto stream::write(bytes_view in) -> std::size_t {
  if (gone_ || dropped_ || closed_) return 0;
  auto& c = *of_;
  auto const room = c.text_out_.size() < connection::most_waiting ? connection::most_waiting - c.text_out_.size() : 0uz;
  auto const n = c.session_.write(id_, in.first(std::min(in.size(), room)), c.text_out_).value_or(0);
  short_of_room_ = n < in.size();
  if (n != 0) c.kick();
  return n;
}

CAIRN_DECL void stream::close() {
  if (gone_ || dropped_ || std::exchange(closed_, true)) return;
  of_->session_.close(id_, of_->text_out_);
  of_->kick();
  of_->drop_stream(*this);
}

CAIRN_DECL void stream::reset() {
  if (gone_ || dropped_) return;
  of_->session_.reset(id_, of_->text_out_);
  of_->kick();
  tell();
  gone_ = true;
  of_->drop_stream(*this);
}

CAIRN_DECL connection::connection(host& of, std::shared_ptr<wire> w, bool dialed, std::optional<peer_id> expected)
    : of_{&of}, wire_{std::move(w)}, dialed_{dialed}, session_{dialed, of.options_.muxer}, memory_{of.memory_} {
  auto options = upgrade_options{};
  options.dialer = dialed;
  options.expected = std::move(expected);
  options.security = {std::string{noise::protocol_id}};
  options.noise = &of.noise_;
  upgrade_ = std::make_unique<connection_upgrade>(std::move(options), random_source{of.random_});
}

CAIRN_DECL void connection::start() {
  wire_->on_data = [weak = weak_from_this()] {
    if (auto const self = weak.lock()) self->read();
  };
  wire_->on_room = [weak = weak_from_this()] {
    if (auto const self = weak.lock()) self->flush();
  };
  upgrade_->start(wire_out_);
  kick();
  read();
}

inline void connection::read() {
  auto const self = shared_from_this();
  while (!is_over()) {
    if (wire_->is_broken()) return end(error::message("libp2p", "connection reset by peer"));
    // what is left has no room for its answers: the other side does not read (SEC-12)
    paused_ = text_out_.size() > of_->options_.muxer.max_unsent;
    if (paused_) return;
    auto const arrived = wire_->in().first(std::min<std::size_t>(wire_->in().size(), 256 * 1024));
    wire_in_.push(arrived);
    moved_ = moved_ || !arrived.empty();
    auto const more = !arrived.empty();
    wire_->consume(arrived.size());
    if (upgrade_) {
      auto const open = upgrade_->resume(wire_in_, text_in_, wire_out_);
      kick();
      if (!open) flush();  // the alert
      if (!open) return end(open.error());
      if (*open) {
        channel_ = upgrade_->take_channel();
        remote_ = peer_id::of(remote_key());
        upgrade_.reset();
        session_.ping(of_->of_world().now(), text_out_);
        of_->proven(self);
      }
    }
    if (!upgrade_ && !is_over()) {
      auto const taken = channel_.resume(wire_in_.view(), text_in_, answers_);
      auto ok = io_result<void>{};
      if (taken) wire_in_.consume(*taken), ok = take_text();
      else ok = std::unexpected(taken.error());
      if (!text_out_.empty() || !answers_.empty()) kick();
      if (!ok) flush();
      if (!ok) return end(ok.error());
    }
    if (!more) break;
  }
  if (!is_over() && wire_->is_ended()) end(error::message("libp2p", "the connection was closed by the other side"));
}

inline auto connection::take_text() -> io_result<void> {
  auto const t = of_->of_world().now();
  for (;;) {
    auto const step = session_.resume(text_in_.view(), t, text_out_);
    if (!step) return std::unexpected(error{step.error()});
    tell(step->event);
    if (is_over() || (step->taken == 0 && step->event.what == stream_event::kind::none)) return {};
    text_in_.consume(step->taken);
  }
}

inline void connection::tell(stream_event const& e) {
  using kind = stream_event::kind;
  if (e.what == kind::opened) {
    (void)make_stream(e.id, false, of_->protocols(), {});
    return;
  }
  auto const at = streams_.find(e.id);
  if (e.what == kind::none || at == streams_.end()) return;
  auto const s = at->second;
  switch (e.what) {
    case kind::data:
      if (!s->memory_.grow(e.data.size())) return s->reset();  // who reads nothing loses its stream, before others get none
      s->in_.push(e.data);
      break;
    case kind::finished: s->ended_ = true; break;
    case kind::writable:
      if (!std::exchange(s->short_of_room_, false)) return;
      break;
    case kind::reset: break;
    default: return;
  }
  if (s->talks_ && e.what != kind::reset) return negotiate(*s);
  if (e.what == kind::reset && s->talks_) return refuse(*s, error::message("libp2p", "stream reset"));
  s->tell();
  if (e.what == kind::reset) s->gone_ = true;
  drop_stream(*s);
}

inline void connection::drop_stream(stream& s) {
  if (!s.gone_ && !(s.closed_ && s.ended_)) return;
  s.dropped_ = true;
  s.memory_ = {}, s.slot_ = {};
  streams_.erase(s.id());
}

inline auto connection::make_stream(stream_id id, bool opened_here, std::vector<std::string> protocols, opened then) -> std::shared_ptr<stream> {
  auto s = std::make_shared<stream>(*this, id, opened_here);
  streams_.emplace(id, s);
  auto asked = opened_here ? protocols : std::vector<std::string>{""};
  s->talks_ = std::make_unique<stream::negotiation>(stream::negotiation{multistream_dialer{std::move(asked)}, {}, std::move(protocols), {}, std::move(then)});
  if (opened_here) s->talks_->asks.start(s->talks_->out);
  else s->talks_->answers.start(s->talks_->out);
  of_->of_world().after(of_->options_.negotiation_time, [weak = std::weak_ptr{s}] {
    auto const late = weak.lock();
    if (late && late->talks_ && !late->gone_) late->of_->refuse(*late, error::message("libp2p", "the deadline has passed"));
  });
  negotiate(*s);
  return s;
}

// Both sides of a stream agree on its protocol, over the stream itself.
inline void connection::negotiate(stream& s) {
  auto& t = *s.talks_;
  auto name = std::optional<std::string>{};
  for (auto more = true; more && !name;) {
    auto const step = s.opened_here_ ? t.asks.resume(s.in(), t.out) : t.answers.resume(s.in(), t.protocols, t.out);
    if (!step) return refuse(s, error{step.error()});
    more = step->taken != 0;
    s.consume(step->taken);
    if (step->agreed) name = t.protocols[*step->agreed];
  }
  // a few names fit the first window
  if (!t.out.empty()) (void)session_.write(s.id_, t.out.view(), text_out_);
  t.out.clear();
  kick();
  if (name) return agree(s, *std::move(name));
  if (s.ended_) refuse(s, error::message("libp2p", "the stream ended in the negotiation of its protocol"));
}

inline void connection::refuse(stream& s, error why) {
  auto const self = s.shared_from_this();
  auto const talks = std::move(s.talks_);
  s.reset();
  if (talks->then) talks->then(std::unexpected(std::move(why)));
}

inline void connection::agree(stream& s, std::string name) {
  auto const self = s.shared_from_this();
  s.protocol_ = std::move(name);
  if (auto const at = of_->options_.limits.streams.find(s.protocol_); at != of_->options_.limits.streams.end()) {
    auto& [in, out] = of_->stream_use_[s.protocol_];
    in.limit = at->second.inbound, out.limit = at->second.outbound;
    s.slot_ = libp2p::resource_share{s.opened_here_ ? out : in};
    if (in.used + out.used >= at->second.all || !s.slot_.grow(1)) return refuse(s, error::message("libp2p", "protocol: resource limit exceeded").about(s.protocol_));
  }
  auto const talks = std::move(s.talks_);
  if (talks->then) {
    talks->then(self);
  } else {
    for (auto const& [n, h] : of_->handlers_)
      if (n == s.protocol_) {
        auto const call = h;
        call(self);
        break;
      }
  }
  if (!s.gone_ && (!s.in().empty() || s.ended_)) s.tell();
}

CAIRN_DECL void connection::open(std::vector<std::string> protocols, opened then) {
  if (is_over()) return then(std::unexpected(why()));
  auto const id = session_.open(text_out_);
  if (!id) return then(std::unexpected(error{id.error()}));
  (void)make_stream(*id, true, std::move(protocols), std::move(then));
}

inline void connection::kick() {
  if (std::exchange(kicked_, true)) return;
  of_->of_world().after({}, [weak = weak_from_this()] {
    auto const self = weak.lock();
    if (!self) return;
    self->kicked_ = false;
    self->flush();
  });
}

inline void connection::flush() {
  while (!is_over()) {
    wire_out_.consume(wire_->write(wire_out_.view()));
    if (!wire_out_.empty()) break;  // the wire tells
    if (!answers_.empty()) {
      wire_out_.swap(answers_);
      continue;
    }
    if (text_out_.empty()) break;
    auto const n = std::min(text_out_.size(), most_waiting);
    auto const sealed = channel_.write(text_out_.view().first(n), wire_out_);
    if (!sealed) return end(error{sealed.error()});
    text_out_.consume(n);
    moved_ = true;
    if (text_out_.size() >= most_waiting) continue;
    for (auto const& [id, s] : streams_)
      if (std::exchange(s->short_of_room_, false)) s->tell();
  }
  if (!is_over() && paused_) read();
}

CAIRN_DECL void connection::end(error why) {
  if (why_) return;
  auto const self = shared_from_this();
  if (remote_ && wire_out_.empty() && text_out_.empty()) {  // who only sees a wire close takes a while to believe it
    session_.go_away(0, text_out_);
    if (channel_.write(text_out_.view(), wire_out_)) (void)wire_->write(wire_out_.view());
  }
  why_ = std::move(why);
  wire_->close();
  for (auto const& [id, s] : std::exchange(streams_, {})) {
    auto const talks = std::move(s->talks_);
    s->tell();
    s->gone_ = s->dropped_ = true;
    s->memory_ = {}, s->slot_ = {};
    if (talks && talks->then) talks->then(std::unexpected(*why_));
  }
  memory_ = {};
  of_->lost(*this);
}

CAIRN_DECL void connection::tick() {
  if (std::exchange(moved_, false)) {
    holds_ = true;
  } else if (std::exchange(holds_, false)) {
    text_out_.release(), wire_out_.release(), answers_.release();
    wire_in_.release(), text_in_.release();
  }
  auto const t = of_->of_world().now();
  if (session_.ping_sent() && t - *session_.ping_sent() > of_->options_.silence) return end(error::message("libp2p", "the peer does not answer"));
  if (++ticks_ % 15 != 0) return;
  session_.ping(t, text_out_);
  kick();
}

}  // namespace cairn::sim
