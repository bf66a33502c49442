#include <cairn/unixfs/add_file.hpp>

#include "import_facts.hpp"

#include <archetypes/chunker.hpp>
#include <support/keystream.hpp>
#include <support/property.hpp>

#include <cairn/blockstore/memory.hpp>
#include <cairn/blockstore/null.hpp>
#include <cairn/core/text.hpp>
#include <cairn/ipld/dag_pb_wire.hpp>

#include <catch2/catch.hpp>

#include <map>

using namespace cairn;

namespace {

auto words(std::string_view text) -> std::vector<std::string> {
  auto out = std::vector<std::string>{};
  while (!text.empty()) {
    auto const space = std::min(text.find(' '), text.size());
    if (space > 0) out.emplace_back(text.substr(0, space));
    text.remove_prefix(std::min(space + 1, text.size()));
  }
  return out;
}

// the options of Kubo's command line
auto options_from(std::string_view text) -> import_options {
  auto o = import_options{};
  auto links = std::size_t{174};
  auto trickle = false, inlined = false;
  auto limit = std::size_t{32};
  for (auto const& word : words(text)) {
    auto const equals = std::min(word.find('='), word.size());
    auto const name = word.substr(0, equals), value = equals < word.size() ? word.substr(equals + 1) : "true";
    auto const number = parse_decimal(value).value_or(0);
    if (name == "--cid-version") o.cid_version = static_cast<unsigned>(number);
    if (name == "--raw-leaves") o.raw_leaves = value == "true";
    if (name == "--chunker") o.chunker = *parse_chunker(value);
    if (name == "--max-file-links") links = number;
    if (name == "--trickle") trickle = true;
    if (name == "--inline") inlined = true;
    if (name == "--inline-limit") limit = number;
    if (name == "--mode") o.metadata.mode = static_cast<std::uint32_t>(std::stoul(value, nullptr, 8));
    if (name == "--mtime") o.metadata.mtime = unixfs_time{static_cast<std::int64_t>(number), 0};
    if (name == "--mtime-nsecs") o.metadata.mtime->nanos = static_cast<std::uint32_t>(number);
    if (name == "--hash") {
      o.cid_version = 1;
      o.hash = 0;
      for (auto const& h : hash_functions())
        if (h.name == value) o.hash = h.code;
    }
  }
  if (inlined) o.inline_limit = limit;
  if (trickle)
    o.layout = trickle_layout{links};
  else
    o.layout = balanced_layout{links};
  return o;
}

// gives `step` octets at a time
struct dripping_source {
  bytes_view rest;
  std::size_t step;
  auto read(bytes_span out) -> io_result<std::size_t> {
    auto source = memory_source{rest.first(std::min({rest.size(), step, out.size()}))};
    auto const n = *source.read(out);
    rest = rest.subspan(n);
    return n;
  }
};

// counts calls, and fails from the n-th on
struct failing_store : null_blockstore {
  int calls = 0, fail_from = 1 << 30;
  auto put_many(std::span<block_view const>) -> io_result<void> {
    if (++calls >= fail_from) return std::unexpected(error::message("test", "disk full"));
    return {};
  }
};
static_assert(blockstore<failing_store>);

auto all_facts() -> bytes const& {
  static auto const content = testing::keystream("facts", 50'000'000);
  return content;
}

}  // namespace

TEST_CASE("files get Kubo's CIDs at every boundary, layout, chunker and kind of leaf (IX-33, IX-34)") {
  auto store = null_blockstore{};
  for (auto const& fact : testing::import_facts) {
    auto const o = options_from(fact.options);
    REQUIRE(o.hash != 0);
    INFO(fact.size << " " << fact.options);
    auto const file = add_file(store, bytes_view{all_facts()}.first(fact.size), o);
    REQUIRE(file);
    CHECK(to_string(file->root) == fact.cid);
    CHECK(file->file_size == fact.size);
  }
}

