#include <cairn/unixfs.hpp>

#include <cairn/blockstore/memory.hpp>
#include <cairn/blockstore/null.hpp>

#include "support/property.hpp"
#include "support/temporary_folder.hpp"

#include <fstream>

#include <fcntl.h>
#include <sys/stat.h>

using namespace cairn;
using testing::temporary_folder;

namespace {

namespace fs = std::filesystem;

void write(temporary_folder const& at, std::string const& below, std::string_view content) {
  auto const path = at.path() / below;
  fs::create_directories(path.parent_path());
  std::ofstream{path, std::ios::binary} << content;
}

/// Octets that differ, from a seed.
auto stream(unsigned seed, std::size_t size) -> std::string {
  auto out = std::string(size, '\0');
  std::uint32_t x = seed * 2654435761u + 1;
  for (auto& c : out) {
    x = x * 1664525u + 1013904223u;
    c = static_cast<char>(x >> 24);
  }
  return out;
}

/// Files of all sizes that matter, empty ones, hidden ones, symlinks, and a directory above the threshold, with directories in it.
void make_tree(temporary_folder const& at) {
  write(at, "tree/empty", "");
  write(at, "tree/a.txt", "hello\n");
  write(at, "tree/.hidden", "secret");
  write(at, "tree/.hid/x", "y");
  write(at, "tree/sub/deep/er/file", stream(1, 3000));
  write(at, "tree/big", stream(2, 1'500'000));
  write(at, "tree/chunk", stream(3, 262144));
  write(at, "tree/chunk and one", stream(4, 262145));
  write(at, "tree/read at once", stream(5, 65536));
  write(at, "tree/\xc3\xbcn\xc3\xaf", "u");
  fs::create_directories(at / "tree/emptydir");
  fs::create_symlink("a.txt", at / "tree/link");
  fs::create_symlink("../big", at / "tree/sub/up");
  fs::create_symlink("nowhere", at / "tree/dangling");
  auto const stem = std::string(90, 'n');
  for (int i = 0; i < 2300; ++i) {
    auto const name = "tree/many/" + stem + std::to_string(i);
    write(at, i % 100 == 0 ? name + "/f" : name, std::to_string(i));
  }
}

struct recorder : add_listener {
  std::vector<added_entry> all;
  std::uint64_t bytes = 0;
  void added(added_entry const& e) override { all.push_back(e); }
  void progress(std::string_view, std::uint64_t n) override { bytes = n; }
};

struct setting {
  char const* name;
  char const* root;
  tree_options options;
};

auto settings() -> std::vector<setting> {
  auto const with = [](auto&& change) {
    auto o = tree_options{};
    change(o);
    return o;
  };
  return {
      {"default", "QmWFtfM4AqRXw1LyenjxzF5da69CD9swdWsBUaoDPPmkeG", {}},
      {"--cid-version=1", "bafybeiabtedy674ldtt6y6imgfqumhwhih32o2aytes7m6ii2nshfew2ny", with([](auto& o) { o.file.cid_version = o.directory.cid_version = 1; })},
      {"--raw-leaves=false --chunker=size-1048576", "QmbTMSMFjELMLZxAAHooBJ7fZ4Hnv15qS5obUveBRA3tvZ",
       with([](auto& o) { o.file.raw_leaves = false, o.file.chunker = size_chunker{1048576}; })},
      {"--trickle", "QmNbseGAoREy2HUGeqgrJosiKEwjRz4qNB73HmswiJgFJp", with([](auto& o) { o.file.layout = trickle_layout{}; })},
      {"--chunker=rabin", "QmU4vhVpbB52FJ3E8Chvya5JpY6Dfy8jnu4ktwQW6HTdfH", with([](auto& o) { o.file.chunker = *parse_chunker("rabin"); })},
      {"--chunker=buzhash", "Qmb5xVn7dDRwADgMDwHvhogmZeorABuqvC5kUvrCNq4wSJ", with([](auto& o) { o.file.chunker = *parse_chunker("buzhash"); })},
      {"profile unixfs-v1-2025", "bafybeihbz5eolhbhxvtsyi6ldhjygxrsvqsxsdiw6vcv6fziw2s3dacpuu",
       with([](auto& o) { o.file = options_of<unixfs_v1_2025>(), o.directory = directory_options_of<unixfs_v1_2025>(); })},
      {"--hidden", "QmZsaQJqagBdkfuv6zJr1QmGLM6BBSfEnuoCbwJeXFn2GS", with([](auto& o) { o.hidden = true; })},
      {"--empty-dirs=false", "QmaLohj3dRvQ8gqeMk87mHRKV3ViEB17mC8i7GjeRbUki8", with([](auto& o) { o.empty_dirs = false; })},
      {"--mode=0644 --mtime=86400", "QmXsg4Sednk7MX9YBVU1NNbJt2WicWEWxRxaHdrKN6RC5e",
       with([](auto& o) { o.file.metadata = o.directory.metadata = {0644, unixfs_time{86400, 0}}; })},
      {"--inline", "Qmdokq63aRsQ7eb9YXJ4qPuzMRU4HQeHywoutLK7TpWqFr", with([](auto& o) { o.file.inline_limit = 32; })},
  };
}

}  // namespace

