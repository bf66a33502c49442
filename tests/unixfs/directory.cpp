#include <cairn/unixfs.hpp>

#include <cairn/car/import.hpp>

#include "support/counting_store.hpp"
#include "support/property.hpp"

#include <cstdlib>
#include <fstream>
#include <iterator>
#include <map>
#include <malloc.h>

using namespace cairn;
using testing::counting_store;

namespace {

/// `file1` .. `fileN`, content: the number and a newline.
auto numbered_files(importer& files, directory_builder& out, int n) {
  for (int i = 1; i <= n; ++i) {
    auto const text = std::to_string(i) + "\n";
    auto const f = files.add(as_bytes(text)).value();
    out.add("file" + std::to_string(i), {f.root, f.dag_size});
  }
}

auto two_thousand(directory_options dir, import_options file) -> std::string {
  auto store = memory_blockstore{};
  auto files = importer{store, file};
  auto builder = directory_builder{dir};
  numbered_files(files, builder, 2000);
  return to_string(builder.finish(files).value().link.id);
}

auto fake_link(int seed, unsigned version = 1) -> unixfs_link {
  auto const hash = hash_bytes(code::sha2_256, as_bytes(std::to_string(seed))).value();
  return {version == 0 ? cid::v0(hash).value() : cid::v1(code::raw, hash), static_cast<std::uint64_t>(seed % 1000)};
}

auto stored_shard(memory_blockstore& store, unixfs_fields fields, std::vector<std::string> const& names) -> cid {
  auto node = pb_node{};
  for (auto const& n : names) node.links.push_back({fake_link(1).id, n, 1});
  node.data = encode_unixfs(fields);
  auto b = hash_block({0, code::dag_pb, code::sha2_256, 0}, buffer{encode_dag_pb(node)}).value();
  store.put(b).value();
  return b.id();
}

}  // namespace

TEST_CASE("capability 5 (1): two thousand files, flat, sharded, and with CIDv1") {
  auto flat = directory_options{};
  CHECK(two_thousand(flat, {}) == "QmavrTrQG4VhoJmantURAYuw3bowq3E2WcvP36NRQDAC1N");
  auto sharded = directory_options{};
  sharded.threshold = 1;
  CHECK(two_thousand(sharded, {}) == "QmSCJD1KYLhVVHqBK3YyXuoEqHt7vggyJhzoFYbT8v1XYL");
  sharded.cid_version = 1;
  auto v1 = import_options{};
  v1.cid_version = 1;
  CHECK(two_thousand(sharded, v1) == "bafybeibiemewfzzdyhq2l74wrd6qj2oz42usjlktgnlqv4yfawgouaqn4u");
}

TEST_CASE("capability 5 (7): file100 is found through the shards, reading only its way") {
  auto store = counting_store{};
  auto files = importer{store, import_options{}};
  auto options = directory_options{};
  options.threshold = 1;
  auto builder = directory_builder{options};
  numbered_files(files, builder, 2000);
  auto const root = builder.finish(files).value().link.id;
  files.flush().value();
  store.reads = 0;
  CHECK(to_string(find_entry(store, root, "file100").value()->id) == "QmZ3RfWk1u5LEGYLHA633B5TNJy3Du27K6Fny9wcxpowGS");
  CHECK(store.reads <= 3);
  CHECK(!find_entry(store, root, "file2001").value());
  CHECK(!find_entry(store, root, "").value());
}

TEST_CASE("IX-26: the threshold is strictly greater, by links and by block") {
  for (auto how : {directory_estimate::links, directory_estimate::block}) {
    auto store = memory_blockstore{};
    auto options = directory_options{};
    options.estimate = how;
    auto weight = how == directory_estimate::block ? dag_pb_data_size(2) : 0;
    for (int i = 0; i < 50; ++i) weight += detail::directory_entry_weight(how, "n" + std::to_string(i), fake_link(i));
    for (auto threshold : {weight, weight - 1}) {
      options.threshold = threshold;
      auto d = directory{store, options};
      auto builder = directory_builder{options};
      for (int i = 0; i < 50; ++i) {
        d.set("n" + std::to_string(i), fake_link(i)).value();
        builder.add("n" + std::to_string(i), fake_link(i));
      }
      auto sink = node_writer{store, options.prefix()};
      auto const built = builder.finish(sink).value();
      CHECK(built.sharded == (threshold < weight));
      CHECK(d.is_sharded() == built.sharded);
      CHECK(d.save().value() == built.link);
      if (how == directory_estimate::block && !built.sharded) {
        sink.flush().value();
        CHECK(store.get(built.link.id)->data().size() == weight);
      }
    }
  }
}

