#include "adapter.hpp"

#include <cairn/block/verify.hpp>
#include <cairn/core/varint.hpp>
#include <cairn/crypto/hash.hpp>
#include <cairn/multiformats/cid_prefix.hpp>
#include <cairn/multiformats/multibase.hpp>
#include <cairn/multiformats/multicodec.hpp>

namespace adapter {
namespace {

auto describe_cid(cid const& id) -> json::object {
  return {{"version", id.version()}, {"codec", id.codec()}, {"hash", to_hex(to_bytes(id.hash()))}, {"bytes", to_hex(to_bytes(id))}};
}

auto cid_of(test_case const& c) -> result<cid, cid_errc> { return c.has("text") ? parse_cid(c.text("text")) : decode_cid(octets(c, "bytes")); }

auto base_of(test_case const& c) -> multibase {
  auto const base = parse_multibase_name(c.text("base"));
  if (!base) throw conformance::bad_case{"no base " + c.text("base")};
  return *base;
}

auto sum(test_case const& c) -> result<multihash, multihash_errc> {
  return hash_bytes(c.unsigned_number("code"), octets(c, "data"), c.has("size") ? c.unsigned_number("size") : 0);
}

constexpr operation operations[]{
    {"varint.encode",
     [](test_case const& c) -> reply {
       auto out = bytes{};
       append_varint(out, c.unsigned_number("value"));
       return json::object{{"bytes", to_hex(out)}};
     }},
    {"varint.decode",
     [](test_case const& c) -> reply {
       auto const in = octets(c, "bytes");
       auto const v = read_varint(in);
       if (!v) return refuse(v.error());
       return json::object{{"value", std::to_string(v->value)}, {"size", in.size() - v->rest.size()}};
     }},
    {"multibase.encode", [](test_case const& c) -> reply { return json::object{{"text", encode_multibase(base_of(c), octets(c, "bytes"))}}; }},
    {"multibase.decode",
     [](test_case const& c) -> reply {
       auto const v = decode_multibase(c.text("text"));
       if (!v) return refuse(v.error());
       return json::object{{"base", to_string(v->first)}, {"bytes", to_hex(v->second)}};
     }},
    {"multicodec.name",
     [](test_case const& c) -> reply {
       auto const* const row = find_multicodec(c.unsigned_number("code"));
       if (!row) return refuse("unknown code");
       return json::object{{"name", row->name}, {"tag", to_string(row->tag)}};
     }},
    {"multicodec.code",
     [](test_case const& c) -> reply {
       auto const* const row = find_multicodec(c.text("name"));
       if (!row) return refuse("unknown name");
       auto prefix = bytes{};
       append_varint(prefix, row->code);
       return json::object{{"code", row->code}, {"prefix", to_hex(prefix)}};
     }},
    {"multihash.decode",
     [](test_case const& c) -> reply {
       auto const h = decode_multihash(octets(c, "bytes"));
       if (!h) return refuse(h.error());
       return json::object{{"code", h->code()}, {"digest", to_hex(h->digest())}};
     }},
    {"multihash.encode",
     [](test_case const& c) -> reply {
       auto const h = multihash::wrap(c.unsigned_number("code"), octets(c, "digest"));
       if (!h) return refuse(h.error());
       return json::object{{"bytes", to_hex(to_bytes(*h))}};
     }},
    {"multihash.sum",
     [](test_case const& c) -> reply {
       auto const h = sum(c);
       if (!h) return refuse(h.error());
       return json::object{{"bytes", to_hex(to_bytes(*h))}};
     }},
    {"cid.parse",
     [](test_case const& c) -> reply {
       auto const id = parse_cid(c.text("text"));
       if (!id) return refuse(id.error());
       return describe_cid(*id);
     }},
    {"cid.decode",
     [](test_case const& c) -> reply {
       auto const id = decode_cid(octets(c, "bytes"));
       if (!id) return refuse(id.error());
       return describe_cid(*id);
     }},
    {"cid.decode_first",
     [](test_case const& c) -> reply {
       auto const in = octets(c, "bytes");
       auto const id = read_cid(in);
       if (!id) return refuse(id.error());
       auto out = describe_cid(id->value);
       out["size"] = in.size() - id->rest.size();
       return out;
     }},
    {"cid.format",
     [](test_case const& c) -> reply {
       auto const id = cid_of(c);
       if (!id) return refuse(id.error());
       if (!c.has("base")) return json::object{{"text", to_string(*id)}};
       auto const text = to_string(*id, base_of(c));
       if (!text) return refuse(text.error());
       return json::object{{"text", *text}};
     }},
    {"cid.to_v0",
     [](test_case const& c) -> reply {
       auto const id = cid_of(c);
       if (!id) return refuse(id.error());
       auto const v0 = to_v0(*id);
       if (!v0) return refuse(v0.error());
       return json::object{{"text", to_string(*v0)}};
     }},
    {"cid.to_v1",
     [](test_case const& c) -> reply {
       auto const id = cid_of(c);
       if (!id) return refuse(id.error());
       return json::object{{"text", to_string(id->to_v1())}};
     }},
    {"cid.sum",
     [](test_case const& c) -> reply {
       auto const prefix = cid_prefix{static_cast<unsigned>(c.unsigned_number("version")), c.unsigned_number("codec"), c.unsigned_number("hash")};
       auto const id = hash_cid(prefix, octets(c, "data"));
       if (!id) return std::unexpected(refusal{to_string(id.error())});
       return json::object{{"text", to_string(*id)}};
     }},
    {"cid.verify",
     [](test_case const& c) -> reply {
       auto const id = cid_of(c);
       if (!id) return refuse(id.error());
       auto const ok = check(*id, octets(c, "data"));
       if (!ok) return refuse(ok.error());
       return json::object{};
     }},
};

}  // namespace

auto multiformats_operations() -> std::span<operation const> { return operations; }

}  // namespace adapter
