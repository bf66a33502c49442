#include "areas.hpp"

#include <cairn/libp2p/noise_handshake.hpp>

namespace conformance {
namespace {

using cairn::noise_handshake;

auto side(test_case const& c, std::string const& who, bool initiator) -> cairn::result<noise_handshake, cairn::noise_errc> {
  auto const hex = [&](std::string const& field) { return c.has(who + field) ? c.hex(who + field) : bytes{}; };
  auto keys = noise_handshake::keys{cairn::secret_bytes{hex("_ephemeral")}, cairn::secret_bytes{hex("_static")}, hex("_remote_static")};
  return noise_handshake::make(c.text("protocol"), initiator, hex("_prologue"), std::move(keys));
}

// Writes a message on one side, compares, reads it on the other.
auto run_handshake(test_case const& c) -> answer {
  auto a = side(c, "init", true), b = side(c, "resp", false);
  if (!a || !b) return fail(std::string{describe((a ? b : a).error())});
  std::optional<noise_handshake::ciphers> ciphers_a, ciphers_b;
  auto const one_way = c.text("protocol").find('_') != std::string::npos && c.text("protocol").substr(6).find('_') == 1;
  auto from_a = true;
  for (auto const& m : c.array("messages")) {
    auto const payload = unhex(to_text(m.as_object().at("payload"))), want = unhex(to_text(m.as_object().at("ciphertext")));
    auto sent = bytes{}, got = bytes{};
    if (!a->finished()) {
      auto& writer = from_a ? *a : *b;
      auto& reader = from_a ? *b : *a;
      if (auto const ok = writer.write(payload, sent); !ok) return fail(std::string{describe(ok.error())});
      if (auto const ok = reader.read(sent, got); !ok) return fail(std::string{describe(ok.error())});
      if (a->finished() != b->finished()) return fail("one side has finished");
    } else {
      if (!ciphers_a) {
        ciphers_a.emplace(a->split());
        ciphers_b.emplace(b->split());
        if (c.has("handshake_hash"))
          if (auto const s = same("handshake hash", a->hash(), c.hex("handshake_hash")); s.outcome != verdict::pass) return s;
      }
      auto& writer = from_a ? *ciphers_a : *ciphers_b;
      auto& reader = from_a ? *ciphers_b : *ciphers_a;
      sent.resize(payload.size() + 16);
      got.resize(payload.size());
      if (auto const ok = writer.send.seal({}, payload, sent.data()); !ok) return fail(std::string{describe(ok.error())});
      if (auto const ok = reader.receive.open({}, sent, got.data()); !ok) return fail(std::string{describe(ok.error())});
    }
    if (auto const s = same("message", sent, want); s.outcome != verdict::pass) return s;
    if (auto const s = same("payload", got, payload); s.outcome != verdict::pass) return s;
    from_a = one_way || !from_a;
  }
  if (!cairn::equal(a->hash(), b->hash())) return fail("the sides have other handshake hashes");
  return pass();
}

auto run(test_case const& c) -> answer {
  if (c.op == "noise.handshake") return run_handshake(c);
  if (c.op == "noise.hkdf3") {
    auto const out = cairn::noise_hkdf(c.hex("chaining_key_hex"), c.hex("input_key_material_hex"), 3);
    auto want = bytes{};
    for (auto const& part : c.array("out_hex")) cairn::append(want, unhex(to_text(part)));
    return same("outputs", out.view(), want);
  }
  return unsupported("op " + c.op);
}

}  // namespace

auto noise_area() -> area { return {"noise", run}; }

}  // namespace conformance
