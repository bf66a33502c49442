#pragma once

#include <cairn/crypto/hash.hpp>
#include <cairn/crypto/impl/rsa.hpp>
#include <cairn/crypto/signature_schemes.hpp>

namespace cairn {

#pragma GCC diagnostic push
#pragma GCC diagnostic ignored "-Wdeprecated-declarations"

CAIRN_DECL auto rsa::check_public(bytes_view data) -> result<bytes, key_errc> {
  CAIRN_TRY(auto const key, detail::rsa_read_spki(data));
  CAIRN_TRY(detail::rsa_read_public(key));
  return bytes(data.begin(), data.end());  // the reader takes the one form only
}

CAIRN_DECL auto rsa::check_private(bytes_view data) -> result<secret_bytes, key_errc> {
  CAIRN_TRY(auto const parts, detail::rsa_read_private(data));
  if (!detail::rsa_belongs_together(parts)) return std::unexpected(key_errc::bad_rsa);
  return secret_bytes{data};
}

CAIRN_DECL auto rsa::generate(random_source const&, unsigned bits) -> result<secret_bytes, key_errc> {
  if (bits == 0) bits = 2048;
  if (bits < limits::rsa_bits_min) return std::unexpected(key_errc::rsa_too_small);
  if (bits > limits::rsa_bits_max) return std::unexpected(key_errc::rsa_too_big);
  auto const key = detail::rsa_handle{::RSA_new()};
  byte const exponent[]{1, 0, 1};
  auto const e = detail::bn_of(exponent);
  if (!key || !e || !::RSA_generate_key_ex(key.get(), static_cast<int>(bits), e.get(), nullptr)) return std::unexpected(key_errc::provider_failed);
  auto const size = ::i2d_RSAPrivateKey(key.get(), nullptr);
  if (size <= 0) return std::unexpected(key_errc::provider_failed);
  auto out = bytes(static_cast<std::size_t>(size));
  auto* at = out.data();
  ::i2d_RSAPrivateKey(key.get(), &at);
  return secret_bytes{std::move(out)};
}

CAIRN_DECL auto rsa::public_of(bytes_view private_data) -> result<bytes, key_errc> {
  CAIRN_TRY(auto const parts, detail::rsa_read_private(private_data));
  return detail::rsa_write_spki(detail::rsa_write_public(parts.n, parts.e));
}

CAIRN_DECL auto rsa::prepare(bytes_view private_data) -> void* {
  auto const parts = detail::rsa_read_private(private_data);
  return parts ? detail::rsa_private_handle(*parts).release() : nullptr;
}

CAIRN_DECL void rsa::release(void* prepared) { ::RSA_free(static_cast<RSA*>(prepared)); }

CAIRN_DECL auto rsa::sign_prepared(void* prepared, bytes_view message) -> result<bytes, key_errc> {
  auto* const key = static_cast<RSA*>(prepared);
  if (!key) return std::unexpected(key_errc::provider_failed);
  auto const hash = sha256(message);
  auto out = bytes(static_cast<std::size_t>(::RSA_size(key)));
  auto size = static_cast<unsigned>(out.size());
  if (!::RSA_sign(NID_sha256, hash.data(), 32, out.data(), &size, key)) return std::unexpected(key_errc::provider_failed);
  out.resize(size);
  return out;
}

CAIRN_DECL auto rsa::sign(bytes_view private_data, bytes_view message) -> result<bytes, key_errc> {
  auto* const key = prepare(private_data);
  auto out = sign_prepared(key, message);
  release(key);
  return out;
}

CAIRN_DECL auto rsa::verify(bytes_view public_data, bytes_view message, bytes_view signature) -> bool {
  auto const spki = detail::rsa_read_spki(public_data);
  if (!spki) return false;
  auto const parts = detail::rsa_read_public(*spki);
  if (!parts || signature.size() != parts->n.size()) return false;
  auto const key = detail::rsa_public_handle(*parts);
  if (!key) return false;
  auto const hash = sha256(message);
  return ::RSA_verify(NID_sha256, hash.data(), 32, signature.data(), static_cast<unsigned>(signature.size()), key.get()) == 1;
}

#pragma GCC diagnostic pop

}  // namespace cairn
