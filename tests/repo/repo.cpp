#include <cairn/repo.hpp>

#include <cairn/core/text.hpp>
#include <cairn/pin/pinset.hpp>

#include "support/temporary_folder.hpp"

#include <catch2/catch.hpp>

#include <fstream>

#include <sys/wait.h>
#include <unistd.h>

using namespace cairn;

namespace {

auto made(std::string const& folder, repo_engine engine) -> repo {
  auto options = repo_init_options{ipld::map{{"Identity", ipld::map{{"PeerID", "x"}}}, {"Unknown", ipld::list{1, "auto"}}}, {}};
  options.spec.engine = engine;
  options.spec.sync = options.spec.metadata_sync = false;
  REQUIRE(init_repo(folder, std::move(options)));
  auto opened = repo::open(folder);
  if (!opened) FAIL(to_string(opened.error()));
  return *std::move(opened);
}

auto put(repo& r, std::string const& text, std::uint64_t codec = code::raw) -> cid {
  auto const b = *hash_block({.codec = codec}, buffer{as_bytes(text)});
  REQUIRE((*r.blocks())->put(b));
  return b.id();
}

auto const engines = {repo_engine::packs, repo_engine::flatfs};

}  // namespace

TEST_CASE("a new repo opens, keeps what is put, and remembers it") {
  for (auto engine : engines) {
    auto const place = testing::temporary_folder{};
    auto id = cid{};
    {
      auto r = made(place / "repo", engine);
      CHECK(r.spec().engine == engine);
      id = put(r, "kept");
      REQUIRE(r.close());
    }
    auto r = *repo::open(place / "repo");
    CHECK(as_text((*r.blocks())->get(id)->data()) == "kept");
    auto const empty = *parse_cid("QmUNLLsPACCz1vLxQVkXqqLX5R1X345qqfHbsf67hvA3Nn");
    CHECK(*(*r.blocks())->has(empty));
    CHECK(*pinset::open(**r.metadata())->find(empty) == pin{empty, pin_mode::recursive, ""});
    CHECK(init_repo(place / "repo", {}).error().module() == "repo");
  }
}

TEST_CASE("unknown config keys and their order survive a save") {
  auto const place = testing::temporary_folder{};
  auto r = made(place / "repo", repo_engine::packs);
  auto config = r.config();
  config.as_map()->append("Later", ipld::map{{"b", 1}, {"a", ipld::list{}}});
  REQUIRE(r.save_config(config));
  auto const text = *read_small_file(place / "repo/config");
  CHECK(text->find("\"Unknown\": [\n    1,\n    \"auto\"\n  ]") != std::string::npos);
  CHECK(text->find("\"b\": 1,\n    \"a\": []") != std::string::npos);
  REQUIRE(r.close());
}

TEST_CASE("a second process is told who has the lock") {
  auto const place = testing::temporary_folder{};
  auto r = made(place / "repo", repo_engine::packs);
  auto const child = ::fork();
  REQUIRE(child >= 0);
  if (child == 0) {
    auto const second = repo::open(place / "repo");
    auto const told = !second && second.error() == repo_errc::locked && to_string(second.error()).find(std::to_string(::getppid())) != std::string::npos;
    ::_exit(told ? 7 : 1);
  }
  auto status = 0;
  REQUIRE(::waitpid(child, &status, 0) == child);
  CHECK(WEXITSTATUS(status) == 7);
}

TEST_CASE("no repo, a later version, a damaged config, another spec: each says what is wrong") {
  auto const place = testing::temporary_folder{};
  CHECK(repo::open(place / "none").error() == repo_errc::no_repo);
  { auto r = made(place / "repo", repo_engine::flatfs); }
  auto const write = [&](std::string const& name, std::string const& text) { std::ofstream{place / ("repo/" + name)} << text; };
  write("version", "19\n");
  CHECK(to_string(repo::open(place / "repo").error()).find("(18) is lower than your repos (19)") != std::string::npos);
  write("version", "eighteen");
  CHECK(repo::open(place / "repo").error() == repo_errc::bad_version);
  write("version", "18\n");
  write("datastore_spec", "{}");
  CHECK(repo::open(place / "repo").error() == repo_errc::spec_differs);
  write("config", "{\"Datastore\"");
  CHECK(repo::open(place / "repo").error() == repo_errc::bad_config);
  write("config", "{}");
  CHECK(repo::open(place / "repo").error() == repo_errc::unknown_engine);
}

TEST_CASE("the spec on disk has Kubo's bytes") {
  auto spec = datastore_spec{};
  spec.engine = repo_engine::flatfs;
  CHECK(disk_spec(make_datastore_spec(spec)) ==
        R"({"mounts":[{"mountpoint":"/blocks","path":"blocks","shardFunc":"/repo/flatfs/shard/v1/next-to-last/2","type":"flatfs"},{"mountpoint":"/","path":"datastore","type":"levelds"}],"type":"mount"})");
}

