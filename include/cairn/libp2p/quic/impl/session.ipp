#pragma once

#include <cairn/core/try.hpp>
#include <cairn/libp2p/quic/impl/callbacks.hpp>

namespace cairn {
namespace detail {

inline constexpr std::size_t quic_id_size = 8;
// everybody's: it keeps a Retry packet from being damaged, not from being forged (RFC 9001, 5.8)
inline constexpr byte quic_retry_key[]{0xbe, 0x0c, 0x69, 0x0b, 0x9f, 0x66, 0x57, 0x5a, 0x1d, 0x76, 0x6b, 0x54, 0xe3, 0x68, 0xc8, 0x4e};

inline auto quic_error(int code) -> error { return error::message("quic", ::ngtcp2_strerror(code)); }

inline auto quic_settings(quic_state& s) -> ngtcp2_settings {
  auto out = ngtcp2_settings{};
  ::ngtcp2_settings_default(&out);
  out.initial_ts = quic_stamp(s.time);
  out.max_tx_udp_payload_size = quic_session::max_datagram;
  out.rand_ctx.native_handle = &s;
  out.max_window = s.options.max_window, out.max_stream_window = s.options.max_stream_window;
  out.handshake_timeout = static_cast<ngtcp2_duration>(s.options.handshake / std::chrono::nanoseconds(1));
  return out;
}

inline auto quic_parameters(quic_state& s) -> ngtcp2_transport_params {
  auto out = ngtcp2_transport_params{};
  ::ngtcp2_transport_params_default(&out);
  out.initial_max_stream_data_bidi_local = out.initial_max_stream_data_bidi_remote = out.initial_max_stream_data_uni = s.options.stream_window;
  out.initial_max_data = s.options.stream_window * 3 / 2;
  out.initial_max_streams_bidi = s.options.max_streams;
  out.max_idle_timeout = static_cast<ngtcp2_duration>(s.options.idle / std::chrono::nanoseconds(1));
  out.active_connection_id_limit = 4;
  return out;
}

// Both sides once there is a connection: our parameters into the handshake, the key that Retry packets are sealed with.
inline auto quic_begin(quic_state& s) -> io_result<void> {
  auto own = bytes(512);
  auto const n = ::ngtcp2_conn_encode_local_transport_params(s.conn, own.data(), own.size());
  if (n < 0) return std::unexpected(quic_error(static_cast<int>(n)));
  own.resize(static_cast<std::size_t>(n));
  auto tls = s.tls_o;
  tls.quic_parameters = std::move(own);
  s.handshake.emplace(*s.identity, std::move(tls), s.random);
  ::ngtcp2_conn_set_keep_alive_timeout(s.conn, static_cast<ngtcp2_duration>(s.options.idle / std::chrono::nanoseconds(2)));
  return {};
}

// A dialer that moved and comes back while its new path is looked at ends the process: ngtcp2 (0.12) believes then that it measures
// no path. Until it has looked, what comes over the old one is lost; each look has three times the probe timeout.
inline auto quic_settled(quic_state& s) -> bool {
  constexpr auto at_first = std::chrono::nanoseconds(std::chrono::milliseconds(1100));
  if (s.looks == 0) return true;
  return s.time - s.moved > 8 * std::max(std::chrono::nanoseconds{static_cast<std::int64_t>(::ngtcp2_conn_get_pto(s.conn))}, at_first);
}
inline auto quic_comes_back(quic_state& s, ngtcp2_path const& path) -> bool {
  return s.looks != 0 && quic_same(s.left, path) && !quic_same(s.left, *::ngtcp2_conn_get_path(s.conn)) && !quic_settled(s);
}
inline void quic_note_path(quic_state& s, std::size_t datagram) {
  auto const& now = *::ngtcp2_conn_get_path(s.conn);
  if (s.tls_o.dialer || quic_same(s.path, now)) return;
  if (quic_settled(s)) s.left = s.path;  // of several moves the one before the first
  s.moved = s.time;
  s.looks = 3 * datagram < NGTCP2_MAX_UDP_PAYLOAD_SIZE ? 2 : 1;  // the first challenge may be no longer than three times what came
  quic_copy(s.path.local, now.local);
  quic_copy(s.path.remote, now.remote);
}

}  // namespace detail

CAIRN_DECL void quic_state_delete::operator()(quic_state* s) const { delete s; }

CAIRN_DECL auto quic_session::dial(tls_identity const& identity, tls_options tls, quic_options options, quic_path const& path, random_source random,
                                   clock_time now) -> io_result<quic_session> {
  using namespace detail;
  tls.dialer = true;
  auto out = quic_session{new quic_state{identity, std::move(tls), options, path, random, now}};
  auto& s = *out.state_;
  auto const there = quic_random_id(random, 16), here = quic_random_id(random, quic_id_size);
  auto const callbacks = quic_callbacks();
  auto const settings = quic_settings(s);
  auto const parameters = quic_parameters(s);
  auto const native = quic_native_path(s.path);
  auto const e = ::ngtcp2_conn_client_new(&s.conn, &there, &here, &native, NGTCP2_PROTO_VER_V1, &callbacks, &settings, &parameters, nullptr, &s);
  if (e != 0) return std::unexpected(quic_error(e));
  s.ids.added.push_back(quic_id(here));
  auto const suite = quic_suite(quic_aes);
  auto const cipher = ngtcp2_crypto_aead_ctx{new aead{quic_aes, quic_retry_key}};
  ::ngtcp2_conn_set_retry_aead(s.conn, &suite.aead, &cipher);
  CAIRN_TRY(quic_begin(s));
  return out;
}

CAIRN_DECL auto quic_session::accept(tls_identity const& identity, tls_options tls, quic_options options, quic_path const& path, bytes_view first,
                                     random_source random, clock_time now, std::optional<std::string> retried) -> io_result<quic_session> {
  using namespace detail;
  auto head = ngtcp2_pkt_hd{};
  if (::ngtcp2_accept(&head, first.data(), first.size()) != 0 || head.version != NGTCP2_PROTO_VER_V1) return std::unexpected(error::message("quic", "not the first packet of a connection"));
  tls.dialer = false;
  auto out = quic_session{new quic_state{identity, std::move(tls), options, path, random, now}};
  auto& s = *out.state_;
  auto const here = quic_random_id(random, quic_id_size);
  auto const callbacks = quic_callbacks();
  auto settings = quic_settings(s);
  auto parameters = quic_parameters(s);
  parameters.original_dcid = head.dcid;
  parameters.initial_scid = here;  // ngtcp2 fills it in too late for us
  parameters.stateless_reset_token_present = quic_reset_token(s, here, parameters.stateless_reset_token) ? 1 : 0;
  if (retried) {
    ::ngtcp2_cid_init(&parameters.original_dcid, reinterpret_cast<byte const*>(retried->data()), retried->size());
    parameters.retry_scid = head.dcid;
    parameters.retry_scid_present = 1;
    settings.token = head.token;
  }
  auto const native = quic_native_path(s.path);
  auto const e = ::ngtcp2_conn_server_new(&s.conn, &head.scid, &here, &native, head.version, &callbacks, &settings, &parameters, nullptr, &s);
  if (e != 0) return std::unexpected(quic_error(e));
  s.ids.added.push_back(quic_id(here));
  s.ids.added.push_back(quic_id(head.dcid));
  CAIRN_TRY(quic_begin(s));
  return out;
}

CAIRN_DECL auto quic_session::receive(quic_path const& path, bytes_view datagram, clock_time now) -> io_result<void> {
  auto& s = *state_;
  if (s.failed) return std::unexpected(*s.failed);
  s.time = now;
  auto from = path;
  auto const native = detail::quic_native_path(from);
  if (detail::quic_comes_back(s, native)) return {};
  auto const info = ngtcp2_pkt_info{};
  auto const e = ::ngtcp2_conn_read_pkt(s.conn, &native, &info, datagram.data(), datagram.size(), detail::quic_stamp(now));
  if (e == 0 || e == NGTCP2_ERR_RETRY) {
    detail::quic_note_path(s, datagram.size());
    return {};
  }
  if (!s.failed) {
    if (e == NGTCP2_ERR_DRAINING) {
      auto why = ngtcp2_connection_close_error{};
      ::ngtcp2_conn_get_connection_close_error(s.conn, &why);
      s.failed = error::message("quic", "the connection was closed by the other side").about("code " + std::to_string(why.error_code));
    } else {
      s.failed = detail::quic_error(e);
    }
  }
  return std::unexpected(*s.failed);
}

CAIRN_DECL auto quic_session::send(bytes_span out, clock_time now) -> std::size_t {
  auto& s = *state_;
  if (s.failed) return 0;
  auto storage = ngtcp2_path_storage{};
  ::ngtcp2_path_storage_zero(&storage);
  auto info = ngtcp2_pkt_info{};
  auto const stamp = detail::quic_stamp(now);
  auto const size = std::min(out.size(), max_datagram);
  for (;;) {
    auto id = std::int64_t{-1};
    auto vectors = std::array<ngtcp2_vec, 8>{};
    auto count = 0uz, offered = 0uz;
    auto flags = std::uint32_t{NGTCP2_WRITE_STREAM_FLAG_NONE};
    quic_state::stream* st = nullptr;
    while (!s.ready.empty() && !st) {
      auto const at = s.streams.find(s.ready.front());
      if (at != s.streams.end() && (at->second.sent < at->second.written || (at->second.wants_end && !at->second.end_sent))) st = &at->second;
      else {
        if (at != s.streams.end()) at->second.waits = false;
        s.ready.pop_front();
      }
    }
    if (st) {
      id = s.ready.front();
      auto offset = st->begin;
      for (auto& c : st->chunks) {
        auto const skip = st->sent > offset ? static_cast<std::size_t>(st->sent - offset) : 0uz;
        offset += c.size();
        if (skip >= c.size()) continue;
        if (count == vectors.size()) break;
        vectors[count++] = {c.data() + skip, c.size() - skip};
        offered += c.size() - skip;
      }
      flags |= NGTCP2_WRITE_STREAM_FLAG_MORE;
      if (st->wants_end && st->sent + offered == st->written) flags |= NGTCP2_WRITE_STREAM_FLAG_FIN;
    }
    auto taken = ngtcp2_ssize{-1};
    auto const n = ::ngtcp2_conn_writev_stream(s.conn, &storage.path, &info, out.data(), size, &taken, flags, id, vectors.data(), count, stamp);
    if (st && taken >= 0) {
      st->sent += static_cast<std::uint64_t>(taken);
      if ((flags & NGTCP2_WRITE_STREAM_FLAG_FIN) && st->sent == st->written) st->end_sent = true;
      // the next stream has the next turn
      s.ready.pop_front();
      st->waits = false;
      s.make_ready(static_cast<stream_id>(id));
      if (st->sent == st->written && (!st->wants_end || st->end_sent) && st->waits) s.ready.pop_back(), st->waits = false;
    }
    if (n == NGTCP2_ERR_WRITE_MORE) continue;
    if (n == NGTCP2_ERR_STREAM_DATA_BLOCKED || n == NGTCP2_ERR_STREAM_SHUT_WR || n == NGTCP2_ERR_STREAM_NOT_FOUND) {
      if (!st) return 0;
      if (n != NGTCP2_ERR_STREAM_DATA_BLOCKED) st->wants_end = st->end_sent = true, st->sent = st->written;
      st->blocked = n == NGTCP2_ERR_STREAM_DATA_BLOCKED;
      st->waits = false;
      s.ready.pop_front();
      continue;
    }
    if (n < 0) {
      s.failed = detail::quic_error(static_cast<int>(n));
      return 0;
    }
    if (n != 0) detail::quic_copy(s.target, storage.path.remote);
    return static_cast<std::size_t>(n);
  }
}

CAIRN_DECL auto quic_session::target() const -> quic_address const& { return state_->target; }

CAIRN_DECL auto quic_session::is_reset_by(quic_address const& from, bytes_view datagram) -> bool {
  auto& s = *state_;
  auto const& now = *::ngtcp2_conn_get_path(s.conn);
  if (s.failed || datagram.size() < quic_reset::least_size || from.size != now.remote.addrlen || std::memcmp(from.octets.data(), now.remote.addr, from.size) != 0) return false;
  auto known = std::vector<ngtcp2_cid_token>(::ngtcp2_conn_get_num_active_dcid(s.conn));
  known.resize(::ngtcp2_conn_get_active_dcid(s.conn, known.data()));
  for (auto const& k : known)
    if (k.token_present != 0 && equal_in_constant_time(datagram.last(quic_reset::token_size), {k.token, quic_reset::token_size})) s.lost = true;
  if (s.lost) s.failed = error::message("quic", "the other side has lost the connection");
  return s.lost;
}

CAIRN_DECL void quic_session::paced(clock_time now) { ::ngtcp2_conn_update_pkt_tx_time(state_->conn, detail::quic_stamp(now)); }

CAIRN_DECL auto quic_session::wake_at() const -> clock_time {
  auto const at = ::ngtcp2_conn_get_expiry(state_->conn);
  if (at >= static_cast<ngtcp2_tstamp>(std::chrono::nanoseconds::max().count())) return clock_time::max();
  return clock_time{std::chrono::nanoseconds{static_cast<std::int64_t>(at)}};
}

CAIRN_DECL auto quic_session::wake(clock_time now) -> io_result<void> {
  auto& s = *state_;
  if (s.failed) return std::unexpected(*s.failed);
  if (auto const e = ::ngtcp2_conn_handle_expiry(s.conn, detail::quic_stamp(now)); e != 0) {
    s.failed = e == NGTCP2_ERR_IDLE_CLOSE || e == NGTCP2_ERR_HANDSHAKE_TIMEOUT ? error::message("quic", "the peer does not answer") : detail::quic_error(e);
    return std::unexpected(*s.failed);
  }
  return {};
}

CAIRN_DECL auto quic_session::farewell(bytes_span out, clock_time now) -> std::size_t {
  auto& s = *state_;
  if (s.lost) return 0;
  auto storage = ngtcp2_path_storage{};
  ::ngtcp2_path_storage_zero(&storage);
  auto why = ngtcp2_connection_close_error{};
  ::ngtcp2_connection_close_error_default(&why);
  auto const alert = ::ngtcp2_conn_get_tls_alert(s.conn);
  if (alert != 0) ::ngtcp2_connection_close_error_set_transport_error_tls_alert(&why, alert, nullptr, 0);
  else if (::ngtcp2_conn_get_tls_error(s.conn) != 0) ::ngtcp2_connection_close_error_set_transport_error_liberr(&why, ::ngtcp2_conn_get_tls_error(s.conn), nullptr, 0);
  else ::ngtcp2_connection_close_error_set_application_error(&why, 0, nullptr, 0);
  auto info = ngtcp2_pkt_info{};
  auto const n = ::ngtcp2_conn_write_connection_close(s.conn, &storage.path, &info, out.data(), std::min(out.size(), max_datagram), &why, detail::quic_stamp(now));
  if (!s.failed) s.failed = error::message("quic", "the connection is closed");
  if (n > 0) detail::quic_copy(s.target, storage.path.remote);
  return n > 0 ? static_cast<std::size_t>(n) : 0;
}

CAIRN_DECL auto quic_session::is_open() const -> bool { return state_->open && !state_->failed; }
CAIRN_DECL auto quic_session::remote() const -> std::optional<public_key> const& { return state_->remote; }

CAIRN_DECL auto quic_session::round_trip() const -> std::optional<std::chrono::nanoseconds> {
  auto stat = ngtcp2_conn_stat{};
  ::ngtcp2_conn_get_conn_stat(state_->conn, &stat);
  if (stat.first_rtt_sample_ts == ~ngtcp2_tstamp{0}) return std::nullopt;
  return std::chrono::nanoseconds{static_cast<std::int64_t>(stat.smoothed_rtt)};
}

CAIRN_DECL auto quic_session::take_ids() -> quic_ids { return std::exchange(state_->ids, {}); }

CAIRN_DECL auto quic_session::next_event() -> std::optional<stream_event> {
  auto& s = *state_;
  if (s.events.empty()) {
    s.scratch.clear();
    s.scratch.release(1024 * 1024);
    return std::nullopt;
  }
  auto e = s.events.front();
  s.events.pop_front();
  // the other side ended one direction with an error; a stream of libp2p has no half of that kind
  if (e.what.what == stream_event::kind::reset && s.streams.contains(e.what.id) && !s.failed) ::ngtcp2_conn_shutdown_stream(s.conn, e.what.id, 0);
  if (e.size != 0) e.what.data = s.scratch.view().subspan(e.begin, e.size);
  return e.what;
}

CAIRN_DECL auto quic_session::open() -> std::optional<stream_id> {
  auto& s = *state_;
  auto id = std::int64_t{-1};
  if (s.failed || !s.open || ::ngtcp2_conn_open_bidi_stream(s.conn, &id, nullptr) != 0) return std::nullopt;
  s.streams[static_cast<stream_id>(id)];
  return static_cast<stream_id>(id);
}

CAIRN_DECL auto quic_session::writable(stream_id id) const -> std::size_t {
  auto const at = state_->streams.find(id);
  if (at == state_->streams.end() || at->second.gone || at->second.wants_end) return 0;
  auto const held = at->second.written - at->second.begin;
  return held >= state_->options.max_unsent ? 0 : static_cast<std::size_t>(state_->options.max_unsent - held);
}

CAIRN_DECL auto quic_session::write(stream_id id, bytes_view in) -> std::size_t {
  if (auto const at = state_->streams.find(id); at != state_->streams.end() && at->second.stopped && !at->second.gone) return in.size();
  auto const n = std::min(in.size(), writable(id));
  if (n == 0) return 0;
  auto& st = state_->streams.find(id)->second;
  st.chunks.emplace_back(in.begin(), in.begin() + static_cast<std::ptrdiff_t>(n));
  st.written += n;
  state_->make_ready(id);
  return n;
}

CAIRN_DECL void quic_session::consumed(stream_id id, std::size_t n) {
  auto& s = *state_;
  auto const at = s.streams.find(id);
  if (at == s.streams.end() || s.failed) return;
  n = std::min<std::size_t>(n, at->second.unread);
  at->second.unread -= n;
  if (!at->second.ended) ::ngtcp2_conn_extend_max_stream_offset(s.conn, id, n);
  ::ngtcp2_conn_extend_max_offset(s.conn, n);
}

CAIRN_DECL void quic_session::close(stream_id id) {
  auto const at = state_->streams.find(id);
  if (at == state_->streams.end() || at->second.wants_end || at->second.gone) return;
  at->second.wants_end = true;
  state_->make_ready(id);
}

CAIRN_DECL void quic_session::reset(stream_id id) {
  auto& s = *state_;
  auto const at = s.streams.find(id);
  if (at == s.streams.end() || s.failed) return;
  at->second.gone = true;
  ::ngtcp2_conn_shutdown_stream(s.conn, id, 0);
}

CAIRN_DECL auto quic_session::stream_count() const -> std::size_t { return state_->streams.size(); }

CAIRN_DECL auto read_quic_head(bytes_view datagram) -> std::optional<quic_head> {
  auto version = ngtcp2_version_cid{};
  auto const e = ::ngtcp2_pkt_decode_version_cid(&version, datagram.data(), datagram.size(), detail::quic_id_size);
  if (e != 0 && e != NGTCP2_ERR_VERSION_NEGOTIATION) return std::nullopt;
  auto const text = [](byte const* p, std::size_t n) { return std::string{reinterpret_cast<char const*>(p), n}; };
  auto out = quic_head{text(version.dcid, version.dcidlen), text(version.scid, version.scidlen)};
  out.is_long = (datagram[0] & 0x80) != 0;
  auto head = ngtcp2_pkt_hd{};
  // the library knows drafts that nobody speaks any more; zero is the version of an answer, which gets none (RFC 9000, 6.1)
  out.unknown_version = version.version != 0 && version.version != NGTCP2_PROTO_VER_V1;
  out.is_initial = e == 0 && version.version == NGTCP2_PROTO_VER_V1 && ::ngtcp2_accept(&head, datagram.data(), datagram.size()) == 0;
  if (out.is_initial) out.token.assign(head.token.base, head.token.base + head.token.len);
  return out;
}

CAIRN_DECL quic_retry::quic_retry(random_source const& random) {
  auto secret = bytes(32);
  random(secret);
  secret_ = secret_bytes{std::move(secret)};
}

inline auto quic_retry::seal(bytes_view text, quic_address const& from) const -> digest<32> {
  auto all = bytes(from.octets.begin(), from.octets.begin() + from.size);
  append(all, text);
  return hmac_sha256(secret_, all);
}

CAIRN_DECL auto quic_retry::answer(quic_head const& head, quic_address const& from, random_source const& random, quic_session::clock_time now,
                                   bytes_span out) const -> std::size_t {
  auto const text_of = [](std::string const& s) { return as_bytes(s); };
  auto token = detail::tls_writer{};
  token.number(8, static_cast<std::size_t>(now.time_since_epoch() / std::chrono::seconds(1))).raw(text_of(head.id));
  token.raw(seal(token.out, from));
  auto there = ngtcp2_cid{}, first = ngtcp2_cid{};
  ::ngtcp2_cid_init(&there, text_of(head.source).data(), head.source.size());
  ::ngtcp2_cid_init(&first, text_of(head.id).data(), head.id.size());
  auto const here = detail::quic_random_id(random, 16);
  auto const suite = detail::quic_suite(detail::quic_aes);
  auto cipher = aead{detail::quic_aes, detail::quic_retry_key};
  auto const context = ngtcp2_crypto_aead_ctx{&cipher};
  auto const n = ::ngtcp2_pkt_write_retry(out.data(), out.size(), NGTCP2_PROTO_VER_V1, &there, &here, &first, token.out.data(), token.out.size(),
                                          detail::quic_encrypt, &suite.aead, &context);
  return n > 0 ? static_cast<std::size_t>(n) : 0;
}

CAIRN_DECL auto quic_retry::check(bytes_view token, quic_address const& from, quic_session::clock_time now) const -> std::optional<std::string> {
  if (token.size() < 8 + 32 || token.size() > 8 + 32 + NGTCP2_MAX_CIDLEN) return std::nullopt;
  auto const text = token.first(token.size() - 32);
  if (!equal_in_constant_time(token.last(32), seal(text, from))) return std::nullopt;
  auto const made = std::chrono::seconds{static_cast<std::int64_t>(detail::tls_reader{text}.number(8))};
  auto const age = now.time_since_epoch() - made;
  if (age < std::chrono::seconds(0) || age > lifetime) return std::nullopt;
  return std::string{as_text(text.subspan(8))};
}

CAIRN_DECL auto quic_reset::token(bytes_view id) const -> std::array<byte, token_size> {
  auto out = std::array<byte, token_size>{};
  std::ranges::copy(bytes_view{hmac_sha256(secret_, id)}.first(token_size), out.begin());
  return out;
}

CAIRN_DECL void quic_reset::write(bytes_view id, random_source const& random, bytes_span out) const {
  auto const before = out.first(out.size() - token_size);
  random(before);
  before[0] = static_cast<byte>((before[0] & 0x3f) | 0x40);  // as any short head
  std::ranges::copy(token(id), out.last(token_size).begin());
}

CAIRN_DECL auto quic_version_negotiation(quic_head const& head, bytes_span out) -> std::size_t {
  std::uint32_t const versions[]{NGTCP2_PROTO_VER_V1};
  auto const octets = [](std::string const& s) { return reinterpret_cast<byte const*>(s.data()); };
  auto const n = ::ngtcp2_pkt_write_version_negotiation(out.data(), out.size(), 0x5a, octets(head.source), head.source.size(), octets(head.id),
                                                        head.id.size(), versions, 1);
  return n > 0 ? static_cast<std::size_t>(n) : 0;
}

}  // namespace cairn
