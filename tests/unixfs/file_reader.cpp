#include <cairn/unixfs/file_reader.hpp>

#include <support/keystream.hpp>
#include <support/property.hpp>

#include <cairn/blockstore/memory.hpp>
#include <cairn/core/text.hpp>
#include <cairn/ipld/dag_pb_wire.hpp>
#include <cairn/unixfs/add_file.hpp>

#include <catch2/catch.hpp>

#include <atomic>

using namespace cairn;

namespace {

// counts the blocks that are read
struct counting_store : memory_blockstore {
  counting_store() = default;
  mutable std::atomic<std::size_t> reads = 0;
  auto get(cid const& id) const -> io_result<block> {
    ++reads;
    return memory_blockstore::get(id);
  }
};
static_assert(blockstore<counting_store>);

auto node(unixfs_fields const& fields, std::vector<pb_link> const& links) -> bytes {
  auto out = bytes{};
  append_dag_pb(out, links, encode_unixfs(fields));
  return out;
}

template <class Store>
auto put(Store& store, bytes_view data, std::uint64_t codec = code::dag_pb) -> cid {
  auto const b = *hash_block({.version = 1, .codec = codec}, buffer{data});
  REQUIRE(store.put(b));
  return b.id();
}

template <class Store>
auto read_all(Store& store, cid const& id, unsigned helpers = 1) -> io_result<bytes> {
  auto file = open_file(store, id);
  if (!file) return std::unexpected(file.error());
  auto sink = memory_sink{};
  auto const n = file->copy_to(sink, 0, UINT64_MAX, {.helpers = helpers});
  if (!n) return std::unexpected(n.error());
  CHECK(*n == sink.written().size());
  return sink.written();
}

template <class Store>
void check_fails(Store& store, cid const& id, unixfs_errc why) {
  auto const whole = read_all(store, id);
  REQUIRE_FALSE(whole);
  CHECK(whole.error() == why);
  if (auto file = open_file(store, id)) {
    auto out = bytes(100);
    auto got = file->read(0, out);
    for (auto at = std::uint64_t{0}; got && *got != 0; got = file->read(at, out)) at += *got;
    CHECK_FALSE(got);
    if (!got) CHECK(got.error() == why);
  }
}

auto small_trees() -> std::vector<import_options> {
  auto const chunk = size_chunker{4};
  return {{.chunker = chunk, .layout = balanced_layout{3}},
          {.chunker = chunk, .layout = trickle_layout{2}},
          {.cid_version = 1, .chunker = chunk, .layout = balanced_layout{2}},
          {.cid_version = 1, .chunker = chunk, .layout = trickle_layout{3}},
          {.chunker = chunk, .layout = balanced_layout{3}, .inline_limit = 20},
          {.chunker = size_chunker{1}, .layout = balanced_layout{174}}};
}

}  // namespace

TEST_CASE("every range of a file, at every boundary (IX-36)") {
  auto const content = testing::keystream("ranges", 59);
  for (auto const& options : small_trees()) {
    for (auto size : {0uz, 1uz, 4uz, 5uz, 12uz, 13uz, 48uz, 59uz}) {
      auto store = memory_blockstore{};
      auto const in = bytes_view{content}.first(size);
      auto const root = add_file(store, in, options)->root;
      auto file = *open_file(store, root);
      CHECK(file.size() == size);
      for (auto offset = 0uz; offset <= size + 1; ++offset)
        for (auto length = 0uz; offset + length <= size + 2; ++length) {
          auto const want = in.subspan(std::min(offset, size), std::min(length, size - std::min(offset, size)));
          auto out = bytes(length);
          auto const n = file.read(offset, out);
          REQUIRE(n);
          REQUIRE(equal(bytes_view{out}.first(*n), want));
          auto sink = memory_sink{};
          auto const m = file.copy_to(sink, offset, length);
          REQUIRE(m);
          REQUIRE(*m == want.size());
          REQUIRE(equal(sink.written(), want));
        }
    }
  }
}