TEST_CASE("a collection keeps what is pinned and deletes the rest") {
  for (auto engine : engines) {
    auto const place = testing::temporary_folder{};
    auto r = made(place / "repo", engine);
    auto const kept = put(r, "kept"), loose = put(r, "loose");
    REQUIRE(pinset::open(**r.metadata())->add({kept, pin_mode::recursive, ""}));
    auto told = std::vector<multihash>{};
    auto const events = gc_events{[](void* self, multihash const& h) { static_cast<std::vector<multihash>*>(self)->push_back(h); }, nullptr, &told};
    auto const report = collect_garbage(r, events);
    REQUIRE(report);
    CHECK(report->removed_blocks == 1);
    CHECK(told == std::vector{loose.hash()});
    CHECK(*(*r.blocks())->has(kept));
    CHECK_FALSE(*(*r.blocks())->has(loose));
  }
}

TEST_CASE("a collection that cannot read a pinned node deletes nothing") {
  for (auto engine : engines) {
    auto const place = testing::temporary_folder{};
    auto r = made(place / "repo", engine);
    auto const loose = put(r, "loose");
    auto const lost = hash_block({.codec = code::dag_cbor}, buffer{bytes{0xf6}})->id();
    REQUIRE(pinset::open(**r.metadata())->add({lost, pin_mode::recursive, ""}));
    CHECK(collect_garbage(r).error() == repo_errc::gc_aborted);
    CHECK(*(*r.blocks())->has(loose));
  }
}

TEST_CASE("packs become flatfs and packs again, and every block is there") {
  auto const place = testing::temporary_folder{};
  auto ids = std::vector<cid>{};
  {
    auto r = made(place / "repo", repo_engine::packs);
    for (int i = 0; i < 300; ++i) ids.push_back(put(r, "block " + std::to_string(i)));
    auto const moved = convert_repo(std::move(r), repo_engine::flatfs);
    REQUIRE(moved);
    CHECK(*moved == 301);
  }
  {
    auto r = *repo::open(place / "repo");
    CHECK(r.spec().engine == repo_engine::flatfs);
    for (auto const& id : ids) REQUIRE(*(*r.blocks())->has(id));
    CHECK(stat_repo(r)->blocks == 301);
    REQUIRE(convert_repo(std::move(r), repo_engine::packs));
  }
  auto r = *repo::open(place / "repo");
  CHECK(r.spec().engine == repo_engine::packs);
  for (auto const& id : ids) REQUIRE((*r.blocks())->get(id));
  CHECK(verify_blocks(r)->good == 301);
}

TEST_CASE("a stopped conversion leaves the repo as it was and goes on later") {
  auto const place = testing::temporary_folder{};
  auto id = cid{};
  {
    auto r = made(place / "repo", repo_engine::flatfs);
    id = put(r, "x");
    CHECK_FALSE(convert_repo(std::move(r), repo_engine::packs, {[](void*, std::uint64_t) { return false; }, nullptr}));
  }
  {
    auto r = *repo::open(place / "repo");
    CHECK(r.spec().engine == repo_engine::flatfs);
    CHECK(*(*r.blocks())->has(id));
    REQUIRE(convert_repo(std::move(r), repo_engine::packs));
  }
  auto r = *repo::open(place / "repo");
  CHECK(*(*r.blocks())->has(id));
}

TEST_CASE("SEC-35 a flipped bit is found by verify and served by nobody") {
  auto const place = testing::temporary_folder{};
  auto r = made(place / "repo", repo_engine::flatfs);
  auto const id = put(r, std::string(1000, 'a'));
  REQUIRE(r.close());
  for (auto const& file : std::filesystem::recursive_directory_iterator(place / "repo/blocks")) {
    if (!file.is_regular_file() || file.file_size() != 1000) continue;
    std::filesystem::permissions(file, std::filesystem::perms::owner_all);
    auto change = std::fstream{file.path(), std::ios::in | std::ios::out | std::ios::binary};
    change.seekp(500);
    change.put('b');
  }
  CHECK((*r.blocks())->get(id).error() == block_errc::hash_mismatch);
  auto named = std::vector<cid>{};
  auto const events = verify_events{[](void* self, std::string const&, std::optional<cid> const& c) { static_cast<std::vector<cid>*>(self)->push_back(*c); }, nullptr, &named};
  auto const report = verify_blocks(r, events);
  REQUIRE(report);
  CHECK(report->damaged == 1);
  CHECK(named.at(0).hash() == id.hash());
}
