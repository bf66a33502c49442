#include "repo/support.hpp"

using namespace cairn;
using namespace cairn::testing;
namespace fs = std::filesystem;

namespace {

auto filled_repo(std::string const& path, std::string_view engine, int count) -> std::vector<block> {
  REQUIRE(init_repo(path, new_config({engine})));
  auto r = *repo::open(path);
  auto blocks = std::vector<block>{};
  for (auto i = 0; i < count; ++i) blocks.push_back(laws::block_of("block " + std::to_string(i), i));
  REQUIRE(r.blocks().put_many(std::vector<block_view>(blocks.begin(), blocks.end())));
  REQUIRE(r.metadata().put("/local/x", as_bytes("kept")));
  auto config = r.config();
  config.as_map()->set("Mine", "kept");
  REQUIRE(r.save_config(std::move(config)));
  REQUIRE(r.close());
  return blocks;
}

void check_repo(std::string const& path, block_engine engine, std::vector<block> const& blocks) {
  auto r = repo::open(path);
  REQUIRE(r);
  CHECK(r->spec().engine == engine);
  CHECK(r->blocks().facts()->blocks == blocks.size() + 1);
  for (auto const& b : blocks) CHECK(r->blocks().get(b.id()));
  CHECK(as_text(**r->metadata().get("/local/x")) == "kept");
  CHECK(*r->config().find("Mine")->as_string() == "kept");
}

}  // namespace

TEST_CASE("a repo is converted to flatfs and back, and nothing is lost or left") {
  auto const folder = temporary_folder{};
  auto const path = folder / "r";
  auto const blocks = filled_repo(path, "packs", 300);
  auto steps = 0;
  auto const there = convert_repo(path, block_engine::flatfs, [&](convert_report const&) { ++steps; });
  REQUIRE(there);
  CHECK(there->copied_blocks == 301);
  CHECK(steps >= 3);
  check_repo(path, block_engine::flatfs, blocks);
  CHECK_FALSE(fs::exists(path + "/index"));
  CHECK_FALSE(fs::exists(path + "/blocks"));
  CHECK_FALSE(fs::exists(path + "/converting"));
  CHECK(convert_repo(path, block_engine::flatfs)->copied_blocks == 0);
  REQUIRE(convert_repo(path, block_engine::packs));
  check_repo(path, block_engine::packs, blocks);
  CHECK(fs::exists(path + "/blocks"));
  CHECK_FALSE(fs::exists(path + "/blocks.flatfs"));
}

TEST_CASE("an interrupted conversion goes on: while copying, and after the config was written") {
  auto const folder = temporary_folder{};
  auto const path = folder / "r";
  auto const blocks = filled_repo(path, "flatfs", 200);
  SECTION("while copying") {
    struct stop {};
    CHECK_THROWS_AS(convert_repo(path, block_engine::packs, [](convert_report const&) { throw stop{}; }), stop);
    auto const opened = repo::open(path);
    REQUIRE_FALSE(opened);
    CHECK(opened.error() == repo_errc::converting);
    auto const again = convert_repo(path, block_engine::packs);
    REQUIRE(again);
    CHECK(again->found_blocks > 0);
    CHECK(again->found_blocks + again->copied_blocks == 201);
    check_repo(path, block_engine::packs, blocks);
  }
  SECTION("after the config was written") {
    auto const spec = text_of(path + "/datastore_spec");
    fs::copy(path + "/blocks", path + "/copy", fs::copy_options::recursive);
    REQUIRE(convert_repo(path, block_engine::packs));
    fs::rename(path + "/copy", path + "/blocks");
    write_text(path + "/datastore_spec", spec);
    write_text(path + "/converting", "blocks\n");
    REQUIRE(convert_repo(path, block_engine::packs));
    check_repo(path, block_engine::packs, blocks);
    CHECK_FALSE(fs::exists(path + "/blocks"));
  }
  SECTION("and the way back is open too") {
    struct stop {};
    CHECK_THROWS_AS(convert_repo(path, block_engine::packs, [](convert_report const&) { throw stop{}; }), stop);
    fs::remove(path + "/converting");
    check_repo(path, block_engine::flatfs, blocks);
  }
}

TEST_CASE("a damaged block stops a conversion, and the repo stays what it was") {
  auto const folder = temporary_folder{};
  auto const path = folder / "r";
  auto const blocks = filled_repo(path, "flatfs", 10);
  for (auto const& e : fs::recursive_directory_iterator{path + "/blocks"})
    if (e.path().extension() == ".data" && text_of(e.path().string()) == "block 3") write_text(e.path().string(), "block 4");
  auto const done = convert_repo(path, block_engine::packs);
  REQUIRE_FALSE(done);
  CHECK(done.error() == block_errc::hash_mismatch);
  auto r = *open_repo_for_conversion(path);
  CHECK(r.spec().engine == block_engine::flatfs);
  CHECK(r.blocks().facts()->blocks == 11);
}
