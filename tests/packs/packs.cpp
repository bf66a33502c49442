#include <cairn/blockstore.hpp>
#include <cairn/blockstore/packs.hpp>
#include <cairn/multiformats/multihash_set.hpp>

#include "laws/blockstore.hpp"
#include "packs/simulated_file_system.hpp"
#include "support/keystream.hpp"

#include <filesystem>
#include <utility>

#include <sys/wait.h>
#include <unistd.h>

using namespace cairn;
using testing::simulated_disk;

namespace {

struct folder {
  folder() {
    static auto count = 0;
    path = std::filesystem::temp_directory_path() / ("cairn-packs-" + std::to_string(::getpid()) + "-" + std::to_string(count++));
    std::filesystem::remove_all(path);
  }
  ~folder() { std::filesystem::remove_all(path); }
  std::filesystem::path path;
};

auto blocks_in(std::string const& where) { return packs_options{.blocks = where + "/blocks", .index = where + "/index"}; }

auto on(std::shared_ptr<simulated_disk> disk) -> packs_options {
  auto o = packs_options{.blocks = "d/blocks", .index = "d/index"};
  o.files = std::move(disk);
  o.reserve_bytes = 0;
  return o;
}

auto numbered(int i, std::size_t size = 100) -> block {
  auto data = bytes(size, static_cast<byte>(i));
  for (std::size_t k = 0; k < 4 && k < size; ++k) data[k] = static_cast<byte>(i >> (8 * k));
  return *hash_block({}, buffer{data});
}

auto keys_of(packs& store) -> std::size_t {
  auto keys = store.keys();
  REQUIRE(keys);
  for (auto n = std::size_t{0};; ++n) {
    auto key = keys->next();
    REQUIRE(key);
    if (!*key) return n;
  }
}

auto holds(packs const& store, block const& b) -> bool {
  auto got = store.get(b.id());
  return got && equal(got->data, b.data());
}

}  // namespace

TEST_CASE("packs keeps the laws of a block store") {
  laws::blockstore([] {
    auto o = on(std::make_shared<simulated_disk>());
    return std::move(*packs::open(std::move(o))) | verified;
  });
}

TEST_CASE("packs keeps the laws with segments of a few sections") {
  laws::blockstore([] {
    auto o = on(std::make_shared<simulated_disk>());
    o.segment_sections = 3;
    o.recent_blocks = 2;
    return std::move(*packs::open(std::move(o))) | verified;
  });
}

TEST_CASE("what was put is there in the next process, closed or not") {
  auto const where = folder{};
  auto const a = numbered(1), b = numbered(2, 300000), c = numbered(3, 0);
  {
    auto store = packs::open(blocks_in(where.path));
    REQUIRE(store);
    REQUIRE(store->put(a));
    REQUIRE(store->put(b));
    REQUIRE(store->put(c));
    REQUIRE(store->remove(c.id()));
    CHECK(store->stats().blocks == 2);
    auto second = packs::open(blocks_in(where.path));
    REQUIRE_FALSE(second);
    CHECK(second.error().clause().find("locked by process " + std::to_string(::getpid())) != std::string::npos);
    REQUIRE(store->sync());
    REQUIRE(store->close());
  }
  auto store = packs::open(blocks_in(where.path));
  REQUIRE(store);
  CHECK(holds(*store, a));
  CHECK(holds(*store, b));
  CHECK_FALSE(*store->has(c.id()));
  CHECK(store->stats().blocks == 2);
  CHECK(store->stats().block_bytes == 300100);
}

TEST_CASE("a second process is told who has the store, and finds everything when it is free") {
  auto const where = folder{};
  auto store = packs::open(blocks_in(where.path));
  REQUIRE(store);
  REQUIRE(store->put(numbered(1)));
  auto const child = [&](auto work) {
    auto const pid = ::fork();
    if (pid == 0) ::_exit(work() ? 0 : 1);
    auto status = 0;
    ::waitpid(pid, &status, 0);
    return WIFEXITED(status) && WEXITSTATUS(status) == 0;
  };
  CHECK(child([&] {
    auto second = packs::open(blocks_in(where.path));
    return !second && second.error().clause().find("locked by") != std::string_view::npos;
  }));
  REQUIRE(store->close());
  CHECK(child([&] {
    auto second = packs::open(blocks_in(where.path));
    return second && holds(*second, numbered(1)) && second->put(numbered(2)) && second->close();
  }));
  store = packs::open(blocks_in(where.path));
  REQUIRE(store);
  CHECK(holds(*store, numbered(2)));
}

