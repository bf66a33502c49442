#pragma once

#include <cairn/crypto/header_mask.hpp>
#include <cairn/crypto/hkdf.hpp>
#include <cairn/libp2p/quic/session.hpp>
#include <cairn/libp2p/tls/impl/fields.hpp>

#include <algorithm>
#include <cstring>
#include <deque>
#include <map>

#include <ngtcp2/ngtcp2.h>

namespace cairn {

/// What ngtcp2's callbacks find behind their user data. It stays where it is.
struct quic_state {
  struct stream {
    std::deque<bytes> chunks{};       // [acknowledged, written): ngtcp2 refers to them until they are acknowledged
    std::uint64_t begin = 0;          // the offset of the first chunk
    std::uint64_t sent = 0, written = 0, unread = 0;
    bool remote = false, wants_end = false, end_sent = false, blocked = false, waits = false, ended = false, gone = false;
    bool stopped = false;             // the other side reads no more: what is written to it goes nowhere
  };

  quic_state(tls_identity const& identity, tls_options tls, quic_options o, quic_path const& p, random_source r, quic_session::clock_time now)
      : options{o}, path{p}, random{r}, time{now}, tls_o{std::move(tls)}, identity{&identity} {}
  quic_state(quic_state const&) = delete;
  ~quic_state() { ::ngtcp2_conn_del(conn); }

  quic_options options;
  quic_path path;                                // of now
  quic_address target{};                         // of the last datagram
  quic_path left{};                              // the one that the dialer came from before it moved
  quic_session::clock_time moved{};
  unsigned looks = 0;                            // at the new one, before it counts as proven
  random_source random;
  quic_session::clock_time time;
  tls_options tls_o;
  tls_identity const* identity;
  ngtcp2_conn* conn = nullptr;
  std::optional<tls_handshake> handshake{};
  byte_queue messages[3]{};  // of the handshake, by level
  std::optional<public_key> remote{};
  std::optional<error> failed{};
  bool parameters_known = false, open = false;
  bool lost = false;         // the other side has lost it: there is nobody to say farewell to
  quic_ids ids{};
  std::map<stream_id, stream> streams{};
  std::deque<stream_id> ready{};  // have something to send, in turn

  struct event {
    stream_event what{};
    std::size_t begin = 0, size = 0;  // of data, in `scratch`
  };
  std::deque<event> events{};
  byte_queue scratch{};

  void tell(stream_event::kind k, stream_id id) { events.push_back({stream_event{.what = k, .id = id}}); }
  void make_ready(stream_id id) {
    auto const at = streams.find(id);
    if (at == streams.end() || at->second.waits || at->second.blocked) return;
    at->second.waits = true;
    ready.push_back(id);
  }
};

namespace detail {

inline auto quic_stamp(quic_session::clock_time t) -> ngtcp2_tstamp { return static_cast<ngtcp2_tstamp>(t.time_since_epoch() / std::chrono::nanoseconds(1)); }

inline void quic_copy(quic_address& to, ngtcp2_addr const& a) { std::memcpy(to.octets.data(), a.addr, to.size = a.addrlen); }

inline auto quic_native_path(quic_path& p) -> ngtcp2_path {
  auto out = ngtcp2_path{};
  out.local = {reinterpret_cast<ngtcp2_sockaddr*>(p.local.octets.data()), p.local.size};
  out.remote = {reinterpret_cast<ngtcp2_sockaddr*>(p.remote.octets.data()), p.remote.size};
  return out;
}

inline auto quic_same(quic_path const& a, ngtcp2_path const& b) -> bool {
  auto const one = [](quic_address const& x, ngtcp2_addr const& y) { return x.size == y.addrlen && std::memcmp(x.octets.data(), y.addr, x.size) == 0; };
  return one(a.remote, b.remote) && one(a.local, b.local);
}

inline constexpr aead_kind quic_aes = aead_kind::aes_128_gcm, quic_chacha = aead_kind::chacha20_poly1305;

inline auto quic_suite(aead_kind k) -> ngtcp2_crypto_ctx {
  auto out = ngtcp2_crypto_ctx{};
  auto* const tag = const_cast<aead_kind*>(k == quic_aes ? &quic_aes : &quic_chacha);
  out.aead = {tag, aead::tag_size};
  out.md.native_handle = tag;
  out.hp.native_handle = tag;
  // RFC 9001, 6.6
  out.max_encryption = k == quic_aes ? std::uint64_t{1} << 23 : std::uint64_t{1} << 62;
  out.max_decryption_failure = k == quic_aes ? std::uint64_t{1} << 52 : std::uint64_t{1} << 36;
  return out;
}

/// The key, nonce and mask of one direction.
struct quic_keys {
  ngtcp2_crypto_aead_ctx cipher{};
  ngtcp2_crypto_cipher_ctx mask{};
  secret_bytes iv{};

