#pragma once

#include <cairn/crypto/key.hpp>

#include <optional>

// How libp2p's keys stand in a Multikey: compressed points, bare scalars and seeds, PKCS #1 for RSA.

namespace cairn::detail {

struct multikey_form {
  std::uint64_t code;
  secret_bytes octets;
};

CAIRN_DECL auto multikey_form_of(public_key const& key) -> multikey_form;
CAIRN_DECL auto multikey_form_of(private_key const& key) -> multikey_form;

/// libp2p's type of a code, where it has one.
CAIRN_DECL auto multikey_type_of(std::uint64_t code) -> std::optional<key_type>;

CAIRN_DECL auto public_key_of_multikey(std::uint64_t code, bytes_view octets) -> result<public_key, key_errc>;
CAIRN_DECL auto private_key_of_multikey(std::uint64_t code, bytes_view octets) -> result<private_key, key_errc>;

/// The Montgomery form of an Ed25519 point, where it is one.
CAIRN_DECL auto x25519_of_ed25519(bytes_view key) -> std::optional<digest<32>>;

}  // namespace cairn::detail

#if CAIRN_HEADER_ONLY
#  include <cairn/crypto/impl/multikey_forms.ipp>
#endif
