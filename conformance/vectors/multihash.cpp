#include "areas.hpp"

#include <cairn/core/text.hpp>
#include <cairn/crypto/hash.hpp>
#include <cairn/multiformats/multicodec.hpp>

namespace conformance {
namespace {

auto expand(foreign_file const& file) -> std::vector<json::object> {
  auto const text = read_text(file.folder / file.name);
  auto const rows = lines(text);
  auto out = std::vector<json::object>{};
  for (std::size_t i = 1; i < rows.size(); ++i) {
    auto const fields = split(rows[i], ',');
    if (fields.size() != 4) throw bad_case{"a row without four fields"};
    auto const code = cairn::multicodec_code(fields[0] == "sha3" ? "sha3-512" : fields[0]);
    if (!code) throw bad_case{"unknown algorithm " + std::string{fields[0]}};
    out.push_back({{"id", file.name + ":" + std::to_string(i)},
                   {"op", "multihash.sum"},
                   {"code", *code},
                   {"length", *cairn::parse_decimal(fields[1]) / 8},
                   {"input_text", fields[2]},
                   {"multihash_hex", fields[3]}});
  }
  return out;
}

auto compare_sum(std::uint64_t code, bytes_view data, std::size_t size, bytes_view want) -> answer {
  auto const have = cairn::hash_bytes(code, data, size);
  if (!have && have.error() == cairn::multihash_errc::unknown_hash) return unsupported("hash function " + std::to_string(code));
  if (!have) return fail("refused: " + std::string{describe(have.error())});
  return same("multihash", to_bytes(*have), want);
}

auto run(test_case const& c) -> answer {
  if (c.op == "multihash.sum") {
    auto const text = c.text("input_text");
    auto const length = c.number("length");
    return compare_sum(c.unsigned_number("code"), cairn::as_bytes(text), length < 0 ? 0 : static_cast<std::size_t>(length),
                       c.hex("multihash_hex"));
  }
  if (c.op == "multihash.sum_pattern") {
    auto in = bytes(c.unsigned_number("input_len"));
    for (std::size_t i = 0; i < in.size(); ++i) in[i] = static_cast<cairn::byte>(i % 251);
    auto const code = c.unsigned_number("code");
    if (auto const a = compare_sum(code, in, 0, c.hex("multihash_hex")); a.outcome != verdict::pass) return a;
    auto const xof = cairn::hash_bytes(code, in, 64);
    if (!xof) return fail("no 64 bytes: " + std::string{describe(xof.error())});
    return same("64 bytes", xof->digest(), c.hex("xof64_hex"));
  }
  if (c.op == "multihash.wrap") {
    auto const want = c.hex("multihash_hex"), digest = c.hex("digest_hex");
    auto const h = cairn::multihash::wrap(c.unsigned_number("code"), digest);
    if (!h) return fail("refused: " + std::string{describe(h.error())});
    if (auto const a = same("encoded", to_bytes(*h), want); a.outcome != verdict::pass) return a;
    auto const back = cairn::decode_multihash(want);
    return back && *back == *h ? pass() : fail("not decoded to the same");
  }
  if (c.op == "multihash.decode") {
    auto const h = cairn::decode_multihash(c.hex("multihash_hex"));
    return expect_error(c.expects_error(), !h, h ? "" : std::string{describe(h.error())});
  }
  if (c.op == "murmur3") {
    auto const input = c.text("input_text");
    auto const data = cairn::as_bytes(input);
    auto const want = c.hex("hash_hex");
    auto const seed = c.unsigned_number("seed");
    auto have = bytes{};
    auto const put = [&](std::uint64_t v, int octets) {
      for (int i = octets - 1; i >= 0; --i) have.push_back(static_cast<cairn::byte>(v >> (8 * i)));
    };
    auto const x32 = c.text("variant") == "x86_32";
    if (!x32 && c.text("variant") != "x64_128") return unsupported("murmur3 " + c.text("variant"));
    if (x32) {
      put(cairn::murmur3_x86_32(data, static_cast<std::uint32_t>(seed)), 4);
    } else {
      for (auto half : cairn::murmur3_128(data, seed)) put(half, 8);
    }
    if (auto const a = same("hash", have, want); a.outcome != verdict::pass || seed != 0) return a;
    // IX-23: as a multihash the 128-bit function is cut to its first 64 bits for HAMT keys
    auto const hash = cairn::hash_bytes(x32 ? 0x23 : cairn::code::murmur3_x64_64, data);
    return same("multihash digest", hash->digest(), bytes_view{want}.first(x32 ? 4 : 8));
  }
  return unsupported("op " + c.op);
}

}  // namespace

auto multihash_area() -> area { return {"multihash", run, expand}; }

}  // namespace conformance
