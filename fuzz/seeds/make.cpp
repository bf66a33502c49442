// Seeds that need keys and signatures: make_seeds FOLDER writes FOLDER/<target>/*. Keys are made anew each time.
#include "seed.hpp"

#include <cairn/crypto/libp2p_key.hpp>
#include <cairn/crypto/pkcs8.hpp>
#include <cairn/exchange/bitswap.hpp>
#include <cairn/libp2p/identify.hpp>
#include <cairn/libp2p/noise.hpp>
#include <cairn/libp2p/tls/certificate.hpp>
#include <cairn/multiformats/multikey.hpp>
#include <cairn/naming/ipns_name.hpp>
#include <cairn/naming/ipns_record.hpp>

#include <cstdio>

using namespace cairn;

namespace {

constexpr std::int64_t now = 1'767'225'600;

void of_key(std::string const& name, private_key const& key) {
  using namespace std::string_view_literals;
  auto const open = key.public_part();
  seed("keys", name + "-public", encode_libp2p_key(open), "\0"sv);
  seed("keys", name + "-private", encode_libp2p_key(key), "\1"sv);
  seed("keys", name + "-spki", encode_spki(open), "\2"sv);
  seed("keys", name + "-pkcs8", encode_pkcs8(key), "\3"sv);
  seed("keys", name + "-pem", as_bytes(encode_pem(key)), "\4"sv);
  seed("keys", name + "-public-pem", as_bytes(encode_pem(open)), "\4"sv);
  seed("keys", name + "-peer", as_bytes(to_string(peer_id::of(open))), "\5"sv);
  seed("keys", name + "-multikey", encode_multikey(to_multikey(open)), "\7"sv);
  seed("keys", name + "-multikey-text", as_bytes(to_string(to_multikey(open))), "\7"sv);
  if (auto const made = x509::make_credentials(key, now)) seed("tls_certificate", name, made->certificate);

  auto const address = *parse_multiaddr("/ip4/127.0.0.1/tcp/4001");
  auto const record = seal_peer_record(key, 7, {address});
  if (record) seed("identify", name + "-record", *record);
  auto info = identify_info{};
  info.public_key = encode_libp2p_key(open);
  info.listen_addresses = {address};
  info.protocols = {"/ipfs/id/1.0.0", "/ipfs/bitswap/1.2.0"};
  info.observed_address = address;
  info.protocol_version = "ipfs/0.1.0", info.agent_version = "seed/1";
  if (record) info.signed_record = *record;
  byte_queue out;
  append_identify(out, info);
  seed("identify", name + "-message", read_varint(out.view())->rest);
  seed("identify", name + "-stream", out.view());

  if (auto const ipns = make_ipns_record(key, "/ipfs/bafkqaaa", {.sequence = 3, .end_of_life = utc_time{now, 5}, .v1_compatible = true})) seed("ipns_record", name, *ipns);
  auto const source = [](bytes_span into) {
    for (auto& b : into) b = 9;
  };
  if (auto const own = noise_identity::make(key, random_source{source})) {
    auto dialer = noise_channel{*own, {.dialer = true}, random_source{source}}, listener = noise_channel{*own, {.dialer = false}, random_source{source}};
    byte_queue a, b, text;
    (void)dialer.start(a);
    seed("noise", name + "-1", a.view(), "\1"sv);
    (void)listener.start(b);
    (void)listener.resume(a.view(), text, b);
    seed("noise", name + "-2", b.view(), "\0"sv);
  }
}

}  // namespace

int main(int argc, char** argv) {
  if (argc != 2) return std::fprintf(stderr, "usage: make_seeds FOLDER\n"), 2;
  folder = argv[1];
  of_key("ed25519", *private_key::of_ed25519_seed(bytes(32, 2)));  // not the one that the law of records knows
  of_key("rsa", *private_key::generate(key_type::rsa, 2048));
  of_key("ecdsa", *private_key::generate(key_type::ecdsa));
  of_key("secp256k1", *private_key::generate(key_type::secp256k1));

  auto message = bitswap_message{};
  auto const id = *parse_cid("bafkreigh2akiscaildcqabsyg3dfr6chu3fgpregiymsck7e7aqa4s52zy");
  message.want({.id = id, .priority = 1});
  message.presence(id, true);
  byte_queue out;
  for (auto const version : {bitswap_version::v1_0, bitswap_version::v1_1, bitswap_version::v1_2}) {
    out.clear();
    message.encode(version, out);
    seed("bitswap", "v" + std::to_string(static_cast<int>(version)), read_varint(out.view())->rest);
  }
  of_handshakes();
  return 0;
}
