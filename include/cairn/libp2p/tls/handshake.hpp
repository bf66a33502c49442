#pragma once

#include <cairn/core/config.hpp>
#include <cairn/core/error.hpp>
#include <cairn/crypto/aead.hpp>
#include <cairn/crypto/key.hpp>
#include <cairn/libp2p/tls/certificate.hpp>
#include <cairn/libp2p/tls/errc.hpp>
#include <cairn/multiformats/peer_id.hpp>

#include <memory>
#include <optional>
#include <string>
#include <vector>

namespace cairn {

/// The certificate of a node and the key behind it: made once, used by every handshake.
class tls_identity {
public:
  /// now       seconds since 1970
  /// errors    provider_failed
  CAIRN_DECL static auto make(private_key const& peer, std::int64_t now) -> result<tls_identity, x509::certificate_errc>;

  auto certificate() const -> bytes_view { return certificate_; }
  /// An ECDSA signature over P-256 and SHA-256; empty where the provider fails.
  CAIRN_DECL auto sign(bytes_view message) const -> bytes;

private:
  friend struct tls_identity_access;  // of a test that lies

  bytes certificate_;
  std::shared_ptr<void> key_;  // the provider's
};

/// What one side of a handshake wants.
struct tls_options {
  bool dialer = true;
  std::optional<peer_id> expected{};         ///< whom it dials
  std::int64_t now = 0;                      ///< seconds since 1970: certificates must be valid then
  std::vector<std::string> protocols{};      ///< for ALPN, in order of preference: muxers, then "libp2p"
  std::optional<std::string> web{};          ///< dials a server of the web by that name: it shows a chain to an authority that the system trusts
  std::optional<bytes> quic_parameters{};    ///< of QUIC, which carries the messages in frames of its own (RFC 9001)
};

/// Under which keys a message travels.
enum class tls_level : byte { plain, handshake, application };

/// What the layer below has to do next: send whole messages, or take another key for one direction.
struct tls_output {
  enum class kind : byte { message, write_secret, read_secret };
  kind what;
  tls_level level;
  bytes data;
};

/// TLS 1.3 as libp2p profiles it, without its records: both sides show one certificate, X25519, AES-128-GCM or
/// ChaCha20-Poly1305 with SHA-256; no resumption, no early data, no server name (but for a server of the web). TCP puts the messages into records
/// (tls_channel), QUIC into CRYPTO frames.
///
/// spec      RFC 8446; libp2p/specs tls
class tls_handshake {
public:
  static constexpr std::size_t max_message = 20 * 1024;  ///< a certificate of 16 KiB and room around it

  /// lifetime  the identity outlives the handshake
  CAIRN_DECL tls_handshake(tls_identity const& identity, tls_options options, random_source const& random);

  /// The dialer begins.
  CAIRN_DECL void start();

  /// Take one whole message, with its head. What has to be done is in `take_outputs`.
  ///
  /// errors    those of tls_errc and of x509::certificate_errc; after one of them the handshake is over
  CAIRN_DECL auto resume(tls_level level, bytes_view message) -> io_result<void>;

  auto take_outputs() -> std::vector<tls_output> { return std::exchange(outputs_, {}); }
  auto is_finished() const -> bool { return state_ == state::finished; }
  /// Whom the certificate names, before it is proven that it is theirs.
  auto claimed() const -> std::optional<public_key> const& { return claimed_; }
  /// Whose certificate was proven; nobody's where a server of the web was dialed.
  auto remote() const -> std::optional<public_key> const& { return remote_; }
  /// What ALPN gave; empty where the other side has none.
  auto protocol() const -> std::string const& { return protocol_; }
  auto suite() const -> aead_kind { return suite_; }
  auto remote_quic_parameters() const -> bytes_view { return remote_quic_parameters_; }

private:
  enum class state : byte { client_hello, second_client_hello, server_hello, encrypted_extensions, certificate_request,
                            certificate, certificate_verify, finished_message, finished };
  using outcome = io_result<void>;

  // each takes a whole message, and appends it to the transcript
  auto on_client_hello(bytes_view message) -> outcome;
  auto on_server_hello(bytes_view message) -> outcome;
  auto on_encrypted_extensions(bytes_view message) -> outcome;
  auto on_certificate_request(bytes_view message) -> outcome;
  auto on_certificate(bytes_view message) -> outcome;
  auto on_certificate_verify(bytes_view message) -> outcome;
  auto on_finished(bytes_view message) -> outcome;

  auto agree_on_keys(bytes_view share) -> outcome;   // after ServerHello
  auto answer_client_hello(bytes_view share) -> outcome;
  void ask_again();                                  // HelloRetryRequest
  auto prove_ourselves(bytes before) -> outcome;     // Certificate, CertificateVerify, Finished behind what is given
  void derive_application_secrets();
  auto append_hello(bytes_view random, bytes_view share) -> bytes;
  void say(tls_level level, bytes_view messages);
  void secret(tls_output::kind what, tls_level level, bytes_view value) { outputs_.push_back({what, level, {value.begin(), value.end()}}); }
  auto choose_protocol(bytes_view const* list) -> outcome;

  tls_identity const* identity_;
  tls_options options_;
  state state_;
  digest<32> random_{};
  secret_bytes ephemeral_;
  aead_kind suite_ = aead_kind::aes_128_gcm;
  bytes transcript_, session_id_, certificate_;
  secret_bytes schedule_, own_secret_, remote_secret_, own_application_, remote_application_;
  std::optional<public_key> claimed_, remote_;  // whose certificate it is; that it is theirs was proven
  std::string protocol_;
  bytes remote_quic_parameters_;
  std::vector<tls_output> outputs_;
  bool asked_ = false;  // for our certificate
};

/// HKDF-Expand-Label with SHA-256 (7.1).
CAIRN_DECL auto tls_expand_label(bytes_view secret, std::string_view label, bytes_view context, std::size_t size) -> secret_bytes;

}  // namespace cairn

#if CAIRN_HEADER_ONLY
#  include <cairn/libp2p/tls/impl/handshake.ipp>
#  include <cairn/libp2p/tls/impl/listener.ipp>
#endif
