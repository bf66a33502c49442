#include <cairn/datastore.hpp>

#include "laws/datastore.hpp"
#include "support/temporary_folder.hpp"

#include <fstream>

using namespace cairn;

TEST_CASE("memory_datastore keeps the laws") {
  laws::datastore([] { return memory_datastore{}; });
}

TEST_CASE("leveldb_datastore keeps the laws") {
  auto const folder = testing::temporary_folder{};
  auto count = 0;
  laws::datastore([&] { return *leveldb_datastore::open(folder / std::to_string(count++), {.sync = false}); });
}

TEST_CASE("leveldb_datastore remembers, and a second opener is told") {
  auto const folder = testing::temporary_folder{};
  {
    auto store = *leveldb_datastore::open(folder / "db");
    REQUIRE(store.put("/local/filesroot", as_bytes("x")));
    auto const second = leveldb_datastore::open(folder / "db");
    REQUIRE_FALSE(second);
    CHECK(to_string(second.error()).find("lock") != std::string::npos);
  }
  CHECK(*leveldb_datastore::open(folder / "db")->has("/local/filesroot"));
  CHECK_FALSE(leveldb_datastore::open(folder / "none", {.create = false}));
}

TEST_CASE("a damaged LevelDB says so and nothing crashes") {
  auto const folder = testing::temporary_folder{};
  REQUIRE(leveldb_datastore::open(folder / "db")->put("/a", as_bytes("1")));
  for (auto const& file : std::filesystem::directory_iterator(folder / "db"))
    if (file.path().filename().string().starts_with("MANIFEST")) std::ofstream{file.path(), std::ios::trunc} << "damage";
  auto const opened = leveldb_datastore::open(folder / "db");
  REQUIRE_FALSE(opened);
  CHECK(to_string(opened.error()).find("db") != std::string::npos);
}

TEST_CASE("a scan over a damaged table of LevelDB ends with an error, also where whole keys lie behind its prefix") {
  auto const folder = testing::temporary_folder{};
  {
    auto store = *leveldb_datastore::open(folder / "db", {.sync = false});
    for (auto i = 1000; i < 3000; ++i) REQUIRE(store.put("/a/" + std::to_string(i), as_bytes(std::string(60, static_cast<char>('a' + i % 26)))));
    REQUIRE(store.put("/z", as_bytes("behind")));
  }
  REQUIRE(leveldb_datastore::open(folder / "db"));  // makes a table of the log
  auto damaged = 0;
  for (auto const& entry : std::filesystem::directory_iterator(folder / "db")) {
    if (entry.path().extension() != ".ldb") continue;
    auto file = std::fstream{entry.path(), std::ios::in | std::ios::out | std::ios::binary};
    file.seekp(static_cast<std::streamoff>(entry.file_size() / 2));
    file << "damage damage damage";
    ++damaged;
  }
  REQUIRE(damaged > 0);
  auto store = *leveldb_datastore::open(folder / "db");
  auto all = store.scan("/a/");
  REQUIRE(all);
  auto seen = 0;
  auto more = all->next();
  for (; more && *more; more = all->next()) ++seen;
  CHECK(seen < 2000);
  CHECK_FALSE(more);
}
