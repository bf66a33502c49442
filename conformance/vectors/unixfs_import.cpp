#include "unixfs_cases.hpp"

#include <cairn/blockstore/null.hpp>
#include <cairn/core/text.hpp>
#include <cairn/crypto/hash.hpp>
#include <cairn/ipld/dag_pb_wire.hpp>
#include <cairn/unixfs/add_file.hpp>

#include <algorithm>
#include <bit>
#include <charconv>
#include <cstring>

namespace conformance {
namespace {

using namespace cairn;

// the keystream of `chacha20` in pieces, for contents that do not belong in memory
class keystream_source {
public:
  keystream_source(std::string_view seed, std::uint64_t size) : left_{size} {
    auto const key = sha256(as_bytes(seed));
    for (std::size_t i = 0; i < 32; ++i) start_[4 + i / 4] |= static_cast<std::uint32_t>(key[i]) << (8 * (i % 4));
  }

  auto read(bytes_span out) -> io_result<std::size_t> {
    auto const wanted = static_cast<std::size_t>(std::min<std::uint64_t>(out.size(), left_));
    auto done = std::size_t{0};
    while (done < wanted) {
      if (at_ == 64) next();
      auto const n = std::min(wanted - done, std::size_t{64} - at_);
      std::memcpy(out.data() + done, block_ + at_, n);
      at_ += n, done += n;
    }
    left_ -= wanted;
    return wanted;
  }

private:
  void next() {
    auto const turn = [](std::uint32_t& a, std::uint32_t& b, std::uint32_t& c, std::uint32_t& d) {
      a += b, d = std::rotl(d ^ a, 16);
      c += d, b = std::rotl(b ^ c, 12);
      a += b, d = std::rotl(d ^ a, 8);
      c += d, b = std::rotl(b ^ c, 7);
    };
    std::uint32_t x[16];
    std::copy_n(start_, 16, x);
    for (int round = 0; round < 10; ++round) {
      turn(x[0], x[4], x[8], x[12]), turn(x[1], x[5], x[9], x[13]), turn(x[2], x[6], x[10], x[14]), turn(x[3], x[7], x[11], x[15]);
      turn(x[0], x[5], x[10], x[15]), turn(x[1], x[6], x[11], x[12]), turn(x[2], x[7], x[8], x[13]), turn(x[3], x[4], x[9], x[14]);
    }
    for (std::size_t i = 0; i < 16; ++i) {
      auto const word = x[i] + start_[i];
      for (std::size_t j = 0; j < 4; ++j) block_[4 * i + j] = static_cast<byte>(word >> (8 * j));
    }
    if (++start_[12] == 0) ++start_[13];
    at_ = 0;
  }