TEST_CASE("a range reads the blocks that it needs and no other (IX-36)") {
  auto store = counting_store{};
  auto const content = testing::keystream("blocks", 64);
  auto const root = add_file(store, content, {.cid_version = 1, .chunker = size_chunker{16}, .layout = balanced_layout{2}})->root;
  auto const blocks_for = [&](std::uint64_t offset, std::size_t length) {
    auto file = *open_file(store, root);
    store.reads = 0;
    auto out = bytes(length);
    REQUIRE(file.read(offset, out));
    return store.reads.load();
  };
  CHECK(blocks_for(0, 16) == 2);   // a node and a leaf; the root is at hand
  CHECK(blocks_for(0, 17) == 3);
  CHECK(blocks_for(16, 16) == 2);  // at the boundary: not the leaf before
  CHECK(blocks_for(15, 1) == 2);
  CHECK(blocks_for(31, 2) == 4);
  CHECK(blocks_for(32, 1) == 2);
  CHECK(blocks_for(64, 1) == 0);
  auto file = *open_file(store, root);
  store.reads = 0;
  auto out = bytes(1);
  for (std::uint64_t at = 0; at < 64; ++at) REQUIRE(file.read(at, out));
  CHECK(store.reads == 6);  // going on costs no search
}

TEST_CASE("SEC-47: the readers of a node share what they read ahead: all of them together are bounded, and none is refused") {
  auto budget = read_ahead_budget{8 * limits::MiB};
  auto held = std::vector<read_ahead_budget::share>{};
  held.push_back(budget.take());
  CHECK(held[0].ahead.helpers == 1);
  auto sum = held[0].ahead.bytes;
  for (auto i = 0; i < 60; ++i) {
    held.push_back(budget.take());
    CHECK(held.back().ahead.helpers == 0);
    sum += held.back().ahead.bytes;
  }
  CHECK(sum <= 8 * limits::MiB + 60);
  held.clear();
  CHECK(budget.take().ahead.helpers == 1);
}

TEST_CASE("a reader holds no more than it may read ahead, or one leaf") {
  auto content = bytes(20 * limits::MiB);
  for (std::size_t i = 0; i < content.size(); i += 997) content[i] = static_cast<byte>(i >> 8);
  auto store = memory_blockstore{};
  auto const root = add_file(store, bytes_view{content})->root;
  struct counting {
    memory_blockstore const& inner;
    std::atomic<std::size_t>& most;
    auto has(cid const& id) const -> io_result<bool> { return inner.has(id); }
    auto get(cid const& id) const -> io_result<block> { return inner.get(id); }
    auto get_many(std::span<cid const> ids) const -> io_result<std::vector<block>> {
      most = std::max<std::size_t>(most, ids.size());
      return cairn::get_many(inner, ids);
    }
    auto put(block_view const&) -> io_result<void> { return {}; }
    auto remove(cid const&) -> io_result<void> { return {}; }
  };
  for (auto const& [ahead, leaves] : {std::pair{read_ahead{1, 0}, 1uz}, {read_ahead{1 * limits::MiB, 0}, 4uz}, {read_ahead{}, 8uz}}) {
    auto most = std::atomic<std::size_t>{0};
    auto counted = counting{store, most};
    auto sink = memory_sink{};
    CHECK(*open_file(counted, root)->copy_to(sink, 0, UINT64_MAX, ahead) == content.size());
    CHECK(sink.written() == content);
    CHECK(most == leaves);
  }
}

