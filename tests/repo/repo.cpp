#include "repo/support.hpp"

#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

using namespace cairn;
using namespace cairn::testing;
namespace fs = std::filesystem;

TEST_CASE("a repo is made, closed and opened, on either engine") {
  auto const folder = temporary_folder{};
  for (auto engine : {"packs", "flatfs", "flatfs-measure"}) {
    auto const path = folder / engine;
    REQUIRE(init_repo(path, new_config({engine})));
    CHECK(text_of(path + "/version") == "18\n");
    CHECK(fs::is_directory(path + "/keystore"));
    CHECK((fs::status(path + "/config").permissions() & fs::perms::all) == (fs::perms::owner_read | fs::perms::owner_write));
    CHECK_FALSE(fs::exists(path + "/repo.lock"));
    auto const b = laws::block_of("content", 1);
    {
      auto r = *repo::open(path + "/");
      REQUIRE(r.blocks().put(b));
      REQUIRE(r.blocks().sync());
      REQUIRE(r.metadata().put("/local/x", as_bytes("y")));
      CHECK(*r.disk_bytes() > 0);
      REQUIRE(r.close());
      REQUIRE(r.close());
    }
    auto r = *repo::open(path);
    CHECK(as_text(r.blocks().get(b.id())->data()) == "content");
    CHECK(as_text(**r.metadata().get("/local/x")) == "y");
    CHECK(r.blocks().facts()->blocks == 2);
    auto const empty = *parse_cid("QmUNLLsPACCz1vLxQVkXqqLX5R1X345qqfHbsf67hvA3Nn");
    CHECK(r.blocks().get(empty));
    CHECK(*pinset::open(r.metadata())->find(empty) == pin{empty, pin_mode::recursive, ""});
  }
}

TEST_CASE("the blocks of a repo keep the laws, identity CIDs included") {
  auto const folder = temporary_folder{};
  auto count = 0;
  for (auto engine : {block_engine::packs, block_engine::flatfs}) {
    DYNAMIC_SECTION(to_string(engine)) {
      laws::blockstore([&] {
        auto spec = datastore_spec{.engine = engine, .sync = false};
        auto const path = folder / std::to_string(count++);
        fs::create_directories(path);
        return repo_blocks{path, spec, true};
      });
    }
  }
  auto blocks = repo_blocks{folder / "0", datastore_spec{.sync = false}, true};
  auto const id = cid::v1(code::raw, *multihash::wrap(code::identity, as_bytes("inline")));
  CHECK(as_text(blocks.get(id)->data()) == "inline");
}

TEST_CASE("the files of a flatfs repo are those of Kubo") {
  auto const folder = temporary_folder{};
  REQUIRE(init_repo(folder / "r", new_config({"flatfs"})));
  CHECK(text_of(folder / "r/datastore_spec") ==
        R"({"mounts":[{"mountpoint":"/blocks","path":"blocks","shardFunc":"/repo/flatfs/shard/v1/next-to-last/2","type":"flatfs"},)"
        R"({"mountpoint":"/","path":"datastore","type":"levelds"}],"type":"mount"})");
  CHECK(text_of(folder / "r/blocks/SHARDING") == "/repo/flatfs/shard/v1/next-to-last/2\n");
  CHECK(fs::exists(folder / "r/datastore/CURRENT"));
}

TEST_CASE("init does not touch a repo, nor a folder that it cannot make one in") {
  auto const folder = temporary_folder{};
  REQUIRE(init_repo(folder / "r", new_config()));
  auto const before = text_of(folder / "r/config");
  auto const again = init_repo(folder / "r", new_config({"flatfs"}));
  REQUIRE_FALSE(again);
  CHECK(again.error() == repo_errc::exists);
  CHECK(text_of(folder / "r/config") == before);
  auto config = new_config();
  config.as_map()->set("Datastore", ipld::map{});
  CHECK(init_repo(folder / "bad", config).error() == repo_errc::bad_spec);
  CHECK_FALSE(fs::exists(folder / "bad"));
  REQUIRE(init_repo(folder / "deep/er/r", new_config()));
  CHECK(is_repo(folder / "deep/er/r"));
}

TEST_CASE("nosync reaches both stores") {
  for (auto engine : {"packs", "flatfs", "flatfs-measure"}) {
    auto const config = new_config({engine, "nosync"});
    auto const spec = *parse_datastore_spec(*find_config(config, "Datastore.Spec"));
    CHECK_FALSE(spec.sync);
    CHECK_FALSE(spec.metadata_sync);
  }
  auto const packs = new_config(), flatfs = new_config({"flatfs"});
  CHECK(parse_datastore_spec(*find_config(packs, "Datastore.Spec"))->sync);
  CHECK_FALSE(parse_datastore_spec(*find_config(flatfs, "Datastore.Spec"))->sync);
  CHECK(parse_datastore_spec(*find_config(flatfs, "Datastore.Spec"))->metadata_sync);
}