TEST_CASE("a killed process loses nothing that was put, synced or not, under either promise") {
  for (auto mode : {sync_mode::commit, sync_mode::off}) {
    auto disk = std::make_shared<simulated_disk>();
    auto o = on(disk);
    o.sync = mode;
    o.segment_sections = 40;
    o.recent_blocks = 16;
    auto store = packs::open(o);
    REQUIRE(store);
    for (auto i = 0; i < 100; ++i) REQUIRE(store->put(numbered(i)));
    for (auto i = 0; i < 100; i += 3) REQUIRE(store->remove(numbered(i).id()));
    for (auto i = 0; i < 100; i += 9) REQUIRE(store->put(numbered(i)));
    auto p = o;
    p.files = disk->after_kill();
    auto again = packs::open(p);
    REQUIRE(again);
    for (auto i = 0; i < 100; ++i) CHECK(holds(*again, numbered(i)) == (i % 3 != 0 || i % 9 == 0));
    CHECK(again->stats().blocks == store->stats().blocks);
    CHECK(again->stats().block_bytes == store->stats().block_bytes);
    auto const report = again->verify();
    REQUIRE(report);
    for (auto const& d : report->damage) FAIL(d.where << ": " << d.what);
    CHECK(report->blocks == again->stats().blocks);
  }
}

TEST_CASE("an index built again from the segments is the index that was") {
  auto disk = std::make_shared<simulated_disk>();
  auto o = on(disk);
  o.segment_sections = 25;
  {
    auto store = packs::open(o);
    for (auto i = 0; i < 200; ++i) REQUIRE(store->put(numbered(i)));
    for (auto i = 0; i < 200; i += 2) REQUIRE(store->remove(numbered(i).id()));
    for (auto i = 0; i < 200; i += 10) REQUIRE(store->put(numbered(i)));
    REQUIRE(store->close());
  }
  SECTION("index") {}
  SECTION("and MANIFEST") { disk->file("d/blocks/MANIFEST")[20] ^= 1; CHECK_FALSE(packs::open(o)); }
  auto store = packs::rebuild(o);
  REQUIRE(store);
  for (auto i = 0; i < 200; ++i) CHECK(holds(*store, numbered(i)) == (i % 2 != 0 || i % 10 == 0));
  CHECK(store->stats().blocks == 120);
  auto const report = store->verify();
  for (auto const& d : report->damage) FAIL(d.where << ": " << d.what);
}

TEST_CASE("a store of many segments reads all of them with a bounded number of open files") {
  auto const where = folder{};
  auto o = blocks_in(where.path);
  o.segment_sections = 1;
  o.reserve_bytes = 0;
  o.sync = sync_mode::off;
  {
    auto store = packs::open(o);
    for (auto i = 0; i < 600; ++i) REQUIRE(store->put(numbered(i)));
    REQUIRE(store->close());
  }
  auto const open_files = [] { return std::distance(std::filesystem::directory_iterator{"/proc/self/fd"}, {}); };
  auto const before = open_files();
  auto store = packs::open(o);
  for (auto round = 0; round < 2; ++round)
    for (auto i = 0; i < 600; ++i) REQUIRE(holds(*store, numbered(i)));
  CHECK(open_files() - before < 400);
}

TEST_CASE("entries of dropped segments are cleaned up by a later sweep, and no other") {
  auto disk = std::make_shared<simulated_disk>();
  auto o = on(disk);
  o.segment_sections = 20;
  auto store = packs::open(o);
  auto keep = std::set<multihash>{};
  for (auto round = 0; round < 4; ++round) {
    for (auto i = 0; i < 60; ++i) REQUIRE(store->put(numbered(round * 100 + i)));
    keep.insert(numbered(round * 100 + 7).id().hash());
    auto collection = store->begin_collection();
    // what was put before the collection and is not kept goes
    REQUIRE(collection.sweep([&](multihash const& h) { return keep.contains(h); }));
    CHECK(store->stats().blocks == keep.size());
  }
  CHECK(keys_of(*store) == 4);
  REQUIRE(store->close());
  auto index = detail::packs_index::open(disk, "d/index", true);
  REQUIRE(index);
  auto entries = (*index)->entries(true);
  auto count = 0;
  while (auto e = entries.next()) {
    if (!*e) break;
    ++count;
  }
  CHECK(count < 4 + 2 * 60);
}