TEST_CASE("IX-33, IX-34, IX-29: a tree has Kubo's root in every setting") {
  auto const at = temporary_folder{};
  make_tree(at);
  if (auto const* keep = std::getenv("CAIRN_TEST_KEEP_TREE")) fs::copy(at / "tree", keep, fs::copy_options::recursive | fs::copy_options::copy_symlinks);
  auto store = null_blockstore{};
  for (auto const& s : settings()) {
    INFO(s.name);
    CHECK(to_string(add_tree(store, {at / "tree", "tree"}, s.options)->id) == s.root);
  }
}

TEST_CASE("entries are told in Kubo's order: files depth first, then directories") {
  auto const at = temporary_folder{};
  write(at, "t/b", "1");
  write(at, "t/a/z", "2");
  write(at, "t/a/y/q", "3");
  write(at, "t/c/d", "4");
  auto store = memory_blockstore{};
  auto seen = recorder{};
  auto const root = add_tree(store, {at / "t", "t"}, {}, &seen);
  auto names = std::vector<std::string>{};
  for (auto const& e : seen.all) names.push_back(e.name);
  CHECK(names == std::vector<std::string>{"t/a/y/q", "t/a/z", "t/b", "t/c/d", "t/a/y", "t/a", "t/c", "t"});
  CHECK(seen.all.back().id == root->id);
  CHECK(find_entry(store, root->id, "b").value()->id == seen.all[2].id);

  seen.all.clear();
  auto const both = std::vector<tree_argument>{{at / "t/a", "a"}, {at / "t/b", "b"}};
  auto const wrapped = add_wrapped(store, both, {}, &seen);
  names.clear();
  for (auto const& e : seen.all) names.push_back(e.name);
  CHECK(names == std::vector<std::string>{"a/y/q", "a/z", "b", "a/y", "a", ""});
  CHECK(to_string(wrapped->id) == "Qmd86DpAs1v1wQNaT1QugvY3ZBBtxyFnj1wXvpVQtMXcDW");
}

TEST_CASE("a single file, a big one with progress, a symlink that is followed") {
  auto const at = temporary_folder{};
  write(at, "big", stream(9, 3'000'000));
  fs::create_symlink("big", at / "link");
  auto store = memory_blockstore{};
  auto seen = recorder{};
  auto const direct = add_tree(store, {at / "big", "big"}, {}, &seen).value();
  CHECK(seen.bytes == 3'000'000);
  CHECK(direct.id == add_file(store, as_bytes(stream(9, 3'000'000)))->root);
  auto o = tree_options{};
  o.dereference_args = true;
  CHECK(add_tree(store, {at / "link", "link"}, o)->id == direct.id);
  CHECK(add_tree(store, {at / "link", "link"})->id != direct.id);
  auto const ids = std::vector<tree_argument>{{at / "link", "link"}};
  o = {};
  o.dereference = true;
  auto const wrapped = add_wrapped(store, ids, o).value();
  CHECK(find_entry(store, wrapped.id, "link").value()->id == direct.id);
}

