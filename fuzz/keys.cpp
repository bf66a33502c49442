// Every decoder of keys: what is taken is written back, is taken again, and its signatures are its own.
#include <cairn/crypto/libp2p_key.hpp>
#include <cairn/crypto/pkcs8.hpp>
#include <cairn/multiformats/multikey.hpp>
#include <cairn/multiformats/peer_id.hpp>

#include "law.hpp"

using namespace cairn;

namespace {

void public_laws(public_key const& key) {
  CAIRN_LAW(decode_libp2p_public_key(encode_libp2p_key(key)) == key);
  CAIRN_LAW(decode_spki(encode_spki(key)) == key);
  CAIRN_LAW(decode_public_pem(encode_pem(key)) == key);
  CAIRN_LAW(to_public_key(to_multikey(key)) == key);
  auto const id = peer_id::of(key);
  CAIRN_LAW(id.is_of(key));
  CAIRN_LAW(parse_peer_id(to_string(id)) == id);
  CAIRN_LAW(parse_peer_id(to_ipns_name(id)) == id);
}

void private_laws(private_key const& key) {
  CAIRN_LAW(decode_libp2p_private_key(encode_libp2p_key(key)) == key);
  CAIRN_LAW(decode_pkcs8(encode_pkcs8(key)) == key);
  CAIRN_LAW(to_private_key(to_multikey(key)) == key);
  CAIRN_LAW(decode_private_pem(encode_pem(key)) == key);
  public_laws(key.public_part());
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(byte const* data, std::size_t size) {
  if (size == 0) return 0;
  auto const in = bytes_view{data, size}.subspan(1);
  switch (data[0] % 8) {
    case 0:
      if (auto const k = decode_libp2p_public_key(in)) public_laws(*k);
      break;
    case 1:
      if (auto const k = decode_libp2p_private_key(in)) private_laws(*k);
      break;
    case 2:
      if (auto const k = decode_spki(in)) public_laws(*k);
      break;
    case 3:
      if (auto const k = decode_pkcs8(in)) private_laws(*k);
      break;
    case 4:
      if (auto const k = decode_private_pem(as_text(in))) private_laws(*k);
      if (auto const k = decode_public_pem(as_text(in))) public_laws(*k);
      break;
    case 5:
      if (auto const p = decode_peer_id(in)) {
        CAIRN_LAW(equal(to_bytes(*p), in));
        if (auto const k = p->inlined_key()) CAIRN_LAW(peer_id::of(*k).hash().digest().size() <= 42);
      }
      if (auto const p = parse_peer_id(as_text(in))) CAIRN_LAW(parse_peer_id(to_string(*p)) == *p);
      break;
    case 6:
      // a key and a signature, both of the input's making: no verifier may take them by accident of a crash
      for (auto type : {key_type::rsa, key_type::ed25519, key_type::secp256k1, key_type::ecdsa})
        if (auto const k = public_key::make(type, in.first(in.size() / 2))) {
          public_laws(*k);
          (void)!k->verify(in, in.subspan(in.size() / 2));
        }
      break;
    default:
      if (auto const k = decode_multikey(in)) {
        CAIRN_LAW(equal(encode_multikey(*k), in));
        CAIRN_LAW(parse_multikey(to_string(*k)) == *k);
        if (auto const p = to_public_key(*k)) public_laws(*p);
        if (auto const p = to_private_key(*k)) private_laws(*p);
      }
      if (auto const k = parse_multikey(as_text(in))) CAIRN_LAW(parse_multikey(to_string(*k)) == *k);
      break;
  }
  return 0;
}
