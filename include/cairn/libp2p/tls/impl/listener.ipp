#pragma once

#include <cairn/libp2p/tls/impl/handshake.ipp>

// The listener's half of the hellos.

namespace cairn {

inline auto tls_handshake::append_hello(bytes_view random, bytes_view share) -> bytes {
  using namespace detail;
  auto extensions = tls_writer{};
  extensions.extension(ext_supported_versions, tls_writer{}.number(2, 0x0304).out);
  auto key = tls_writer{};
  key.number(2, group_x25519);
  if (!share.empty()) key.block(2, share);
  extensions.extension(ext_key_share, key.out);
  auto body = tls_writer{};
  body.number(2, 0x0303).raw(random).block(1, session_id_);
  body.number(2, suite_ == aead_kind::aes_128_gcm ? suite_aes_128_gcm : suite_chacha20_poly1305).number(1, 0).block(2, extensions.out);
  return tls_message(tls_server_hello, body.out);
}

// The dialer offered X25519 but sent no share of it.
inline void tls_handshake::ask_again() {
  auto const hash = sha256(transcript_);
  transcript_ = detail::tls_message(detail::tls_message_hash, hash);
  say(tls_level::plain, append_hello(detail::tls_retry_random, {}));
  state_ = state::second_client_hello;
}

inline auto tls_handshake::on_client_hello(bytes_view message) -> outcome {
  using namespace detail;
  auto r = tls_reader{message.subspan(4)};
  auto const version = r.number(2);
  (void)r.take(32);
  auto const session = r.block(1), suites = r.block(2), compression = r.block(1);
  auto extensions = tls_extensions{};
  if (!extensions.read(r.block(2)) || !r.is_done() || session.size() > 32 || suites.size() % 2 != 0) return tls_wrong(tls_errc::bad_encoding);
  auto const* const versions = extensions.find(ext_supported_versions);
  if (!versions || versions->empty() || !tls_list_has(versions->subspan(1), 0x0304)) return tls_wrong(tls_errc::no_version);
  if (version != 0x0303 || compression.size() != 1 || compression[0] != 0) return tls_wrong(tls_errc::illegal_parameter);
  auto const* const groups = extensions.find(ext_supported_groups);
  auto const* const schemes = extensions.find(ext_signature_algorithms);
  auto const* const shares = extensions.find(ext_key_share);
  if (!groups || !schemes || !shares) return tls_wrong(tls_errc::missing_extension);
  if (groups->size() < 2 || schemes->size() < 2) return tls_wrong(tls_errc::bad_encoding);
  auto const again = state_ == state::second_client_hello;
  auto const aes = tls_list_has(suites, suite_aes_128_gcm);
  if (!tls_list_has(groups->subspan(2), group_x25519) || !tls_list_has(schemes->subspan(2), scheme_ecdsa_p256) ||
      (!aes && !tls_list_has(suites, suite_chacha20_poly1305)))
    return tls_wrong(tls_errc::no_suite);
  auto list = tls_reader{*shares};
  auto const share = tls_find_share(list.block(2));
  if (!list.is_done()) return tls_wrong(tls_errc::bad_encoding);
  if (again && (share.empty() || !equal(session_id_, session) || aes != (suite_ == aead_kind::aes_128_gcm)))
    return tls_wrong(tls_errc::illegal_parameter);
  suite_ = aes ? aead_kind::aes_128_gcm : aead_kind::chacha20_poly1305;
  session_id_.assign(session.begin(), session.end());
  CAIRN_TRY(choose_protocol(extensions.find(ext_alpn)));
  if (options_.quic_parameters) {
    auto const* const theirs = extensions.find(ext_quic_parameters);
    if (!theirs) return tls_wrong(tls_errc::missing_extension);
    remote_quic_parameters_.assign(theirs->begin(), theirs->end());
  }
  append(transcript_, message);
  if (share.empty()) {
    ask_again();
    return {};
  }
  return answer_client_hello(share);
}

inline auto tls_handshake::answer_client_hello(bytes_view share) -> outcome {
  using namespace detail;
  auto const own = x25519_public(ephemeral_);
  say(tls_level::plain, append_hello(random_, own));
  CAIRN_TRY(agree_on_keys(share));
  auto extensions = tls_writer{};
  if (!protocol_.empty()) {
    auto const name = tls_writer{}.block(1, as_bytes(protocol_)).out;
    extensions.extension(ext_alpn, tls_writer{}.block(2, name).out);
  }
  if (options_.quic_parameters) extensions.extension(ext_quic_parameters, *options_.quic_parameters);
  auto flight = tls_message(tls_encrypted_extensions, tls_writer{}.block(2, extensions.out).out);
  auto const asked = tls_writer{}.extension(ext_signature_algorithms, tls_signature_algorithms()).out;
  append(flight, tls_message(tls_certificate_request, tls_writer{}.number(1, 0).block(2, asked).out));
  CAIRN_TRY(prove_ourselves(std::move(flight)));
  derive_application_secrets();
  secret(tls_output::kind::write_secret, tls_level::application, own_application_);
  state_ = state::certificate;
  return {};
}

}  // namespace cairn
