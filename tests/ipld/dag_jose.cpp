#include <cairn/core/text.hpp>
#include <cairn/ipld/codec/dag_jose.hpp>
#include <cairn/ipld/codec/dag_json.hpp>

#include <laws/block_codec.hpp>

using namespace cairn;

namespace {

auto base64url(bytes_view in) -> std::string { return encode_base(multibase::base64url, in); }

// a JWS or a JWE in the form in which a decoder shows it
auto jose(laws::node_source& s) -> ipld::node {
  auto const maybe = [&](ipld::map& m, char const* name) {
    if (s.below(2)) m.append(name, base64url(s.octets(20)));
  };
  auto const parts = [&](char const* one, bool always) {
    auto l = ipld::list{};
    for (auto n = s.below(3); n > 0; --n) {
      auto m = ipld::map{};
      if (s.below(2)) m.append("header", ipld::map{{s.text(), s.text()}, {"kid", 7}});
      if (always || s.below(2)) m.append(one, base64url(s.octets(64)));
      l.push_back(std::move(m));
    }
    return l;
  };
  auto m = ipld::map{};
  if (s.below(2)) {
    m.append("ciphertext", base64url(s.octets(60)));
    for (auto name : {"aad", "iv", "protected", "tag"}) maybe(m, name);
    if (s.below(2)) m.append("recipients", parts("encrypted_key", false));
    return m;
  }
  m.append("signatures", parts("signature", true));
  if (s.below(3) == 0) {
    m.append("payload", base64url(as_bytes(R"({"a":["ipfs://bafkqaaa",1]})")));
    m.append("pld", ipld::map{{"a", ipld::list{*parse_cid("bafkqaaa"), 1}}});
  } else {
    auto const id = s.link();
    m.append("payload", base64url(to_bytes(id)));
    m.append("link", id);
  }
  return m;
}

auto encoded(std::string_view text) -> std::string {
  auto out = bytes{};
  auto const done = dag_jose::encode(dag_json::decode(as_bytes(text)).value(), out);
  return done ? to_hex(out) : std::string{describe(done.error())};
}

}  // namespace

TEST_CASE("dag-jose keeps the laws of a codec") { laws::block_codec<dag_jose>(jose); }

TEST_CASE("dag-jose: the flattened form is written as the general one, and nothing is dropped in silence") {
  CHECK(encoded(R"({"payload":"AVUAAA","signature":"AQ","protected":"Ag"})") ==
        encoded(R"({"payload":"AVUAAA","link":{"/":"bafkqaaa"},"signatures":[{"signature":"AQ","protected":"Ag"}]})"));
  CHECK(encoded(R"({"ciphertext":"AQ","encrypted_key":"Ag","protected":"Aw"})") ==
        encoded(R"({"ciphertext":"AQ","recipients":[{"encrypted_key":"Ag"}],"protected":"Aw"})"));
  CHECK(encoded(R"({"payload":"AVUAAA","link":{"/":"bafkqabiaaebagba"},"signatures":[]})") == describe(dag_jose_errc::link_mismatch));
  CHECK(encoded(R"({"payload":"AVUAAA","other":1,"signatures":[]})") == describe(dag_jose_errc::bad_form));
  CHECK(encoded(R"({"payload":"AVUAAA","signatures":[],"signature":"AQ"})") == describe(dag_jose_errc::bad_form));
  CHECK(encoded(R"({"payload":"A","signatures":[]})") == describe(dag_jose_errc::bad_base64));
  CHECK(encoded(R"({"payload":1,"signatures":[]})") == describe(dag_jose_errc::bad_form));
  CHECK(encoded(R"({"ciphertext":"AQ","unprotected":{"/":"bafkqaaa"}})") == describe(dag_jose_errc::bad_cbor));
  CHECK(encoded(R"([])") == describe(dag_jose_errc::bad_form));
  CHECK(encoded(R"({"signatures":[]})") == describe(dag_jose_errc::bad_form));
}
