#include "support.hpp"

#include <cairn/ipld/codec_set.hpp>
#include <cairn/ipld/traversal.hpp>
#include <cairn/unixfs.hpp>

using namespace cairn;
using namespace cairn::testing;

namespace {

// A dag-cbor block that lists links.
auto list_block(std::vector<cid> const& links) -> block {
  auto items = ipld::list{};
  for (auto const& id : links) items.push_back(ipld::node{id});
  auto data = bytes{};
  REQUIRE(dag_cbor::encode(ipld::node{std::move(items)}, data));
  return *hash_block({1, code::dag_cbor}, buffer{data});
}

struct exported {
  bytes car;
  std::vector<cid> ids;
};

auto export_to_memory(blockstore_ref store, cid const& root, car_export_options const& options = {}) -> io_result<exported> {
  auto sink = memory_sink{};
  auto const report = export_car(store, root, sink, options);
  if (!report) return std::unexpected(report.error());
  CHECK(report->bytes == sink.written().size());
  auto out = exported{sink.written(), {}};
  for (auto const& b : read_car(out.car).blocks) out.ids.push_back(b.id());
  CHECK(report->blocks == out.ids.size());
  return out;
}

// Counts calls; every block of a batch at once.
struct counting_store {
  auto has(cid const& id) const -> io_result<bool> { return inner.has(id); }
  auto get(cid const& id) const -> io_result<block> { return inner.get(id); }
  auto put(block_view const& b) -> io_result<void> { return inner.put(b); }
  auto remove(cid const& id) -> io_result<void> { return inner.remove(id); }
  auto put_many(std::span<block_view const> blocks) -> io_result<void> {
    ++batches;
    if (batches == fail_at) return std::unexpected(error::message("store", "the disk is full"));
    for (auto const& b : blocks) CAIRN_TRY(inner.put(b));
    return {};
  }
  memory_blockstore inner{};
  int batches = 0, fail_at = 0;
};

}  // namespace

TEST_CASE("export walks depth first, each block once, the root first") {
  auto store = memory_blockstore{};
  auto const a = raw_block("a"), b = raw_block("b"), c = raw_block("c");
  auto const left = list_block({a.id(), b.id()}), right = list_block({b.id(), left.id(), c.id()});
  auto const root = list_block({left.id(), right.id(), a.id(), left.id()});
  for (auto const& one : {a, b, c, left, right, root}) REQUIRE(store.put(one));
  auto const out = export_to_memory(store, root.id());
  REQUIRE(out);
  CHECK(out->ids == std::vector<cid>{root.id(), left.id(), a.id(), b.id(), right.id(), c.id()});
  auto source = memory_source{out->car};
  CHECK(car_reader::open(source)->roots()[0] == root.id());
}

TEST_CASE("export and dag_walk agree on any DAG, though siblings are fetched ahead") {
  testing::check_property("order", [](std::vector<std::vector<std::uint8_t>> const& shape) {
    // block i links to blocks before it
    auto store = memory_blockstore{};
    auto ids = std::vector<cid>{};
    for (std::size_t i = 0; i < shape.size() + 60; ++i) {
      auto links = std::vector<cid>{};
      if (i >= 60)
        for (auto pick : shape[i - 60]) links.push_back(ids[pick % ids.size()]);
      auto const one = links.empty() ? raw_block(std::to_string(i)) : list_block(links);
      RC_ASSERT(store.put(one).has_value());
      ids.push_back(one.id());
    }
    auto all = ids;
    auto const root = list_block(all);
    RC_ASSERT(store.put(root).has_value());
    auto const out = export_to_memory(store, root.id());
    RC_ASSERT(out.has_value());
    auto walk = dag_walk{store, root.id()};
    for (auto const& id : out->ids) {
      auto const item = walk.next();
      RC_ASSERT(item.has_value());
      RC_ASSERT(item->has_value());
      RC_ASSERT(((*item)->id == id));
    }
    RC_ASSERT(!(*walk.next()).has_value());
  });
}

