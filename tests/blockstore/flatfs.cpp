#include <cairn/blockstore/flatfs.hpp>
#include <cairn/blockstore/pipe.hpp>
#include <cairn/crypto/hash_types.hpp>

#include "laws/blockstore.hpp"
#include "support/temporary_folder.hpp"

#include <fstream>
#include <thread>

#include <unistd.h>

using namespace cairn;
namespace fs = std::filesystem;

namespace {

auto text_of(std::string const& path) -> std::string {
  auto in = std::ifstream{path, std::ios::binary};
  return {std::istreambuf_iterator<char>{in}, {}};
}

auto files_under(std::string const& folder) -> std::size_t {
  auto n = std::size_t{0};
  for (auto const& e : fs::recursive_directory_iterator{folder}) n += e.is_regular_file() && e.path().extension() == ".data";
  return n;
}

}  // namespace

TEST_CASE("flatfs keeps the laws") {
  auto const folder = testing::temporary_folder{};
  auto count = 0;
  laws::blockstore([&] { return *flatfs_blockstore::open(folder / std::to_string(count++), {.create = true}) | verified; });
}

TEST_CASE("flatfs keeps the laws with sync and another sharding") {
  auto const folder = testing::temporary_folder{};
  auto count = 0;
  auto const shard = *parse_flatfs_shard("/repo/flatfs/shard/v1/prefix/6");
  laws::blockstore([&] { return *flatfs_blockstore::open(folder / std::to_string(count++), {.sync = true, .create = true, .shard = shard}) | verified; });
}

TEST_CASE("flatfs sharding functions and their texts") {
  auto const folder_of = [](char const* text, std::string_view key) {
    auto const shard = *parse_flatfs_shard(text);
    CHECK(to_string(shard) == std::string_view{text});
    char out[64];
    shard.write(out, key);
    return std::string(out, shard.letters);
  };
  CHECK(folder_of("/repo/flatfs/shard/v1/next-to-last/2", "ABCDEFG") == "EF");
  CHECK(folder_of("/repo/flatfs/shard/v1/next-to-last/3", "AB") == "__A");
  CHECK(folder_of("/repo/flatfs/shard/v1/prefix/3", "ABCDEFG") == "ABC");
  CHECK(folder_of("/repo/flatfs/shard/v1/prefix/3", "A") == "A__");
  CHECK(folder_of("/repo/flatfs/shard/v1/suffix/2", "ABCDEFG") == "FG");
  CHECK(folder_of("/repo/flatfs/shard/v1/suffix/2", "A") == "_A");
  CHECK(parse_flatfs_shard(" /repo/flatfs/shard/v1/suffix/2\n"));
  for (auto bad : {"", "/repo/flatfs/shard/v2/suffix/2", "/repo/flatfs/shard/v1/suffix", "/repo/flatfs/shard/v1/suffix/0", "/repo/flatfs/shard/v1/middle/2",
                   "/repo/flatfs/shard/v1/suffix/-1", "/repo/flatfs/shard/v1/suffix/99999999999999999999"})
    CHECK(parse_flatfs_shard(bad).error() == flatfs_errc::bad_sharding);
}

TEST_CASE("flatfs writes the names and bytes of Kubo") {
  auto const folder = testing::temporary_folder{};
  auto store = *flatfs_blockstore::open(folder / "blocks", {.create = true});
  CHECK(text_of(folder / "blocks/SHARDING") == "/repo/flatfs/shard/v1/next-to-last/2\n");
  CHECK(fs::exists(folder / "blocks/_README"));
  // the empty directory: QmUNLLsPACCz1vLxQVkXqqLX5R1X345qqfHbsf67hvA3Nn
  auto const empty = *hash_block({.version = 0, .codec = code::dag_pb}, buffer{as_bytes("\x0a\x02\x08\x01")});
  REQUIRE(to_string(empty.id()) == "QmUNLLsPACCz1vLxQVkXqqLX5R1X345qqfHbsf67hvA3Nn");
  REQUIRE(store.put(empty));
  CHECK(text_of(folder / "blocks/X3/CIQFTFEEHEDF6KLBT32BFAGLXEZL4UWFNWM4LFTLMXQBCERZ6CMLX3Y.data") == "\x0a\x02\x08\x01");
}