TEST_CASE("the way bytes arrive does not change the blocks, nor do helpers, hints or neighbours") {
  auto const content = testing::keystream("ways", 9'000'000);
  for (auto text : {"", "--cid-version=1 --chunker=size-1048576", "--chunker=rabin", "--chunker=buzhash --trickle", "--mode=0644",
                    "--chunker=size-2096896"}) {
    for (auto size : {0uz, 5uz, 262144uz, 262145uz, 4194304uz, 9000000uz}) {
      INFO(text << " " << size);
      auto const in = bytes_view{content}.first(size);
      auto reference = memory_blockstore{};
      auto const want = *add_file(reference, in, options_from(text));
      auto const expect_same = [&](unsigned helpers, std::optional<std::uint64_t> hint, std::size_t step, bool neighbours) {
        auto store = memory_blockstore{};
        auto i = importer{store, options_from(text), helpers};
        if (neighbours) REQUIRE(i.add(as_bytes("neighbour")));
        auto source = dripping_source{in, step};
        auto const file = i.add(source, hint);
        REQUIRE(file);
        if (neighbours) REQUIRE(i.add(as_bytes("another")));
        REQUIRE(i.flush());
        CHECK(file->root == want.root);
        CHECK(file->dag_size == want.dag_size);
        CHECK(file->blocks == want.blocks);
        if (!neighbours) CHECK(store.size() == reference.size());
      };
      expect_same(0, {}, 1 << 20, false);
      expect_same(1, size, 65536, false);
      expect_same(1, 1, 8191, true);          // the hint is too small
      expect_same(2, size + 100, 8191, true); // and too big
      expect_same(1, {}, 10'000'000, true);
    }
  }
}