TEST_CASE("a sweep drops dead segments, rewrites what is mostly dead, and keeps what is alive") {
  auto disk = std::make_shared<simulated_disk>();
  auto o = on(disk);
  o.segment_sections = 20;
  auto store = packs::open(o);
  for (auto i = 0; i < 100; ++i) REQUIRE(store->put(numbered(i)));
  // segments hold 0..19 (all dead), 20..39 (one in ten alive), 40..59 (most alive), 60..79, 80..99 (all alive)
  auto alive = [](int i) { return i >= 60 || (i >= 40 && i % 5 != 0) || (i >= 20 && i < 40 && i % 10 == 0); };
  auto live = multihash_set{};
  for (auto i = 0; i < 100; ++i)
    if (alive(i)) live.insert(numbered(i).id().hash());
  auto const late = numbered(1000), touched = numbered(3);
  {
    auto collection = store->begin_collection();
    REQUIRE(store->put(late));
    REQUIRE(store->put(touched));
    auto const report = collection.sweep([&](multihash const& h) { return live.contains(h); });
    REQUIRE(report);
    CHECK(report->removed_blocks == 41);
    CHECK(report->rewritten_segments == 2);
  }
  auto const check_all = [&](packs& s) {
    for (auto i = 0; i < 100; ++i) CHECK(holds(s, numbered(i)) == (alive(i) || i == 3));
    CHECK(holds(s, late));
    CHECK(s.stats().blocks == 60);
    auto const report = s.verify();
    REQUIRE(report);
    for (auto const& d : report->damage) FAIL(d.where << ": " << d.what);
    CHECK(report->blocks == 60);
  };
  check_all(*store);
  REQUIRE(store->close());
  SECTION("opened again") {
    store = packs::open(o);
    REQUIRE(store);
    check_all(*store);
  }
  SECTION("built again") {
    store = packs::rebuild(o);
    REQUIRE(store);
    check_all(*store);
  }
  auto collection = store->begin_collection();
  auto const report = collection.sweep([](multihash const&) { return false; });
  REQUIRE(report);
  CHECK(store->stats().blocks == 0);
  CHECK(store->stats().disk_bytes < 20000);
}

TEST_CASE("little that is synced moves the end of the file seldom: zeros stand ahead of it, and go when the store is closed or opened again") {
  auto disk = std::make_shared<simulated_disk>();
  auto o = on(disk);
  o.sync = sync_mode::commit;
  auto const size = [&] { return *(*disk->open("d/blocks/00000001.car", open_mode::read))->size(); };
  auto store = packs::open(o);
  auto sizes = std::set<std::uint64_t>{};
  for (auto i = 0; i < 400; ++i) {
    REQUIRE(store->put(numbered(i)));
    REQUIRE(store->sync());
    if (i >= 100) sizes.insert(size());
  }
  CHECK(sizes.size() <= 4);
  auto const with_zeros = size();
  SECTION("closed") { REQUIRE(store->close()); }
  SECTION("killed") {
    disk = disk->after_crash([](std::size_t) { return true; });
    o.files = disk;
  }
  store = packs::open(o);
  REQUIRE(store);
  CHECK(size() < with_zeros);
  for (auto i = 0; i < 400; ++i) CHECK(holds(*store, numbered(i)));
  auto const report = store->verify();
  REQUIRE(report);
  CHECK(report->damage.empty());
  CHECK(report->blocks == 400);
}

TEST_CASE("what is alive is not copied by one collection after the other, however small its blocks are") {
  auto disk = std::make_shared<simulated_disk>();
  auto o = on(disk);
  o.segment_sections = 20;
  auto store = packs::open(o);
  auto small = [](int i) { return *hash_block({.codec = code::raw}, buffer{as_bytes(std::to_string(i))}); };
  auto live = multihash_set{};
  for (auto i = 0; i < 100; ++i) {
    REQUIRE(store->put(small(i)));
    if (i % 20 < 12) live.insert(small(i).id().hash());  // a head has 37 octets, its block two at most
  }
  for (auto const dead : {40u, 0u}) {
    auto collection = store->begin_collection();
    auto const report = collection.sweep([&](multihash const& h) { return live.contains(h); });
    REQUIRE(report);
    CHECK(report->removed_blocks == dead);
    CHECK(report->rewritten_segments == 0);
  }
  CHECK(store->stats().blocks == 60);
  for (auto i = 0; i < 100; ++i) CHECK(holds(*store, small(i)) == (i % 20 < 12));
}

