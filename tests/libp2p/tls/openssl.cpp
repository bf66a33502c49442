// Our TLS against OpenSSL's: what another implementation says and expects.
#include <cairn/libp2p/tls/channel.hpp>

#include "support/cut.hpp"

#include <catch2/catch.hpp>

#include <openssl/ssl.h>

using namespace cairn;
using testing::seeded;

namespace {

constexpr auto now = std::int64_t{1'767'225'600};

auto accept_any(X509_STORE_CTX*, void*) -> int { return 1; }

auto choose_first(SSL*, unsigned char const** out, unsigned char* size, unsigned char const* in, unsigned, void*) -> int {
  *out = in + 1, *size = in[0];
  return SSL_TLSEXT_ERR_OK;
}

struct settings {
  char const* groups = "X25519";
  char const* suites = "TLS_AES_256_GCM_SHA384:TLS_AES_128_GCM_SHA256:TLS_CHACHA20_POLY1305_SHA256";
  bool tickets = true, compatible = true;
};

// OpenSSL in memory, with a certificate of ours.
struct other_side {
  SSL_CTX* context = ::SSL_CTX_new(::TLS_method());
  SSL* ssl = nullptr;
  BIO *in = ::BIO_new(::BIO_s_mem()), *out = ::BIO_new(::BIO_s_mem());

  other_side(bool dialer, private_key const& key, settings const& s) {
    auto const made = x509::make_credentials(key, now).value();
    ::SSL_CTX_set_min_proto_version(context, TLS1_3_VERSION);
    REQUIRE(::SSL_CTX_use_certificate_ASN1(context, static_cast<int>(made.certificate.size()), made.certificate.data()) == 1);
    REQUIRE(::SSL_CTX_use_PrivateKey_ASN1(EVP_PKEY_EC, context, made.key.data(), static_cast<long>(made.key.size())) == 1);
    REQUIRE(::SSL_CTX_set1_groups_list(context, s.groups) == 1);
    REQUIRE(::SSL_CTX_set_ciphersuites(context, s.suites) == 1);
    ::SSL_CTX_set_verify(context, SSL_VERIFY_PEER | SSL_VERIFY_FAIL_IF_NO_PEER_CERT, nullptr);
    ::SSL_CTX_set_cert_verify_callback(context, accept_any, nullptr);
    ::SSL_CTX_set_alpn_select_cb(context, choose_first, nullptr);
    if (!s.tickets) ::SSL_CTX_set_num_tickets(context, 0);
    if (!s.compatible) ::SSL_CTX_clear_options(context, SSL_OP_ENABLE_MIDDLEBOX_COMPAT);
    ssl = ::SSL_new(context);
    unsigned char const names[] = "\x0c/yamux/1.0.0\x06libp2p";
    ::SSL_set_alpn_protos(ssl, names, sizeof names - 1);
    ::SSL_set_bio(ssl, in, out);
    dialer ? ::SSL_set_connect_state(ssl) : ::SSL_set_accept_state(ssl);
  }
  other_side(other_side const&) = delete;
  ~other_side() {
    ::SSL_free(ssl);
    ::SSL_CTX_free(context);
  }

  void take(byte_queue& from) {
    if (!from.empty()) ::BIO_write(in, from.view().data(), static_cast<int>(from.size()));
    from.clear();
  }
  void give(byte_queue& to) {
    byte buffer[4096];
    for (int n; (n = ::BIO_read(out, buffer, sizeof buffer)) > 0;) to.push({buffer, static_cast<std::size_t>(n)});
  }
};

struct pair_of {
  seeded random{11};
  random_source source{random};
  private_key ours = *private_key::generate(key_type::ed25519, 0, source), theirs = *private_key::generate(key_type::ecdsa, 0, source);
  tls_identity identity = *tls_identity::make(ours, now);
  other_side other;
  tls_channel channel;
  byte_queue to_us, from_us, text;

  pair_of(bool we_dial, settings const& s = {})
      : other{!we_dial, theirs, s},
        channel{identity, {.dialer = we_dial, .expected = peer_id::of(theirs.public_part()), .now = now, .protocols = {"/yamux/1.0.0", "libp2p"}}, source} {}

  auto pump() -> io_result<void> {
    for (auto i = 0; i < 6; ++i) {
      other.give(to_us);
      // one octet at a time would be the same: the laws say so
      auto const n = channel.resume(to_us.view(), text, from_us);
      other.take(from_us);
      if (!n) return std::unexpected(n.error());
      to_us.consume(*n);
      ::SSL_do_handshake(other.ssl);
      char none;
      ::SSL_peek(other.ssl, &none, 1);
    }
    return {};
  }
  auto open() -> io_result<void> {
    auto const ok = channel.start(from_us);
    other.take(from_us);
    return ok ? pump() : ok;
  }
  auto read_there() -> bytes {
    auto out = bytes{};
    byte buffer[20000];
    for (int n; (n = ::SSL_read(other.ssl, buffer, sizeof buffer)) > 0;) append(out, {buffer, static_cast<std::size_t>(n)});
    return out;
  }
  void check_both_ways() {
    auto text_there = bytes(100'000);
    random(text_there);
    REQUIRE(channel.write(text_there, from_us));
    other.take(from_us);
    CHECK(read_there() == text_there);
    REQUIRE(::SSL_write(other.ssl, text_there.data(), static_cast<int>(text_there.size())) == static_cast<int>(text_there.size()));
    REQUIRE(pump());
    CHECK(testing::to_vector(text.view()) == text_there);
    text.clear();
  }
};

}  // namespace

TEST_CASE("OpenSSL and we talk TLS, each as dialer and listener, with every suite in common") {
  for (auto we_dial : {true, false})
    for (auto suites : {"TLS_AES_256_GCM_SHA384:TLS_AES_128_GCM_SHA256", "TLS_CHACHA20_POLY1305_SHA256"})
      for (auto compatible : {true, false}) {
        auto p = pair_of{we_dial, {.suites = suites, .compatible = compatible}};
        REQUIRE(p.open());
        REQUIRE(p.channel.is_open());
        CHECK(p.channel.early_muxer() == "/yamux/1.0.0");
        CHECK(*p.channel.remote() == p.theirs.public_part());
        CHECK(::SSL_is_init_finished(p.other.ssl));
        p.check_both_ways();
      }
}

TEST_CASE("a dialer whose first share is of another group is asked again") {
  auto p = pair_of{false, {.groups = "P-256:X25519"}};
  REQUIRE(p.open());
  REQUIRE(p.channel.is_open());
  p.check_both_ways();
}

TEST_CASE("OpenSSL and we have no suite or no group in common: an error that says so") {
  auto p = pair_of{false, {.suites = "TLS_AES_256_GCM_SHA384"}};
  CHECK(p.open().error() == tls_errc::no_suite);
  auto q = pair_of{false, {.groups = "P-256"}};
  CHECK(q.open().error() == tls_errc::no_suite);
  auto r = pair_of{true, {.groups = "P-256"}};
  CHECK(r.open().error() == tls_errc::alert);
}

TEST_CASE("keys change when OpenSSL asks for it, and again and again") {
  for (auto we_dial : {true, false}) {
    auto p = pair_of{we_dial};
    REQUIRE(p.open());
    for (auto i = 0; i < 5; ++i) {
      REQUIRE(::SSL_key_update(p.other.ssl, i % 2 == 0 ? SSL_KEY_UPDATE_REQUESTED : SSL_KEY_UPDATE_NOT_REQUESTED) == 1);
      p.check_both_ways();
    }
  }
}

TEST_CASE("SEC-12: a flood of key changes ends the channel") {
  auto p = pair_of{true};
  REQUIRE(p.open());
  for (auto i = 0; i < 100; ++i) {
    ::SSL_key_update(p.other.ssl, SSL_KEY_UPDATE_REQUESTED);
    ::SSL_do_handshake(p.other.ssl);
  }
  p.other.give(p.to_us);
  auto const answer = p.channel.resume(p.to_us.view(), p.text, p.from_us);
  REQUIRE_FALSE(answer);
  CHECK(answer.error() == tls_errc::unexpected_message);
  CHECK(p.from_us.size() < 1000);
}

TEST_CASE("a channel that was closed says so") {
  auto p = pair_of{true};
  REQUIRE(p.open());
  ::SSL_shutdown(p.other.ssl);
  CHECK(p.pump().error() == tls_errc::closed);
}