TEST_CASE("a directory that lost its last entry is the empty one that it would be at once, even below any threshold") {
  for (auto how : {directory_estimate::links, directory_estimate::block, directory_estimate::off}) {
    auto store = memory_blockstore{};
    auto options = directory_options{};
    options.estimate = how;
    options.threshold = 1;  // less than the empty node's own size
    auto const empty = directory{store, options}.save().value();
    auto d = directory{store, options};
    d.set("a", fake_link(1)).value();
    CHECK(d.remove("a").value());
    CHECK(!d.is_sharded());
    CHECK(d.save().value() == empty);
  }
}

TEST_CASE("a directory has at most max_links entries, or shards") {
  auto store = memory_blockstore{};
  auto options = directory_options{};
  options.max_links = 5;
  options.estimate = directory_estimate::off;
  options.fanout = 16;
  auto d = directory{store, options};
  for (int i = 0; i < 5; ++i) d.set(std::to_string(i), fake_link(i)).value();
  CHECK(!d.is_sharded());
  d.set("5", fake_link(5)).value();
  CHECK(d.is_sharded());
  d = directory::open(store, d.save()->id, options).value();
  CHECK(d.is_sharded());
  CHECK(d.options().fanout == 16);
  CHECK(d.remove("3").value());
  CHECK(!d.is_sharded());
  CHECK(d.set("", fake_link(1)).error() == directory_errc::bad_name);
  CHECK(d.set("a/b", fake_link(1)).error() == directory_errc::bad_name);
}

TEST_CASE("capability 5 (4), IX-27: after random inserts, removes and renames a directory is as freshly built") {
  testing::check_property("history leaves no trace", [] {
    auto store = memory_blockstore{};
    auto options = directory_options{};
    options.fanout = *rc::gen::element(8, 16, 256, 1024);
    options.estimate = *rc::gen::element(directory_estimate::links, directory_estimate::block, directory_estimate::off);
    options.threshold = static_cast<std::size_t>(*rc::gen::inRange(1, 1200));
    options.max_links = static_cast<std::size_t>(*rc::gen::element(0, 0, 10));
    options.cid_version = static_cast<unsigned>(*rc::gen::inRange(0, 2));
    if (*rc::gen::arbitrary<bool>()) options.metadata = {0750, unixfs_time{-5, 3}};
    auto d = directory{store, options};
    auto model = std::map<std::string, unixfs_link>{};
    auto const steps = *rc::gen::inRange(0, 100);
    for (int i = 0; i < steps; ++i) {
      auto const name = "entry" + std::to_string(*rc::gen::inRange(0, 40));
      auto const kind = *rc::gen::inRange(0, 8);
      if (kind < 4) {
        auto const link = fake_link(*rc::gen::inRange(0, 100000), static_cast<unsigned>(*rc::gen::inRange(0, 2)));
        d.set(name, link).value();
        model[name] = link;
      } else if (kind < 6) {
        RC_ASSERT(d.remove(name).value() == (model.erase(name) == 1));
      } else if (kind == 6) {
        auto const to = "renamed" + std::to_string(i);
        auto const was = d.find(name).value();
        RC_ASSERT(was.has_value() == model.contains(name));
        if (!was) continue;
        d.remove(name).value();
        d.set(to, *was).value();
        model[to] = model[name];
        model.erase(name);
      } else {
        auto const link = d.save().value();
        d = directory::open(store, link.id, options).value();
      }
    }
    auto builder = directory_builder{options};
    for (auto const& [name, link] : model) builder.add(name, link);
    auto sink = node_writer{store, options.prefix()};
    auto const fresh = builder.finish(sink).value();
    sink.flush().value();
    RC_ASSERT(d.is_sharded() == fresh.sharded);
    RC_ASSERT(d.save().value() == fresh.link);

    auto seen = std::map<std::string, unixfs_link>{};
    auto cursor = directory_cursor::open(store, fresh.link.id).value();
    while (auto e = cursor.next().value()) RC_ASSERT(seen.emplace(e->name, e->link).second);
    RC_ASSERT(seen == model);
    auto again = d.entries();
    auto count = 0uz;
    while (again.next().value()) ++count;
    RC_ASSERT(count == model.size());
    for (auto const& [name, link] : model) RC_ASSERT(find_entry(store, fresh.link.id, name).value() == link);
  });
}

