#include <cairn/mfs.hpp>

#include "support/property.hpp"

#include <cairn/blockstore/memory.hpp>
#include <cairn/unixfs.hpp>

#include <algorithm>

using namespace cairn;

namespace {

auto content(memory_blockstore& store, cid const& id) -> bytes {
  auto sink = memory_sink{};
  open_file(store, id).value().copy_to(sink).value();
  return sink.written();
}

auto empty_file(memory_blockstore& store, unsigned version = 0, file_edit_options o = {}) -> cid {
  return file_edit::create(store, version, code::sha2_256, o).finish().value().id;
}

}  // namespace

TEST_CASE("a written file is a trickle root over a raw UnixFS leaf, even for one chunk; a CIDv1 is its only raw leaf") {
  auto store = memory_blockstore{};
  CHECK(to_string(empty_file(store)) == "QmbFMke1KXqnYyBBWxB74N4c5SBnJMVAiMNRcGu6x1AwQH");
  auto edit = file_edit::open(store, empty_file(store), {}).value();
  REQUIRE(edit.write(as_bytes("hello\n")));
  CHECK(to_string(edit.finish().value().id) == "QmcFUHo1DBpydnTSeuXszKgQqnXQCJq6Wu1BUdzEfuRahM");
  auto one = file_edit::create(store, 1, code::sha2_256, {});
  REQUIRE(one.write(as_bytes("hello\n")));
  CHECK(one.finish().value().id == hash_block({}, buffer{as_bytes("hello\n")}).value().id());
}

TEST_CASE("random writes, seeks and truncations read as the same on a vector") {
  testing::check_property("a file equals a vector", [] {
    auto store = memory_blockstore{};
    auto o = file_edit_options{};
    o.chunker = size_chunker{*rc::gen::inRange<std::size_t>(1, 40)};
    auto const version = *rc::gen::inRange(0u, 2u);
    if (*rc::gen::arbitrary<bool>()) o.raw_leaves = *rc::gen::arbitrary<bool>();
    auto model = *rc::gen::resize(3000, rc::gen::arbitrary<bytes>());
    auto import = import_options{};
    import.cid_version = version;
    import.chunker = size_chunker{64};
    if (*rc::gen::arbitrary<bool>()) import.layout = trickle_layout{};
    // a root with up to 174 children, some deeper
    auto at = add_file(store, model, import).value().root;
    for (auto round = 0; round < 6; ++round) {
      auto edit = file_edit::open(store, at, o).value();
      RC_ASSERT(edit.size() == model.size());
      for (auto step = *rc::gen::inRange(0, 4); step-- > 0;) {
        if (*rc::gen::inRange(0, 4) == 0) {
          auto const size = static_cast<std::size_t>(*rc::gen::inRange<std::size_t>(0, model.size() + 500));
          RC_ASSERT(edit.truncate(size).has_value());
          model.resize(size);
        }
        auto const offset = *rc::gen::inRange<std::size_t>(0, model.size() + 300);
        auto const data = *rc::gen::resize(700, rc::gen::arbitrary<bytes>());
        RC_ASSERT(edit.seek(offset).has_value());
        RC_ASSERT(edit.write(data).has_value());
        model.resize(std::max(model.size(), data.empty() ? offset : offset + data.size()));
        std::copy(data.begin(), data.end(), model.begin() + static_cast<std::ptrdiff_t>(offset));
      }
      auto const link = edit.finish().value();
      RC_ASSERT(content(store, link.id) == model);
      at = link.id;
    }
  });
}

