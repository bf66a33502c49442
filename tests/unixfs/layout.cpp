#include <cairn/unixfs/layout.hpp>

#include <archetypes/byte_streams.hpp>
#include <archetypes/dag_layout.hpp>
#include <laws/dag_layout.hpp>

#include <cairn/blockstore/memory.hpp>
#include <cairn/unixfs/add_file.hpp>
#include <cairn/unixfs/file_reader.hpp>

#include <catch2/catch.hpp>

using namespace cairn;

TEST_CASE("layouts obey their laws") {
  laws::dag_layout(balanced_layout{2});
  laws::dag_layout(balanced_layout{174});
  laws::dag_layout(trickle_layout{1});
  laws::dag_layout(trickle_layout{5});
  laws::dag_layout(any_layout{balanced_layout{3}});
  laws::dag_layout(any_layout{trickle_layout{3}});
}

TEST_CASE("import and reading need no more than the archetypes give") {
  auto store = memory_blockstore{};
  auto source = archetypes::byte_source{1000};
  auto const file = add_file(store, source, {.chunker = size_chunker{1}, .layout = archetypes::dag_layout{}});
  REQUIRE(file);
  CHECK(file->file_size == 1000);
  CHECK(file->blocks == 1000 + 26);
  auto sink = archetypes::byte_sink{};
  CHECK(*open_file(store, file->root)->copy_to(sink) == 1000);
  CHECK(sink.taken == 1000);
}

TEST_CASE("blocks of 2 MiB are made and read (IX-37)") {
  auto store = memory_blockstore{};
  for (auto raw : {true, false}) {
    auto o = import_options{.cid_version = 1, .raw_leaves = raw, .chunker = size_chunker{raw ? limits::block : chunk_size_limit}};
    auto const file = add_file(store, bytes(5 << 20, 'b'), o);
    REQUIRE(file);
    auto sink = memory_sink{};
    CHECK(*open_file(store, file->root)->copy_to(sink) == 5 << 20);
    CHECK(sink.written() == bytes(5 << 20, 'b'));
  }
}
