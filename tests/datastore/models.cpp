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

namespace {

/// The path of the log of a store of a hundred keys, and what is in it.
auto store_with_log(std::string const& at) -> std::pair<std::filesystem::path, std::string> {
  {
    auto store = *leveldb_datastore::open(at, {.sync = false});
    for (auto i = 100; i < 200; ++i) REQUIRE(store.put("/pins/" + std::to_string(i), as_bytes(std::string(60, static_cast<char>('a' + i % 26)))));
  }
  for (auto const& entry : std::filesystem::directory_iterator(at))
    if (entry.path().extension() == ".log" && entry.file_size() > 0) {
      auto file = std::ifstream{entry.path(), std::ios::binary};
      return {entry.path(), std::string{std::istreambuf_iterator<char>{file}, {}}};
    }
  FAIL("no log");
  return {};
}
void write_log(std::filesystem::path const& to, std::string const& octets) { std::ofstream{to, std::ios::trunc | std::ios::binary} << octets; }

}  // namespace

TEST_CASE("a damaged log of LevelDB is not opened: it stays as it is, and the error says what to do") {
  auto const folder = testing::temporary_folder{};
  auto const [path, log] = store_with_log(folder / "db");
  for (auto at : {log.size() / 2, log.size() / 2 + 1, std::size_t{0}, std::size_t{4}, std::size_t{6}, std::size_t{40}, log.size() - 1}) {
    auto damaged = log;
    damaged[at] = static_cast<char>(damaged[at] ^ 0x5a);
    write_log(path, damaged);
    auto const opened = leveldb_datastore::open(folder / "db");
    INFO(at);
    REQUIRE_FALSE(opened);
    auto const said = to_string(opened.error());
    CHECK(said.find(path.filename().string()) != std::string::npos);
    CHECK(said.find("move it away") != std::string::npos);
    auto file = std::ifstream{path, std::ios::binary};
    CHECK(std::string{std::istreambuf_iterator<char>{file}, {}} == damaged);
  }
  // put back, or moved away
  write_log(path, log);
  std::filesystem::copy_file(path, folder / "kept");
  std::filesystem::remove(path);
  CHECK(leveldb_datastore::open(folder / "db"));
}

TEST_CASE("what a power cut leaves of the last record of a log is passed over, and all before it is there") {
  for (auto zeros : {0, 3, 200}) {
    auto const folder = testing::temporary_folder{};
    auto const [path, log] = store_with_log(folder / "db");
    // the last record is some 90 octets: half of it is lost, or was never more than zeros
    write_log(path, log.substr(0, log.size() - 40) + std::string(static_cast<std::size_t>(zeros == 200 ? 40 : zeros), '\0'));
    auto store = leveldb_datastore::open(folder / "db");
    REQUIRE(store);
    CHECK(*store->has("/pins/198"));
    CHECK_FALSE(*store->has("/pins/199"));
  }
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
