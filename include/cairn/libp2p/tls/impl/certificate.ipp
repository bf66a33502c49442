#pragma once

#include <cairn/core/limits.hpp>
#include <cairn/core/try.hpp>
#include <cairn/crypto/der.hpp>
#include <cairn/crypto/libp2p_key.hpp>
#include <cairn/libp2p/tls/certificate.hpp>

#include <openssl/asn1.h>
#include <openssl/ec.h>
#include <openssl/evp.h>
#include <openssl/objects.h>
#include <openssl/rand.h>
#include <openssl/x509v3.h>

#include <memory>

namespace cairn::x509 {
namespace detail {

template <auto Free>
struct freed {
  template <class T>
  void operator()(T* p) const { Free(p); }
};
using x509_ptr = std::unique_ptr<X509, freed<X509_free>>;
using pkey_ptr = std::unique_ptr<EVP_PKEY, freed<EVP_PKEY_free>>;
using object_ptr = std::unique_ptr<ASN1_OBJECT, freed<ASN1_OBJECT_free>>;
using octets_ptr = std::unique_ptr<ASN1_OCTET_STRING, freed<ASN1_OCTET_STRING_free>>;
using extension_ptr = std::unique_ptr<X509_EXTENSION, freed<X509_EXTENSION_free>>;
using time_ptr = std::unique_ptr<ASN1_TIME, freed<ASN1_TIME_free>>;

inline auto extension_id() -> object_ptr { return object_ptr{OBJ_txt2obj("1.3.6.1.4.1.53594.1.1", 1)}; }

/// What the peer's key signs: "libp2p-tls-handshake:" and the SubjectPublicKeyInfo of the certificate's key.
inline auto signed_message(X509 const* certificate) -> bytes {
  auto constexpr prefix = std::string_view{"libp2p-tls-handshake:"};
  auto out = bytes(prefix.begin(), prefix.end());
  unsigned char* der = nullptr;
  auto const n = i2d_X509_PUBKEY(X509_get_X509_PUBKEY(certificate), &der);
  if (n > 0) append(out, {der, static_cast<std::size_t>(n)});
  OPENSSL_free(der);
  return out;
}

/// Whether the certificate's signature is of a scheme that TLS 1.3 has: the hash goes with the curve.
inline auto is_tls13_scheme(X509* certificate) -> bool {
  auto hash = 0, key = 0, security = 0;
  auto flags = std::uint32_t{0};
  if (X509_get_signature_info(certificate, &hash, &key, &security, &flags) != 1) return false;
  auto* const pkey = X509_get0_pubkey(certificate);
  if (!pkey || EVP_PKEY_get_base_id(pkey) != (key == NID_rsassaPss ? EVP_PKEY_RSA : key)) return false;
  if (key == NID_ED25519) return true;
  if (key == NID_rsaEncryption || key == NID_rsassaPss)
    return EVP_PKEY_get_bits(pkey) >= 2048 && EVP_PKEY_get_bits(pkey) <= 8192 && (hash == NID_sha256 || hash == NID_sha384 || hash == NID_sha512);
  if (key != NID_X9_62_id_ecPublicKey) return false;
  char curve[32] = {};
  auto length = std::size_t{0};
  if (EVP_PKEY_get_group_name(pkey, curve, sizeof curve, &length) != 1) return false;
  auto const name = std::string_view{curve, length};
  return (name == "prime256v1" && hash == NID_sha256) || (name == "secp384r1" && hash == NID_sha384) || (name == "secp521r1" && hash == NID_sha512);
}

}  // namespace detail

CAIRN_DECL auto make_credentials(private_key const& peer, std::int64_t now) -> result<credentials, certificate_errc> {
  using namespace detail;
  auto const failed = std::unexpected(certificate_errc::provider_failed);
  auto const key = pkey_ptr{EVP_EC_gen("P-256")};
  auto const out = x509_ptr{X509_new()};
  if (!key || !out) return failed;
  auto serial = std::uint64_t{0};
  if (RAND_bytes(reinterpret_cast<unsigned char*>(&serial), sizeof serial) != 1) return failed;
  auto constexpr day = std::int64_t{24 * 3600};
  auto const from = time_ptr{ASN1_TIME_set(nullptr, now - day)}, until = time_ptr{ASN1_TIME_set(nullptr, now + 36500 * day)};
  if (!from || !until || X509_set_version(out.get(), 2) != 1 || ASN1_INTEGER_set_uint64(X509_get_serialNumber(out.get()), serial >> 1) != 1 ||
      X509_set1_notBefore(out.get(), from.get()) != 1 || X509_set1_notAfter(out.get(), until.get()) != 1 || X509_set_pubkey(out.get(), key.get()) != 1)
    return failed;

  auto const signature = peer.sign(signed_message(out.get()));
  if (!signature) return failed;
  auto const key_element = der_element(der_octets, {encode_libp2p_key(peer.public_part())}), signature_element = der_element(der_octets, {*signature});
  auto const value = der_element(der_sequence, {key_element, signature_element});
  auto const octets = octets_ptr{ASN1_OCTET_STRING_new()};
  if (!octets || ASN1_OCTET_STRING_set(octets.get(), value.data(), static_cast<int>(value.size())) != 1) return failed;
  auto const id = extension_id();
  auto const extension = extension_ptr{X509_EXTENSION_create_by_OBJ(nullptr, id.get(), 0, octets.get())};
  if (!extension || X509_add_ext(out.get(), extension.get(), -1) != 1 || X509_sign(out.get(), key.get(), EVP_sha256()) == 0) return failed;

  auto made = credentials{};
  unsigned char* der = nullptr;
  auto n = i2d_X509(out.get(), &der);
  if (n <= 0) return failed;
  made.certificate.assign(der, der + n);
  OPENSSL_free(der);
  der = nullptr;
  n = i2d_PrivateKey(key.get(), &der);
  if (n <= 0) return failed;
  made.key = secret_bytes{bytes_view{der, static_cast<std::size_t>(n)}};
  OPENSSL_clear_free(der, static_cast<std::size_t>(n));
  return made;
}

CAIRN_DECL auto verify_certificate(bytes_view der, std::int64_t now) -> result<public_key, certificate_errc> {
  using namespace detail;
  using enum certificate_errc;
  if (der.size() > limits::certificate) return std::unexpected(too_large);
  auto const* at = der.data();
  auto const in = x509_ptr{d2i_X509(nullptr, &at, static_cast<long>(der.size()))};
  if (!in || at != der.data() + der.size() || X509_get_version(in.get()) != 2) return std::unexpected(not_x509);
  // "inclusive" of both ends (RFC 5280, 4.1.2.5); to this function the same second is an earlier one, and 0 is a time that is none
  auto moment = static_cast<time_t>(now), before = moment - 1;
  if (X509_cmp_time(X509_get0_notBefore(in.get()), &moment) >= 0) return std::unexpected(not_yet_valid);
  if (X509_cmp_time(X509_get0_notAfter(in.get()), &before) <= 0) return std::unexpected(expired);

  auto const id = extension_id();
  X509_EXTENSION* ours = nullptr;
  for (auto i = 0; i < X509_get_ext_count(in.get()); ++i) {
    auto* const e = X509_get_ext(in.get(), i);
    if (OBJ_cmp(X509_EXTENSION_get_object(e), id.get()) == 0) {
      if (ours) return std::unexpected(no_extension);
      ours = e;
    } else if (X509_EXTENSION_get_critical(e) && !X509_supported_extension(e)) {
      return std::unexpected(unknown_critical);
    }
  }
  if (!ours) return std::unexpected(no_extension);
  // either says all where it is not there
  if ((X509_get_key_usage(in.get()) & KU_DIGITAL_SIGNATURE) == 0 || (X509_get_extended_key_usage(in.get()) & (XKU_SSL_SERVER | XKU_SSL_CLIENT | XKU_ANYEKU)) == 0)
    return std::unexpected(wrong_usage);
  auto const* octets = X509_EXTENSION_get_data(ours);
  auto sequence = der_whole_sequence({ASN1_STRING_get0_data(octets), static_cast<std::size_t>(ASN1_STRING_length(octets))});
  if (!sequence) return std::unexpected(bad_extension);
  auto const key_octets = sequence->take(der_octets), signature = sequence->take(der_octets);
  if (!key_octets || !signature || !sequence->at_end()) return std::unexpected(bad_extension);
  auto peer = decode_libp2p_public_key(*key_octets);
  if (!peer) return std::unexpected(bad_key);

  if (!is_tls13_scheme(in.get())) return std::unexpected(weak_signature);
  if (X509_verify(in.get(), X509_get0_pubkey(in.get())) != 1) return std::unexpected(bad_self_signature);
  if (!peer->verify(signed_message(in.get()), *signature)) return std::unexpected(bad_signature);
  return *std::move(peer);
}

}  // namespace cairn::x509
