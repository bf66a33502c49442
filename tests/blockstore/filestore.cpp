#include <cairn/blockstore/filestore.hpp>

#include <cairn/blockstore/memory.hpp>
#include <cairn/crypto/hash.hpp>
#include <cairn/datastore/memory.hpp>
#include <cairn/multiformats/multibase.hpp>

#include "laws/blockstore.hpp"
#include "support/temporary_folder.hpp"

#include <filesystem>
#include <fstream>

using namespace cairn;

namespace {

struct fixture {
  testing::temporary_folder folder;
  std::string root = folder.path().string() + "/root";
  memory_datastore data;
  memory_blockstore blocks;
  filestore store{blockstore_ref{blocks}, file_references{datastore_ref{data}, root}};

  fixture() { std::filesystem::create_directories(root + "/sub"); }
  void write(std::string const& name, std::string_view text) { std::ofstream{root + "/" + name, std::ios::binary} << text; }
  static auto id_of(std::string_view text) -> cid { return cid::v1(code::raw, *hash_bytes(code::sha2_256, as_bytes(text))); }
  auto refer(std::string_view text, std::string path, std::uint64_t offset = 0) -> cid {
    auto const id = id_of(text);
    REQUIRE(store.references().put(id.hash(), {std::move(path), offset, text.size()}));
    return id;
  }
  auto why(cid const& id) -> std::string {
    auto const b = store.get(id);
    return b ? std::string{as_text(b->data())} : to_string(b.error());
  }
};

}  // namespace

TEST_CASE_METHOD(fixture, "capability 8: a block is read from its place in a file, checked, and the store comes first") {
  write("sub/a", "say hello to all");
  auto const id = refer("hello", "sub/a", 4);
  CHECK(why(id) == "hello");
  CHECK(why(cid::v1(code::dag_pb, id.hash())) == "hello");
  CHECK(*store.has(id));
  CHECK(*store.get_size(id) == 5);
  write("sub/a", "say hallo to all");
  CHECK(why(id) == "data in file did not match. sub/a offset 4");
  write("sub/a", "say");
  CHECK(why(id) == "data in file did not match. sub/a offset 4");
  std::filesystem::remove(root + "/sub/a");
  CHECK(store.get(id).error() == filestore_errc::no_file);
  REQUIRE(store.put(*hash_block({.version = 1, .codec = code::raw}, buffer{as_bytes("hello")})));
  CHECK(why(id) == "hello");
  REQUIRE(store.remove(id));
  CHECK_FALSE(*store.has(id));
}

TEST_CASE_METHOD(fixture, "SEC-41 a reference never leads out of the folder of the repo") {
  std::ofstream{folder.path().string() + "/secret"} << "hello";
  write("sub/plain", "hello");
  for (auto path : {"../secret", "sub/../../secret", "/etc/hostname", "sub//plain", "./sub/plain", ".."}) {
    INFO(path);
    auto const id = refer("hello", path);
    CHECK(store.get(id).error() == filestore_errc::bad_path);
  }
  std::filesystem::create_symlink("../../secret", root + "/sub/out");
  std::filesystem::create_symlink(folder.path().string() + "/secret", root + "/sub/absolute");
  std::filesystem::create_directory_symlink("../..", root + "/sub/up");
  for (auto path : {"sub/out", "sub/absolute", "sub/up/secret"}) {
    INFO(path);
    CHECK(store.get(refer("hello", path)).error() == filestore_errc::bad_path);
  }
  CHECK(why(refer("hello", "sub/plain")) == "hello");
  CHECK(store.get(refer("hello", "sub")).error() == filestore_errc::unreadable);
  CHECK(store.get(refer("hello", "http://example.com/x")).error() == filestore_errc::is_url);

  auto const& references = store.references();
  CHECK(*references.relative(root + "/sub/../sub/plain") == "sub/plain");
  for (auto path : {root, folder.path().string() + "/secret", root + "/../secret", root + "x/y", std::string{"sub/plain"}, std::string{}})
    CHECK(to_string(references.relative(path).error()) == "cannot add filestore references outside ipfs root (" + root + ")");
}

TEST_CASE_METHOD(fixture, "keys and octets of references are Kubo's") {
  auto const id = refer("hello", "data/a", 300);
  auto hash = bytes{};
  append_multihash(hash, id.hash());
  auto const found = data.get("/filestore/" + encode_base(multibase::base32upper, hash));
  REQUIRE((found && *found));
  CHECK(**found == bytes{0x0a, 6, 'd', 'a', 't', 'a', '/', 'a', 0x10, 0xac, 0x02, 0x18, 5});
  CHECK(decode_file_reference(**found) == file_reference{"data/a", 300, 5});
  for (auto const& bad : {bytes{}, bytes{0x0a, 6, 'd'}, bytes{0x10, 1, 0x18, 2}, bytes{0x0a, 1, 'x', 0x18, 0xff, 0xff, 0xff, 0xff, 0x0f}})
    CHECK(decode_file_reference(bad).error() == filestore_errc::bad_entry);
}

TEST_CASE_METHOD(fixture, "keys are those of the store and of files, each once; a damaged entry is told") {
  write("a", "hello");
  auto const both = refer("hello", "a");
  auto const file_only = refer("other", "b");
  REQUIRE(store.put(*hash_block({.version = 1, .codec = code::raw}, buffer{as_bytes("hello")})));
  auto cursor = store.keys();
  REQUIRE(cursor);
  auto seen = std::vector<multihash>{};
  while (auto key = *(*cursor)->next()) seen.push_back(*key);
  CHECK(seen == std::vector{both.hash(), file_only.hash()});

  auto hash = bytes{};
  append_multihash(hash, both.hash());
  REQUIRE(data.put("/filestore/" + encode_base(multibase::base32upper, hash), bytes{1, 2}));
  auto damaged = 0;
  REQUIRE(store.references().each([&](multihash const&, io_result<file_reference> const& r) -> io_result<void> {
    damaged += !r;
    return {};
  }));
  CHECK(damaged == 1);
}

TEST_CASE("filestore: laws of a blockstore") {
  static auto data = memory_datastore{};
  static auto below = memory_blockstore{};
  laws::blockstore([] {
    below = memory_blockstore{};
    return filestore{blockstore_ref{below}, file_references{datastore_ref{data}, "/nowhere"}};
  });
}
