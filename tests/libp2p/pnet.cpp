#include <cairn/libp2p/pnet.hpp>

#include <cairn/core/text.hpp>

#include "support/cut.hpp"

#include <catch2/catch.hpp>

using namespace cairn;

TEST_CASE("IX-50: two sides with one key read each other, however the octets are cut; with two keys they read noise") {
  auto random = testing::seeded{1};
  auto const source = random_source{random};
  auto key = bytes(32), other = bytes(32);
  source(key);
  source(other);
  for (auto piece : {1uz, 23uz, 24uz, 25uz, 63uz, 64uz, 65uz, 0uz, 0uz}) {
    auto a = pnet_channel{key, source}, b = pnet_channel{key, source}, stranger = pnet_channel{other, source};
    auto pipe = testing::cut_pipe{piece};
    byte_queue text, noise;
    auto want = bytes{};
    a.start(pipe.from);
    CHECK(pipe.from.size() == 24);
    for (auto i = 0; i < 20; ++i) {
      auto part = bytes(random.below(300));
      source(part);
      append(want, part);
      a.write(part, pipe.from);
    }
    auto const wire = testing::to_vector(pipe.from.view());
    while (pipe.step(random)) pipe.arrived.consume(b.resume(pipe.arrived.view(), text));
    CHECK(testing::to_vector(text.view()) == want);
    CHECK(stranger.resume(wire, noise) == wire.size());
    CHECK(testing::to_vector(noise.view()) != want);
  }
}

TEST_CASE("capability 13 (5): the key stream is XSalsa20") {
  // the first vector of NaCl's stream tests: key and nonce of "Cryptography in NaCl", section 8
  auto const key = *from_hex("1b27556473e985d462cd51197a9a46c76009549eac6474f206c4ee0844f68389");
  auto const nonce = *from_hex("69696ee955b62b73cd62bda875fc73d68219e0036b7a0b37");
  auto out = bytes(32);
  xsalsa20{key, nonce}.mix(out);
  CHECK(to_hex(out) == "eea6a7251c1e72916d11c2cb214d3c252539121d8e234e652d651fa4c8cff880");
}

TEST_CASE("a file swarm.key") {
  auto const hex = std::string(64, 'a');
  auto const key = parse_swarm_key("/key/swarm/psk/1.0.0/\n/base16/\n" + hex + "\n");
  REQUIRE(key);
  CHECK(to_hex(*key) == hex);
  CHECK(parse_swarm_key("/key/swarm/psk/1.0.0/\n/base64/\nqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqo=") == *key);
  CHECK(parse_swarm_key("/key/swarm/psk/1.0.0/\r\n/base16/\r\n" + hex) == *key);
  CHECK(parse_swarm_key("/key/swarm/psk/2/\n/base16/\n" + hex).error() == pnet_errc::bad_header);
  CHECK(parse_swarm_key("/key/swarm/psk/1.0.0/\n/base32/\n" + hex).error() == pnet_errc::bad_encoding);
  CHECK(parse_swarm_key("/key/swarm/psk/1.0.0/\n/base16/\n" + hex + "aa").error() == pnet_errc::bad_key);
}
