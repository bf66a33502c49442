#pragma once

#include <cairn/core/try.hpp>
#include <cairn/libp2p/yamux.hpp>

#include <algorithm>
#include <cstring>
#include <utility>

namespace cairn {
namespace detail {

inline constexpr std::uint16_t yamux_syn = 1, yamux_ack = 2, yamux_fin = 4, yamux_rst = 8;

inline void put_big_endian(byte* out, std::uint32_t v) {
  out[0] = static_cast<byte>(v >> 24), out[1] = static_cast<byte>(v >> 16), out[2] = static_cast<byte>(v >> 8), out[3] = static_cast<byte>(v);
}
inline auto get_big_endian(byte const* in) -> std::uint32_t {
  return std::uint32_t{in[0]} << 24 | std::uint32_t{in[1]} << 16 | std::uint32_t{in[2]} << 8 | in[3];
}
inline void write_yamux_header(byte* out, byte type, std::uint16_t flags, std::uint32_t id, std::uint32_t length) {
  out[0] = 0, out[1] = type, out[2] = static_cast<byte>(flags >> 8), out[3] = static_cast<byte>(flags);
  put_big_endian(out + 4, id);
  put_big_endian(out + 8, length);
}

}  // namespace detail

inline void yamux_session::frame(byte_queue& out, frame_type type, std::uint16_t flags, std::uint32_t id, std::uint32_t length) {
  detail::write_yamux_header(out.prepare(header_size).data(), static_cast<byte>(type), flags, id, length);
  out.commit(header_size);
}

inline auto yamux_session::fail(yamux_errc e, byte_queue& out) -> std::unexpected<yamux_errc> {
  failed_ = e;
  go_away(1, out);
  return std::unexpected(e);
}

inline void yamux_session::forget(std::unordered_map<stream_id, stream>::iterator at) {
  if (at->second.inbound) --inbound_;
  extra_ -= at->second.window - first_window;
  streams_.erase(at);
}

inline void yamux_session::forget_if_done(std::unordered_map<stream_id, stream>::iterator at) {
  if (at->second.closed_here && at->second.closed_there) forget(at);
}

inline auto yamux_session::accept(std::uint32_t id, byte_queue& out) -> result<bool, yamux_errc> {
  if (id == 0 || (id % 2 == 1) == dialer_) return std::unexpected(yamux_errc::bad_stream_id);
  if (streams_.contains(id)) return std::unexpected(yamux_errc::duplicate_stream);
  highest_remote_ = std::max(highest_remote_, id);
  if (we_left_ || inbound_ >= options_.max_inbound) {
    frame(out, frame_type::window, detail::yamux_rst, id, 0);
    return false;
  }
  auto s = stream{};
  s.inbound = true;
  streams_.emplace(id, s);
  ++inbound_;
  frame(out, frame_type::window, detail::yamux_ack, id, 0);  // at once: openers count what is not acknowledged
  return true;
}

CAIRN_DECL auto yamux_session::resume(bytes_view in, clock_time now, byte_queue& out) -> result<stream_step, yamux_errc> {
  if (failed_) return std::unexpected(*failed_);
  if (pending_.what != stream_event::kind::none) return stream_step{0, std::exchange(pending_, {})};
  if (body_left_ != 0) {
    auto const n = std::min<std::size_t>(body_left_, in.size());
    if (n == 0) return stream_step{};
    body_left_ -= static_cast<std::uint32_t>(n);
    auto const at = streams_.find(body_id_);
    auto const ends = body_left_ == 0 && std::exchange(body_ends_, false);
    if (at == streams_.end()) return stream_step{n};  // of a stream that is gone: passed over
    at->second.unread += static_cast<std::uint32_t>(n);
    if (ends) {
      at->second.closed_there = true;
      pending_ = {stream_event::kind::finished, body_id_};
      forget_if_done(at);
    }
    return stream_step{n, {stream_event::kind::data, body_id_, in.first(n)}};
  }
  if (in.size() < header_size || out.size() > options_.max_unsent) return stream_step{};
  auto event = take_header(in.first(header_size), now, out);
  if (!event) return fail(event.error(), out);
  return stream_step{header_size, *event};
}

inline auto yamux_session::take_header(bytes_view head, clock_time now, byte_queue& out) -> result<stream_event, yamux_errc> {
  if (head[0] != 0) return std::unexpected(yamux_errc::bad_version);
  if (head[1] > 3) return std::unexpected(yamux_errc::bad_type);
  auto const type = static_cast<frame_type>(head[1]);
  auto const flags = static_cast<std::uint16_t>(head[2] << 8 | head[3]);
  auto const id = detail::get_big_endian(head.data() + 4), length = detail::get_big_endian(head.data() + 8);
  if (type == frame_type::ping) {
    if (flags & detail::yamux_syn) {
      frame(out, frame_type::ping, detail::yamux_ack, 0, length);
      return stream_event{};
    }
    if (!ping_sent_ || length != ping_value_) return stream_event{};
    round_trip_ = now - *std::exchange(ping_sent_, std::nullopt);
    return stream_event{stream_event::kind::pong};
  }
  if (type == frame_type::go_away) {
    remote_gone_ = true;
    return stream_event{stream_event::kind::gone_away, 0, {}, length};
  }
  return take_stream_frame(type, flags, id, length, out);
}

inline auto yamux_session::take_stream_frame(frame_type type, std::uint16_t flags, std::uint32_t id, std::uint32_t length, byte_queue& out)
    -> result<stream_event, yamux_errc> {
  using kind = stream_event::kind;
  auto const data = type == frame_type::data;
  // all is checked before any of it is kept (SEC-11)
  if (data && flags & detail::yamux_syn && length > first_window) return std::unexpected(yamux_errc::window_exceeded);
  auto opened = false;
  if (flags & detail::yamux_syn) {
    CAIRN_TRY(opened, accept(id, out));
  }
  auto const at = streams_.find(id);
  if (at == streams_.end()) {
    // Of a stream that is gone here while the frame was on its way, or that was refused. One that never was is an error.
    auto const ours = (id % 2 == 1) == dialer_;
    if (id == 0 || (ours ? id >= next_id_ : id > highest_remote_)) return std::unexpected(yamux_errc::bad_stream_id);
    if (data) body_id_ = id, body_left_ = length, body_ends_ = false;
    return stream_event{};
  }
  auto& s = at->second;
  if (flags & detail::yamux_rst) {
    if (data) body_id_ = id, body_left_ = length, body_ends_ = false;  // a body with a reset means nothing, but has to be passed over
    forget(at);
    return stream_event{opened ? kind::none : kind::reset, id};
  }
  auto first = stream_event{opened ? kind::opened : kind::none, id};
  auto const fin = (flags & detail::yamux_fin) != 0;
  if (data) {
    if (length > s.receive_left || (length != 0 && s.closed_there)) return std::unexpected(yamux_errc::window_exceeded);
    s.receive_left -= length;
    body_id_ = id, body_left_ = length, body_ends_ = fin && length != 0;
  } else {
    auto const was_full = s.send_window == 0;
    if (s.send_window + length > 0xffffffff) return std::unexpected(yamux_errc::window_overflow);
    s.send_window += length;
    if (!opened && was_full && length != 0) first = {kind::writable, id};
  }
  if (fin && !body_ends_ && !s.closed_there) {
    s.closed_there = true;
    (first.what == kind::none ? first : pending_) = {kind::finished, id};
    forget_if_done(at);
  }
  return first;
}

CAIRN_DECL auto yamux_session::open(byte_queue& out) -> result<stream_id, yamux_errc> {
  if (failed_) return std::unexpected(*failed_);
  if (remote_gone_) return std::unexpected(yamux_errc::remote_gone);
  if (streams_.size() - inbound_ >= options_.max_outbound) return std::unexpected(yamux_errc::too_many_streams);
  if (next_id_ > 0xfffffffd) return std::unexpected(yamux_errc::ids_exhausted);
  auto const id = std::exchange(next_id_, next_id_ + 2);
  streams_.emplace(id, stream{});
  frame(out, frame_type::window, detail::yamux_syn, id, 0);
  return id;
}

CAIRN_DECL auto yamux_session::writable(stream_id id) const -> std::size_t {
  auto const at = streams_.find(id);
  return at == streams_.end() || at->second.closed_here || failed_ ? 0 : static_cast<std::size_t>(at->second.send_window);
}

CAIRN_DECL auto yamux_session::write(stream_id id, std::span<bytes_view const> parts, std::size_t most, byte_queue& out) -> result<std::size_t, yamux_errc> {
  auto const at = streams_.find(id);
  if (failed_ || at == streams_.end() || at->second.closed_here) return std::unexpected(failed_.value_or(yamux_errc::no_such_stream));
  auto& s = at->second;
  auto total = 0uz;
  for (auto const part : parts) total += part.size();
  total = std::min({total, most, static_cast<std::size_t>(s.send_window)});
  auto next = parts.begin();
  auto taken = 0uz;  // of *next
  for (auto left = total; left != 0;) {
    auto const n = std::min(left, max_data);
    auto* to = out.prepare(header_size + n).data();
    detail::write_yamux_header(to, static_cast<byte>(frame_type::data), 0, id, static_cast<std::uint32_t>(n));
    to += header_size;
    for (auto of_frame = n; of_frame != 0;) {
      auto const piece = next->subspan(taken, std::min(of_frame, next->size() - taken));
      if (!piece.empty()) std::memcpy(to, piece.data(), piece.size());
      to += piece.size();
      of_frame -= piece.size();
      taken += piece.size();
      if (taken == next->size()) ++next, taken = 0;
    }
    out.commit(header_size + n);
    left -= n;
  }
  s.send_window -= total;
  return total;
}

CAIRN_DECL void yamux_session::consumed(stream_id id, std::size_t n, clock_time now, byte_queue& out) {
  auto const at = streams_.find(id);
  if (at == streams_.end() || failed_) return;
  auto& s = at->second;
  s.unread -= static_cast<std::uint32_t>(std::min<std::size_t>(n, s.unread));
  if (s.closed_there) return;
  auto const delta = s.window - s.unread - s.receive_left;
  if (delta < s.window / 2) return;
  // A window that was used up within a few round trips is what limits the stream: twice as much, while the budget has it.
  // Below a millisecond it is the scheduler that is measured, not the network.
  auto grown = std::uint32_t{0};
  if (round_trip_ && s.epoch != clock_time{}) {
    auto const trip = std::max<std::chrono::nanoseconds>(*round_trip_, std::chrono::milliseconds{1});
    auto const more = std::min(s.window, options_.max_window - std::min(options_.max_window, s.window));
    if (now - s.epoch < 4 * trip && extra_ + more <= options_.max_extra) grown = more;
  }
  s.epoch = now;
  s.window += grown;
  extra_ += grown;
  s.receive_left += delta + grown;
  frame(out, frame_type::window, 0, id, delta + grown);
}

CAIRN_DECL void yamux_session::close(stream_id id, byte_queue& out) {
  auto const at = streams_.find(id);
  if (at == streams_.end() || failed_ || std::exchange(at->second.closed_here, true)) return;
  frame(out, frame_type::window, detail::yamux_fin, id, 0);
  forget_if_done(at);
}

CAIRN_DECL void yamux_session::reset(stream_id id, byte_queue& out) {
  auto const at = streams_.find(id);
  if (at == streams_.end() || failed_) return;
  frame(out, frame_type::window, detail::yamux_rst, id, 0);
  forget(at);
}

CAIRN_DECL void yamux_session::ping(clock_time now, byte_queue& out) {
  if (ping_sent_ || failed_) return;
  ping_sent_ = now;
  frame(out, frame_type::ping, detail::yamux_syn, 0, ++ping_value_);
}

CAIRN_DECL void yamux_session::go_away(std::uint32_t code, byte_queue& out) {
  if (std::exchange(we_left_, true)) return;
  frame(out, frame_type::go_away, 0, 0, code);
}

}  // namespace cairn
