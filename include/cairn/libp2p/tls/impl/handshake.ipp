#pragma once

#include <cairn/core/try.hpp>
#include <cairn/crypto/hash.hpp>
#include <cairn/crypto/hkdf.hpp>
#include <cairn/crypto/x25519.hpp>
#include <cairn/libp2p/tls/handshake.hpp>
#include <cairn/libp2p/tls/impl/fields.hpp>
#include <cairn/libp2p/tls/impl/signature.hpp>

#include <algorithm>

namespace cairn {
namespace detail {

inline auto tls_wrong(tls_errc e) { return std::unexpected(error{e}); }

inline auto tls_finished_code(bytes_view secret, bytes_view transcript) -> digest<32> {
  return hmac_sha256(tls_expand_label(secret, "finished", {}, 32), sha256(transcript));
}

// "the special value of the SHA-256 of HelloRetryRequest" (4.1.3)
inline constexpr byte tls_retry_random[]{0xcf, 0x21, 0xad, 0x74, 0xe5, 0x9a, 0x61, 0x11, 0xbe, 0x1d, 0x8c, 0x02, 0x1e, 0x65, 0xb8, 0x91,
                                         0xc2, 0xa2, 0x11, 0x16, 0x7a, 0xbb, 0x8c, 0x5e, 0x07, 0x9e, 0x09, 0xe2, 0xc8, 0xa8, 0x33, 0x9c};

inline auto tls_signature_algorithms() -> bytes {
  auto list = tls_writer{};
  for (auto const& s : tls_schemes) list.number(2, s.code);
  auto out = tls_writer{};
  out.block(2, list.out);
  return std::move(out.out);
}

inline auto is_ip_address(std::string_view name) -> bool {
  return name.find(':') != std::string_view::npos || name.find_first_not_of("0123456789.") == std::string_view::npos;
}

// The share of X25519 in a list of shares; empty without one.
inline auto tls_find_share(bytes_view list) -> bytes_view {
  auto r = tls_reader{list};
  while (r.ok && !r.rest.empty()) {
    auto const group = r.number(2);
    auto const key = r.block(2);
    if (group == group_x25519) return key;
  }
  return {};
}

}  // namespace detail

CAIRN_DECL auto tls_expand_label(bytes_view secret, std::string_view label, bytes_view context, std::size_t size) -> secret_bytes {
  auto name = bytes{};
  append(name, as_bytes("tls13 "));
  append(name, as_bytes(label));
  auto info = detail::tls_writer{};
  info.number(2, size).block(1, name).block(1, context).number(1, 1);  // the last is HKDF-Expand's count: one block is enough
  auto block = hmac_sha256(secret, info.out);
  auto out = secret_bytes{bytes_view{block}.first(size)};
  wipe(block);
  return out;
}

CAIRN_DECL tls_handshake::tls_handshake(tls_identity const& identity, tls_options options, random_source const& random)
    : identity_{&identity}, options_{std::move(options)}, state_{options_.dialer ? state::server_hello : state::client_hello} {
  auto seed = bytes(32);
  random(seed);
  ephemeral_ = secret_bytes{std::move(seed)};
  random(random_);
}

inline void tls_handshake::say(tls_level level, bytes_view messages) {
  append(transcript_, messages);
  outputs_.push_back({tls_output::kind::message, level, {messages.begin(), messages.end()}});
}

CAIRN_DECL void tls_handshake::start() {
  using namespace detail;
  if (!options_.dialer || !transcript_.empty()) return;
  auto names = tls_writer{};
  for (auto const& p : options_.protocols) names.block(1, as_bytes(p));
  auto extensions = tls_writer{};
  extensions.extension(ext_supported_versions, tls_writer{}.number(1, 2).number(2, 0x0304).out);
  extensions.extension(ext_supported_groups, tls_writer{}.number(2, 2).number(2, group_x25519).out);
  extensions.extension(ext_signature_algorithms, tls_signature_algorithms());
  auto share = tls_writer{};
  share.number(2, group_x25519).block(2, x25519_public(ephemeral_));
  extensions.extension(ext_key_share, tls_writer{}.block(2, share.out).out);
  if (!names.out.empty()) extensions.extension(ext_alpn, tls_writer{}.block(2, names.out).out);
  if (options_.quic_parameters) extensions.extension(ext_quic_parameters, *options_.quic_parameters);
  if (options_.web && !is_ip_address(*options_.web)) {
    auto const name = tls_writer{}.number(1, 0).block(2, as_bytes(*options_.web)).out;
    extensions.extension(ext_server_name, tls_writer{}.block(2, name).out);
  }
  auto body = tls_writer{};
  body.number(2, 0x0303).raw(random_).number(1, 0);
  // with the AES instructions of every machine of today the first is the faster one
  body.number(2, 4).number(2, suite_aes_128_gcm).number(2, suite_chacha20_poly1305);
  body.number(2, 0x0100).block(2, extensions.out);
  say(tls_level::plain, tls_message(tls_client_hello, body.out));
}

CAIRN_DECL auto tls_handshake::resume(tls_level level, bytes_view message) -> io_result<void> {
  using namespace detail;
  if (message.size() < 4 || tls_reader{message.subspan(1)}.number(3) != message.size() - 4) return tls_wrong(tls_errc::bad_encoding);
  if (message.size() > max_message) return tls_wrong(tls_errc::message_too_long);
  auto const type = message[0];
  auto const plain = state_ == state::client_hello || state_ == state::second_client_hello || state_ == state::server_hello;
  if (level != (plain ? tls_level::plain : tls_level::handshake)) return tls_wrong(tls_errc::unexpected_message);
  auto const is = [&](byte want) { return type == want; };
  switch (state_) {
    case state::client_hello:
    case state::second_client_hello: if (is(tls_client_hello)) return on_client_hello(message); break;
    case state::server_hello: if (is(tls_server_hello)) return on_server_hello(message); break;
    case state::encrypted_extensions: if (is(tls_encrypted_extensions)) return on_encrypted_extensions(message); break;
    // libp2p's listeners always ask for a certificate: without the question we could not prove ourselves
    case state::certificate_request:
      if (is(tls_certificate_request)) return on_certificate_request(message);
      if (is(tls_certificate) && options_.web) return on_certificate(message);
      break;
    case state::certificate: if (is(tls_certificate)) return on_certificate(message); break;
    case state::certificate_verify: if (is(tls_certificate_verify)) return on_certificate_verify(message); break;
    case state::finished_message: if (is(tls_finished)) return on_finished(message); break;
    case state::finished: break;
  }
  return tls_wrong(tls_errc::unexpected_message);
}

inline auto tls_handshake::choose_protocol(bytes_view const* list) -> outcome {
  using namespace detail;
  if (!list) {
    if (options_.quic_parameters) return tls_wrong(tls_errc::no_protocol);  // RFC 9001, 8.1
    return {};
  }
  auto outer = tls_reader{*list};
  auto names = tls_reader{outer.block(2)};
  if (!outer.is_done() || names.rest.empty()) return tls_wrong(tls_errc::bad_encoding);
  auto found = std::string{};
  auto count = 0;
  for (; names.ok && !names.rest.empty(); ++count) {
    auto const name = as_text(names.block(1));
    if (name.empty()) return tls_wrong(tls_errc::bad_encoding);
    if (found.empty() && std::find(options_.protocols.begin(), options_.protocols.end(), name) != options_.protocols.end()) found = name;
  }
  if (!names.ok || (options_.dialer && count != 1)) return tls_wrong(tls_errc::bad_encoding);
  if (found.empty()) return tls_wrong(tls_errc::no_protocol);
  protocol_ = std::move(found);
  return {};
}

inline auto tls_handshake::agree_on_keys(bytes_view share) -> outcome {
  using namespace detail;
  if (share.size() != 32) return tls_wrong(tls_errc::illegal_parameter);
  auto const shared = x25519(ephemeral_, share);
  if (!shared) return tls_wrong(tls_errc::bad_point);
  auto const zeros = digest<32>{};
  auto early = hmac_sha256(zeros, zeros);
  auto next = hmac_sha256(tls_expand_label(early, "derived", sha256({}), 32), *shared);
  schedule_ = secret_bytes{bytes_view{next}};
  wipe(next);
  auto const said = sha256(transcript_);
  own_secret_ = tls_expand_label(schedule_, options_.dialer ? "c hs traffic" : "s hs traffic", said, 32);
  remote_secret_ = tls_expand_label(schedule_, options_.dialer ? "s hs traffic" : "c hs traffic", said, 32);
  secret(tls_output::kind::read_secret, tls_level::handshake, remote_secret_);
  secret(tls_output::kind::write_secret, tls_level::handshake, own_secret_);
  ephemeral_ = {};
  return {};
}

inline void tls_handshake::derive_application_secrets() {
  auto const zeros = digest<32>{};
  auto next = hmac_sha256(tls_expand_label(schedule_, "derived", sha256({}), 32), zeros);
  auto const said = sha256(transcript_);
  own_application_ = tls_expand_label(next, options_.dialer ? "c ap traffic" : "s ap traffic", said, 32);
  remote_application_ = tls_expand_label(next, options_.dialer ? "s ap traffic" : "c ap traffic", said, 32);
  wipe(next);
  schedule_ = {};
}

inline auto tls_handshake::prove_ourselves(bytes before) -> outcome {
  using namespace detail;
  if (options_.web) {  // no certificate of a peer means anything there
    auto flight = asked_ ? tls_message(tls_certificate, tls_writer{}.number(1, 0).number(3, 0).out) : bytes{};
    auto said = transcript_;
    append(said, flight);
    append(flight, tls_message(tls_finished, tls_finished_code(own_secret_, said)));
    say(tls_level::handshake, flight);
    return {};
  }
  auto entry = tls_writer{};
  entry.block(3, identity_->certificate()).number(2, 0);
  auto text = transcript_;
  auto flight = std::move(before);
  append(flight, tls_message(tls_certificate, tls_writer{}.number(1, 0).block(3, entry.out).out));
  append(text, flight);
  auto const signature = identity_->sign(tls_signed_text(options_.dialer, sha256(text)));
  if (signature.empty()) return tls_wrong(tls_errc::provider_failed);
  auto const proof = tls_message(tls_certificate_verify, tls_writer{}.number(2, scheme_ecdsa_p256).block(2, signature).out);
  append(flight, proof);
  append(text, proof);
  append(flight, tls_message(tls_finished, tls_finished_code(own_secret_, text)));
  say(tls_level::handshake, flight);
  return {};
}

inline auto tls_handshake::on_server_hello(bytes_view message) -> outcome {
  using namespace detail;
  auto r = tls_reader{message.subspan(4)};
  auto const version = r.number(2);
  auto const random = r.take(32), session = r.block(1);
  auto const suite = r.number(2), compression = r.number(1);
  auto extensions = tls_extensions{};
  if (!extensions.read(r.block(2)) || !r.is_done()) return tls_wrong(tls_errc::bad_encoding);
  auto const* const chosen = extensions.find(ext_supported_versions);
  if (!chosen || !equal(*chosen, tls_writer{}.number(2, 0x0304).out)) return tls_wrong(tls_errc::no_version);
  // a retry could only ask for a group that we have not, or for the one that it has been given
  if (equal(random, tls_retry_random)) return tls_wrong(tls_errc::no_suite);
  if (version != 0x0303 || !session.empty() || compression != 0 || (suite != suite_aes_128_gcm && suite != suite_chacha20_poly1305))
    return tls_wrong(tls_errc::illegal_parameter);
  if (!extensions.all_are([](std::size_t type) { return type == ext_supported_versions || type == ext_key_share; }))
    return tls_wrong(tls_errc::unsupported_extension);
  auto const* const share = extensions.find(ext_key_share);
  if (!share) return tls_wrong(tls_errc::missing_extension);
  auto key = tls_reader{*share};
  auto const group = key.number(2);
  auto const theirs = key.block(2);
  if (!key.is_done()) return tls_wrong(tls_errc::bad_encoding);
  if (group != group_x25519) return tls_wrong(tls_errc::illegal_parameter);
  suite_ = suite == suite_aes_128_gcm ? aead_kind::aes_128_gcm : aead_kind::chacha20_poly1305;
  append(transcript_, message);
  CAIRN_TRY(agree_on_keys(theirs));
  state_ = state::encrypted_extensions;
  return {};
}

inline auto tls_handshake::on_encrypted_extensions(bytes_view message) -> outcome {
  using namespace detail;
  auto r = tls_reader{message.subspan(4)};
  auto extensions = tls_extensions{};
  if (!extensions.read(r.block(2)) || !r.is_done()) return tls_wrong(tls_errc::bad_encoding);
  auto const quic = options_.quic_parameters.has_value();
  auto const offered = [&](std::size_t type) {
    return type == ext_supported_groups || (type == ext_alpn && !options_.protocols.empty()) || (type == ext_quic_parameters && quic) ||
           (type == ext_server_name && options_.web);
  };
  if (!extensions.all_are(offered)) return tls_wrong(tls_errc::unsupported_extension);
  CAIRN_TRY(choose_protocol(extensions.find(ext_alpn)));
  auto const* const theirs = extensions.find(ext_quic_parameters);
  if (quic && !theirs) return tls_wrong(tls_errc::missing_extension);
  if (theirs) remote_quic_parameters_.assign(theirs->begin(), theirs->end());
  append(transcript_, message);
  state_ = state::certificate_request;
  return {};
}

inline auto tls_handshake::on_certificate_request(bytes_view message) -> outcome {
  using namespace detail;
  auto r = tls_reader{message.subspan(4)};
  auto const context = r.block(1);
  auto extensions = tls_extensions{};
  if (!extensions.read(r.block(2)) || !r.is_done()) return tls_wrong(tls_errc::bad_encoding);
  if (!context.empty()) return tls_wrong(tls_errc::illegal_parameter);  // "SHALL be zero length" in the handshake
  auto const* const schemes = extensions.find(ext_signature_algorithms);
  if (!schemes || schemes->size() < 2) return tls_wrong(tls_errc::missing_extension);
  if (!options_.web && !tls_list_has(schemes->subspan(2), scheme_ecdsa_p256)) return tls_wrong(tls_errc::no_suite);
  asked_ = true;
  append(transcript_, message);
  state_ = state::certificate;
  return {};
}

inline auto tls_handshake::on_certificate(bytes_view message) -> outcome {
  using namespace detail;
  auto r = tls_reader{message.subspan(4)};
  auto const context = r.block(1);
  auto entries = tls_reader{r.block(3)};
  if (!r.is_done() || !context.empty()) return tls_wrong(tls_errc::bad_encoding);
  if (entries.rest.empty()) return tls_wrong(tls_errc::no_certificate);
  auto const der = entries.block(3), extensions = entries.block(2);
  if (!entries.ok) return tls_wrong(tls_errc::bad_encoding);
  if (options_.web) {
    auto above = std::vector<bytes_view>{};
    while (entries.ok && !entries.rest.empty()) {
      above.push_back(entries.block(3));
      (void)entries.block(2);
    }
    if (!entries.is_done() || above.size() > 8) return tls_wrong(tls_errc::bad_encoding);
    if (auto const ok = x509::verify_chain(der, above, *options_.web, options_.now); !ok) return std::unexpected(error{ok.error()});
    certificate_.assign(der.begin(), der.end());
    append(transcript_, message);
    state_ = state::certificate_verify;
    return {};
  }
  if (!entries.is_done()) return tls_wrong(tls_errc::no_certificate);
  if (!extensions.empty()) return tls_wrong(tls_errc::unsupported_extension);
  auto key = x509::verify_certificate(der, options_.now);
  if (!key) return std::unexpected(error{key.error()});
  claimed_.emplace(*std::move(key));
  if (options_.expected && !options_.expected->is_of(*claimed_)) return tls_wrong(tls_errc::wrong_peer);
  certificate_.assign(der.begin(), der.end());
  append(transcript_, message);
  state_ = state::certificate_verify;
  return {};
}

inline auto tls_handshake::on_certificate_verify(bytes_view message) -> outcome {
  using namespace detail;
  auto r = tls_reader{message.subspan(4)};
  auto const scheme = r.number(2);
  auto const signature = r.block(2);
  if (!r.is_done()) return tls_wrong(tls_errc::bad_encoding);
  if (!verify_by_certificate(certificate_, scheme, tls_signed_text(!options_.dialer, sha256(transcript_)), signature))
    return tls_wrong(tls_errc::bad_signature);
  append(transcript_, message);
  state_ = state::finished_message;
  return {};
}

inline auto tls_handshake::on_finished(bytes_view message) -> outcome {
  using namespace detail;
  if (!equal_in_constant_time(message.subspan(4), tls_finished_code(remote_secret_, transcript_))) return tls_wrong(tls_errc::bad_finished);
  append(transcript_, message);
  if (options_.dialer) {
    derive_application_secrets();
    CAIRN_TRY(prove_ourselves({}));
    secret(tls_output::kind::write_secret, tls_level::application, own_application_);
  }
  secret(tls_output::kind::read_secret, tls_level::application, remote_application_);
  remote_ = std::move(claimed_);
  state_ = state::finished;
  return {};
}

}  // namespace cairn
