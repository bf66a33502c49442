#pragma once

#include <cairn/libp2p/tls/handshake.hpp>
#include <cairn/libp2p/tls/impl/certificate.ipp>

#include <openssl/rsa.h>

// CertificateVerify (RFC 8446, 4.4.3): signatures by a certificate's own key.

namespace cairn::detail {

struct context_free {
  void operator()(EVP_MD_CTX* p) const { ::EVP_MD_CTX_free(p); }
};
using digest_context = std::unique_ptr<EVP_MD_CTX, context_free>;

struct tls_scheme {
  std::size_t code;
  int key;                  // the kind of key that it goes with
  char const* curve;
  EVP_MD const* (*hash)();  // null: Ed25519
};
inline constexpr tls_scheme tls_schemes[]{
    {0x0403, EVP_PKEY_EC, "prime256v1", &::EVP_sha256}, {0x0503, EVP_PKEY_EC, "secp384r1", &::EVP_sha384}, {0x0603, EVP_PKEY_EC, "secp521r1", &::EVP_sha512},
    {0x0807, EVP_PKEY_ED25519, "", nullptr},            {0x0804, EVP_PKEY_RSA, "", &::EVP_sha256},         {0x0805, EVP_PKEY_RSA, "", &::EVP_sha384},
    {0x0806, EVP_PKEY_RSA, "", &::EVP_sha512}};

/// Whether `signature` is by the key of that certificate, whose form was checked before.
inline auto verify_by_certificate(bytes_view der, std::size_t code, bytes_view message, bytes_view signature) -> bool {
  auto const* at = der.data();
  auto const in = x509::detail::x509_ptr{::d2i_X509(nullptr, &at, static_cast<long>(der.size()))};
  auto* const key = in ? ::X509_get0_pubkey(in.get()) : nullptr;
  if (!key) return false;
  for (auto const& s : tls_schemes) {
    if (s.code != code) continue;
    if (::EVP_PKEY_get_base_id(key) != s.key) return false;
    if (s.key == EVP_PKEY_EC) {
      char name[32] = {};
      auto length = std::size_t{0};
      if (::EVP_PKEY_get_group_name(key, name, sizeof name, &length) != 1 || std::string_view{name, length} != s.curve) return false;
    }
    auto const context = digest_context{::EVP_MD_CTX_new()};
    EVP_PKEY_CTX* parameters = nullptr;
    if (!context || ::EVP_DigestVerifyInit(context.get(), &parameters, s.hash ? s.hash() : nullptr, nullptr, key) != 1) return false;
    if (s.key == EVP_PKEY_RSA && (::EVP_PKEY_CTX_set_rsa_padding(parameters, RSA_PKCS1_PSS_PADDING) != 1 ||
                                  ::EVP_PKEY_CTX_set_rsa_pss_saltlen(parameters, RSA_PSS_SALTLEN_DIGEST) != 1))
      return false;
    return ::EVP_DigestVerify(context.get(), signature.data(), signature.size(), message.data(), message.size()) == 1;
  }
  return false;
}

/// What a CertificateVerify signs.
inline auto tls_signed_text(bool by_dialer, bytes_view transcript_hash) -> bytes {
  auto out = bytes(64, 0x20);
  append(out, as_bytes(by_dialer ? "TLS 1.3, client CertificateVerify" : "TLS 1.3, server CertificateVerify"));
  out.push_back(0);
  append(out, transcript_hash);
  return out;
}

}  // namespace cairn::detail

namespace cairn {

CAIRN_DECL auto tls_identity::make(private_key const& peer, std::int64_t now) -> result<tls_identity, x509::certificate_errc> {
  auto made = x509::make_credentials(peer, now);
  if (!made) return std::unexpected(made.error());
  auto out = tls_identity{};
  out.certificate_ = std::move(made->certificate);
  auto const* at = made->key.data();
  auto* const key = ::d2i_AutoPrivateKey(nullptr, &at, static_cast<long>(made->key.size()));
  if (!key) return std::unexpected(x509::certificate_errc::provider_failed);
  out.key_ = std::shared_ptr<void>{key, [](void* p) { ::EVP_PKEY_free(static_cast<EVP_PKEY*>(p)); }};
  return out;
}

CAIRN_DECL auto tls_identity::sign(bytes_view message) const -> bytes {
  auto const context = detail::digest_context{::EVP_MD_CTX_new()};
  auto out = bytes(128);
  auto size = out.size();
  if (!context || ::EVP_DigestSignInit(context.get(), nullptr, ::EVP_sha256(), nullptr, static_cast<EVP_PKEY*>(key_.get())) != 1 ||
      ::EVP_DigestSign(context.get(), out.data(), &size, message.data(), message.size()) != 1)
    return {};
  out.resize(size);
  return out;
}

}  // namespace cairn
