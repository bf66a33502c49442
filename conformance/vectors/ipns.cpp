#include "areas.hpp"

#include <cairn/core/text.hpp>
#include <cairn/crypto/libp2p_key.hpp>
#include <cairn/naming/ipns_name.hpp>
#include <cairn/naming/ipns_record.hpp>

namespace conformance {
namespace {

using namespace cairn;

constexpr auto now = utc_time{1'700'000'000, 0};  // 2023, before the ends of the fixtures

auto verdict_of(bytes_view record, peer_id const& name, utc_time at = now) -> std::string {
  auto const decoded = decode_ipns_record(record);
  if (!decoded) return std::string{describe(decoded.error())};
  auto const valid = validate(*decoded, name, at);
  return valid ? "valid" : std::string{describe(valid.error())};
}

auto run_name(test_case const& c) -> answer {
  auto const peer = parse_peer_id(c.text("peer_id"));
  if (!peer) return fail(std::string{describe(peer.error())});
  if (auto const a = same("name", to_ipns_name(*peer), c.text("name")); a.outcome != verdict::pass) return a;
  for (auto const& text : {c.text("peer_id"), c.text("name"), c.text("path"), to_string(to_cid(*peer))}) {
    auto const name = parse_ipns_name(text);
    if (!name || !(*name == *peer)) return fail("another name: " + text);
  }
  auto const key = ipns_routing_key(*peer);
  auto const back = read_ipns_routing_key(key);
  if (!back || !(*back == *peer)) return fail("the routing key does not lead back");
  return same("routing key", key, c.hex("routing_key_hex"));
}

auto run_validate(test_case const& c) -> answer {
  auto const name = parse_ipns_name(c.text("name"));
  if (!name) return fail(std::string{describe(name.error())});
  auto const whole = c.file(c.text("file"));
  if (auto const a = same("size", std::to_string(whole.size()), std::to_string(c.unsigned_number("size"))); a.outcome != verdict::pass) return a;
  auto const said = verdict_of(whole, *name);
  auto const valid = c.text("expect") == "valid";
  if (valid != (said == "valid")) return fail("verdict: " + said);
  auto const record = decode_ipns_record(whole);
  if (!record || !c.has("cbor")) return valid ? fail("no signed data") : pass();
  auto const& want = c.object("cbor");
  auto const end = record->end_of_life();
  if (!end) return fail(std::string{describe(end.error())});
  for (auto const& a : {same("Value", as_text(record->value), to_text(want.at("Value"))), same("Validity", record->validity, to_text(want.at("Validity"))),
                        same("Validity as time", to_rfc3339(*end), to_text(want.at("Validity"))), same("Sequence", std::to_string(record->sequence), to_text(want.at("Sequence"))),
                        same("TTL", std::to_string(record->ttl), to_text(want.at("TTL"))), same("ValidityType", std::to_string(record->validity_type), to_text(want.at("ValidityType")))})
    if (a.outcome != verdict::pass) return a;
  if (c.has("signature_v1_ok") && c.flag("signature_v1_ok")) {
    // ours never looks at it, but makes it: the same octets are signed
    auto message = record->value;
    append(message, as_bytes(record->validity));
    append(message, as_bytes("EOL"));
    auto const key = name->inlined_key();
    if (!key || !key->verify(message, record->signature_v1)) return fail("signatureV1 is not of value, validity and EOL");
  }
  return pass();
}

auto run_select(test_case const& c) -> answer {
  auto const key = private_key::of_ed25519_seed(bytes(32, 7));
  auto records = std::vector<bytes>{};
  for (auto const& r : c.array("records")) {
    auto const& o = r.as_object();
    auto made = make_ipns_record(*key, "/ipfs/bafkqaaa", {.sequence = o.at("sequence").to_number<std::uint64_t>(), .end_of_life = {o.at("eol").to_number<std::int64_t>(), 0}});
    if (!made) return fail(std::string{describe(made.error())});
    records.push_back(*std::move(made));
  }
  auto const views = std::vector<bytes_view>{records.begin(), records.end()};
  auto const best = select_ipns_record(views);
  return same("best", best ? std::to_string(*best) : "none", std::to_string(c.unsigned_number("best")));
}

// Statements for which records have to be made.
auto run_rule(test_case const& c) -> answer {
  auto const rule = c.text("rule");
  auto const key = private_key::of_ed25519_seed(bytes(32, 7));
  auto const name = peer_id::of(key->public_part());
  auto const whole = *make_ipns_record(*key, "/ipfs/bafkqaaa", {.end_of_life = now});
  auto record = *decode_ipns_record(whole);
  auto const expect = [&](ipns_record const& r, peer_id const& n, utc_time at, std::optional<ipns_errc> why) -> answer {
    auto const got = validate(r, n, at);
    if (why ? (!got && got.error() == *why) : got.has_value()) return pass();
    return fail(got ? "valid" : std::string{describe(got.error())});
  };
  if (rule.starts_with("record with only signatureV1")) {
    record.signature_v2.clear();
    return expect(record, name, now, ipns_errc::bad_signature);
  }
  if (rule.starts_with("bad or missing signatureV1")) {
    record.signature_v1[3] ^= 1;
    return expect(record, name, now, std::nullopt);
  }
  if (rule.starts_with("record over 10 KiB")) {
    auto big = whole;
    big.resize(10241);
    auto const decoded = decode_ipns_record(big);
    return !decoded && decoded.error() == ipns_errc::too_big ? pass() : fail("taken");
  }
  if (rule.starts_with("expired EOL")) {
    if (auto const a = expect(record, name, now, std::nullopt); a.outcome != verdict::pass) return a;
    return expect(record, name, now.plus(1), ipns_errc::expired);
  }
  if (rule.starts_with("public key in the record must match")) {
    if (!record.public_key.empty()) return fail("an Ed25519 record carries its key");
    auto const other = private_key::of_ed25519_seed(bytes(32, 8));
    record.public_key = encode_libp2p_key(other->public_part());
    return expect(record, name, now, ipns_errc::other_public_key);
  }
  return unsupported("rule: " + rule);
}

auto run(test_case const& c) -> answer {
  if (c.op == "ipns.name") return run_name(c);
  if (c.op == "ipns.validate") return run_validate(c);
  if (c.op == "ipns.select") return run_select(c);
  if (c.op == "ipns.rule") return run_rule(c);
  return unsupported("op " + c.op);
}

}  // namespace

auto ipns_area() -> area { return {"ipns", run}; }

}  // namespace conformance