TEST_CASE("bytes appended piece by piece are the whole, in the DAG that Kubo makes of them") {
  auto store = memory_blockstore{};
  auto o = file_edit_options{};
  o.chunker = size_chunker{4};
  auto all = bytes(4 * 2500, 7);
  for (std::size_t i = 0; i < all.size(); ++i) all[i] = static_cast<byte>(i * 31 >> 3);
  auto import = import_options{};
  import.chunker = size_chunker{4};
  import.layout = trickle_layout{};
  CHECK(to_string(add_file(store, all, import).value().root) == "QmcGpwvSHfkbRTpWbTM3oWwYdewZKsZNSS17jgmiNMYP6j");  // another tree
  for (auto piece : {4uz, 400uz, 696uz, 700uz, 5000uz}) {
    CAPTURE(piece);
    auto at = empty_file(store);
    for (auto done = 0uz; done < all.size(); done += piece) {
      auto edit = file_edit::open(store, at, o).value();
      REQUIRE(edit.seek(done));
      REQUIRE(edit.write(bytes_view{all}.subspan(done, std::min(piece, all.size() - done))));
      at = edit.finish().value().id;
    }
    CHECK(content(store, at) == all);
    // Kubo 0.43.1: files write of the first half, then of the second one behind it, with Import.UnixFSChunker size-4
    if (piece == 5000) CHECK(to_string(at) == "QmcTSpmraQgyVnwH3LwpFrtec8ZcEm8yMnUxK6vCPn8EhT");
  }
}

TEST_CASE("metadata stays through a write, its time is the given now, and a raw block becomes a file") {
  auto store = memory_blockstore{};
  auto const raw = hash_block({}, buffer{as_bytes("hello")}).value();
  REQUIRE(store.put(raw));
  auto const marked = with_metadata(store, raw.id(), 0644, unixfs_time{5, 6}).value();
  CHECK(marked.id.version() == 0);
  CHECK(open_file(store, marked.id).value().metadata().mode == 0644);
  auto edit = file_edit::open(store, marked.id, {.now = {99, 1}}).value();
  REQUIRE(edit.write(as_bytes("J")));
  auto const after = edit.finish().value();
  CHECK(open_file(store, after.id).value().metadata().mtime == unixfs_time{99, 1});
  CHECK(as_text(content(store, after.id)) == "Jello");
  CHECK(open_file(store, with_metadata(store, after.id, 0, {}).value().id).value().metadata().mode == 0);
}

TEST_CASE("SEC-38: a file whose nodes lie about sizes, or that never ends, is refused for writing") {
  auto store = memory_blockstore{};
  auto const leaf = hash_block({}, buffer{as_bytes("12345")}).value();
  REQUIRE(store.put(leaf));
  auto const root_with = [&](std::uint64_t said, std::uint64_t filesize) {
    auto node = pb_node{};
    node.links.push_back({leaf.id(), "", 5});
    auto const sizes = std::vector{said};
    node.data = encode_unixfs({.type = unixfs_type::file, .filesize = filesize, .block_sizes = sizes});
    auto const b = hash_block({0, code::dag_pb, code::sha2_256, 0}, buffer{encode_dag_pb(node)}).value();
    store.put(b).value();
    return b.id();
  };
  CHECK(file_edit::open(store, root_with(5, 6), {}).error() == mfs_errc::sizes_differ);
  CHECK(file_edit::open(store, root_with(UINT64_MAX, UINT64_MAX), {}).error() == mfs_errc::sizes_differ);
  auto liar = file_edit::open(store, root_with(9, 9), {}).value();
  CHECK(liar.truncate(7).error() == mfs_errc::sizes_differ);
  auto writer = file_edit::open(store, root_with(9, 9), {}).value();
  REQUIRE(writer.write(as_bytes("x")));
  CHECK(writer.finish().error() == mfs_errc::sizes_differ);
  auto const link = encode_unixfs({.type = unixfs_type::symlink, .data = as_bytes("target")});
  auto node = pb_node{};
  node.data = link;
  auto const symlink = hash_block({0, code::dag_pb, code::sha2_256, 0}, buffer{encode_dag_pb(node)}).value();
  REQUIRE(store.put(symlink));
  CHECK(file_edit::open(store, symlink.id(), {}).error() == mfs_errc::is_symlink);
}