TEST_CASE("what is removed while a sweep counts is counted once") {
  auto disk = std::make_shared<simulated_disk>();
  auto o = on(disk);
  o.segment_sections = 20;
  auto store = packs::open(o);
  auto live = multihash_set{};
  for (auto i = 0; i < 60; ++i) {
    REQUIRE(store->put(numbered(i)));
    if (i >= 40) live.insert(numbered(i).id().hash());
  }
  auto asked = false;
  {
    auto collection = store->begin_collection();
    auto const report = collection.sweep([&](multihash const& h) {
      if (!std::exchange(asked, true)) CHECK(store->remove(numbered(5).id()));
      return live.contains(h);
    });
    REQUIRE(report);
    CHECK(report->removed_blocks == 39);
  }
  CHECK(asked);
  CHECK(store->stats().blocks == 20);
  auto const report = store->verify();
  REQUIRE(report);
  CHECK(report->damage.empty());
  CHECK(report->blocks == 20);
}

TEST_CASE("above its aim a collection goes on, most dead first, until the disk is below it") {
  auto disk = std::make_shared<simulated_disk>();
  auto o = on(disk);
  o.segment_bytes = 4096;
  auto store = packs::open(o);
  REQUIRE(store);
  auto live = multihash_set{};
  // segments of some 36 blocks: from one in 12 dead to one in three, none of them mostly dead
  for (int i = 0; i < 400; ++i) {
    auto const b = numbered(i);
    REQUIRE(store->put(b));
    if (i % (12 - i / 45) != 0) live.insert(b.id().hash());
  }
  auto const sweep = [&](std::uint64_t aim) {
    store->aim(aim);
    auto collection = store->begin_collection();
    auto const report = collection.sweep([&](multihash const& h) { return live.contains(h); });
    REQUIRE(report);
    return report->rewritten_segments;
  };
  auto const full = store->stats().disk_bytes;
  CHECK(sweep(UINT64_MAX) == 0);
  CHECK(store->stats().disk_bytes >= full);  // the records of what is dead
  auto const halfway = full + full / 50;
  auto const some = sweep(halfway);
  CHECK(some > 0);
  CHECK(some < 8);
  CHECK(store->stats().disk_bytes <= halfway + o.segment_bytes);
  CHECK(sweep(0) > 0);
  CHECK(store->stats().disk_bytes < full - full / 12);
  CHECK(sweep(0) == 0);  // nothing dead is left
  CHECK(keys_of(*store) == live.size());
  for (int i = 0; i < 400; ++i) CHECK(holds(*store, numbered(i)) == live.contains(numbered(i).id().hash()));
}

TEST_CASE("a sweep that keeps little of a sealed segment reads little of it, and keeps the very sections") {
  auto disk = std::make_shared<simulated_disk>();
  auto o = on(disk);
  o.segment_bytes = 64 * 1024;
  auto store = packs::open(o);
  REQUIRE(store);
  auto live = multihash_set{};
  auto kept = std::vector<block>{};
  for (int i = 0; i < 1500; ++i) {
    // CIDs of either version and several codecs and hashes: they stay as they were put
    auto const data = numbered(i, 100 + static_cast<std::size_t>(i % 50));
    auto const b = i % 3 == 0 ? *hash_block({.version = 0, .codec = code::dag_pb}, buffer{data.data()})
                   : i % 3 == 1 ? data : *hash_block({.codec = code::dag_json, .hash = code::blake3}, buffer{data.data()});
    REQUIRE(store->put(b));
    if (i % 97 != 0) continue;
    live.insert(b.id().hash());
    kept.push_back(b);
  }
  auto const report = [&] {
    auto collection = store->begin_collection();  // ends before the store is closed
    return collection.sweep([&](multihash const& h) { return live.contains(h); });
  }();
  REQUIRE(report);
  CHECK(report->rewritten_segments > 0);
  CHECK(keys_of(*store) == kept.size());
  for (auto const& b : kept) CHECK(holds(*store, b));
  REQUIRE(store->close());
  store = packs::rebuild(o);
  REQUIRE(store);
  CHECK(keys_of(*store) == kept.size());
  for (auto const& b : kept) CHECK(holds(*store, b));
  CHECK(store->verify()->damage.empty());
}
