// Servers of the web, as /tls/ws has them: chains to an authority that the system trusts, against OpenSSL's server.
#include <cairn/libp2p/tls/channel.hpp>

#include "support/cut.hpp"

#include <catch2/catch.hpp>

#include <cstdio>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <string>

#include <openssl/pem.h>
#include <openssl/ssl.h>
#include <openssl/x509v3.h>

#include <unistd.h>

using namespace cairn;
using testing::seeded;

namespace {

constexpr auto now = std::int64_t{1'767'225'600};

auto sign(X509* subject, EVP_PKEY* own, X509* issuer, EVP_PKEY* by, char const* common, std::initializer_list<std::pair<int, char const*>> extensions) {
  ::X509_set_version(subject, 2);
  ::ASN1_INTEGER_set(::X509_get_serialNumber(subject), 7);
  ::ASN1_TIME_set(::X509_getm_notBefore(subject), now - 1000);
  ::ASN1_TIME_set(::X509_getm_notAfter(subject), now + 1000);
  ::X509_NAME_add_entry_by_txt(::X509_get_subject_name(subject), "CN", MBSTRING_ASC, reinterpret_cast<unsigned char const*>(common), -1, -1, 0);
  ::X509_set_issuer_name(subject, ::X509_get_subject_name(issuer));
  ::X509_set_pubkey(subject, own);
  auto context = X509V3_CTX{};
  X509V3_set_ctx_nodb(&context);
  ::X509V3_set_ctx(&context, issuer, subject, nullptr, nullptr, 0);
  for (auto const& [id, text] : extensions) {
    auto* const e = ::X509V3_EXT_conf_nid(nullptr, &context, id, text);
    REQUIRE(e);
    ::X509_add_ext(subject, e, -1);
    ::X509_EXTENSION_free(e);
  }
  REQUIRE(::X509_sign(subject, by, ::EVP_sha256()) > 0);
}

// An authority, one below it, and a server's certificate; the authority is the only one that is trusted.
struct authority {
  EVP_PKEY *root_key = ::EVP_EC_gen("P-256"), *middle_key = ::EVP_EC_gen("P-256"), *server_key = ::EVP_RSA_gen(2048);
  X509 *root = ::X509_new(), *middle = ::X509_new(), *server = ::X509_new();
  std::string file;

  authority() {
    sign(root, root_key, root, root_key, "root", {{NID_basic_constraints, "critical,CA:TRUE"}, {NID_key_usage, "critical,keyCertSign"}});
    sign(middle, middle_key, root, root_key, "middle", {{NID_basic_constraints, "critical,CA:TRUE"}, {NID_key_usage, "critical,keyCertSign"}});
    sign(server, server_key, middle, middle_key, "server", {{NID_subject_alt_name, "DNS:node.example.org,IP:127.0.0.1"}, {NID_ext_key_usage, "serverAuth"}});
    file = (std::filesystem::temp_directory_path() / ("cairn-authority-" + std::to_string(::getpid()) + ".pem")).string();
    auto* const f = std::fopen(file.c_str(), "w");
    ::PEM_write_X509(f, root);
    std::fclose(f);
    ::setenv("SSL_CERT_FILE", file.c_str(), 1);
    ::setenv("SSL_CERT_DIR", "/nonexistent", 1);
  }
  ~authority() {
    ::unsetenv("SSL_CERT_FILE");
    ::unsetenv("SSL_CERT_DIR");
    std::filesystem::remove(file);
    for (auto* k : {root_key, middle_key, server_key}) ::EVP_PKEY_free(k);
    for (auto* x : {root, middle, server}) ::X509_free(x);
  }
};

struct outcome {
  std::optional<error> failed{};
  bytes text{};
  bool open = false;
};

// Our dialer against OpenSSL's server; once open, the server writes.
auto meet(authority const& a, std::string name, bool whole_chain, bool asks, std::int64_t when = now) -> outcome {
  auto random = seeded{3};
  auto const source = random_source{random};
  auto const identity = *tls_identity::make(*private_key::generate(key_type::ed25519, 0, source), now);
  auto* const context = ::SSL_CTX_new(::TLS_server_method());
  ::SSL_CTX_use_certificate(context, a.server);
  ::SSL_CTX_use_PrivateKey(context, a.server_key);
  if (whole_chain) SSL_CTX_add1_chain_cert(context, a.middle);
  if (asks) ::SSL_CTX_set_verify(context, SSL_VERIFY_PEER, nullptr);
  auto* const ssl = ::SSL_new(context);
  auto *const in = ::BIO_new(::BIO_s_mem()), *const out = ::BIO_new(::BIO_s_mem());
  ::SSL_set_bio(ssl, in, out);
  ::SSL_set_accept_state(ssl);
  auto channel = tls_channel{identity, {.now = when, .protocols = {"http/1.1"}, .web = std::move(name)}, source};
  byte_queue wire, back, text;
  auto result = outcome{};
  (void)channel.start(wire);
  for (auto i = 0; i < 6 && !result.failed; ++i) {
    if (!wire.empty()) ::BIO_write(in, wire.view().data(), static_cast<int>(wire.size()));
    wire.clear();
    if (::SSL_do_handshake(ssl) == 1 && i == 3) ::SSL_write(ssl, "hello", 5);
    byte buffer[8192];
    for (int n; (n = ::BIO_read(out, buffer, sizeof buffer)) > 0;) back.push({buffer, static_cast<std::size_t>(n)});
    auto const n = channel.resume(back.view(), text, wire);
    if (!n) result.failed = n.error();
    else back.consume(*n);
  }
  result.open = channel.is_open();
  result.text = testing::to_vector(text.view());
  ::SSL_free(ssl);
  ::SSL_CTX_free(context);
  return result;
}

}  // namespace

TEST_CASE("a server of the web proves its name or its address by a chain to an authority") {
  auto const a = authority{};
  for (auto const* name : {"node.example.org", "127.0.0.1"})
    for (auto asks : {false, true}) {
      auto const r = meet(a, name, true, asks);
      INFO(name << (r.failed ? to_string(*r.failed) : ""));
      CHECK(r.open);
      CHECK(as_text(r.text) == "hello");
    }
}

TEST_CASE("SEC-04: a server of the web with another name, no chain, an authority that nobody trusts, or outside its time is refused") {
  auto const a = authority{};
  using x509::certificate_errc;
  auto const why = [](outcome const& r) { return r.failed.value(); };
  CHECK(why(meet(a, "other.example.org", true, false)) == certificate_errc::wrong_name);
  CHECK(why(meet(a, "example.org", true, false)) == certificate_errc::wrong_name);
  CHECK(why(meet(a, "127.0.0.2", true, false)) == certificate_errc::wrong_name);
  CHECK(why(meet(a, "node.example.org", false, false)) == certificate_errc::untrusted);
  CHECK(why(meet(a, "node.example.org", true, false, now + 2000)) == certificate_errc::expired);
  CHECK(why(meet(a, "node.example.org", true, false, now - 2000)) == certificate_errc::not_yet_valid);
  ::setenv("SSL_CERT_FILE", "/nonexistent", 1);
  CHECK(why(meet(a, "node.example.org", true, false)) == certificate_errc::untrusted);
}