TEST_CASE("preserved mode and mtime are those of each entry") {
  auto const at = temporary_folder{};
  write(at, "t/x", "x");
  ::chmod((at / "t/x").c_str(), 0640);
  ::chmod((at / "t").c_str(), 0710);
  timespec const times[2]{{1000, 5}, {1000, 5}};
  ::utimensat(AT_FDCWD, (at / "t/x").c_str(), times, 0);
  ::utimensat(AT_FDCWD, (at / "t").c_str(), times, 0);
  auto store = memory_blockstore{};
  auto o = tree_options{};
  o.preserve_mode = o.preserve_mtime = true;
  auto const root = add_tree(store, {at / "t", "t"}, o).value();
  auto const c = directory_cursor::open(store, root.id).value();
  CHECK(c.metadata().mode == 0710);
  CHECK(c.metadata().mtime == unixfs_time{1000, 5});
  auto const file = open_file(store, find_entry(store, root.id, "x").value()->id);
  CHECK(file->metadata().mode == 0640);
  CHECK(to_string(root.id) == "QmQbgz1cMuekXXSmLnoTZypHS3GMWEYwetcKoq6vm5TW2W");
}

TEST_CASE("what cannot be added is an error with its path, and a wish to stop is heard") {
  auto const at = temporary_folder{};
  write(at, "t/x", "x");
  ::mkfifo((at / "t/pipe").c_str(), 0600);
  auto store = memory_blockstore{};
  auto const bad = add_tree(store, {at / "t", "t"});
  CHECK(bad.error() == add_errc::file_type);
  CHECK(bad.error().subject() == at / "t/pipe");
  CHECK(add_tree(store, {at / "absent", "absent"}).error().is_system(ENOENT));
  struct : add_listener {
    auto stopped() -> bool override { return true; }
  } impatient;
  CHECK(add_tree(store, {at / "t/x", "x"}, {}, &impatient).error() == add_errc::stopped);
  struct : add_listener {
    auto excludes(std::string_view name, bool) -> bool override { return name == "pipe"; }
  } picky;
  CHECK(add_tree(store, {at / "t", "t"}, {}, &picky).has_value());
  fs::create_directory_symlink("..", at / "t/loop");
  auto o = tree_options{};
  o.dereference = true;
  CHECK(!add_tree(store, {at / "t", "t"}, o, &picky).has_value());
}

TEST_CASE("a file is told when it is in the store, not before, and in the order of the walk") {
  auto folder = temporary_folder{};
  for (int i = 0; i < 3000; ++i) write(folder, "t/" + std::to_string(10'000 + i), stream(static_cast<unsigned>(i), i % 7 == 0 ? 20'000 : 900));
  write(folder, "t/5-big", stream(9, 9'000'000));
  write(folder, "t/z", "last");
  struct witness final : add_listener {
    void added(added_entry const& e) override {
      auto const here = store.has(e.id);
      missing += !(here && *here);
      if (!e.name.contains('/')) return;
      unordered += e.name < last;
      last = e.name;
      ++files;
    }
    memory_blockstore store{};
    std::string last{};
    int missing = 0, unordered = 0, files = 0;
  } seen;
  auto const root = add_tree(seen.store, {folder / "t", "t"}, tree_options{}, &seen);
  REQUIRE(root);
  CHECK(seen.missing == 0);
  CHECK(seen.unordered == 0);
  CHECK(seen.files == 3002);

  // what came before a failure is told too, and there
  ::symlink("nowhere", (folder / "t/y").c_str());
  auto options = tree_options{};
  options.dereference = true;
  auto again = witness{};
  CHECK_FALSE(add_tree(again.store, {folder / "t", "t"}, options, &again));
  CHECK(again.missing == 0);
  CHECK(again.files == 3001);
}
