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
