#include <cairn/mfs.hpp>

#include "support/counting_store.hpp"
#include "support/property.hpp"

#include <cairn/unixfs.hpp>

#include <algorithm>
#include <map>

using namespace cairn;
using testing::counting_store;

namespace {

auto options_with(std::size_t threshold) -> mfs_options {
  auto o = mfs_options{};
  o.directories.threshold = threshold;
  o.directories.fanout = 8;
  return o;
}

template <class Store>
auto empty_root(Store& store) -> cid {
  auto dir = directory{store, {}};
  return dir.save().value().id;
}

template <class Store>
auto file_of(Store& store, std::string_view text) -> unixfs_link {
  auto const f = add_file(store, as_bytes(text)).value();
  return {f.root, f.dag_size};
}

/// The oracle: paths and contents; a directory has an empty content.
struct oracle {
  std::map<std::string, std::optional<unixfs_link>> all{{"", std::nullopt}};

  auto parent(std::string const& p) const -> std::string { return p.substr(0, p.rfind('/')); }
  auto is_dir(std::string const& p) const -> bool { return all.contains(p) && !all.at(p); }
  auto insert(std::string const& p, std::optional<unixfs_link> const& l) -> bool {
    if (all.contains(p) || !is_dir(parent(p))) return false;
    all.emplace(p, l);
    return true;
  }
  auto remove(std::string const& p) -> bool {
    if (!all.contains(p) || p.empty()) return false;
    std::erase_if(all, [&](auto const& e) { return e.first == p || e.first.starts_with(p + "/"); });
    return true;
  }
  auto move(std::string const& from, std::string to) -> bool {
    if (!all.contains(from) || !is_dir(parent(from)) || !is_dir(parent(to))) return false;
    if (is_dir(to)) {
      to += from.substr(from.rfind('/'));
      if (all.contains(to)) return false;
    }
    if ((to + "/").starts_with(from + "/") && (to != from && is_dir(from))) return false;
    if (to == from) return !is_dir(from);
    auto moved = std::map<std::string, std::optional<unixfs_link>>{};
    for (auto const& [p, l] : all)
      if (p == from || p.starts_with(from + "/")) moved.emplace(to + p.substr(from.size()), l);
    remove(from);
    for (auto const& [p, l] : moved) all[p] = l;
    return true;
  }
  template <class Store>
  auto build(Store& store, mfs_options const& o, std::string const& at = "") const -> unixfs_link {
    auto dir = directory{store, o.directories};
    for (auto const& [p, l] : all)
      if (!p.empty() && p != at && parent(p) == at) dir.set(p.substr(at.size() + 1), l ? *l : build(store, o, p)).value();
    return dir.save().value();
  }
};

}  // namespace

