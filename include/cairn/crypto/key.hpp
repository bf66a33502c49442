#pragma once

#include <cairn/core/config.hpp>
#include <cairn/core/result.hpp>
#include <cairn/crypto/key_error.hpp>
#include <cairn/crypto/random.hpp>
#include <cairn/crypto/secret.hpp>

namespace cairn {

/// A public key that was checked: its type and its octets in the one form that libp2p's field Data has.
class public_key {
public:
  /// errors    unknown_type · wrong_length · not_on_curve · bad_der · unknown_algorithm · rsa_too_small · rsa_too_big · bad_rsa
  /// cost      one point decompression at most; RSA is measured before any arithmetic (SEC-14)
  CAIRN_DECL static auto make(key_type type, bytes_view data) -> result<public_key, key_errc>;

  auto type() const -> key_type { return type_; }
  auto data() const -> bytes_view { return data_; }

  /// Whether `signature` is this key's, of exactly this message.
  [[nodiscard]] CAIRN_DECL auto verify(bytes_view message, bytes_view signature) const -> bool;

  friend auto operator==(public_key const& a, public_key const& b) -> bool { return a.type_ == b.type_ && a.data_ == b.data_; }

private:
  friend class private_key;
  public_key(key_type type, bytes data) : type_{type}, data_{std::move(data)} {}

  key_type type_;
  bytes data_;
};

/// A private key that was checked, with its public one. Moves; copied by `clone` only; wiped when released (SEC-18).
class private_key {
public:
  /// errors    those of public_key::make · bad_scalar · public_mismatch
  CAIRN_DECL static auto make(key_type type, bytes_view data) -> result<private_key, key_errc>;

  /// bits      RSA: 2048 .. 8192, 0 means 2048; ECDSA: 256, 384, 521, 0 means 256; else ignored
  /// random    all but RSA, whose primes come from the provider's own generator
  /// errors    unknown_type · rsa_too_small · rsa_too_big · wrong_length · provider_failed
  CAIRN_DECL static auto generate(key_type type, unsigned bits = 0, random_source const& random = random_source::system())
      -> result<private_key, key_errc>;

  /// The Ed25519 key of a seed of 32 octets.
  ///
  /// errors    wrong_length
  CAIRN_DECL static auto of_ed25519_seed(bytes_view seed) -> result<private_key, key_errc>;

  private_key(private_key&& other) noexcept
      : data_{std::move(other.data_)}, public_{std::move(other.public_)}, prepared_{std::exchange(other.prepared_, nullptr)} {}
  auto operator=(private_key&& other) noexcept -> private_key& {
    data_ = std::move(other.data_);
    std::swap(public_, other.public_);
    std::swap(prepared_, other.prepared_);
    return *this;
  }
  CAIRN_DECL ~private_key();
  CAIRN_DECL auto clone() const -> private_key;

  auto type() const -> key_type { return public_.type(); }
  auto data() const -> bytes_view { return data_; }
  auto public_part() const -> public_key const& { return public_; }

  /// errors    provider_failed
  [[nodiscard]] CAIRN_DECL auto sign(bytes_view message) const -> result<bytes, key_errc>;

  /// In constant time.
  friend auto operator==(private_key const& a, private_key const& b) -> bool { return a.type() == b.type() && a.data_ == b.data_; }

private:
  CAIRN_DECL private_key(secret_bytes data, public_key own);

  secret_bytes data_;
  public_key public_;
  void* prepared_ = nullptr;  // the provider's form, where making it costs more than a signature
};

}  // namespace cairn

#if CAIRN_HEADER_ONLY
#  include <cairn/crypto/impl/key.ipp>
#endif
