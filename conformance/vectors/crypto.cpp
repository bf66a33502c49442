#include "areas.hpp"

#include <cairn/core/text.hpp>
#include <cairn/crypto/hash.hpp>
#include <cairn/crypto/pkcs8.hpp>
#include <cairn/crypto/signature_schemes.hpp>

namespace conformance {
namespace {

// Wycheproof's files: a group's key goes into each of its tests.
auto expand(foreign_file const& file) -> std::vector<json::object> {
  auto out = std::vector<json::object>{};
  auto const document = parse_json(read_text(file.folder / file.name));
  for (auto const& group : document.at("testGroups").as_array())
    for (auto const& test : group.at("tests").as_array()) {
      auto c = test.as_object();
      c["id"] = file.name + ":" + to_text(c["tcId"]);
      c["op"] = group.at("type");
      for (auto field : {"publicKeyDer", "sha", "tagSize"})
        if (auto const* const value = group.as_object().if_contains(field)) c[field] = *value;
      out.push_back(std::move(c));
    }
  return out;
}

struct der_signature {
  bytes r, s;
};

auto read_signature(bytes_view in) -> std::optional<der_signature> {
  auto const take = [&](bytes& to) {
    if (in.size() < 2 || in[0] != 2 || in[1] > 0x7f || in.size() < 2u + in[1]) return false;
    to.assign(in.begin() + 2, in.begin() + 2 + in[1]);
    in = in.subspan(2u + in[1]);
    return true;
  };
  if (in.size() < 2 || in[0] != 0x30 || in[1] != in.size() - 2) return std::nullopt;
  in = in.subspan(2);
  auto out = der_signature{};
  if (!take(out.r) || !take(out.s) || !in.empty()) return std::nullopt;
  return out;
}

// The same signature with the order less s: Wycheproof calls both valid, libp2p only the one with the low s (IX-18).
auto low_twin(bytes_view signature) -> std::optional<bytes> {
  auto const order = unhex("fffffffffffffffffffffffffffffffebaaedce6af48a03bbfd25e8cd0364141");
  auto parts = read_signature(signature);
  if (!parts) return std::nullopt;
  while (!parts->s.empty() && parts->s[0] == 0) parts->s.erase(parts->s.begin());
  if (parts->s.size() > 32) return std::nullopt;
  parts->s.insert(parts->s.begin(), 32 - parts->s.size(), 0);
  auto low = bytes(32);
  auto borrow = 0;
  for (auto at = 32uz; at-- > 0;) {
    auto const d = order[at] - parts->s[at] - borrow;
    borrow = d < 0;
    low[at] = static_cast<cairn::byte>(d);
  }
  if (borrow != 0) return std::nullopt;
  auto first = 0uz;
  while (first < 31 && low[first] == 0) ++first;
  low.erase(low.begin(), low.begin() + static_cast<std::ptrdiff_t>(first));
  if (low[0] >= 0x80) return std::nullopt;
  auto out = bytes{0x30, static_cast<cairn::byte>(4 + parts->r.size() + low.size()), 2, static_cast<cairn::byte>(parts->r.size())};
  cairn::append(out, parts->r);
  out.push_back(2);
  out.push_back(static_cast<cairn::byte>(low.size()));
  cairn::append(out, low);
  return out;
}

auto run_signature(test_case const& c) -> answer {
  auto const key = cairn::decode_spki(c.hex("publicKeyDer"));
  auto const want = c.text("result");
  if (!key) return want == "valid" ? fail("key: " + std::string{describe(key.error())}) : pass();
  auto const message = c.hex("msg"), signature = c.hex("sig");
  auto const ok = key->verify(message, signature);
  if (want == "acceptable" || ok == (want == "valid")) return pass();
  if (ok) return fail("accepted");
  if (key->type() == cairn::key_type::secp256k1)
    if (auto const twin = low_twin(signature); twin && key->verify(message, *twin)) return pass();
  return fail("refused");
}

auto run(test_case const& c) -> answer {
  if (c.op == "EddsaVerify" || c.op == "EcdsaVerify" || c.op == "RsassaPkcs1Verify") return run_signature(c);
  if (c.op == "sha256") return same("digest", cairn::sha256(c.hex("data_hex")), c.hex("out_hex"));
  if (c.op == "sha256_repeat")
    return same("digest", cairn::sha256(bytes(c.unsigned_number("count"), c.hex("byte_hex").at(0))), c.hex("out_hex"));
  return run_crypto_exchange(c);
}

}  // namespace

auto crypto_area() -> area { return {"crypto", run, expand}; }

}  // namespace conformance