TEST_CASE("flatfs leaves foreign files alone and does not list them (SEC-42)") {
  auto const folder = testing::temporary_folder{};
  auto store = *flatfs_blockstore::open(folder / "blocks", {.create = true});
  auto const b = laws::block_of("content", 1);
  REQUIRE(store.put(b));
  auto path = std::string{};
  for (auto const& e : fs::recursive_directory_iterator{folder / "blocks"})
    if (e.path().extension() == ".data") path = e.path().string();
  auto const key = fs::path{path}.filename().string(), shard = fs::path{path}.parent_path().string();
  auto const touch = [](std::string const& at) { std::ofstream{at} << "x"; };
  touch(shard + "/put-123");
  touch(shard + "/notes.txt");
  touch(shard + "/.data");
  touch(shard + "/A.data");
  touch(shard + "/" + key + "~");
  touch(shard + "/lower" + key);
  touch(shard + "/CIQFTFEEHEDF6KLBT32BFAGLXEZL4UWFNWM4LFTLMXQBCERZ6CMLX3Z.data");  // stray bits
  fs::create_directories(shard + "/" + "CIQA.data");
  fs::create_directories(folder / "blocks/ZZ");
  fs::copy_file(path, folder / ("blocks/ZZ/" + key));  // in the wrong folder
  touch(folder / "blocks/YY");
  fs::create_directories(folder / "blocks/longer");
  fs::create_directories(folder / "blocks/.temp");
  CHECK(laws::all_keys(store) == std::multiset<multihash>{b.id().hash()});
}

TEST_CASE("flatfs refuses what is not a store, and a store of another sharding") {
  auto const folder = testing::temporary_folder{};
  CHECK(flatfs_blockstore::open(folder / "none").error().is_system(ENOENT));
  fs::create_directories(folder / "plain");
  CHECK(flatfs_blockstore::open(folder / "plain").error() == flatfs_errc::no_sharding);
  REQUIRE(flatfs_blockstore::open(folder / "blocks", {.create = true}));
  REQUIRE(flatfs_blockstore::open(folder / "blocks", {.create = true}));
  auto const other = *parse_flatfs_shard("/repo/flatfs/shard/v1/suffix/2");
  CHECK(flatfs_blockstore::open(folder / "blocks", {.shard = other}).error() == flatfs_errc::other_sharding);
  std::ofstream{folder / "blocks/SHARDING", std::ios::trunc} << "nonsense";
  CHECK(flatfs_blockstore::open(folder / "blocks").error() == flatfs_errc::bad_sharding);
}

TEST_CASE("flatfs: a torn file is no block, is not given out, and is healed by the next put") {
  auto const folder = testing::temporary_folder{};
  auto store = *flatfs_blockstore::open(folder / "blocks", {.create = true}) | verified;
  auto const b = laws::block_of("content", 1);
  REQUIRE(store.put(b));
  for (auto const& e : fs::recursive_directory_iterator{folder / "blocks"})
    if (e.path().extension() == ".data") fs::resize_file(e.path(), 3);
  CHECK(store.get(b.id()).error() == block_errc::hash_mismatch);
  REQUIRE(store.put(b));
  CHECK(store.get(b.id()));
}

TEST_CASE("flatfs: a failed put leaves no file behind") {
  if (::geteuid() == 0) {
    // root writes where no permission is: a file in place of the shard's folder fails for everybody
    auto const folder = testing::temporary_folder{};
    auto store = *flatfs_blockstore::open(folder / "blocks", {.create = true});
    auto const b = *hash_block({.version = 0, .codec = code::dag_pb}, buffer{as_bytes("\x0a\x02\x08\x01")});
    std::ofstream{folder / "blocks/X3"} << "in the way";
    CHECK_FALSE(store.put(b));
    CHECK_FALSE(*store.has(b.id()));
    CHECK(fs::is_empty(folder / "blocks/.temp"));
  }
}

