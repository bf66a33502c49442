#include "areas.hpp"

#include <cairn/car.hpp>
#include <cairn/core/text.hpp>
#include <cairn/ipld/codec_set.hpp>

#include <algorithm>
#include <map>

namespace conformance {
namespace {

using namespace cairn;

// carv1-basic.json, carv2-basic.json: the blocks that the CAR of the same name holds, with their places.
auto expand(foreign_file const& file) -> std::vector<json::object> {
  auto const document = parse_json(read_text(file.folder / file.name));
  auto out = std::vector<json::object>{};
  std::size_t at = 0;
  for (auto const& one : document.at("blocks").as_array()) {
    out.push_back({{"id", file.name + ":" + std::to_string(at)},
                   {"op", "car.block"},
                   {"car", file.name.substr(0, file.name.size() - 4) + "car"},
                   {"at", at},
                   {"header", document.at("header")},
                   {"block", one},
                   {"count", document.at("blocks").as_array().size()}});
    ++at;
  }
  return out;
}

auto octets_of(test_case const& c) -> bytes { return c.has("car") ? c.file(c.text("car")) : c.hex("car_hex"); }

auto options_of(test_case const& c) -> car_read_options {
  auto out = car_read_options{};
  if (!c.has("options")) return out;
  if (auto const* const as_eof = c.object("options").if_contains("zero_length_section_as_eof"); as_eof && as_eof->as_bool())
    out.zero_length = car_read_options::zero_length::is_end;
  return out;
}

auto verifies(test_case const& c) -> bool {
  if (!c.has("options")) return true;
  auto const* const flag = c.object("options").if_contains("verify_hashes");
  return !flag || flag->as_bool();
}

struct content {
  std::optional<car_reader> reader;
  std::vector<cid> ids;
  std::vector<car_section> sections;  // their data is not kept
  std::vector<bytes> data;
  std::optional<error> failed;
};

auto read_all(bytes_view in, car_read_options const& options, bool verify_hashes) -> content {
  auto out = content{};
  auto source = memory_source{in};
  auto reader = car_reader::open(source, options);
  if (!reader) {
    out.failed = reader.error();
    return out;
  }
  for (;;) {
    auto const section = reader->next_section();
    if (!section) out.failed = section.error();
    if (!section || !*section) break;
    if (verify_hashes)
      if (auto const ok = check((*section)->id, (*section)->data); !ok) {
        if (ok.error() != block_errc::unknown_hash) out.failed = error{ok.error()};
        if (out.failed) break;
      }
    out.ids.push_back((*section)->id);
    out.data.emplace_back((*section)->data.begin(), (*section)->data.end());
    out.sections.push_back({(*section)->id, {}, (*section)->offset});
  }
  out.reader = std::move(*reader);
  return out;
}

auto same_number(std::string_view what, std::uint64_t have, std::uint64_t want) -> answer {
  return same(what, std::to_string(have), std::to_string(want));
}

auto compare_counts(test_case const& c, std::string_view field, std::map<std::uint64_t, std::size_t> const& have) -> answer {
  auto text = std::string{}, want = std::string{};
  auto digits = [](std::uint64_t code) {
    auto out = std::string{};
    do out.insert(out.begin(), "0123456789abcdef"[code & 15]);
    while (code >>= 4);
    return "0x" + out;
  };
  for (auto const& [code, count] : have) text += digits(code) + "=" + std::to_string(count) + " ";
  auto sorted = std::map<std::uint64_t, std::size_t>{};
  for (auto const& [code, count] : c.object(field)) sorted[std::stoull(std::string{std::string_view{code}}, nullptr, 16)] = count.to_number<std::size_t>();
  for (auto const& [code, count] : sorted) want += digits(code) + "=" + std::to_string(count) + " ";
  return same(field, text, want);
}

auto inspect(test_case const& c) -> answer {
  auto const all = read_all(octets_of(c), {}, true);
  if (all.failed) return fail(to_string(*all.failed));
  auto codecs = std::map<std::uint64_t, std::size_t>{}, hashes = codecs;
  auto texts = std::string{};
  std::uint64_t sum = 0, min_block = UINT64_MAX, max_block = 0, min_cid = UINT64_MAX, max_cid = 0;
  for (std::size_t i = 0; i < all.ids.size(); ++i) {
    auto const& id = all.ids[i];
    ++codecs[id.codec()], ++hashes[id.hash().code()];
    texts += (texts.empty() ? "" : "\n") + to_string(id);
    auto const size = std::uint64_t{all.data[i].size()}, named = std::uint64_t{id.encoded_size()};
    sum += size;
    min_block = std::min(min_block, size), max_block = std::max(max_block, size);
    min_cid = std::min(min_cid, named), max_cid = std::max(max_cid, named);
  }
  auto roots = std::string{}, want_roots = std::string{};
  for (auto const& root : all.reader->roots()) roots += to_string(root) + " ";
  for (auto const& root : c.array("roots")) want_roots += to_text(root) + " ";
  auto results = std::vector<answer>{
      same_number("version", all.reader->version(), c.unsigned_number("version")),
      same("roots", roots, want_roots),
      same_number("blocks", all.ids.size(), c.unsigned_number("block_count")),
      same_number("smallest block", min_block, c.unsigned_number("min_block")),
      same_number("largest block", max_block, c.unsigned_number("max_block")),
      same_number("sum of blocks", sum, c.unsigned_number("sum_block")),
      same_number("shortest CID", min_cid, c.unsigned_number("min_cid")),
      same_number("longest CID", max_cid, c.unsigned_number("max_cid")),
      compare_counts(c, "codecs", codecs),
      compare_counts(c, "multihashes", hashes),
      same("first", to_string(all.ids.front()), c.text("first_cid")),
      same("last", to_string(all.ids.back()), c.text("last_cid")),
      same("all CIDs", to_hex(sha256(as_bytes(texts))), c.text("all_cids_sha256")),
  };
  if (c.has("characteristics_hex")) {
    auto const& h = all.reader->v2_header();
    if (!h) return fail("no CARv2 header");
    results.push_back(same("characteristics", h->characteristics, c.hex("characteristics_hex")));
    results.push_back(same_number("data offset", h->data_offset, c.unsigned_number("data_offset")));
    results.push_back(same_number("data size", h->data_size, c.unsigned_number("data_size")));
    results.push_back(same_number("index offset", h->index_offset, c.unsigned_number("index_offset")));
    auto const octets = octets_of(c);
    auto const behind = bytes_view{octets}.subspan(h->index_offset);
    // carv2-basic.car has the index of a draft, without a multicodec before it; readers pass over it
    auto const codec = read_varint(behind);
    auto const known = codec && (codec->value == 0x0400 || codec->value == 0x0401);
    auto const index = known ? decode_car_index(behind) : std::unexpected(car_errc::bad_index);
    if (known && !index) return fail("index: " + std::string{describe(index.error())});
    // each section of the index's kind is found where it is
    for (auto const& section : all.sections) {
      if (!index || section.id.hash().code() == code::identity) continue;
      if (index->find(section.id.hash()) != section.offset) return fail("the index misses " + to_string(section.id));
    }
  }
  for (auto const& one : results)
    if (one.outcome != verdict::pass) return one;
  return pass();
}

auto run_block(test_case const& c) -> answer {
  auto const octets = octets_of(c);
  auto const all = read_all(octets, {}, true);
  if (all.failed) return fail(to_string(*all.failed));
  if (auto const a = same_number("blocks", all.ids.size(), c.unsigned_number("count")); a.outcome != verdict::pass) return a;
  auto const& header = c.object("header");
  if (all.reader->version() != header.at("version").to_number<unsigned>()) return fail("another version");
  auto const& roots = header.at("roots").as_array();
  if (roots.size() != all.reader->roots().size()) return fail("another number of roots");
  for (std::size_t i = 0; i < roots.size(); ++i)
    if (to_text(roots[i].at("/")) != to_string(all.reader->roots()[i])) return fail("another root");
  auto base = std::uint64_t{0};
  if (auto const& h = all.reader->v2_header()) {
    base = h->data_offset;
    if (h->data_offset != header.at("dataOffset").to_number<std::uint64_t>() || h->data_size != header.at("dataSize").to_number<std::uint64_t>() ||
        h->index_offset != header.at("indexOffset").to_number<std::uint64_t>())
      return fail("another CARv2 header");
  }
  auto const at = c.unsigned_number("at");
  auto const& want = c.object("block");
  auto const& data = all.data[at];
  auto const start = base + all.sections[at].offset;
  auto const block_start = want.at("blockOffset").to_number<std::uint64_t>();
  if (auto const a = same("CID", to_string(all.ids[at]), to_text(want.at("cid").at("/"))); a.outcome != verdict::pass) return a;
  if (auto const a = same_number("offset", start, want.at("offset").to_number<std::uint64_t>()); a.outcome != verdict::pass) return a;
  if (data.size() != want.at("blockLength").to_number<std::uint64_t>()) return fail("another block length");
  if (block_start + data.size() != start + want.at("length").to_number<std::uint64_t>()) return fail("another section length");
  if (auto const a = same("data", bytes_view{octets}.subspan(block_start, data.size()), data); a.outcome != verdict::pass) return a;
  auto const have = default_codecs::decode(all.ids[at].codec(), data);
  if (!have) return fail(to_string(have.error()));
  auto const expected = dag_json::decode(as_bytes(json::serialize(want.at("content"))), codec_mode::lax);
  if (!expected) return fail("the expected content is no dag-json: " + std::string{describe(expected.error())});
  auto a = bytes{}, b = bytes{};
  if (!dag_json::encode(*have, a) || !dag_json::encode(*expected, b)) return fail("no dag-json form");
  return same("content", as_text(a), as_text(b));
}

auto run_index_info(test_case const& c) -> answer {
  auto const octets = c.file(c.text("index"));
  auto const index = decode_car_index(octets);
  if (!index) return fail(std::string{describe(index.error())});
  if (static_cast<std::uint64_t>(index->format()) != std::stoull(c.text("codec"), nullptr, 16)) return fail("another format");
  auto const& buckets = c.array("buckets");
  if (buckets.size() != index->buckets().size()) return fail("another number of buckets");
  for (std::size_t i = 0; i < buckets.size(); ++i) {
    auto const& b = index->buckets()[i];
    auto const& want = buckets[i].as_object();
    if (b.width != want.at("width").to_number<std::uint32_t>() || b.size() != want.at("entries").to_number<std::size_t>()) return fail("another bucket");
    if (auto const a = same("first digest", b.digest(0), unhex(to_text(want.at("first_digest_hex")))); a.outcome != verdict::pass) return a;
    if (b.offset(0) != want.at("first_offset").to_number<std::uint64_t>()) return fail("another offset");
  }
  auto again = bytes{};
  append_car_index(again, *index);
  return same("written again", again, octets);
}

auto run(test_case const& c) -> answer {
  if (c.op == "car.inspect") return inspect(c);
  if (c.op == "car.block") return run_block(c);
  if (c.op == "car.index_info") return run_index_info(c);
  auto const octets = octets_of(c);
  if (c.op == "car.open") {
    auto source = memory_source{octets};
    auto const reader = car_reader::open(source);
    return expect_error(c.expects_error(), !reader, reader ? "" : to_string(reader.error()));
  }
  if (c.op == "car.read_all") {
    auto const all = read_all(octets, options_of(c), verifies(c));
    if (auto const a = expect_error(c.expects_error(), all.failed.has_value(), all.failed ? to_string(*all.failed) : ""); a.outcome != verdict::pass) return a;
    if (c.has("block_count") && all.ids.size() != c.unsigned_number("block_count")) return fail("another number of blocks");
    if (c.has("cids")) {
      auto const& want = c.array("cids");
      if (want.size() != all.ids.size()) return fail("another number of blocks");
      for (std::size_t i = 0; i < want.size(); ++i)
        if (to_text(want[i]) != to_string(all.ids[i])) return fail("another CID");
    }
    return pass();
  }
  if (c.op == "car.read_index") {
    auto source = memory_source{octets};
    auto const reader = car_reader::open(source);
    if (!reader) return fail("the CAR is refused: " + to_string(reader.error()));
    auto const at = reader->v2_header() ? reader->v2_header()->index_offset : 0;
    if (at == 0 || at > octets.size()) return fail("no index");
    auto const index = decode_car_index(bytes_view{octets}.subspan(at));
    return expect_error(c.expects_error(), !index, index ? "" : std::string{describe(index.error())});
  }
  if (c.op == "car.fuzz") {
    (void)read_all(octets, {}, true);
    (void)decode_car_index(octets);
    return pass();  // it is still running
  }
  return unsupported("op " + c.op);
}

}  // namespace

auto car_area() -> area { return {"car", run, expand}; }

}  // namespace conformance
