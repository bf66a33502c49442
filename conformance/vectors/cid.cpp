#include "areas.hpp"

#include <cairn/block/verify.hpp>
#include <cairn/multiformats/cid_prefix.hpp>

namespace conformance {
namespace {

auto parse(test_case const& c) -> answer {
  auto const text = c.text("text");
  auto const id = cairn::parse_cid(text);
  if (c.expects_error()) return expect_error(true, !id, text);
  if (!id) return fail("refused: " + std::string{describe(id.error())});
  if (id->version() != c.unsigned_number("version")) return fail("another version");
  if (id->codec() != c.unsigned_number("codec")) return fail("another codec");
  if (id->hash().code() != c.unsigned_number("multihash_code")) return fail("another hash function");
  if (auto const a = same("digest", id->hash().digest(), c.hex("digest_hex")); a.outcome != verdict::pass) return a;
  if (auto const a = same("bytes", to_bytes(*id), c.hex("bytes_hex")); a.outcome != verdict::pass) return a;
  if (cairn::decode_cid(c.hex("bytes_hex")) != *id) return fail("its bytes are another CID");
  if (auto const a = same("v1 base32", to_string(id->to_v1()), c.text("v1_base32")); a.outcome != verdict::pass) return a;
  auto const v0 = to_v0(*id);
  if (c.has("v0")) {
    if (!v0) return fail("no v0: " + std::string{describe(v0.error())});
    if (auto const a = same("v0", to_string(*v0), c.text("v0")); a.outcome != verdict::pass) return a;
  }
  auto const base = id->version() == 0 ? cairn::multibase::base58btc : *cairn::read_multibase_prefix(text);
  return same("text", *to_string(*id, base), text);
}

auto run(test_case const& c) -> answer {
  if (c.op == "cid.parse") return parse(c);
  if (c.op == "cid.sum") {
    auto const prefix = cairn::cid_prefix{static_cast<unsigned>(c.unsigned_number("version")), c.unsigned_number("codec"),
                                          c.unsigned_number("multihash_code")};
    auto const id = cairn::hash_cid(prefix, c.hex("data_hex"));
    if (!id && id.error() == cairn::multihash_errc::unknown_hash) return unsupported("hash function");
    if (!id) return fail(to_string(id.error()));
    return same("text", to_string(*id), c.text("text"));
  }
  if (c.op == "cid.decode") {
    auto const id = cairn::decode_cid(c.hex("bytes_hex"));
    return expect_error(c.expects_error(), !id, c.text_or("why", ""));
  }
  if (c.op == "cid.decode_first") {
    auto const in = c.hex("bytes_hex");
    auto const id = cairn::read_cid(in);
    if (!id) return fail(std::string{describe(id.error())});
    if (auto const a = same("text", to_string(id->value), c.text("text")); a.outcome != verdict::pass) return a;
    return same("rest", id->rest, c.hex("rest_hex"));
  }
  if (c.op == "cid.inspect_prefix") {
    auto const p = cairn::read_cid_prefix(c.hex("bytes_hex"));
    if (!p) return fail(std::string{describe(p.error())});
    auto const agree = p->version == c.unsigned_number("version") && p->codec == c.unsigned_number("codec") &&
                       p->hash == c.unsigned_number("multihash_code") && p->digest_size == c.unsigned_number("digest_size") &&
                       p->hash_size() == c.unsigned_number("multihash_size") && p->size() == c.unsigned_number("size");
    return agree ? pass() : fail("another prefix");
  }
  if (c.op == "cid.to_v0") {
    auto const id = cairn::parse_cid(c.text("text"));
    return id ? expect_error(c.expects_error(), !to_v0(*id), c.text_or("why", "")) : fail("refused");
  }
  if (c.op == "cid.create") {
    auto const h = cairn::decode_multihash(c.hex("multihash_hex"));
    if (!h) return fail("no multihash");
    if (c.unsigned_number("version") != 0) return unsupported("version");
    // v0 is made of a multihash or from a v1, which has to be dag-pb
    return expect_error(c.expects_error(), !to_v0(cairn::cid::v1(c.unsigned_number("codec"), *h)), c.text_or("why", ""));
  }
  if (c.op == "cid.to_base") {
    auto const id = cairn::parse_cid(c.text("text"));
    auto const base = cairn::parse_multibase_name(c.text("encoding"));
    if (!id || !base) return fail("refused");
    return expect_error(c.expects_error(), !to_string(*id, *base), c.text_or("why", ""));
  }
  if (c.op == "cid.equals") {
    auto const a = cairn::parse_cid(c.text("a")), b = cairn::parse_cid(c.text("b"));
    if (!a || !b) return fail("refused");
    return (*a == *b) == c.flag("equal") ? pass() : fail("equality differs");
  }
  if (c.op == "cid.verify_identity_limit") {
    auto const id = cairn::parse_cid(c.text("text"));
    if (c.expects_error()) return expect_error(true, !id, c.text("text"));
    if (!id) return fail(std::string{describe(id.error())});
    auto const ok = cairn::check(*id, c.hex("content_hex"));
    return ok ? pass() : fail(std::string{describe(ok.error())});
  }
  return unsupported("op " + c.op);
}

}  // namespace

auto cid_area() -> area { return {"cid", run}; }

}  // namespace conformance
