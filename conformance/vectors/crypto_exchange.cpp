// The operations of the area "crypto" that secure channels are made of: key exchange, cipher, key derivation.
#include "areas.hpp"

#include <algorithm>
#include <utility>

#include <cairn/crypto/chacha20_poly1305.hpp>
#include <cairn/crypto/hkdf.hpp>
#include <cairn/crypto/x25519.hpp>

namespace conformance {
namespace {

auto run_exchange(bytes_view secret, bytes_view other, bytes_view shared, std::string_view want) -> answer {
  auto const have = cairn::x25519(secret, other);
  // "acceptable": the shared secret is zero, which a channel must refuse
  auto const zero = std::all_of(shared.begin(), shared.end(), [](auto b) { return b == 0; });
  if (zero && want != "valid") return have ? fail("a point of low order was taken") : pass();
  return have ? same("shared secret", *have, shared) : fail(std::string{describe(have.error())});
}

auto run_cipher(test_case const& c) -> answer {
  auto const key = c.hex("key"), iv = c.hex("iv"), aad = c.hex("aad"), text = c.hex("msg");
  auto sealed = c.hex("ct");
  cairn::append(sealed, c.hex("tag"));
  if (iv.size() != cairn::chacha20_poly1305::nonce_size) return c.text("result") == "valid" ? fail("nonce size") : pass();
  auto cipher = cairn::chacha20_poly1305{key};
  auto opened = bytes(sealed.size());
  auto const ok = cipher.open(iv, aad, sealed, opened.data());
  if (c.text("result") != "valid") return ok ? fail("a forgery was taken") : pass();
  if (!ok) return fail("refused");
  opened.resize(text.size());
  if (auto const a = same("text", opened, text); a.outcome != verdict::pass) return a;
  auto again = bytes(text.size() + cairn::chacha20_poly1305::tag_size);
  cipher.seal(iv, aad, text, again.data());
  return same("sealed", again, sealed);
}

}  // namespace

auto run_crypto_exchange(test_case const& c) -> answer {
  if (c.op == "XdhComp") return run_exchange(c.hex("private"), c.hex("public"), c.hex("shared"), c.text("result"));
  if (c.op == "x25519") return run_exchange(c.hex("scalar_hex"), c.hex("u_hex"), c.hex("out_hex"), "valid");
  if (c.op == "x25519_iterated") {
    auto k = bytes(32), u = bytes(32);
    k[0] = u[0] = 9;
    for (auto i = c.unsigned_number("count"); i-- > 0;) {
      auto const out = cairn::x25519(k, u);
      if (!out) return fail(std::string{describe(out.error())});
      u = std::exchange(k, bytes(out->view().begin(), out->view().end()));
    }
    return same("result", k, c.hex("out_hex"));
  }
  if (c.op == "AeadTest") return run_cipher(c);
  if (c.op == "chacha20poly1305.seal") {
    auto const text = c.has("plaintext_hex") ? c.hex("plaintext_hex") : c.hex("msg_hex");
    auto out = bytes(text.size() + 16);
    cairn::chacha20_poly1305{c.hex("key_hex")}.seal(c.hex("nonce_hex"), c.hex("aad_hex"), text, out.data());
    auto want = c.hex(c.has("ciphertext_hex") ? "ciphertext_hex" : "out_hex");
    if (c.has("tag_hex")) cairn::append(want, c.hex("tag_hex"));
    return same("sealed", out, want);
  }
  if (c.op == "HkdfTest") {
    auto const size = c.unsigned_number("size");
    if (size > 255 * 32) return c.text("result") == "invalid" ? pass() : fail("size");
    auto out = bytes(size);
    cairn::hkdf_sha256(c.hex("salt"), c.hex("ikm"), c.hex("info"), out);
    return same("okm", out, c.hex("okm"));
  }
  if (c.op == "hkdf_sha256") {
    auto out = bytes(c.unsigned_number("length"));
    cairn::hkdf_sha256(c.hex("salt_hex"), c.hex("ikm_hex"), c.hex("info_hex"), out);
    if (c.has("prk_hex")) {
      auto const salt = c.hex("salt_hex");
      auto const zeros = bytes(32);
      if (auto const a = same("prk", cairn::hmac_sha256(salt.empty() ? zeros : salt, c.hex("ikm_hex")), c.hex("prk_hex")); a.outcome != verdict::pass) return a;
    }
    return same("okm", out, c.hex("okm_hex"));
  }
  if (c.op == "MacTest") {
    auto const full = cairn::hmac_sha256(c.hex("key"), c.hex("msg"));
    auto const tag = c.hex("tag");
    auto const equal = tag.size() <= full.size() && cairn::equal(bytes_view{full}.first(tag.size()), tag);
    return equal == (c.text("result") == "valid") ? pass() : fail(equal ? "a forgery was taken" : "refused");
  }
  return unsupported("op " + c.op);
}

}  // namespace conformance