TEST_CASE("flatfs keeps diskUsage.cache in step") {
  auto const folder = testing::temporary_folder{};
  auto const b = laws::block_of(std::string(1000, 'x'), 1);
  {
    auto store = *flatfs_blockstore::open(folder / "blocks", {.create = true});
    CHECK(*store.disk_usage() > 0);
    auto const before = *store.disk_usage();
    REQUIRE(store.put(b));
    REQUIRE(store.put(b));
    CHECK(*store.disk_usage() == before + 4096 + 1000);
  }
  auto const cache = text_of(folder / "blocks/diskUsage.cache");
  CHECK(cache.starts_with("{\"diskUsage\":"));
  CHECK(cache.ends_with(",\"accuracy\":\"initial-exact\"}\n"));
  auto store = *flatfs_blockstore::open(folder / "blocks");
  auto const before = *store.disk_usage();
  REQUIRE(store.remove(b.id()));
  CHECK(*store.disk_usage() == before - 1000);
  REQUIRE(store.sync());
  CHECK(text_of(folder / "blocks/diskUsage.cache").starts_with("{\"diskUsage\":" + std::to_string(before - 1000) + ","));
  std::ofstream{folder / "blocks/diskUsage.cache", std::ios::trunc} << "{\"diskUsage\":99999999999999999999999";
  CHECK(*flatfs_blockstore::open(folder / "blocks")->disk_usage() > 0);
}

TEST_CASE("flatfs: threads that put the same and other blocks") {
  auto const folder = testing::temporary_folder{};
  auto store = *flatfs_blockstore::open(folder / "blocks", {.create = true});
  auto blocks = std::vector<block>{};
  for (auto i = 0; i < 200; ++i) blocks.push_back(laws::block_of("block " + std::to_string(i), 1));
  {
    auto threads = std::vector<std::jthread>{};
    for (auto t = 0; t < 4; ++t)
      threads.emplace_back([&, t] {
        for (std::size_t i = 0; i < blocks.size(); ++i)
          if (!store.put(blocks[(i * (t % 2 ? 7 : 1)) % blocks.size()])) std::abort();
      });
  }
  CHECK(files_under(folder / "blocks") == 200);
  CHECK(laws::all_keys(store).size() == 200);
  for (auto const& b : blocks) CHECK(verify(*store.get(b.id())));
}

TEST_CASE("flatfs: a batch that several threads write, with blocks in it twice") {
  for (auto sync : {false, true}) {
    auto const folder = testing::temporary_folder{};
    auto store = *flatfs_blockstore::open(folder / "blocks", {.sync = sync, .create = true});
    auto blocks = std::vector<block>{};
    auto views = std::vector<block_view>{};
    for (auto i = 0; i < 100; ++i) blocks.push_back(laws::block_of("block " + std::to_string(i), 1));
    for (auto const& b : blocks) views.insert(views.end(), 2, b);
    auto const empty = *store.disk_usage();
    REQUIRE(store.put_many(views));
    CHECK(files_under(folder / "blocks") == 100);
    CHECK(fs::is_empty(folder / "blocks/.temp"));
    for (auto const& b : blocks) CHECK(verify(*store.get(b.id())));
    auto folders = 0, bytes_of_blocks = 0;
    for (auto const& e : fs::directory_iterator{folder / "blocks"}) folders += e.is_directory() && e.path().filename() != ".temp";
    for (auto const& b : blocks) bytes_of_blocks += static_cast<int>(b.data().size());
    CHECK(*store.disk_usage() == empty + 4096 * folders + bytes_of_blocks);
  }
}

TEST_CASE("flatfs: a batch of which one block cannot be written says so") {
  auto const folder = testing::temporary_folder{};
  auto store = *flatfs_blockstore::open(folder / "blocks", {.create = true});
  auto blocks = std::vector<block>{};
  for (auto i = 0; i < 100; ++i) blocks.push_back(laws::block_of("block " + std::to_string(i), 1));
  auto views = std::vector<block_view>{blocks.begin(), blocks.end()};
  auto const bad = *hash_block({.version = 0, .codec = code::dag_pb}, buffer{as_bytes("\x0a\x02\x08\x01")});
  views.insert(views.begin() + 50, bad);
  std::ofstream{folder / "blocks/X3"} << "in the way";
  CHECK_FALSE(store.put_many(views));
  CHECK(fs::is_empty(folder / "blocks/.temp"));
}

TEST_CASE("flatfs as a part of a recipe") {
  auto const folder = testing::temporary_folder{};
  auto store = (flatfs{folder / "blocks"} | verified | cached(4)).open<hash_set<sha2_256>>();
  REQUIRE(store);
  auto const b = laws::block_of("x", 1);
  REQUIRE(store->put(b));
  CHECK(store->get(b.id()));
}