TEST_CASE("SEC-38 a deep chain is exported without recursion") {
  auto store = memory_blockstore{};
  auto last = raw_block("end").id();
  REQUIRE(store.put(raw_block("end")));
  for (int i = 0; i < 20'000; ++i) {
    auto const one = list_block({last});
    REQUIRE(store.put(one));
    last = one.id();
  }
  auto sink = memory_sink{};
  auto const report = export_car(store, last, sink);
  REQUIRE(report);
  CHECK(report->blocks == 20'001);
}

TEST_CASE("export writes an identity block once, and the same bytes under two codecs twice, as Kubo does") {
  auto store = memory_blockstore{};
  auto const child = *hash_block({1, code::raw, code::identity}, buffer{as_bytes("child")});
  auto const list = list_block({});
  auto const as_raw = cid::v1(code::raw, list.id().hash());
  auto const root = list_block({child.id(), child.id(), list.id(), as_raw, list.id()});
  for (auto const& one : {child, list, root}) REQUIRE(store.put(one));
  auto const out = export_to_memory(store, root.id());
  REQUIRE(out);
  CHECK(out->ids == std::vector<cid>{root.id(), child.id(), list.id(), as_raw});
}

TEST_CASE("export of a DAG with a hole is an error that names it, or skips it where asked") {
  auto store = memory_blockstore{};
  auto const a = raw_block("a"), lost = raw_block("lost"), z = raw_block("z");
  auto const root = list_block({a.id(), lost.id(), z.id()});
  for (auto const& one : {a, z, root}) REQUIRE(store.put(one));
  auto const out = export_to_memory(store, root.id());
  REQUIRE_FALSE(out);
  CHECK(out.error() == block_errc::not_found);
  CHECK(to_string(out.error()).find(to_string(lost.id())) != std::string::npos);
  auto const partial = export_to_memory(store, root.id(), {.on_missing = car_missing::is_skipped});
  REQUIRE(partial);
  CHECK(partial->ids == std::vector<cid>{root.id(), a.id(), z.id()});

  auto sink = memory_sink{};
  CHECK_FALSE(export_car(store, lost.id(), sink));
  CHECK(sink.written().empty());
}

TEST_CASE("import stores what export wrote, over many batches") {
  auto from = memory_blockstore{};
  auto links = std::vector<cid>{};
  for (int i = 0; i < 150; ++i) {
    auto data = bytes(200'000, static_cast<byte>(i));
    data[0] = static_cast<byte>(i >> 8);
    auto const b = raw_block(data);
    links.push_back(b.id());
    REQUIRE(from.put(b));
  }
  auto const root = list_block(links);
  REQUIRE(from.put(root));
  auto const out = export_to_memory(from, root.id());
  REQUIRE(out);
  REQUIRE(out->ids.size() == 151);

  for (std::size_t step : {std::size_t{65'536}, SIZE_MAX}) {
    auto to = counting_store{};
    auto source = dripping_source{out->car, step};
    auto const report = import_car(to, source);
    REQUIRE(report);
    CHECK(report->version == 1);
    CHECK(report->roots == std::vector<cid>{root.id()});
    CHECK(report->blocks == 151);
    CHECK(report->bytes == 150 * 200'000 + root.data().size());
    CHECK(to.inner.size() == 151);
    CHECK(to.batches >= 10);  // 30 MB, 2 MiB at a time
    CHECK(to.batches <= 16);
    CHECK(export_to_memory(to, root.id())->car == out->car);
  }

  // the store fails in the second batch, the source in the last: typed errors, no thread left
  auto full = counting_store{};
  full.fail_at = 2;
  auto source = memory_source{out->car};
  CHECK(to_string(import_car(full, source).error()).find("the disk is full") != std::string::npos);
  auto cut = memory_source{bytes_view{out->car}.first(out->car.size() - 1)};
  auto to = counting_store{};
  CHECK(import_car(to, cut).error() == car_errc::truncated);
  CHECK(to.inner.size() == 150);
}

TEST_CASE("SEC-35 import stores nothing that was not checked") {
  auto const good = raw_block("good"), other = raw_block("other"), after = raw_block("after");
  auto car = car_of({}, std::vector<block>{good});
  // the CID of `other` before the bytes of `after`
  append_varint(car, other.id().encoded_size() + after.data().size());
  append_cid(car, other.id());
  append(car, after.data());
  auto store = memory_blockstore{};
  auto source = memory_source{car};
  auto const report = import_car(store, source);
  REQUIRE_FALSE(report);
  CHECK(report.error() == block_errc::hash_mismatch);
  CHECK(report.error().subject() == to_string(other.id()));
  CHECK(*store.has(good.id()));
  CHECK_FALSE(*store.has(other.id()));
  CHECK_FALSE(*store.has(after.id()));
}

TEST_CASE("import of other hashes, identity blocks, and blocks above the limit") {
  auto const blocks = std::vector<block>{*hash_block({1, code::raw, code::identity}, buffer{as_bytes("inline")}),
                                         *hash_block({1, code::raw, code::sha2_256, 20}, buffer{as_bytes("cut")}), raw_block(bytes(3000, 1))};
  auto const car = car_v2_of({}, blocks);
  auto store = memory_blockstore{};
  auto source = memory_source{car};
  auto const report = import_car(store, source);
  REQUIRE(report);
  CHECK(report->version == 2);
  CHECK(report->blocks == 3);
  CHECK(store.size() == 2);
  auto again = memory_source{car};
  CHECK(import_car(store, again, {.max_block = 2999}).error() == car_errc::block_too_long);

  auto unknown = car_of({}, {});
  auto const id = cid::v1(code::raw, *multihash::wrap(0x300001, bytes(32, 7)));
  append_varint(unknown, id.encoded_size());
  append_cid(unknown, id);
  auto odd = memory_source{unknown};
  CHECK(import_car(store, odd).error() == block_errc::unknown_hash);
}

TEST_CASE("SEC-35 import of a CAR in memory is the import of any, with nothing stored that was not checked") {
  auto blocks = std::vector<block>{};
  for (auto i = 0uz; i < 40; ++i) blocks.push_back(raw_block(bytes(200'000 + i, static_cast<byte>(i))));
  auto car = car_of(std::vector<cid>{blocks[0].id()}, blocks);
  auto store = memory_blockstore{};
  auto const report = import_car(store, bytes_view{car}, {.follow_links = true});
  REQUIRE(report);
  CHECK(report->blocks == 40);
  CHECK(report->roots == std::vector<cid>{blocks[0].id()});
  CHECK(store.size() == 40);
  car[car.size() - 1] ^= 1;
  auto other = memory_blockstore{};
  CHECK(import_car(other, bytes_view{car}).error() == block_errc::hash_mismatch);
  CHECK_FALSE(*other.has(blocks[39].id()));
  CHECK(*other.has(blocks[38].id()));
  CHECK(import_car(other, bytes_view{car}.first(car.size() - 1)).error() == car_errc::truncated);
}

TEST_CASE("import of an empty CAR is an import of nothing") {
  auto store = memory_blockstore{};
  auto const car = car_of({}, {});
  auto source = memory_source{car};
  auto const report = import_car(store, source);
  REQUIRE(report);
  CHECK(report->blocks == 0);
  CHECK(report->roots.empty());
}

TEST_CASE("an import knows whether its CAR is whole: every link leads to a block of it, and so do the roots") {
  auto store = memory_blockstore{};
  auto files = importer{store, import_options{}};
  auto const noise = [](std::size_t size) {
    auto out = bytes(size);
    auto x = std::uint32_t{1};
    for (auto& b : out) b = static_cast<byte>((x = x * 1664525u + 1013904223u) >> 24);
    return out;
  };
  auto const root = files.add(noise(9'000'000)).value().root;
  auto const other = files.add(noise(700'000)).value().root;
  files.flush().value();
  auto const car_of = [&](std::vector<cid> const& named, std::vector<cid> const& from, std::size_t leave_out) {
    auto sink = memory_sink{};
    auto writer = car_writer::open(sink, named).value();
    auto count = std::size_t{0};
    for (auto const& id : from) {
      auto walk = dag_walk{store, id};
      while (auto item = walk.next().value())
        if (++count != leave_out) writer.put(block_view{*item->data}).value();
    }
    writer.finish().value();
    return bytes{sink.written()};
  };
  auto const is_whole = [](bytes const& car, bool follow = true) {
    auto into = memory_blockstore{};
    auto source = memory_source{car};
    auto const report = import_car(into, source, {.follow_links = follow});
    REQUIRE(report);
    return report->whole;
  };
  CHECK(is_whole(car_of({root}, {root}, 0)));
  CHECK(is_whole(car_of({root, other}, {root, other}, 0)));
  CHECK(is_whole(car_of({}, {other}, 0)));
  CHECK_FALSE(is_whole(car_of({root}, {root}, 0), false));  // not asked
  CHECK_FALSE(is_whole(car_of({root}, {other}, 0)));        // the root is missing
  CHECK_FALSE(is_whole(car_of({root}, {root}, 1)));
  CHECK_FALSE(is_whole(car_of({root}, {root}, 7)));
  CHECK_FALSE(is_whole(car_of({root, other}, {root}, 0)));
}