TEST_CASE("IX-27: random changes of a tree leave the CID of a fresh build, whatever is flushed or forgotten between them") {
  testing::check_property("a tree equals its fresh build", [] {
    auto store = memory_blockstore{};
    auto const options = options_with(*rc::gen::element<std::size_t>(0, 1, 120, 100'000));
    auto tree = mfs_tree::open(store, empty_root(store), options).value();
    auto model = oracle{};
    auto const names = std::vector<std::string>{"a", "b", "c", "dd", "e-name-of-some-length", "f", "g", "h"};
    auto const path = [&] {
      auto p = std::string{};
      for (auto i = *rc::gen::inRange(1, 4); i-- > 0;) p += "/" + *rc::gen::elementOf(names);
      return p;
    };
    for (auto step = 0; step < 60; ++step) {
      auto const p = path();
      switch (*rc::gen::inRange(0, 8)) {
        case 0:
        case 1: {
          auto const f = file_of(store, p + std::to_string(step));
          RC_ASSERT(tree.insert(p, f).has_value() == model.insert(p, f));
          break;
        }
        case 2:
        case 3: RC_ASSERT(tree.make_directory(p, false, 0, code::sha2_256).has_value() == model.insert(p, std::nullopt)); break;
        case 4: RC_ASSERT(tree.remove(p).has_value() == model.remove(p)); break;
        case 5: {
          auto const q = path();
          RC_ASSERT(tree.move(p, q).has_value() == model.move(p, q));
          break;
        }
        case 6: RC_ASSERT(tree.find(p).has_value() == model.all.contains(p)); break;
        default: {
          auto const root = tree.save().value();
          RC_ASSERT(root.id == model.build(store, options).id);
          if (*rc::gen::arbitrary<bool>()) tree = mfs_tree::open(store, root.id, options).value();
        }
      }
    }
    RC_ASSERT(tree.save().value() == model.build(store, options));
  });
}

TEST_CASE("a tree that has changed reads no block again, and an insert writes the blocks from it to the root") {
  auto store = counting_store{};
  auto tree = mfs_tree::open(store, empty_root(store), {}).value();
  REQUIRE(tree.make_directory("/a/b/c", true, 0, code::sha2_256));
  REQUIRE(tree.save());
  auto const f = file_of(store, "x");
  store.reads = store.writes = 0;
  REQUIRE(tree.insert("/a/b/c/f", f));
  REQUIRE(tree.save());
  CHECK(store.reads == 0);
  CHECK(store.writes == 4);
}

TEST_CASE("an insert into a large sharded directory rewrites a path of it and reads nothing twice") {
  auto store = counting_store{};
  auto builder = directory_builder{directory_options{}};
  auto const f = file_of(store, "x");
  for (auto i = 0; i < 100'000; ++i) builder.add("an entry of some length " + std::to_string(i), f);
  auto writer = node_writer{store, {0, code::dag_pb, code::sha2_256, 0}};
  auto const big = builder.finish(writer).value();
  REQUIRE(writer.flush());
  REQUIRE(big.sharded);
  auto tree = mfs_tree::open(store, big.link.id, {}).value();
  for (auto i = 0; i < 200; ++i) {
    store.reads = store.writes = 0;
    REQUIRE(tree.insert("/new " + std::to_string(i), f));
    REQUIRE(tree.save());
    CHECK(store.writes <= 4);
    CHECK(store.reads <= 3);
  }
  for (auto i = 0; i < 200; ++i) REQUIRE(tree.remove("/new " + std::to_string(i)));
  CHECK(tree.save().value().id == big.link.id);
}

TEST_CASE("a directory is sharded and flat again at the importer's bounds, with the importer's blocks") {
  auto store = memory_blockstore{};
  auto const f = file_of(store, "x");
  auto const name = [](int i) { return "a name that is long enough for the bound to be near " + std::to_string(i); };
  auto tree = mfs_tree::open(store, empty_root(store), {}).value();
  auto n = 0;
  auto const sharded = [&] { return directory_cursor::open(store, tree.save().value().id).value().is_sharded(); };
  auto const fresh = [&] {
    auto builder = directory_builder{directory_options{}};
    for (auto i = 0; i < n; ++i) builder.add(name(i), f);
    auto writer = node_writer{store, {0, code::dag_pb, code::sha2_256, 0}};
    return builder.finish(writer).value().link.id;
  };
  while (n < 2500) REQUIRE(tree.insert("/" + name(n++), f));
  CHECK_FALSE(sharded());
  while (!sharded()) REQUIRE(tree.insert("/" + name(n++), f));
  CHECK(tree.save().value().id == fresh());
  REQUIRE(tree.remove("/" + name(--n)));
  CHECK_FALSE(sharded());
  CHECK(tree.save().value().id == fresh());
}

TEST_CASE("directories in memory are bounded: what was saved is let go") {
  auto store = counting_store{};
  auto options = mfs_options{};
  options.most_held = 200;
  auto tree = mfs_tree::open(store, empty_root(store), options).value();
  for (auto i = 0; i < 50; ++i) {
    REQUIRE(tree.make_directory("/d" + std::to_string(i), false, 0, code::sha2_256));
    REQUIRE(tree.save());
  }
  store.reads = 0;
  REQUIRE(tree.find("/d0"));
  CHECK(store.reads != 0);
}

TEST_CASE("of a sharded directory that is too large for memory the upper shards stay: a change reads one block more") {
  auto store = counting_store{};
  auto const f = file_of(store, "x");
  auto builder = directory_builder{directory_options{}};
  for (auto i = 0; i < 60'000; ++i) builder.add("a name that is long enough for many shards " + std::to_string(i), f);
  auto writer = node_writer{store, {0, code::dag_pb, code::sha2_256, 0}};
  auto const root = builder.finish(writer).value();
  REQUIRE(writer.flush());
  auto options = mfs_options{};
  options.most_held = 2 * 60'000;  // the root and the 256 shards below it have about 45,000 positions
  auto tree = mfs_tree::open(store, root.link.id, options).value();
  for (auto i = 0; i < 3000; ++i) REQUIRE(tree.insert("/before " + std::to_string(i), f));
  REQUIRE(tree.save());
  for (auto i = 0; i < 200; ++i) {
    store.reads = 0;
    REQUIRE(tree.insert("/after " + std::to_string(i), f));
    CHECK(store.reads <= 2);
    REQUIRE(tree.save());
  }
}

TEST_CASE("a tree refuses what would lose data or never end") {
  auto store = memory_blockstore{};
  auto tree = mfs_tree::open(store, empty_root(store), {}).value();
  REQUIRE(tree.make_directory("/d/e", true, 0, code::sha2_256));
  auto const before = tree.save().value();
  CHECK(tree.move("/d", "/d/e").error() == mfs_errc::into_itself);
  CHECK(tree.move("/d", "/d").error() == mfs_errc::into_itself);
  CHECK(tree.save().value() == before);
  auto deep = std::string{};
  for (auto i = 0; i < 2000; ++i) deep += "/x";
  CHECK(tree.make_directory(deep, true, 0, code::sha2_256).error() == mfs_errc::too_deep);
  CHECK(tree.find(deep).error() == mfs_errc::too_deep);
  SECTION("a child that is missing is an error, and no other takes its place") {
    REQUIRE(store.remove(tree.find("/d").value().link.id));
    auto again = mfs_tree::open(store, before.id, {}).value();
    CHECK(again.make_directory("/d", true, 0, code::sha2_256).error() == block_errc::not_found);
    CHECK(again.make_directory("/d/f", true, 0, code::sha2_256).error() == block_errc::not_found);
    CHECK(again.insert("/other", file_of(store, "x")));
    CHECK(again.remove("/d"));
  }
  SECTION("an entry that is no UnixFS is named, and can be removed") {
    auto const cbor = cid::v1(code::dag_cbor, hash_bytes(code::sha2_256, as_bytes("x")).value());
    REQUIRE(tree.insert("/cbor", {cbor, 1}));
    CHECK(tree.find("/cbor").error() == mfs_errc::not_unixfs);
    CHECK(tree.remove("/cbor"));
    CHECK(tree.save().value() == before);
  }
}
