#include "adapter.hpp"

#include <cairn/crypto/libp2p_key.hpp>
#include <cairn/ipld/path.hpp>
#include <cairn/multiformats/multiaddr.hpp>
#include <cairn/multiformats/multikey.hpp>
#include <cairn/multiformats/peer_id.hpp>

namespace adapter {
namespace {

auto describe_address(multiaddr const& m) -> json::object {
  auto parts = json::array{};
  for (auto const& one : m) parts.push_back({one.code(), one.text()});
  return {{"bytes", to_hex(m.bytes())}, {"text", to_string(m)}, {"components", std::move(parts)}};
}

auto address_of(test_case const& c, std::string_view field) -> result<multiaddr, multiaddr_errc> { return parse_multiaddr(c.text(field)); }

auto describe_peer(peer_id const& p) -> json::object {
  return {{"bytes", to_hex(to_bytes(p))}, {"text", to_string(p)}, {"cid", to_string(to_cid(p))}, {"ipns", to_ipns_name(p)}};
}

auto type_name(key_type t) -> char const* {
  switch (t) {
    case key_type::rsa: return "RSA";
    case key_type::ed25519: return "Ed25519";
    case key_type::secp256k1: return "Secp256k1";
    case key_type::ecdsa: return "ECDSA";
  }
  return "unknown";
}

auto describe_path(result<content_path, path_errc> const& p) -> reply {
  if (!p) return refuse(p.error());
  auto const* const fixed = std::get_if<immutable_path>(&*p);
  return json::object{{"text", to_string(*p)}, {"namespace", fixed ? to_string(fixed->ns) : "ipns"}};
}

constexpr operation operations[]{
    {"multiaddr.parse",
     [](test_case const& c) -> reply {
       auto const m = address_of(c, "text");
       if (!m) return refuse(m.error());
       return describe_address(*m);
     }},
    {"multiaddr.decode",
     [](test_case const& c) -> reply {
       auto const m = decode_multiaddr(octets(c, "bytes"));
       if (!m) return refuse(m.error());
       return describe_address(*m);
     }},
    {"multiaddr.encapsulate",
     [](test_case const& c) -> reply {
       auto const a = address_of(c, "a"), b = address_of(c, "b");
       if (!a) return refuse(a.error());
       if (!b) return refuse(b.error());
       auto const m = encapsulate(*a, *b);
       if (!m) return refuse(m.error());
       return json::object{{"text", to_string(*m)}};
     }},
    {"multiaddr.decapsulate",
     [](test_case const& c) -> reply {
       auto const a = address_of(c, "a"), b = address_of(c, "b");
       if (!a) return refuse(a.error());
       if (!b) return refuse(b.error());
       return json::object{{"text", to_string(decapsulate(*a, *b))}};
     }},
    {"peer_id.parse",
     [](test_case const& c) -> reply {
       auto const p = parse_peer_id(c.text("text"));
       if (!p) return refuse(p.error());
       return describe_peer(*p);
     }},
    {"key.public",
     [](test_case const& c) -> reply {
       auto const key = decode_libp2p_public_key(octets(c, "bytes"));
       if (!key) return refuse(key.error());
       return json::object{{"type", type_name(key->type())}, {"bytes", to_hex(encode_libp2p_key(*key))}, {"peer_id", to_string(peer_id::of(*key))}};
     }},
    {"key.private",
     [](test_case const& c) -> reply {
       auto const key = decode_libp2p_private_key(octets(c, "bytes"));
       if (!key) return refuse(key.error());
       return json::object{{"type", type_name(key->type())}, {"public", to_hex(encode_libp2p_key(key->public_part()))}};
     }},
    {"key.sign",
     [](test_case const& c) -> reply {
       auto const key = decode_libp2p_private_key(octets(c, "key"));
       if (!key) return refuse(key.error());
       auto const s = key->sign(octets(c, "data"));
       if (!s) return refuse(s.error());
       return json::object{{"signature", to_hex(*s)}};
     }},
    {"key.verify",
     [](test_case const& c) -> reply {
       auto const key = decode_libp2p_public_key(octets(c, "key"));
       if (!key) return refuse(key.error());
       return json::object{{"valid", key->verify(octets(c, "data"), octets(c, "signature"))}};
     }},
    {"multikey.parse",
     [](test_case const& c) -> reply {
       auto const key = parse_multikey(c.text("text"));
       if (!key) return refuse(key.error());
       return json::object{{"code", key->code()}, {"key", to_hex(key->octets())}};
     }},
    {"did_key.parse",
     [](test_case const& c) -> reply {
       auto const key = parse_did_key(c.text("text"));
       if (!key) return refuse(key.error());
       return json::object{{"code", key->code()}, {"key", to_hex(key->octets())}};
     }},
    {"path.parse", [](test_case const& c) -> reply { return describe_path(parse_path(c.text("text"))); }},
    {"path.from_uri", [](test_case const& c) -> reply { return describe_path(parse_path_or_uri(c.text("text"))); }},
};

}  // namespace

auto address_operations() -> std::span<operation const> { return operations; }

}  // namespace adapter