TEST_CASE("a large flat directory has the name of its entries after each change, wherever the change was") {
  auto const version = GENERATE(0u, 1u);
  auto store = memory_blockstore{};
  auto options = directory_options{};
  options.threshold = 1 << 20;
  auto d = directory{store, options};
  auto model = std::map<std::string, unixfs_link>{};
  auto const name = [](int i) { return std::string(180, 'n') + std::to_string(100'000 + i); };
  for (auto i = 0; i < 1000; ++i) {
    d.set(name(i), fake_link(i)).value();
    model[name(i)] = fake_link(i);
  }
  REQUIRE(d.save());
  REQUIRE(d.set_prefix(version, version == 0 ? code::sha2_256 : code::blake2b_256));
  options = d.options();
  auto const as_new = [&] {
    auto builder = directory_builder{options};
    for (auto const& [n, link] : model) builder.add(n, link);
    auto sink = node_writer{store, options.prefix()};
    auto const made = builder.finish(sink).value();
    REQUIRE(!made.sharded);
    return made.link;
  };
  // the end, the middle, the front, the front again, and the end behind that
  for (auto const i : {1000, 1001, 500, 1002, 0, 1, 999, 1003, 1004}) {
    if (model.erase(name(i)) == 1) {
      CHECK(d.remove(name(i)).value());
    } else {
      d.set(name(i), fake_link(i)).value();
      model[name(i)] = fake_link(i);
    }
    auto const saved = d.save().value();
    CHECK(saved == as_new());
    CHECK(hash_bytes(options.hash, store.get(saved.id)->data()).value() == saved.id.hash());
    d.set_metadata({0700, unixfs_time{i, 0}});
    options.metadata = d.metadata();
    CHECK(d.save().value() == as_new());
  }
  d.set(name(3), fake_link(77)).value();
  model[name(3)] = fake_link(77);
  CHECK(d.save().value() == as_new());
}

TEST_CASE("IX-34: mode and mtime outlive the change to shards and back") {
  auto store = memory_blockstore{};
  auto options = directory_options{};
  options.threshold = 200;
  options.metadata = {01755, unixfs_time{1700000000, 7}};
  auto d = directory{store, options};
  for (int i = 0; i < 10; ++i) d.set(std::to_string(i), fake_link(i)).value();
  CHECK(d.is_sharded());
  d = directory::open(store, d.save()->id, {.threshold = 200}).value();
  CHECK(d.metadata().mode == 01755);
  for (int i = 0; i < 8; ++i) CHECK(d.remove(std::to_string(i)).value());
  CHECK(!d.is_sharded());
  auto const c = directory_cursor::open(store, d.save()->id).value();
  CHECK(c.metadata().mode == 01755);
  CHECK(c.metadata().mtime == unixfs_time{1700000000, 7});
}

TEST_CASE("capability 5 (5), SEC-37, SEC-33, IX-25: hostile shards are refused by their header") {
  auto store = memory_blockstore{};
  auto const one = bytes{1};
  auto base = unixfs_fields{.type = unixfs_type::hamt_shard, .data = one, .hash_type = 0x22, .fanout = 256};
  CHECK(directory_cursor::open(store, stored_shard(store, base, {"00a"})).has_value());
  for (auto fanout : {0ull, 1ull, 3ull, 4ull, 7ull, 100ull, 2048ull, 1ull << 20, 1ull << 63, ~0ull}) {
    auto f = base;
    f.fanout = fanout;
    auto const id = stored_shard(store, f, {"00a"});
    CHECK(directory_cursor::open(store, id).error() == hamt_errc::bad_fanout);
    CHECK(find_entry(store, id, "a").error() == hamt_errc::bad_fanout);
    CHECK(directory::open(store, id).error() == hamt_errc::bad_fanout);
  }
  auto f = base;
  f.fanout = 1024;
  CHECK(directory_cursor::open(store, stored_shard(store, f, {"000a"})).has_value());
  f = base;
  f.fanout.reset();
  CHECK(directory_cursor::open(store, stored_shard(store, f, {"00a"})).error() == hamt_errc::bad_fanout);
  f = base;
  f.hash_type = 0x12;
  CHECK(directory_cursor::open(store, stored_shard(store, f, {"00a"})).error() == hamt_errc::unknown_hash);
  f.hash_type.reset();
  CHECK(directory_cursor::open(store, stored_shard(store, f, {"00a"})).error() == hamt_errc::unknown_hash);
  f = base;
  auto const wide = bytes(33, 0);
  f.data = wide;
  CHECK(directory_cursor::open(store, stored_shard(store, f, {})).error() == hamt_errc::bitmap_too_wide);
  CHECK(directory_cursor::open(store, stored_shard(store, base, {"00a", "01b"})).error() == hamt_errc::count_differs);
  CHECK(directory_cursor::open(store, stored_shard(store, base, {})).error() == hamt_errc::count_differs);
  for (auto name : {"0", "", "a0b", "01b", "FFa"}) {
    auto c = directory_cursor::open(store, stored_shard(store, base, {name})).value();
    CHECK(c.next().error() == hamt_errc::bad_link_name);
  }
}

TEST_CASE("SEC-37: a child of another fanout is refused; a lost one is reported, and the rest is listed") {
  auto store = memory_blockstore{};
  auto options = directory_options{};
  options.threshold = 1;
  options.fanout = 8;
  auto builder = directory_builder{options};
  for (int i = 0; i < 100; ++i) builder.add(std::to_string(i), fake_link(i));
  auto sink = node_writer{store, options.prefix()};
  auto const root = builder.finish(sink).value().link.id;
  sink.flush().value();
  auto child = std::optional<cid>{};
  for (auto const& l : read_dag_pb(store.get(root)->data())->links())
    if (l.name.size() == 1) child = l.id;
  REQUIRE(child);
  store.remove(*child).value();
  auto errors = 0, found = 0;
  auto c = directory_cursor::open(store, root).value();
  for (;;) {
    auto e = c.next();
    if (!e) {
      CHECK(e.error() == block_errc::not_found);
      ++errors;
    } else if (!*e) break;
    else ++found;
  }
  CHECK(errors == 1);
  CHECK(found < 100);
  CHECK(found > 50);

  auto const bits = bytes{1};
  auto other = pb_node{};
  other.data = encode_unixfs({.type = unixfs_type::hamt_shard, .data = bits, .hash_type = 0x22, .fanout = 16});
  other.links.push_back({fake_link(1).id, "0a", 1});
  auto const inner = hash_block({}, buffer{encode_dag_pb(other)}).value();
  auto const inner_id = cid::v1(code::dag_pb, inner.id().hash());
  store.put(detail::block_access::view(inner_id, inner.data())).value();
  auto outer = pb_node{};
  outer.data = encode_unixfs({.type = unixfs_type::hamt_shard, .data = bits, .hash_type = 0x22, .fanout = 8});
  outer.links.push_back({inner_id, "0", 1});
  auto const top = hash_block({0, code::dag_pb, code::sha2_256, 0}, buffer{encode_dag_pb(outer)}).value();
  store.put(top).value();
  auto bad = directory_cursor::open(store, top.id()).value();
  CHECK(bad.next().error() == hamt_errc::fanout_differs);
}

TEST_CASE("what is no directory is refused") {
  auto store = memory_blockstore{};
  auto const file = add_file(store, as_bytes("x")).value().root;
  CHECK(directory_cursor::open(store, file).error() == directory_errc::not_a_directory);
  CHECK(find_entry(store, file, "x").error() == directory_errc::not_a_directory);
  auto const raw = hash_block({}, buffer{as_bytes("x")}).value();
  store.put(raw).value();
  CHECK(directory::open(store, raw.id()).error() == directory_errc::not_a_directory);
}

TEST_CASE("IX-24: names in a shard begin with as many digits as its fanout needs, and are found by them") {
  for (auto [fanout, digits] : {std::pair{8uz, 1uz}, {16uz, 1uz}, {32uz, 2uz}, {256uz, 2uz}, {512uz, 3uz}, {1024uz, 3uz}}) {
    CAPTURE(fanout);
    auto store = memory_blockstore{};
    auto files = importer{store, import_options{}};
    auto options = directory_options{};
    options.threshold = 1;
    options.fanout = fanout;
    auto builder = directory_builder{options};
    numbered_files(files, builder, 60);
    auto const root = builder.finish(files).value().link.id;
    files.flush().value();
    auto waiting = std::vector<cid>{root};
    auto entries = 0;
    while (!waiting.empty()) {
      auto const b = store.get(waiting.back()).value();
      waiting.pop_back();
      auto const node = read_dag_pb(b.data()).value();
      for (auto const& link : node.links()) {
        REQUIRE(link.name.size() >= digits);
        for (auto c : link.name.substr(0, digits)) CHECK(((c >= '0' && c <= '9') || (c >= 'A' && c <= 'F')));
        if (link.name.size() == digits) {
          waiting.push_back(link.id);
          continue;
        }
        CHECK(link.name.substr(digits).starts_with("file"));
        ++entries;
      }
    }
    CHECK(entries == 60);
    auto opened = directory::open(store, root).value();
    CHECK(opened.find("file33").value().has_value());
  }
}

TEST_CASE("capability 5 (2): the profiles' threshold of 256 KiB: flat at it, sharded one above, and flat again") {
  for (auto profile : {directory_options_of<unixfs_v0_2015>(), directory_options_of<unixfs_v1_2025>()}) {
    REQUIRE(profile.threshold == 262144);
    auto const version = profile.cid_version;
    auto const weight = [&](std::string const& name) { return detail::directory_entry_weight(profile.estimate, name, fake_link(1, version)); };
    // names of one length fill the directory up to the byte
    auto left = profile.threshold - (profile.estimate == directory_estimate::block ? dag_pb_data_size(2) : 0);
    auto names = std::vector<std::string>{};
    auto const name_of = [](std::size_t i, std::size_t length) {
      auto text = std::to_string(i) + "-";
      text.resize(length, 'n');
      return text;
    };
    while (left > 2 * weight(name_of(0, 40))) {
      names.push_back(name_of(names.size(), 40));
      left -= weight(names.back());
    }
    auto length = 8uz;
    while (weight(name_of(0, length)) < left) ++length;
    REQUIRE(weight(name_of(0, length)) == left);
    for (auto more : {0uz, 1uz}) {
      auto store = memory_blockstore{};
      auto d = directory{store, profile};
      auto builder = directory_builder{profile};
      auto const last = name_of(names.size(), length + more);
      for (auto const& n : names) {
        d.set(n, fake_link(1, version)).value();
        builder.add(n, fake_link(1, version));
      }
      d.set(last, fake_link(1, version)).value();
      builder.add(last, fake_link(1, version));
      auto sink = node_writer{store, profile.prefix()};
      auto const fresh = builder.finish(sink).value();
      sink.flush().value();
      CHECK(d.is_sharded() == (more == 1));
      CHECK(fresh.sharded == (more == 1));
      CHECK(d.save().value() == fresh.link);
      if (more == 0 && profile.estimate == directory_estimate::block) CHECK(store.get(fresh.link.id)->data().size() == 262144);
      d.remove(last).value();
      CHECK_FALSE(d.is_sharded());
    }
  }
}

TEST_CASE("capability 5 (3): a file of a shard of a thousand is three blocks away") {
  auto const* const given = std::getenv("CAIRN_VECTORS");
  auto in = std::ifstream{std::string{given ? given : CAIRN_SOURCE_DIR "/../shared/vectors"} +
                              "/unixfs/cars/ipfs+gateway-conformance/trustless_gateway_car/single-layer-hamt-with-multi-block-files.car",
                          std::ios::binary};
  if (!in) {
    WARN("no public vectors at hand (CAIRN_VECTORS): not read");
    return;
  }
  auto const octets = bytes{std::istreambuf_iterator<char>{in}, {}};
  auto store = counting_store{};
  auto source = memory_source{octets};
  REQUIRE(import_car(store.inner, source));
  auto const root = parse_cid("bafybeidbclfqleg2uojchspzd4bob56dqetqjsj27gy2cq3klkkgxtpn4i").value();
  auto const found = find_entry(store, root, "470.txt").value();
  REQUIRE(found);
  CHECK(store.get(found->id));
  CHECK(store.reads == 3);
}

TEST_CASE("capability 5 (6): a directory of 10^6 entries is changed, looked up and listed in little memory") {
#if defined(__has_feature)
#  if __has_feature(address_sanitizer) || __has_feature(thread_sanitizer)
  constexpr auto entries = 100'000;
#  else
  constexpr auto entries = 1'000'000;
#  endif
#else
  constexpr auto entries = 1'000'000;
#endif
  auto store = counting_store{};
  auto const options = directory_options{};
  auto root = cid{};
  {
    auto builder = directory_builder{options};
    for (auto i = 0; i < entries; ++i) builder.add("entry " + std::to_string(i), fake_link(7));
    auto writer = node_writer{store, options.prefix()};
    root = builder.finish(writer).value().link.id;
    writer.flush().value();
  }
  store.reads = 0;
  CHECK(find_entry(store, root, "entry 77777").value());
  CHECK(store.reads <= 4);
  {
    auto d = directory::open(store, root, options).value();
    store.reads = store.writes = 0;
    d.set("one more", fake_link(1)).value();
    CHECK(d.save().value().id != root);
    CHECK(store.writes <= 4);
    CHECK(store.reads <= 4);
  }
  ::malloc_trim(0);
  auto const resident = [] {
    auto in = std::ifstream{"/proc/self/statm"};
    auto all = 0ul, here = 0ul;
    in >> all >> here;
    return here * 4096;
  };
  auto const before = resident();
  auto most = before;
  auto count = 0;
  auto cursor = directory_cursor::open(store, root).value();
  while (cursor.next().value())
    if (++count % 1000 == 0) most = std::max(most, resident());
  CHECK(count == entries);
  CHECK(most - before < 64 * limits::MiB);
}