  std::uint32_t start_[16]{0x61707865, 0x3320646e, 0x79622d32, 0x6b206574};
  std::uint64_t left_;
  byte block_[64];
  std::size_t at_ = 64;
};

auto number_of(json::value const& v) -> std::uint64_t { return v.to_number<std::uint64_t>(); }

auto time_of(json::value const& v) -> unixfs_time {
  if (!v.is_object()) return {v.to_number<std::int64_t>(), 0};
  auto const* const nanos = v.as_object().if_contains("nsecs");
  return {v.at("secs").to_number<std::int64_t>(), nanos ? nanos->to_number<std::uint32_t>() : 0};
}

auto mode_of(json::value const& v) -> std::uint32_t {
  auto const text = to_text(v);
  auto mode = std::uint32_t{0};
  if (std::from_chars(text.data(), text.data() + text.size(), mode, 8).ec != std::errc{}) throw bad_case{"mode " + text};
  return mode;
}

auto compare(test_case const& c, io_result<imported_file> const& got) -> answer {
  if (!got) return c.text_or("status", "") == "disputed" ? fail(to_string(got.error())) : fail("refused: " + to_string(got.error()));
  if (auto const a = same("cid", to_string(got->root), c.text("cid")); a.outcome != verdict::pass) return a;
  if (c.has("total_block_bytes")) return same("total_block_bytes", std::to_string(got->dag_size), to_text(c.at("total_block_bytes")));
  return pass();
}

auto data_fields(test_case const& c) -> answer {
  auto const& f = c.object("fields");
  auto const find = [&](char const* name) { return f.if_contains(name); };
  auto out = unixfs_fields{.type = static_cast<unixfs_type>(number_of(f.at("type_")))};
  auto data = bytes{};
  auto sizes = std::vector<std::uint64_t>{};
  if (auto const* d = find("d")) {
    data = unhex(to_text(*d));
    out.data = data;
  }
  if (auto const* n = find("filesize")) out.filesize = number_of(*n);
  if (auto const* list = find("bs"))
    for (auto const& n : list->as_array()) sizes.push_back(number_of(n));
  out.block_sizes = sizes;
  if (auto const* n = find("mode")) out.mode = static_cast<std::uint32_t>(number_of(*n));
  if (auto const* t = find("mtime")) out.mtime = unixfs_time{t->at(0).to_number<std::int64_t>(), t->at(1).to_number<std::uint32_t>()};
  auto const want = c.hex("hex");
  if (auto const a = same("encoded", encode_unixfs(out), want); a.outcome != verdict::pass) return a;

  auto const back = decode_unixfs(want);
  if (!back) return fail(std::string{describe(back.error())});
  auto back_sizes = std::vector<std::uint64_t>{};
  for (auto const n : back->block_sizes) back_sizes.push_back(n);
  if (back->type != out.type || !equal(back->content(), data) || back->data.has_value() != out.data.has_value() ||
      back->filesize != out.filesize || back_sizes != sizes || back->mode != out.mode || back->mtime != out.mtime)
    return fail("decoded to other fields");
  return pass();
}

auto link_size(test_case const& c) -> answer {
  auto const h = multihash::of(code::sha2_256, digest<32>{});
  auto const id = c.unsigned_number("cid_len") == 34 ? *cid::v0(h) : cid::v1(code::dag_pb, h);
  auto const name = std::string(c.unsigned_number("name_len"), 'n');
  return same("size", std::to_string(dag_pb_link_size({.id = id, .name = name, .tsize = c.unsigned_number("tsize")})), to_text(c.at("size")));
}

auto directory_size(test_case const& c) -> answer {
  auto fields = unixfs_fields{.type = unixfs_type::directory};
  if (c.has("mode")) fields.mode = mode_of(c.at("mode"));
  if (c.has("mtime")) fields.mtime = time_of(c.at("mtime"));
  return same("size", std::to_string(dag_pb_data_size(encoded_size(fields))), to_text(c.at("size")));
}

auto run(test_case const& c) -> answer {
  if (c.op == "unixfs.data") return data_fields(c);
  if (c.op == "dag-pb.link_size") return link_size(c);
  if (c.op == "dag-pb.varint_len") return same("size", std::to_string(varint_size(c.unsigned_number("value"))), to_text(c.at("size")));
  if (c.op == "unixfs.directory_data_size") return directory_size(c);
  if (c.op == "unixfs.tree") return walk_tree(c);
  if (c.op != "unixfs.import") return unsupported("op " + c.op);
  auto const& content = c.object("content");
  for (auto const* name : {"text", "chacha20", "zeros", "file"})
    if (content.contains(name)) return import_file(c);
  return import_tree(c);
}

}  // namespace

auto import_options_of(test_case const& c) -> import_options {
  auto const& p = c.object("params");
  auto o = import_options{};
  o.cid_version = static_cast<unsigned>(number_of(p.at("cid_version")));
  o.raw_leaves = p.at("raw_leaves").as_bool();
  auto const chunker = parse_chunker(to_text(p.at("chunker")));
  if (!chunker) throw bad_case{"chunker " + to_text(p.at("chunker"))};
  o.chunker = *chunker;
  auto const links = static_cast<std::size_t>(number_of(p.at("max_links")));
  auto const layout = to_text(p.at("layout"));
  if (layout == "trickle")
    o.layout = trickle_layout{links};
  else if (layout == "balanced")
    o.layout = balanced_layout{links};
  else
    throw bad_case{"layout " + layout};
  auto const hash = to_text(p.at("hash"));
  o.hash = UINT64_MAX;
  for (auto const& h : hash_functions())
    if (h.name == hash) o.hash = h.code;
  auto const& content = c.object("content");
  if (auto const* m = content.if_contains("mode")) o.metadata.mode = mode_of(*m);
  if (auto const* t = content.if_contains("mtime")) o.metadata.mtime = time_of(*t);
  return o;
}

auto import_file(test_case const& c) -> answer {
  auto const o = import_options_of(c);
  auto store = null_blockstore{};
  auto const& content = c.object("content");
  auto const add = [&](bytes_view in) { return compare(c, add_file(store, in, o)); };
  if (auto const* r = content.if_contains("chacha20")) {
    auto source = keystream_source{to_text(r->at("seed")), number_of(r->at("size"))};
    return compare(c, add_file(store, source, o));
  }
  if (auto const* n = content.if_contains("zeros")) return add(bytes(static_cast<std::size_t>(number_of(*n))));
  if (auto const* t = content.if_contains("text")) return add(as_bytes(to_text(*t)));
  auto const& file = content.at("file");
  if (file.is_object()) return add(as_bytes(to_text(file.at("text"))));
  return add(c.file(to_text(file)));
}

auto unixfs_area() -> area { return {"unixfs", run}; }

}  // namespace conformance