TEST_CASE("what was added is read back, whole and in parts, with and without helpers") {
  auto const content = testing::keystream("read back", 30'000'000);
  for (auto options : {import_options{}, options_of<unixfs_v1_2025>(), import_options{.chunker = rabin_chunker{}},
                       import_options{.layout = trickle_layout{10}}, import_options{.chunker = size_chunker{4096}}}) {
    auto store = memory_blockstore{};
    auto const root = add_file(store, content, options)->root;
    for (auto helpers : {0u, 1u, 3u}) CHECK(*read_all(store, root, helpers) == content);
    auto file = *open_file(store, root);
    testing::check_property("ranges", [&](std::uint32_t a, std::uint32_t b, bool far) {
      auto const offset = a % content.size(), length = b % (far ? content.size() - offset + 1 : 100'000);
      auto const want = bytes_view{content}.subspan(offset, std::min<std::size_t>(length, content.size() - offset));
      auto out = bytes(length);
      RC_ASSERT(*file.read(offset, out) == want.size());
      RC_ASSERT(equal(bytes_view{out}.first(want.size()), want));
      auto sink = memory_sink{};
      RC_ASSERT(*file.copy_to(sink, offset, length) == want.size());
      RC_ASSERT(equal(sink.written(), want));
    });
  }
}

TEST_CASE("a missing block is an error behind the bytes that come before it") {
  auto store = memory_blockstore{};
  auto const content = testing::keystream("missing", 20'000'000);
  auto const root = add_file(store, content, {.cid_version = 1})->root;
  auto const whole = *store.get(root);
  auto n = 0;
  for (auto const& l : read_dag_pb(whole.data())->links())
    if (n++ == 37) REQUIRE(store.remove(l.id));
  auto file = *open_file(store, root);
  auto sink = memory_sink{};
  CHECK(file.copy_to(sink).error() == block_errc::not_found);
  CHECK(equal(sink.written(), bytes_view{content}.first(37 * 262144)));
  auto out = bytes(262144);
  CHECK(*file.read(36 * 262144 + 1, out) == 262143);
  CHECK_FALSE(file.read(37 * 262144, out));
  CHECK_FALSE(file.read(37 * 262144, out));
  CHECK(*file.read(38 * 262144, out) == 262144);
  CHECK(equal(out, bytes_view{content}.subspan(38 * 262144, 262144)));
}

TEST_CASE("a file may have content above its leaves, raw roots, identity roots, no filesize") {
  auto store = memory_blockstore{};
  auto const leaf = put(store, as_bytes("leaf"), code::raw);
  std::uint64_t const sizes[]{4, 4};
  auto const root = put(store, node({.type = unixfs_type::file, .data = as_bytes("own "), .block_sizes = sizes},
                                    {{.id = leaf, .tsize = 4}, {.id = leaf, .tsize = 4}}));
  CHECK(as_text(*read_all(store, root)) == "own leafleaf");
  CHECK(as_text(*read_all(store, leaf)) == "leaf");
  auto const id = cid::v1(code::raw, *multihash::wrap(code::identity, as_bytes("inline")));
  CHECK(as_text(*read_all(store, id)) == "inline");
}

TEST_CASE("what is no file is a typed error") {
  auto store = memory_blockstore{};
  auto const why = [&](cid const& id) { return open_file(store, id).error(); };
  CHECK(why(put(store, node({.type = unixfs_type::directory}, {}))) == unixfs_errc::is_directory);
  CHECK(why(put(store, node({.type = unixfs_type::hamt_shard}, {}))) == unixfs_errc::is_directory);
  CHECK(why(put(store, node({.type = unixfs_type::symlink, .data = as_bytes("x")}, {}))) == unixfs_errc::not_a_file);
  CHECK(why(put(store, as_bytes("\xa0"), code::dag_cbor)) == unixfs_errc::not_unixfs);
  CHECK(why(put(store, as_bytes(""))) == unixfs_errc::no_data);
  CHECK(why(put(store, as_bytes("garbage"))).module() == "dag-pb");
  CHECK(why(cid::v1(code::raw, multihash::of(code::sha2_256, digest<32>{}))) == block_errc::not_found);
}

TEST_CASE("DAGs that lie about sizes are refused (SEC-38)") {
  auto store = memory_blockstore{};
  auto const leaf = put(store, as_bytes("leaf"), code::raw);
  auto const with = [&](std::vector<std::uint64_t> sizes, std::optional<std::uint64_t> filesize, std::size_t links) {
    return put(store, node({.type = unixfs_type::file, .filesize = filesize, .block_sizes = sizes},
                           std::vector<pb_link>(links, {.id = leaf, .tsize = 4})));
  };
  check_fails(store, with({4, 4}, 9, 2), unixfs_errc::wrong_filesize);
  check_fails(store, with({4}, 4, 2), unixfs_errc::sizes_differ);
  check_fails(store, with({4, 4}, 8, 0), unixfs_errc::sizes_differ);
  check_fails(store, with({4, 5}, 9, 2), unixfs_errc::wrong_size);
  check_fails(store, with({3, 4}, 7, 2), unixfs_errc::wrong_size);
  check_fails(store, with({UINT64_MAX, 5}, 4, 2), unixfs_errc::sizes_overflow);
  check_fails(store, with({INT64_MAX, 1}, {}, 2), unixfs_errc::sizes_overflow);
  auto const inner = with({4, 4}, 8, 2);
  for (auto said : {std::uint64_t{7}, std::uint64_t{9}, std::uint64_t{1} << 40}) {
    std::uint64_t const sizes[]{4, said};
    check_fails(store, put(store, node({.type = unixfs_type::file, .block_sizes = sizes}, {{.id = leaf}, {.id = inner}})),
                unixfs_errc::wrong_size);
  }
  auto const directory = put(store, node({.type = unixfs_type::directory}, {}));
  std::uint64_t const four[]{4};
  check_fails(store, put(store, node({.type = unixfs_type::file, .block_sizes = four}, {{.id = directory}})), unixfs_errc::is_directory);
}

TEST_CASE("deep, wide, empty and self-similar DAGs cost little (SEC-38)") {
  auto store = counting_store{};
  SECTION("a chain of a million nodes") {
    auto id = put(store, as_bytes("x"), code::raw);
    std::uint64_t const one[]{1};
    for (int i = 0; i < 1'000'000; ++i) {
      auto const b = *hash_block({.version = 1, .codec = code::dag_pb},
                                 buffer{node({.type = unixfs_type::file, .filesize = 1, .block_sizes = one}, {{.id = id, .tsize = 1}})});
      if (i < 60 || i > 999'900) (void)store.put(b);
      id = b.id();
    }
    check_fails(store, id, unixfs_errc::too_deep);
    CHECK(store.reads < 500);
  }
  SECTION("forty thousand empty children that do not exist") {
    auto const absent = cid::v1(code::raw, multihash::of(code::sha2_256, digest<32>{1}));
    auto const leaf = put(store, as_bytes("x"), code::raw);
    auto links = std::vector<pb_link>(40'000, {.id = absent});
    auto sizes = std::vector<std::uint64_t>(40'000, 0);
    links.push_back({.id = leaf});
    sizes.push_back(1);
    auto const root = put(store, node({.type = unixfs_type::file, .filesize = 1, .block_sizes = sizes}, links));
    CHECK(as_text(*read_all(store, root)) == "x");
    CHECK(store.reads == 2);
  }
  SECTION("2^40 bytes made of one leaf") {
    auto id = put(store, bytes(1024, 'z'), code::raw);
    auto size = std::uint64_t{1024};
    for (int level = 0; level < 3; ++level) {
      auto const sizes = std::vector<std::uint64_t>(1024, size);
      size *= 1024;
      id = put(store, node({.type = unixfs_type::file, .filesize = size, .block_sizes = sizes}, std::vector<pb_link>(1024, {.id = id})));
    }
    auto file = *open_file(store, id);
    CHECK(file.size() == std::uint64_t{1} << 40);
    auto out = bytes(3000);
    CHECK(*file.read((std::uint64_t{1} << 39) - 1500, out) == 3000);
    CHECK(out == bytes(3000, 'z'));
    auto sink = memory_sink{};
    CHECK(*file.copy_to(sink, (std::uint64_t{1} << 40) - 10'000'000) == 10'000'000);
  }
  SECTION("a node that names itself cannot be made, but a sink may end the reading") {
    struct closed_sink {
      std::size_t left = 3;
      auto write(bytes_view) -> io_result<void> {
        if (left-- == 0) return std::unexpected(error::system(EPIPE, "cannot write", "pipe"));
        return {};
      }
    };
    auto const root = add_file(store, bytes(20'000'000), {})->root;
    auto sink = closed_sink{};
    CHECK(open_file(store, root)->copy_to(sink).error().is_system(EPIPE));
  }
}
