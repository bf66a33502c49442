#include "areas.hpp"

#include <cairn/core/text.hpp>
#include <cairn/multiformats/multicodec.hpp>
#include <cairn/multiformats/multikey.hpp>

namespace conformance {
namespace {

using cairn::multibase;

// The did:key files as they were found: one case per identifier, checked against every form of the key that stands beside it.
auto expand(foreign_file const& file) -> std::vector<json::object> {
  auto out = std::vector<json::object>{};
  auto const add = [&](json::key_value_pair const& entry) {
    auto c = entry.value().as_object();
    c["id"] = file.name + ":" + std::to_string(out.size());
    c["op"] = "did_key";
    c["did"] = entry.key();
    out.push_back(std::move(c));
  };
  auto const document = parse_json(read_text(file.folder / file.name));
  for (auto const& entry : document.as_object()) {
    if (entry.key().starts_with("did:key:")) {
      add(entry);
    } else if (entry.value().is_object()) {  // x25519.json: all documents under one name
      for (auto const& nested : entry.value().as_object()) add(nested);
    }
  }
  return out;
}

auto base58(std::string_view text) -> bytes {
  auto octets = cairn::decode_base(multibase::base58btc, text);
  if (!octets) throw bad_case{"not base58"};
  return *std::move(octets);
}

auto base64url(json::object const& jwk, std::string_view field) -> bytes {
  auto octets = cairn::decode_base(multibase::base64url, to_text(jwk.at(field)));
  if (!octets) throw bad_case{"not base64url"};
  return *std::move(octets);
}

// The key of a JWK in the form that a Multikey has it in; empty where the kind is not one of these.
auto jwk_octets(json::object const& jwk) -> bytes {
  auto const kind = to_text(jwk.at("kty"));
  if (kind == "OKP") return base64url(jwk, "x");
  if (kind == "EC") {
    auto out = bytes{static_cast<cairn::byte>(2 + (base64url(jwk, "y").back() & 1))};
    cairn::append(out, base64url(jwk, "x"));
    return out;
  }
  return {};
}

auto contains_octets(bytes_view whole, bytes_view part) -> bool {
  for (std::size_t at = 0; at + part.size() <= whole.size(); ++at)
    if (cairn::equal(whole.subspan(at, part.size()), part)) return true;
  return false;
}

auto check_beside(json::value const& v, cairn::multikey const& key, std::string const& did, int& checked) -> answer {
  if (v.is_array()) {
    for (auto const& item : v.as_array())
      if (auto const a = check_beside(item, key, did, checked); a.outcome != verdict::pass) return a;
  }
  if (!v.is_object()) return pass();
  auto const& o = v.as_object();
  auto const* const name = o.if_contains("id");
  auto const own = !name || to_text(*name).ends_with("#" + did.substr(8)) || !to_text(*name).contains('#');
  if (own && o.contains("publicKeyBase58")) {
    ++checked;
    if (auto const a = same("publicKeyBase58", key.octets(), base58(to_text(o.at("publicKeyBase58")))); a.outcome != verdict::pass) return a;
  }
  if (own && o.contains("publicKeyJwk")) {
    auto const& jwk = o.at("publicKeyJwk").as_object();
    ++checked;
    if (to_text(jwk.at("kty")) == "RSA") {
      if (!contains_octets(key.octets(), base64url(jwk, "n"))) return fail("the modulus of the JWK is not in the key");
    } else if (auto const a = same("publicKeyJwk", key.octets(), jwk_octets(jwk)); a.outcome != verdict::pass) {
      return a;
    }
  }
  if (own)
    for (auto const& entry : o)
      if (auto const a = check_beside(entry.value(), key, did, checked); a.outcome != verdict::pass) return a;
  return pass();
}

auto run_did_key(test_case const& c) -> answer {
  auto const did = c.text("did");
  auto const key = cairn::parse_did_key(did);
  if (!key) return fail(std::string{describe(key.error())});
  if (auto const a = same("did:key", to_did_key(*key), did); a.outcome != verdict::pass) return a;
  auto checked = 0;
  if (auto const a = check_beside(c.body, *key, did, checked); a.outcome != verdict::pass) return a;
  if (checked == 0) return fail("no key beside the identifier was recognised");
  if (auto const p = cairn::to_public_key(*key)) {
    if (to_multikey(*p) != *key) return fail("not the same key after a round through libp2p's form");
  } else if (p.error() != cairn::multikey_errc::no_such_key) {
    return fail(std::string{describe(p.error())});
  }
  if (c.has("seed")) {
    auto const code = key->code() == 0xed ? 0x1300ull : key->code() == 0xe7 ? 0x1301ull : 0;
    if (code == 0) return pass();
    auto const secret = cairn::multikey::make(code, c.hex("seed"));
    auto const whole = cairn::to_private_key(*secret);
    if (!whole) return fail(std::string{describe(whole.error())});
    return same("public key of the seed", to_did_key(to_multikey(whole->public_part())), did);
  }
  return pass();
}

auto run(test_case const& c) -> answer {
  if (c.op == "did_key") return run_did_key(c);
  if (c.op == "multikey.decode") {
    auto const text = c.text("multikey");
    auto const key = cairn::parse_multikey(text);
    if (c.expects_error()) return expect_error(true, !key, key ? "" : std::string{describe(key.error())});
    if (!key) return fail(std::string{describe(key.error())});
    if (key->code() != c.unsigned_number("codec")) return fail("another code");
    if (auto const a = same("key", key->octets(), c.hex("key_hex")); a.outcome != verdict::pass) return a;
    if (auto const a = same("name", cairn::multicodec_name(key->code()), c.text("codec_name")); a.outcome != verdict::pass) return a;
    if (auto const a = same("encoded", to_string(*key), text); a.outcome != verdict::pass) return a;
    if (c.has("jwk")) {
      if (auto const a = same("jwk", key->octets(), jwk_octets(c.object("jwk"))); a.outcome != verdict::pass) return a;
    }
    if (!c.has("seed_hex")) return pass();
    auto const secret = cairn::to_private_key(*cairn::multikey::make(key->code() == 0xed ? 0x1300 : 0x1301, c.hex("seed_hex")));
    if (!secret) return fail(std::string{describe(secret.error())});
    return same("public key of the seed", to_string(to_multikey(secret->public_part())), text);
  }
  if (c.op == "multikey.derive_x25519") {
    auto const from = cairn::parse_multikey(c.text("from_multikey"));
    if (!from) return fail(std::string{describe(from.error())});
    auto const to = to_x25519(*from);
    if (!to) return fail(std::string{describe(to.error())});
    return same("derived", to_string(*to), c.text("multikey"));
  }
  if (c.op == "ed25519.verify") {
    auto const key = cairn::parse_multikey(c.text("public_multikey"));
    if (!key) return fail(std::string{describe(key.error())});
    auto const p = to_public_key(*key);
    if (!p) return fail(std::string{describe(p.error())});
    auto const message = c.text("data_text");
    auto const ok = p->verify(cairn::as_bytes(message), c.hex("signature_hex"));
    return expect_error(c.expects_error(), !ok, ok ? "" : "the signature is not the key's");
  }
  return unsupported("op " + c.op);
}

}  // namespace

auto multikey_area() -> area { return {"multikey", run, expand}; }

}  // namespace conformance