TEST_CASE("sizes: Tsize is the sum of the blocks, and everything the root names is there (IX-29)") {
  auto store = memory_blockstore{};
  auto const content = testing::keystream("sizes", 100'000);
  auto const file = *add_file(store, content, options_from("--chunker=size-1000 --max-file-links=7"));
  auto total = std::uint64_t{0}, blocks = std::uint64_t{0}, leaves = std::uint64_t{0};
  auto todo = std::vector<cid>{file.root};
  while (!todo.empty()) {
    auto const b = *store.get(todo.back());
    todo.pop_back();
    total += b.data().size();
    ++blocks;
    auto const node = *read_dag_pb(b.data());
    if (node.link_count() == 0) ++leaves;
    CHECK(node.link_count() <= 7);
    for (auto const& l : node.links()) todo.push_back(l.id);
  }
  CHECK(leaves == 100);
  CHECK(total == file.dag_size);
  CHECK(blocks == file.blocks);
}

TEST_CASE("metadata stands on the root only, and never on raw leaves (IX-34)") {
  auto store = memory_blockstore{};
  auto o = options_from("--chunker=size-10 --mode=0600 --mtime=7");
  auto const file = *add_file(store, as_bytes("twenty-five bytes of text"), o);
  auto const root = *store.get(file.root);
  auto const view = *read_dag_pb(root.data());
  CHECK(decode_unixfs(*view.data())->permissions() == 0600);
  for (auto const& l : view.links()) {
    auto const leaf = *store.get(l.id);
    auto const data = *decode_unixfs(*read_dag_pb(leaf.data())->data());
    CHECK_FALSE(data.mode);
    CHECK_FALSE(data.mtime);
  }
  o.raw_leaves = true;
  CHECK(add_file(store, as_bytes("x"), o).error() == unixfs_errc::raw_leaves_metadata);
}

TEST_CASE("an importer of many small files stores them in few batches") {
  auto store = failing_store{};
  auto i = importer{store, {}};
  auto const content = testing::keystream("small", 4096);
  for (int n = 0; n < 10'000; ++n) REQUIRE(i.add(content));
  REQUIRE(i.put(as_bytes("\x0a\x02\x08\x01")));
  REQUIRE(i.flush());
  CHECK(store.calls <= 22);  // 41 MB, 2 MiB at a time
}

TEST_CASE("failures of the source and of the store are reported, and the importer stays honest") {
  struct broken_source {
    std::size_t left;
    auto read(bytes_span out) -> io_result<std::size_t> {
      if (left == 0) return std::unexpected(error::system(EIO, "cannot read", "disk"));
      auto const n = std::min(left, out.size());
      std::fill_n(out.data(), n, byte{7});
      left -= n;
      return n;
    }
  };
  auto store = memory_blockstore{};
  for (auto size : {1uz, 300'000uz, 6'000'000uz, 40'000'000uz}) {
    auto i = importer{store, {}};
    auto const before = *i.add(as_bytes("before" + std::to_string(size)));
    auto source = broken_source{size};
    CHECK(i.add(source).error().is_system(EIO));
    auto const after = *i.add(as_bytes("after" + std::to_string(size)));
    REQUIRE(i.flush());
    CHECK(*store.has(before.root));
    CHECK(*store.has(after.root));
  }
  for (int from : {1, 2, 5}) {
    auto full = failing_store{};
    full.fail_from = from;
    auto i = importer{full, {}};
    REQUIRE(i.add(as_bytes("small")));
    auto const big = i.add(bytes(40'000'000));
    CHECK_FALSE((big && i.flush()));
    CHECK_FALSE(i.flush());
    CHECK_FALSE(i.add(as_bytes("small")));
  }
}

TEST_CASE("options that cannot be are typed errors") {
  auto store = null_blockstore{};
  auto o = import_options{.cid_version = 0, .hash = code::blake3};
  CHECK(add_file(store, as_bytes("x"), o).error() == unixfs_errc::v0_needs_sha2_256);
  CHECK(add_file(store, as_bytes("x"), {.layout = balanced_layout{1}}).error() == unixfs_errc::too_few_links);
  CHECK(add_file(store, bytes(3 << 20), {.chunker = rabin_chunker{0}}).error() == unixfs_errc::leaf_too_big);
}

TEST_CASE("a reader's own chunker and layout work as ours do") {
  // two children per node at most, subtrees on the left
  struct narrow {
    auto first_tag() const -> std::uint64_t { return 1; }
    auto above(std::uint64_t tag) const -> std::uint64_t { return tag + 1; }
    auto next(open_node top) const -> layout_step {
      if (top.children == 2) return {layout_action::close};
      return top.tag == 1 ? layout_step{} : layout_step{layout_action::open, top.tag - 1};
    }
    auto leaves_are_files() const -> bool { return true; }
    auto single_leaf_is_root() const -> bool { return true; }
    auto max_children() const -> std::size_t { return 2; }
  };
  auto store = null_blockstore{};
  auto const text = std::string_view{"one\ntwo\nthree\nfour\nfive"};
  auto const mine = *add_file(store, as_bytes(text), {.chunker = archetypes::chunker{}, .layout = narrow{}});
  auto const ours = *add_file(store, as_bytes(text), {.chunker = archetypes::chunker{}, .layout = balanced_layout{2}});
  CHECK(mine.root == ours.root);
  CHECK(mine.blocks == 5 + 3 + 2 + 1);
}

TEST_CASE("profiles are IPIP-499's") {
  auto store = null_blockstore{};
  CHECK(to_string(add_file(store, as_bytes("hello world"), options_of<unixfs_v0_2015>())->root) == "Qmf412jQZiuVUtdgnB36FXFX7xg5V6KEbSJ4dpQuhkLyfD");
  CHECK(to_string(add_file(store, testing::keystream("chunk-v1-seed", 1048576), options_of<unixfs_v1_2025>())->root) ==
        "bafkreiacndfy443ter6qr2tmbbdhadvxxheowwf75s6zehscklu6ezxmta");
}
