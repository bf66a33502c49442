#pragma once

#include <cairn/libp2p/quic/impl/state.hpp>

// What ngtcp2 asks of a session: ciphers, the handshake, and what happens to streams.

namespace cairn::detail {

inline auto quic_of(void* user) -> quic_state& { return *static_cast<quic_state*>(user); }

inline auto quic_client_initial(ngtcp2_conn* conn, void* user) -> int {
  auto& s = quic_of(user);
  s.conn = conn;
  if (quic_install_initial(s, *::ngtcp2_conn_get_dcid(conn)) != 0) return NGTCP2_ERR_CALLBACK_FAILURE;
  s.handshake->start();
  return quic_take_outputs(s) == 0 ? 0 : NGTCP2_ERR_CALLBACK_FAILURE;
}
inline auto quic_recv_client_initial(ngtcp2_conn*, ngtcp2_cid const* id, void* user) -> int {
  return quic_install_initial(quic_of(user), *id) == 0 ? 0 : NGTCP2_ERR_CALLBACK_FAILURE;
}
inline auto quic_recv_retry(ngtcp2_conn*, ngtcp2_pkt_hd const* head, void* user) -> int {
  return quic_install_initial(quic_of(user), head->scid) == 0 ? 0 : NGTCP2_ERR_CALLBACK_FAILURE;
}

inline auto quic_recv_crypto(ngtcp2_conn* conn, ngtcp2_crypto_level level, std::uint64_t, byte const* data, std::size_t size, void* user) -> int {
  auto& s = quic_of(user);
  auto const place = level == NGTCP2_CRYPTO_LEVEL_INITIAL ? tls_level::plain : level == NGTCP2_CRYPTO_LEVEL_HANDSHAKE ? tls_level::handshake : tls_level::application;
  auto& messages = s.messages[static_cast<std::size_t>(place)];
  auto const fail = [&](error e) {
    auto code = byte{42};
    if (e.module() == errc_traits<tls_errc>::module) code = tls_alert_of(static_cast<tls_errc>(e.code()));
    if (e == tls_errc::wrong_peer && s.handshake) s.remote = s.handshake->claimed();
    s.failed = std::move(e);
    ::ngtcp2_conn_set_tls_alert(conn, code);
    return NGTCP2_ERR_CRYPTO;
  };
  messages.push({data, size});
  while (messages.size() >= 4) {
    auto const n = 4 + tls_reader{messages.view().subspan(1)}.number(3);
    if (n > tls_handshake::max_message) return fail(tls_errc::message_too_long);
    if (messages.size() < n) break;
    auto const view = messages.view().first(n);
    auto const message = bytes(view.begin(), view.end());
    messages.consume(n);
    if (!s.handshake) {
      if (message[0] == tls_new_session_ticket && s.tls_o.dialer) continue;
      return fail(tls_errc::unexpected_message);  // keys are changed by QUIC itself (RFC 9001, 6)
    }
    if (auto const ok = s.handshake->resume(place, message); !ok) return fail(ok.error());
    if (auto const e = quic_take_outputs(s); e != 0) return e == NGTCP2_ERR_TRANSPORT_PARAM ? e : NGTCP2_ERR_CALLBACK_FAILURE;
  }
  if (messages.empty()) messages.release();
  return 0;
}

inline auto quic_encrypt(byte* out, ngtcp2_crypto_aead const*, ngtcp2_crypto_aead_ctx const* c, byte const* text, std::size_t n, byte const* nonce,
                         std::size_t nonce_size, byte const* associated, std::size_t associated_size) -> int {
  static_cast<aead*>(c->native_handle)->seal({nonce, nonce_size}, {associated, associated_size}, {text, n}, out);
  return 0;
}
inline auto quic_decrypt(byte* out, ngtcp2_crypto_aead const*, ngtcp2_crypto_aead_ctx const* c, byte const* text, std::size_t n, byte const* nonce,
                         std::size_t nonce_size, byte const* associated, std::size_t associated_size) -> int {
  return static_cast<aead*>(c->native_handle)->open({nonce, nonce_size}, {associated, associated_size}, {text, n}, out) ? 0 : NGTCP2_ERR_DECRYPT;
}
inline auto quic_mask(byte* out, ngtcp2_crypto_cipher const*, ngtcp2_crypto_cipher_ctx const* c, byte const* sample) -> int {
  byte block[16];
  static_cast<header_mask*>(c->native_handle)->make(sample, block);
  std::memcpy(out, block, header_mask::mask_size);
  return 0;
}
inline void quic_delete_cipher(ngtcp2_conn*, ngtcp2_crypto_aead_ctx* c, void*) { delete static_cast<aead*>(std::exchange(c->native_handle, nullptr)); }
inline void quic_delete_mask(ngtcp2_conn*, ngtcp2_crypto_cipher_ctx* c, void*) { delete static_cast<header_mask*>(std::exchange(c->native_handle, nullptr)); }

inline auto quic_update_key(ngtcp2_conn*, byte* rx_secret, byte* tx_secret, ngtcp2_crypto_aead_ctx* rx, byte* rx_iv, ngtcp2_crypto_aead_ctx* tx,
                            byte* tx_iv, byte const* rx_now, byte const* tx_now, std::size_t size, void* user) -> int {
  auto const suite = static_cast<aead_kind const*>(::ngtcp2_conn_get_crypto_ctx(quic_of(user).conn)->aead.native_handle);
  auto const one = [&](byte* secret, ngtcp2_crypto_aead_ctx* cipher, byte* iv, byte const* now) {
    auto const next = tls_expand_label({now, size}, "quic ku", {}, size);
    std::copy_n(next.data(), size, secret);
    cipher->native_handle = new aead{*suite, tls_expand_label(next, "quic key", {}, aead::key_size_of(*suite))};
    std::copy_n(tls_expand_label(next, "quic iv", {}, aead::nonce_size).data(), aead::nonce_size, iv);
  };
  one(rx_secret, rx, rx_iv, rx_now);
  one(tx_secret, tx, tx_iv, tx_now);
  return 0;
}

inline void quic_rand(byte* out, std::size_t n, ngtcp2_rand_ctx const* c) { quic_of(c->native_handle).random(bytes_span{out, n}); }
inline auto quic_challenge(ngtcp2_conn*, byte* out, void* user) -> int {
  quic_of(user).random(bytes_span{out, NGTCP2_PATH_CHALLENGE_DATALEN});
  return 0;
}
// False: there is no secret to make it of.
inline auto quic_reset_token(quic_state const& s, ngtcp2_cid const& id, byte* to) -> bool {
  auto const& secret = s.options.reset_secret;
  if (std::ranges::all_of(secret, [](byte b) { return b == 0; })) return false;
  std::ranges::copy(quic_reset{secret}.token({id.data, id.datalen}), to);
  return true;
}
inline auto quic_new_id(ngtcp2_conn*, ngtcp2_cid* id, byte* token, std::size_t n, void* user) -> int {
  auto& s = quic_of(user);
  *id = quic_random_id(s.random, n);
  if (!quic_reset_token(s, *id, token)) s.random(bytes_span{token, NGTCP2_STATELESS_RESET_TOKENLEN});
  s.ids.added.push_back(quic_id(*id));
  return 0;
}
inline auto quic_remove_id(ngtcp2_conn*, ngtcp2_cid const* id, void* user) -> int {
  quic_of(user).ids.removed.push_back(quic_id(*id));
  return 0;
}

inline auto quic_stream_opened(ngtcp2_conn* conn, std::int64_t id, void* user) -> int {
  auto& s = quic_of(user);
  if (::ngtcp2_is_bidi_stream(id) == 0) return 0;
  (void)conn;
  s.streams[static_cast<stream_id>(id)].remote = true;
  s.tell(stream_event::kind::opened, static_cast<stream_id>(id));
  return 0;
}
inline auto quic_stream_data(ngtcp2_conn* conn, std::uint32_t flags, std::int64_t id, std::uint64_t, byte const* data, std::size_t n, void* user, void*) -> int {
  auto& s = quic_of(user);
  auto const at = s.streams.find(static_cast<stream_id>(id));
  if (at == s.streams.end() || at->second.gone) {
    ::ngtcp2_conn_extend_max_offset(conn, n);
    return 0;
  }
  if (n != 0) {
    at->second.unread += n;
    auto const begin = s.scratch.size();
    s.scratch.push({data, n});
    s.events.push_back({stream_event{.what = stream_event::kind::data, .id = at->first}, begin, n});
  }
  if (flags & NGTCP2_STREAM_DATA_FLAG_FIN) {
    at->second.ended = true;
    s.tell(stream_event::kind::finished, at->first);
  }
  return 0;
}
inline auto quic_acknowledged(ngtcp2_conn*, std::int64_t id, std::uint64_t offset, std::uint64_t n, void* user, void*) -> int {
  auto& s = quic_of(user);
  auto const at = s.streams.find(static_cast<stream_id>(id));
  if (at == s.streams.end()) return 0;
  auto& st = at->second;
  while (!st.chunks.empty() && st.begin + st.chunks.front().size() <= offset + n) {
    st.begin += st.chunks.front().size();
    st.chunks.pop_front();
  }
  s.tell(stream_event::kind::writable, at->first);
  return 0;
}
inline auto quic_stream_closed(ngtcp2_conn* conn, std::uint32_t flags, std::int64_t id, std::uint64_t, void* user, void*) -> int {
  auto& s = quic_of(user);
  auto const at = s.streams.find(static_cast<stream_id>(id));
  auto const remote = ::ngtcp2_conn_is_local_stream(conn, id) == 0;
  if (remote && ::ngtcp2_is_bidi_stream(id) != 0) ::ngtcp2_conn_extend_max_streams_bidi(conn, 1);
  if (remote && ::ngtcp2_is_bidi_stream(id) == 0) ::ngtcp2_conn_extend_max_streams_uni(conn, 1);
  if (at == s.streams.end()) return 0;
  // what was not read yet still counts for the connection's window
  if (at->second.unread != 0) ::ngtcp2_conn_extend_max_offset(conn, at->second.unread);
  if (!at->second.gone && (flags & NGTCP2_STREAM_CLOSE_FLAG_APP_ERROR_CODE_SET) && !at->second.ended) s.tell(stream_event::kind::reset, at->first);
  s.streams.erase(at);
  return 0;
}
inline auto quic_stream_was_reset(ngtcp2_conn*, std::int64_t id, std::uint64_t, std::uint64_t, void* user, void*) -> int {
  auto& s = quic_of(user);
  auto const at = s.streams.find(static_cast<stream_id>(id));
  if (at != s.streams.end() && !std::exchange(at->second.gone, true)) s.tell(stream_event::kind::reset, at->first);
  return 0;
}
inline auto quic_stop_sending(ngtcp2_conn*, std::int64_t id, std::uint64_t, void* user, void*) -> int {
  auto& s = quic_of(user);
  if (auto const at = s.streams.find(static_cast<stream_id>(id)); at != s.streams.end()) {
    at->second.stopped = true;
    s.tell(stream_event::kind::writable, at->first);
  }
  return 0;
}
inline auto quic_more_window(ngtcp2_conn*, std::int64_t id, std::uint64_t, void* user, void*) -> int {
  auto& s = quic_of(user);
  if (auto const at = s.streams.find(static_cast<stream_id>(id)); at != s.streams.end()) {
    at->second.blocked = false;
    s.make_ready(at->first);
  }
  return 0;
}

inline auto quic_path_looked_at(ngtcp2_conn*, std::uint32_t, ngtcp2_path const*, ngtcp2_path_validation_result result, void* user) -> int {
  auto& looks = quic_of(user).looks;
  if (result == NGTCP2_PATH_VALIDATION_RESULT_FAILURE) looks = 0;
  else if (result == NGTCP2_PATH_VALIDATION_RESULT_SUCCESS && looks != 0) --looks;
  return 0;
}

inline auto quic_other_version(ngtcp2_conn*, std::uint32_t, ngtcp2_cid const*, void*) -> int { return NGTCP2_ERR_CALLBACK_FAILURE; }

inline auto quic_callbacks() -> ngtcp2_callbacks {
  auto c = ngtcp2_callbacks{};
  c.client_initial = quic_client_initial, c.recv_client_initial = quic_recv_client_initial, c.recv_crypto_data = quic_recv_crypto;
  c.recv_retry = quic_recv_retry, c.encrypt = quic_encrypt, c.decrypt = quic_decrypt, c.hp_mask = quic_mask;
  c.recv_stream_data = quic_stream_data, c.acked_stream_data_offset = quic_acknowledged, c.stream_open = quic_stream_opened;
  c.stream_close = quic_stream_closed, c.stream_reset = quic_stream_was_reset, c.stream_stop_sending = quic_stop_sending, c.extend_max_stream_data = quic_more_window;
  c.rand = quic_rand, c.get_new_connection_id = quic_new_id, c.remove_connection_id = quic_remove_id, c.update_key = quic_update_key;
  c.delete_crypto_aead_ctx = quic_delete_cipher, c.delete_crypto_cipher_ctx = quic_delete_mask, c.get_path_challenge_data = quic_challenge;
  c.version_negotiation = quic_other_version, c.path_validation = quic_path_looked_at;
  return c;
}

}  // namespace cairn::detail
