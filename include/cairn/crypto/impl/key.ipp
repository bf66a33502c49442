#pragma once

#include <cairn/core/try.hpp>
#include <cairn/crypto/key.hpp>
#include <cairn/crypto/signature_schemes.hpp>

namespace cairn {

namespace detail {

// The functions of each scheme, by libp2p's number.
struct key_scheme_row {
  result<bytes, key_errc> (*check_public)(bytes_view);
  result<secret_bytes, key_errc> (*check_private)(bytes_view);
  result<secret_bytes, key_errc> (*generate)(random_source const&, unsigned);
  result<bytes, key_errc> (*public_of)(bytes_view);
  result<bytes, key_errc> (*sign)(bytes_view, bytes_view);
  bool (*verify)(bytes_view, bytes_view, bytes_view);
  // optional
  void* (*prepare)(bytes_view) = nullptr;
  void (*release)(void*) = nullptr;
  result<bytes, key_errc> (*sign_prepared)(void*, bytes_view) = nullptr;
};

template <signature_scheme S>
constexpr auto key_scheme_of() -> key_scheme_row {
  auto row = key_scheme_row{S::check_public, S::check_private, S::generate, S::public_of, S::sign, S::verify};
  if constexpr (requires { &S::prepare; }) {
    row.prepare = S::prepare;
    row.release = S::release;
    row.sign_prepared = S::sign_prepared;
  }
  return row;
}

inline constexpr key_scheme_row key_schemes[]{key_scheme_of<rsa>(), key_scheme_of<ed25519>(), key_scheme_of<secp256k1>(), key_scheme_of<ecdsa>()};

inline auto key_scheme(key_type type) -> key_scheme_row const* {
  auto const at = static_cast<std::size_t>(type);
  return at < std::size(key_schemes) ? &key_schemes[at] : nullptr;
}

}  // namespace detail

CAIRN_DECL auto public_key::make(key_type type, bytes_view data) -> result<public_key, key_errc> {
  auto const* const scheme = detail::key_scheme(type);
  if (!scheme) return std::unexpected(key_errc::unknown_type);
  CAIRN_TRY(auto canonical, scheme->check_public(data));
  return public_key{type, std::move(canonical)};
}

CAIRN_DECL auto public_key::verify(bytes_view message, bytes_view signature) const -> bool {
  return detail::key_scheme(type_)->verify(data_, message, signature);
}

CAIRN_DECL auto private_key::make(key_type type, bytes_view data) -> result<private_key, key_errc> {
  auto const* const scheme = detail::key_scheme(type);
  if (!scheme) return std::unexpected(key_errc::unknown_type);
  CAIRN_TRY(auto canonical, scheme->check_private(data));
  CAIRN_TRY(auto own, scheme->public_of(canonical));
  return private_key{std::move(canonical), public_key{type, std::move(own)}};
}

CAIRN_DECL auto private_key::generate(key_type type, unsigned bits, random_source const& random) -> result<private_key, key_errc> {
  auto const* const scheme = detail::key_scheme(type);
  if (!scheme) return std::unexpected(key_errc::unknown_type);
  CAIRN_TRY(auto secret, scheme->generate(random, bits));
  CAIRN_TRY(auto own, scheme->public_of(secret));
  return private_key{std::move(secret), public_key{type, std::move(own)}};
}

CAIRN_DECL auto private_key::of_ed25519_seed(bytes_view seed) -> result<private_key, key_errc> {
  if (seed.size() != 32) return std::unexpected(key_errc::wrong_length);
  auto const give = [seed](bytes_span out) {
    for (std::size_t i = 0; i < 32; ++i) out[i] = seed[i];
  };
  return generate(key_type::ed25519, 0, random_source{give});
}

CAIRN_DECL private_key::private_key(secret_bytes data, public_key own) : data_{std::move(data)}, public_{std::move(own)} {
  if (auto const* const scheme = detail::key_scheme(type()); scheme->prepare) prepared_ = scheme->prepare(data_);
}

CAIRN_DECL private_key::~private_key() {
  if (prepared_) detail::key_scheme(type())->release(prepared_);
}

CAIRN_DECL auto private_key::clone() const -> private_key { return private_key{secret_bytes{data_}, public_key{public_}}; }

CAIRN_DECL auto private_key::sign(bytes_view message) const -> result<bytes, key_errc> {
  auto const* const scheme = detail::key_scheme(type());
  return scheme->sign_prepared ? scheme->sign_prepared(prepared_, message) : scheme->sign(data_, message);
}

}  // namespace cairn
