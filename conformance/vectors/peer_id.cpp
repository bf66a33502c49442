#include "areas.hpp"

#include <cairn/crypto/libp2p_key.hpp>
#include <cairn/multiformats/peer_id.hpp>

namespace conformance {
namespace {

using cairn::key_type;

auto check_signature(cairn::public_key const& key, bytes_view data, bytes_view signature) -> answer {
  if (!key.verify(data, signature)) return fail("the signature was refused");
  auto bad = bytes(signature.begin(), signature.end());
  bad[bad.size() / 2] ^= 1;
  if (key.verify(data, bad)) return fail("a damaged signature was accepted");
  return pass();
}

auto run_key(test_case const& c) -> answer {
  auto const public_octets = c.hex("public_pb_hex");
  auto const own = cairn::decode_libp2p_public_key(public_octets);
  if (!own) return fail("public key: " + std::string{describe(own.error())});
  if (auto const a = same("public key again", encode_libp2p_key(*own), public_octets); a.outcome != verdict::pass) return a;
  if (auto const a = same("peer id", to_string(cairn::peer_id::of(*own)), c.text("peer_id")); a.outcome != verdict::pass) return a;
  auto const type = c.text("key_type");
  auto const want = type == "RSA" ? key_type::rsa : type == "Ed25519" ? key_type::ed25519 : type == "Secp256k1" ? key_type::secp256k1 : key_type::ecdsa;
  if (own->type() != want) return fail("another key type");
  if (c.op == "keys.libp2p_signature")
    if (auto const a = check_signature(*own, c.hex("data_hex"), c.hex("signature_hex")); a.outcome != verdict::pass) return a;
  if (!c.has("private_pb_hex")) return pass();
  auto const private_octets = c.hex("private_pb_hex");
  auto const key = cairn::decode_libp2p_private_key(private_octets);
  if (!key) return fail("private key: " + std::string{describe(key.error())});
  if (key->public_part() != *own) return fail("another public key");
  if (c.flag("deterministic")) {
    auto const signature = key->sign(c.hex("data_hex"));
    return signature ? same("signature", *signature, c.hex("signature_hex")) : fail(std::string{describe(signature.error())});
  }
  return pass();
}

auto run(test_case const& c) -> answer {
  if (c.op == "keys.libp2p" || c.op == "keys.libp2p_signature") return run_key(c);
  if (c.op == "peer_id.parse") {
    auto const p = cairn::parse_peer_id(c.text("text"));
    return expect_error(c.expects_error(), !p, p ? "" : std::string{describe(p.error())});
  }
  if (c.op == "peer_id.text") {
    auto const p = cairn::parse_peer_id(c.text("base58"));
    if (!p) return fail(std::string{describe(p.error())});
    if (auto const a = same("multihash", to_bytes(*p), c.hex("multihash_hex")); a.outcome != verdict::pass) return a;
    if (auto const a = same("base58", to_string(*p), c.text("base58")); a.outcome != verdict::pass) return a;
    if (auto const a = same("IPNS name", to_ipns_name(*p), c.text("cid_base36")); a.outcome != verdict::pass) return a;
    if (auto const a = same("base32", to_string(to_cid(*p)), c.text("cid_base32")); a.outcome != verdict::pass) return a;
    for (auto form : {"cid_base36", "cid_base32"})
      if (cairn::parse_peer_id(c.text(form)) != *p) return fail("another peer by its " + std::string{form});
    auto const key = p->inlined_key();
    if (!c.has("public_pb_hex")) return key ? fail("a key in a hash") : pass();
    if (!key) return fail(std::string{describe(key.error())});
    return same("inlined key", encode_libp2p_key(*key), c.hex("public_pb_hex"));
  }
  return unsupported("op " + c.op);
}

}  // namespace

auto peer_id_area() -> area { return {"peer-id", run}; }

}  // namespace conformance