TEST_CASE("a repo that cannot be opened says why and what to do") {
  auto const folder = temporary_folder{};
  auto const path = folder / "r";
  auto const opening = [&](std::string const& at) {
    auto r = repo::open(at);
    REQUIRE_FALSE(r);
    return std::move(r).error();
  };
  CHECK(opening(folder / "none") == repo_errc::no_repo);
  CHECK(to_string(opening(folder / "none")).find("ipfs init") != std::string::npos);
  REQUIRE(init_repo(path, new_config()));

  write_text(path + "/version", "19\n");
  CHECK(opening(path) == repo_errc::newer);
  CHECK(to_string(opening(path)).find("version 19") != std::string::npos);
  CHECK_FALSE(opening(path).advice().empty());
  write_text(path + "/version", "12");
  CHECK(opening(path) == repo_errc::older);
  write_text(path + "/version", "x");
  CHECK(opening(path) == repo_errc::no_version);
  fs::remove(path + "/version");
  CHECK(opening(path) == repo_errc::no_version);
  write_text(path + "/version", "18");

  auto const spec = text_of(path + "/datastore_spec"), config = text_of(path + "/config");
  write_text(path + "/datastore_spec", "{}");
  CHECK(opening(path) == repo_errc::spec_mismatch);
  write_text(path + "/datastore_spec", spec + "\n");
  CHECK(repo::open(path));
  write_text(path + "/converting", "blocks\n");
  CHECK(opening(path) == repo_errc::converting);
  fs::remove(path + "/converting");

  write_text(path + "/config", "{\"Datastore\":");
  CHECK(opening(path) == repo_errc::bad_config);
  write_text(path + "/config", "[]");
  CHECK(opening(path) == repo_errc::bad_config);
  write_text(path + "/config", "{}");
  CHECK(opening(path) == repo_errc::bad_spec);
  for (auto store : {"badgerds", "pebbleds"}) {
    write_text(path + "/config", std::string{R"({"Datastore":{"Spec":{"type":")"} + store + "\"}}}");
    CHECK(opening(path) == repo_errc::unsupported_store);
  }
  write_text(path + "/config", config);
  CHECK(repo::open(path));
}

TEST_CASE("one process at a time: the second is told who the first is") {
  auto const folder = temporary_folder{};
  auto const path = folder / "r";
  REQUIRE(init_repo(path, new_config()));
  int ready[2], done[2];
  REQUIRE(::pipe(ready) == 0);
  REQUIRE(::pipe(done) == 0);
  auto const child = ::fork();
  if (child == 0) {
    auto const held = repo::open(path);
    auto byte = held ? '1' : '0';
    if (::write(ready[1], &byte, 1) != 1) ::_exit(1);
    if (::read(done[0], &byte, 1) != 1) ::_exit(1);
    ::_exit(0);  // without closing: as if killed
  }
  auto byte = '0';
  REQUIRE(::read(ready[0], &byte, 1) == 1);
  REQUIRE(byte == '1');
  auto const second = repo::open(path);
  REQUIRE_FALSE(second);
  CHECK(second.error() == repo_errc::locked);
  CHECK(to_string(second.error()).find("process " + std::to_string(child)) != std::string::npos);
  REQUIRE(::write(done[1], &byte, 1) == 1);
  ::waitpid(child, nullptr, 0);
  for (auto fd : {ready[0], ready[1], done[0], done[1]}) ::close(fd);
  CHECK(fs::exists(path + "/repo.lock"));
  CHECK(repo::open(path));
}

TEST_CASE("the addresses of a running node stand in files while it runs") {
  auto const folder = temporary_folder{};
  auto const path = folder / "r";
  REQUIRE(init_repo(path, new_config()));
  CHECK(*read_api_file(path) == std::nullopt);
  auto r = *repo::open(path);
  REQUIRE(r.announce_api("/ip4/127.0.0.1/tcp/5001"));
  REQUIRE(r.announce_gateway("http://127.0.0.1:8080"));
  CHECK(*read_api_file(path) == "/ip4/127.0.0.1/tcp/5001");
  CHECK(text_of(path + "/gateway") == "http://127.0.0.1:8080");
  REQUIRE(r.close());
  CHECK_FALSE(fs::exists(path + "/api"));
  CHECK_FALSE(fs::exists(path + "/gateway"));
  write_text(path + "/api", std::string(2048, 'x'));
  CHECK_FALSE(read_api_file(path));
}

TEST_CASE("reading a block opens no metadata") {
  auto const folder = temporary_folder{};
  REQUIRE(init_repo(folder / "r", new_config({"flatfs"})));
  auto r = *repo::open(folder / "r");
  CHECK_FALSE(r.blocks().get(laws::block_of("x", 1).id()));
  CHECK_FALSE(r.metadata().is_open());
}
