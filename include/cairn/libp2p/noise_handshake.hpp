#pragma once

#include <cairn/core/bytes.hpp>
#include <cairn/core/config.hpp>
#include <cairn/core/result.hpp>
#include <cairn/crypto/chacha20_poly1305.hpp>
#include <cairn/crypto/secret.hpp>
#include <cairn/libp2p/noise_errc.hpp>
#include <cairn/libp2p/noise_pattern.hpp>

#include <optional>

namespace cairn {

/// One direction of a Noise session: a key and its count of messages.
class noise_cipher {
public:
  explicit noise_cipher(bytes_view key, std::uint64_t nonce = 0) : aead_{key}, nonce_{nonce} {}

  /// out       room for in.size() + 16
  /// errors    nonce_exhausted
  CAIRN_DECL auto seal(bytes_view associated, bytes_view in, byte* out) -> result<void, noise_errc>;

  /// out       room for in.size() - 16
  /// errors    nonce_exhausted · forged; then the nonce stays
  CAIRN_DECL auto open(bytes_view associated, bytes_view in, byte* out) -> result<void, noise_errc>;

private:
  chacha20_poly1305 aead_;
  std::uint64_t nonce_;
};

/// Noise's SymmetricState: a chaining key, a hash of all that was said, and a cipher once there is a key.
class noise_symmetric {
public:
  CAIRN_DECL explicit noise_symmetric(std::string_view protocol_name);

  CAIRN_DECL void mix_hash(bytes_view data);
  CAIRN_DECL void mix_key(bytes_view secret);
  CAIRN_DECL auto encrypt_and_hash(bytes_view in, bytes& out) -> result<void, noise_errc>;
  CAIRN_DECL auto decrypt_and_hash(bytes_view in, bytes& out) -> result<void, noise_errc>;
  auto overhead() const -> std::size_t { return cipher_ ? 16 : 0; }
  auto hash() const -> digest<32> const& { return hash_; }
  auto chaining_key() const -> bytes_view { return chain_; }

private:
  secret_bytes chain_;
  digest<32> hash_{};
  std::optional<noise_cipher> cipher_;
};

/// HKDF as Noise has it: the first `count` (2 or 3) outputs of 32 octets each.
CAIRN_DECL auto noise_hkdf(bytes_view chaining_key, bytes_view secret, unsigned count) -> secret_bytes;

/// Noise's HandshakeState for any pattern over 25519, ChaChaPoly, SHA256. Values only; messages go in and out whole.
///
/// spec      Noise revision 34
class noise_handshake {
public:
  struct keys {
    secret_bytes ephemeral;         ///< [32], used once
    secret_bytes own_static{};      ///< [32] or empty
    bytes remote_static{};          ///< [32] where the pattern knows it before, else empty
  };

  /// errors    unknown_pattern · missing_key
  CAIRN_DECL static auto make(std::string_view protocol_name, bool initiator, bytes_view prologue, keys k)
      -> result<noise_handshake, noise_errc>;

  /// Append the next message with that payload.
  ///
  /// errors    out_of_turn · bad_point · nonce_exhausted · missing_key
  CAIRN_DECL auto write(bytes_view payload, bytes& out) -> result<void, noise_errc>;

  /// Read the other side's next message; its payload is appended.
  ///
  /// errors    out_of_turn · truncated · forged · bad_point · missing_key
  CAIRN_DECL auto read(bytes_view in, bytes& payload) -> result<void, noise_errc>;

  auto finished() const -> bool { return at_ > pattern_->tokens.size(); }
  auto is_my_turn() const -> bool { return !finished() && my_turn_; }
  auto hash() const -> digest<32> const& { return symmetric_.hash(); }
  auto remote_static() const -> bytes_view { return remote_static_; }

  struct ciphers {
    noise_cipher send, receive;
  };
  /// When finished. The receiver of a one-way pattern never sends with what it gets here.
  CAIRN_DECL auto split() const -> ciphers;

private:
  noise_handshake(noise_pattern const& p, std::string_view name, bool initiator, keys k)
      : pattern_{&p}, initiator_{initiator}, my_turn_{initiator}, symmetric_{name}, keys_{std::move(k)} {}
  auto mix_secret(char token) -> result<void, noise_errc>;
  void end_message();

  noise_pattern const* pattern_;
  bool initiator_, my_turn_;
  std::size_t at_ = 0;  // in the tokens
  noise_symmetric symmetric_;
  keys keys_;
  digest<32> own_static_public_{};
  bytes remote_static_, remote_ephemeral_;
};

}  // namespace cairn

#if CAIRN_HEADER_ONLY
#  include <cairn/libp2p/impl/noise_handshake.ipp>
#endif
