#include "repo/support.hpp"

using namespace cairn;
using namespace cairn::testing;
namespace fs = std::filesystem;

namespace {

struct tree {
  block leaf = laws::block_of("leaf", 1), other = laws::block_of("other", 1), loose = laws::block_of("loose", 1), direct = laws::block_of("direct", 1),
        mfs_leaf = laws::block_of("mfs leaf", 1);
  block inner = list_block({leaf.id()}), root = list_block({inner.id(), other.id()}), mfs = list_block({mfs_leaf.id()});
  auto all() const -> std::vector<block_view> { return {leaf, other, loose, direct, mfs_leaf, inner, root, mfs}; }
};

void fill(repo& r, tree const& t) {
  auto const all = t.all();
  REQUIRE(r.blocks().put_many(all));
  REQUIRE(r.blocks().sync());
  auto pins = *pinset::open(r.metadata());
  REQUIRE(pins.add({t.root.id(), pin_mode::recursive, "root"}));
  REQUIRE(pins.add({t.direct.id(), pin_mode::direct, ""}));
  REQUIRE(r.metadata().put("/local/filesroot", to_bytes(t.mfs.id())));
}

}  // namespace

TEST_CASE("gc keeps what pins and the MFS root reach, and removes the rest") {
  auto const folder = temporary_folder{};
  auto const engine = GENERATE("packs", "flatfs");
  REQUIRE(init_repo(folder / "r", new_config({engine, "nosync"})));
  auto const t = tree{};
  auto r = *repo::open(folder / "r");
  fill(r, t);
  auto removed = std::vector<cid>{};
  auto options = gc_options{};
  options.removed = [&](cid const& id) { removed.push_back(id); };
  auto const report = collect_garbage(r, options);
  REQUIRE(report);
  CHECK(report->removed_blocks == 1);
  CHECK(report->removed_bytes == 5);
  CHECK(removed == std::vector<cid>{t.loose.id()});
  CHECK_FALSE(*r.blocks().has(t.loose.id()));
  for (auto const& b : t.all())
    if (!(b.id() == t.loose.id())) CHECK(r.blocks().get(b.id()));
  REQUIRE(pinset::open(r.metadata())->remove(t.root.id()));
  CHECK(collect_garbage(r)->removed_blocks == 4);
  CHECK(collect_garbage(r)->removed_blocks == 0);
  CHECK(*r.blocks().has(t.mfs_leaf.id()));
  CHECK(*r.blocks().has(t.direct.id()));
}

TEST_CASE("gc aborts and removes nothing where links of a pinned root cannot be read") {
  auto const folder = temporary_folder{};
  auto const engine = GENERATE("packs", "flatfs");
  REQUIRE(init_repo(folder / "r", new_config({engine, "nosync"})));
  auto const t = tree{};
  auto r = *repo::open(folder / "r");
  fill(r, t);
  SECTION("a missing raw leaf is no obstacle") {
    REQUIRE(r.blocks().remove(t.leaf.id()));
    CHECK(collect_garbage(r)->removed_blocks == 1);
  }
  SECTION("a missing node is one; after its unpinning the rest goes") {
    REQUIRE(r.blocks().remove(t.inner.id()));
    auto heard = std::vector<cid>{};
    auto options = gc_options{};
    options.unreadable = [&](unreadable_block const& b) { heard.push_back(b.id); };
    auto const report = collect_garbage(r, options);
    REQUIRE_FALSE(report);
    CHECK(report.error() == gc_errc::aborted);
    CHECK(report.error().subject() == to_string(t.inner.id()));
    CHECK(to_string(report.error()).find("aborted") != std::string::npos);
    CHECK(heard == std::vector<cid>{t.inner.id()});
    CHECK(*r.blocks().has(t.loose.id()));
    REQUIRE(pinset::open(r.metadata())->remove(t.root.id()));
    CHECK(collect_garbage(r)->removed_blocks == 4);
  }
  SECTION("a missing MFS node is no obstacle") {
    REQUIRE(r.blocks().remove(t.mfs.id()));
    CHECK(collect_garbage(r));
    CHECK(*r.blocks().has(t.root.id()));
  }
}

TEST_CASE("gc of flatfs: a zeroed root aborts, verify names it, and what cannot be removed does not stop the rest") {
  auto const folder = temporary_folder{};
  REQUIRE(init_repo(folder / "r", new_config({"flatfs"})));
  auto const t = tree{};
  auto r = *repo::open(folder / "r");
  fill(r, t);
  CHECK(r.blocks().verify({})->blocks == 9);
  CHECK(r.blocks().verify({})->damaged == 0);
  for (auto const& e : fs::recursive_directory_iterator{folder / "r/blocks"})
    if (e.path().extension() == ".data" && text_of(e.path().string()) == as_text(t.root.data()))
      write_text(e.path().string(), std::string(t.root.data().size(), '\0'));
  auto named = std::vector<multihash>{};
  auto const report = r.blocks().verify([&](damaged_block const& d) { named.push_back(d.id->hash()); });
  CHECK(report->damaged == 1);
  CHECK(report->blocks == 8);
  CHECK(named == std::vector<multihash>{t.root.id().hash()});
  CHECK(collect_garbage(r).error() == gc_errc::aborted);
  CHECK(*r.blocks().has(t.loose.id()));
}

TEST_CASE("gc after many pins: 8191 to 16384 roots of one block each, none lost (the defect of 2016)") {
  auto const folder = temporary_folder{};
  REQUIRE(init_repo(folder / "r", new_config({"packs", "nosync"})));
  auto r = *repo::open(folder / "r");
  auto pins = *pinset::open(r.metadata());
  auto blocks = std::vector<block>{};
  for (auto wanted : {8191u, 8192u, 8193u, 16384u}) {
    while (blocks.size() < wanted) {
      blocks.push_back(laws::block_of("pin " + std::to_string(blocks.size()), 1));
      REQUIRE(r.blocks().put(blocks.back()));
      REQUIRE(pins.add({blocks.back().id(), pin_mode::recursive, ""}));
    }
    REQUIRE(r.blocks().put(laws::block_of("garbage " + std::to_string(wanted), 1)));
    CHECK(collect_garbage(r)->removed_blocks == 1);
    CHECK(r.blocks().facts()->blocks == wanted + 1);
  }
  auto missing = 0;
  for (auto const& b : blocks) missing += !r.blocks().get(b.id());
  CHECK(missing == 0);
}