  quic_keys(aead_kind k, bytes_view secret) {
    cipher.native_handle = new aead{k, tls_expand_label(secret, "quic key", {}, aead::key_size_of(k))};
    mask.native_handle = new header_mask{k, tls_expand_label(secret, "quic hp", {}, aead::key_size_of(k))};
    iv = tls_expand_label(secret, "quic iv", {}, aead::nonce_size);
  }
};

inline auto quic_id(ngtcp2_cid const& c) -> std::string { return {reinterpret_cast<char const*>(c.data), c.datalen}; }
inline auto quic_random_id(random_source const& random, std::size_t n) -> ngtcp2_cid {
  auto out = ngtcp2_cid{};
  out.datalen = n;
  random(bytes_span{out.data, n});
  return out;
}

// Initial packets are protected with keys that everybody can make (RFC 9001, 5.2).
inline auto quic_install_initial(quic_state& s, ngtcp2_cid const& id) -> int {
  constexpr byte salt[]{0x38, 0x76, 0x2c, 0xf7, 0xf5, 0x59, 0x34, 0xb3, 0x4d, 0x17, 0x9a, 0xe6, 0xa4, 0xc8, 0x0c, 0xad, 0xcc, 0xbb, 0x7f, 0x0a};
  auto const secret = hmac_sha256(salt, bytes_view{id.data, id.datalen});
  auto const client = tls_expand_label(secret, "client in", {}, 32), server = tls_expand_label(secret, "server in", {}, 32);
  auto const dialer = s.tls_o.dialer;
  auto const read = quic_keys{quic_aes, dialer ? server : client}, write = quic_keys{quic_aes, dialer ? client : server};
  auto const suite = quic_suite(quic_aes);
  ::ngtcp2_conn_set_initial_crypto_ctx(s.conn, &suite);
  return ::ngtcp2_conn_install_initial_key(s.conn, &read.cipher, read.iv.data(), &read.mask, &write.cipher, write.iv.data(), &write.mask, aead::nonce_size);
}

inline auto quic_take_outputs(quic_state& s) -> int {
  auto& h = *s.handshake;
  if (!s.parameters_known && !h.remote_quic_parameters().empty()) {
    auto const theirs = h.remote_quic_parameters();
    if (auto const e = ::ngtcp2_conn_decode_remote_transport_params(s.conn, theirs.data(), theirs.size()); e != 0) {
      ::ngtcp2_conn_set_tls_error(s.conn, e);
      return e;
    }
    s.parameters_known = true;
  }
  auto const suite = quic_suite(h.suite());
  for (auto& o : h.take_outputs()) {
    auto e = 0;
    auto const whole = o.level == tls_level::application;
    if (o.what == tls_output::kind::message) {
      auto const level = o.level == tls_level::plain ? NGTCP2_CRYPTO_LEVEL_INITIAL : o.level == tls_level::handshake ? NGTCP2_CRYPTO_LEVEL_HANDSHAKE : NGTCP2_CRYPTO_LEVEL_APPLICATION;
      e = ::ngtcp2_conn_submit_crypto_data(s.conn, level, o.data.data(), o.data.size());
    } else {
      auto const keys = quic_keys{h.suite(), o.data};
      if (!whole) ::ngtcp2_conn_set_crypto_ctx(s.conn, &suite);
      auto const* const iv = keys.iv.data();
      if (o.what == tls_output::kind::read_secret)
        e = whole ? ::ngtcp2_conn_install_rx_key(s.conn, o.data.data(), o.data.size(), &keys.cipher, iv, aead::nonce_size, &keys.mask)
                  : ::ngtcp2_conn_install_rx_handshake_key(s.conn, &keys.cipher, iv, aead::nonce_size, &keys.mask);
      else
        e = whole ? ::ngtcp2_conn_install_tx_key(s.conn, o.data.data(), o.data.size(), &keys.cipher, iv, aead::nonce_size, &keys.mask)
                  : ::ngtcp2_conn_install_tx_handshake_key(s.conn, &keys.cipher, iv, aead::nonce_size, &keys.mask);
    }
    wipe(o.data);
    if (e != 0) return e;
  }
  if (h.is_finished()) {
    ::ngtcp2_conn_handshake_completed(s.conn);
    s.remote = h.remote();
    s.open = true;
    s.handshake.reset();
  }
  return 0;
}

}  // namespace detail
}  // namespace cairn
