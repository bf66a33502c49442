#include <cairn/unixfs.hpp>

#include <cairn/blockstore/memory.hpp>

#include "support/counting_store.hpp"
#include "support/property.hpp"
#include "support/temporary_folder.hpp"

#include <fstream>

#include <fcntl.h>
#include <sys/stat.h>

using namespace cairn;
using testing::temporary_folder;

namespace {

namespace fs = std::filesystem;

auto read_all(std::string const& path) -> std::string {
  auto in = std::ifstream{path, std::ios::binary};
  return {std::istreambuf_iterator<char>{in}, {}};
}

void write_all(std::string const& path, std::string_view content) {
  fs::create_directories(fs::path{path}.parent_path());
  std::ofstream{path, std::ios::binary} << content;
}

/// Every path below a folder, with what it is.
auto picture(fs::path const& of) -> std::vector<std::string> {
  auto out = std::vector<std::string>{};
  for (auto const& e : fs::recursive_directory_iterator{of}) {
    auto const name = fs::relative(e.path(), of).string();
    if (e.is_symlink()) out.push_back(name + " -> " + fs::read_symlink(e.path()).string());
    else if (e.is_directory()) out.push_back(name + "/");
    else out.push_back(name + " " + std::to_string(std::hash<std::string>{}(read_all(e.path().string()))));
  }
  std::sort(out.begin(), out.end());
  return out;
}

struct world {
  temporary_folder at;
  memory_blockstore store{};
  node_writer nodes{store, {0, code::dag_pb, code::sha2_256, 0}};

  auto file(std::string_view content) -> cid { return add_file(store, as_bytes(content))->root; }
  auto symlink(std::string_view target) -> cid {
    auto node = bytes{};
    append_dag_pb_data(node, encode_unixfs({.type = unixfs_type::symlink, .data = as_bytes(target)}));
    auto const id = nodes.put(node).value();
    nodes.flush().value();
    return id;
  }
  /// A directory block with any links at all, also such as no directory should have.
  auto links(std::vector<std::pair<std::string, cid>> const& entries) -> cid {
    auto node = pb_node{};
    for (auto const& [name, id] : entries) node.links.push_back({id, name, 1});
    node.data = encode_unixfs({.type = unixfs_type::directory});
    auto const id = nodes.put(encode_dag_pb(node)).value();
    nodes.flush().value();
    return id;
  }
  auto get(cid const& id, std::string const& to) { return get_tree(store, id, at / to, "named"); }
};

}  // namespace

TEST_CASE("what was added comes back: files, symlinks, empty directories, shards, modes and times") {
  auto w = world{};
  write_all(w.at / "in/a", "hello");
  write_all(w.at / "in/empty", "");
  write_all(w.at / "in/sub/big", std::string(1'000'000, 'b') + std::string(300'000, 'c'));
  fs::create_directories(w.at / "in/none");
  fs::create_symlink("../a", w.at / "in/sub/link");
  for (int i = 0; i < 300; ++i) write_all(w.at / ("in/many/f" + std::to_string(i)), std::to_string(i));
  ::chmod((w.at / "in/a").c_str(), 0751);
  ::chmod((w.at / "in/none").c_str(), 0500);
  timespec const times[2]{{12345, 678}, {12345, 678}};
  for (auto name : {"in/a", "in/sub", "in/none"}) ::utimensat(AT_FDCWD, (w.at / name).c_str(), times, 0);
  auto o = tree_options{};
  o.preserve_mode = o.preserve_mtime = true;
  o.directory.threshold = 2000;
  auto const root = add_tree(w.store, {w.at / "in", "in"}, o).value();
  REQUIRE(w.get(root.id, "out/put/here").has_value());
  CHECK(picture(w.at / "out/put/here") == picture(w.at / "in"));
  struct stat s {};
  ::stat((w.at / "out/put/here/a").c_str(), &s);
  CHECK((s.st_mode & 07777) == 0751);
  CHECK(s.st_mtim.tv_sec == 12345);
  CHECK(s.st_mtim.tv_nsec == 678);
  ::stat((w.at / "out/put/here/none").c_str(), &s);
  CHECK((s.st_mode & 07777) == 0500);
  CHECK(s.st_mtim.tv_sec == 12345);
  ::stat((w.at / "out/put/here/sub").c_str(), &s);
  CHECK(s.st_mtim.tv_sec == 12345);
  auto const again = add_tree(w.store, {w.at / "out/put/here", "x"}, o).value();
  CHECK(fs::exists(w.at / "out/put/here/sub/big"));
  CHECK(again.dag_size > 0);
}

TEST_CASE("a file goes beside, into or over what is there, as Kubo's get") {
  auto w = world{};
  auto const f = w.file("new");
  CHECK(w.get(f, "plain").has_value());
  CHECK(read_all(w.at / "plain") == "new");
  fs::create_directories(w.at / "folder");
  CHECK(w.get(f, "folder").has_value());
  CHECK(read_all(w.at / "folder/named") == "new");
  write_all(w.at / "old", "old");
  CHECK(w.get(f, "old").has_value());
  CHECK(read_all(w.at / "old") == "new");
  // a symlink is replaced, not followed
  write_all(w.at / "kept", "kept");
  fs::create_symlink("kept", w.at / "sym");
  CHECK(w.get(f, "sym").has_value());
  CHECK(read_all(w.at / "kept") == "kept");
  CHECK(!fs::is_symlink(w.at / "sym"));
  // below a directory of ours an empty directory gives way, a full one does not
  auto const d = w.links({{"named", f}});
  fs::create_directories(w.at / "tree/named");
  CHECK(w.get(d, "tree").has_value());
  CHECK(read_all(w.at / "tree/named") == "new");
  write_all(w.at / "tree2/named/x", "x");
  CHECK(!w.get(d, "tree2").has_value());
  CHECK(picture(w.at / "tree2").size() == 2);
  CHECK(w.get(w.symlink("anywhere"), "made").has_value());
  CHECK(fs::read_symlink(w.at / "made") == "anywhere");
}

TEST_CASE("SEC-41: nothing is written outside of the target") {
  auto w = world{};
  auto const f = w.file("evil");
  fs::create_directories(w.at / "outside");
  for (auto name : {"..", ".", "", "/", "../x", "a/../../b", "../t", "..//", "a/.."}) {
    CHECK(w.get(w.links({{name, f}}), "t").error() == get_errc::bad_name);
    auto sink = memory_sink{};
    CHECK(write_tar(w.store, w.links({{name, f}}), "t", sink, {}).error() == get_errc::bad_name);
  }
  for (auto name : {"/etc/x", "a/b"}) CHECK(w.get(w.links({{name, f}}), "t").error() == get_errc::bad_name);
  CHECK(w.get(w.links({{std::string("a\0b", 3), f}}), "t").error() == get_errc::bad_name);
  // a symlink first, then a directory or a file of the same name
  auto const out = w.symlink((w.at / "outside"));
  auto const inner = w.links({{"x", f}});
  CHECK(w.get(w.links({{"d", out}, {"d", inner}}), "t1").error() == get_errc::in_the_way);
  auto const over = w.symlink("../outside/y");
  CHECK(w.get(w.links({{"s", over}, {"s", f}}), "t2").has_value());
  CHECK(read_all(w.at / "t2/s") == "evil");
  // a symlink that was there before, inside the target and as the target
  fs::create_directories(w.at / "t3");
  fs::create_directory_symlink("../outside", w.at / "t3/d");
  CHECK(w.get(w.links({{"d", inner}}), "t3").error() == get_errc::in_the_way);
  fs::create_directory_symlink("outside", w.at / "t4");
  CHECK(w.get(inner, "t4").error() == get_errc::in_the_way);
  CHECK(fs::is_empty(w.at / "outside"));
  CHECK(w.get(w.symlink(std::string("a\0b", 3)), "t5").error() == get_errc::bad_target);
}

TEST_CASE("a failure or a stop leaves no half of a file") {
  auto w = world{};
  auto const content = std::string(3'000'000, 'x') + "end";
  auto const f = w.file(content);
  auto last = std::optional<cid>{};
  for (auto const& l : read_dag_pb(w.store.get(f)->data())->links()) last = l.id;
  auto const d = w.links({{"a", w.file("ok")}, {"f", f}});
  struct : get_listener {
    std::uint64_t seen = 0;
    void wrote(std::uint64_t n) override { seen += n; }
    auto stopped() -> bool override { return seen > 500'000; }
  } impatient;
  CHECK(get_tree(w.store, d, w.at / "t", "n", &impatient).error() == get_errc::stopped);
  CHECK(picture(w.at / "t").size() == 1);
  w.store.remove(*last).value();
  CHECK(w.get(d, "t").error() == block_errc::not_found);
  CHECK(picture(w.at / "t").size() == 1);
}

TEST_CASE("SEC-37: a chain of directories ends with an error, not with the stack") {
  auto w = world{};
  auto at = w.links({});
  for (int i = 0; i < 5000; ++i) at = w.links({{"d", at}});
  CHECK(w.get(at, "t").error() == get_errc::too_deep);
  auto sink = memory_sink{};
  CHECK(write_tar(w.store, at, "t", sink, {}).error() == get_errc::too_deep);
}

TEST_CASE("an archive is what tar reads, and gzip what gunzip reads") {
  auto w = world{};
  auto const long_name = std::string(200, 'n');
  auto const d = w.links({{"a", w.file("hello")},
                          {"big", w.file(std::string(700'000, 'b'))},
                          {"dir", w.links({{long_name, w.file("deep")}})},
                          {"link", w.symlink("a")},
                          {"long link", w.symlink(std::string(150, 't'))},
                          {"\xc3\xbc", w.file("umlaut")}});
  auto const archive = w.at / "x.tar.gz";
  {
    auto fd = ::open(archive.c_str(), O_WRONLY | O_CREAT | O_CLOEXEC, 0600);
    auto file = file_sink{fd};
    auto zip = gzip_sink{file, 6};
    REQUIRE(write_tar(w.store, d, "root", zip, {1000000000, 600'000'000}).has_value());
    REQUIRE(zip.finish().has_value());
    ::close(fd);
  }
  REQUIRE(std::system(("cd " + w.at.path().string() + " && gzip -t x.tar.gz && tar xzf x.tar.gz").c_str()) == 0);
  REQUIRE(w.get(d, "direct").has_value());
  CHECK(picture(w.at / "root") == picture(w.at / "direct"));
  struct stat s {};
  ::stat((w.at / "root/a").c_str(), &s);
  CHECK(s.st_mtim.tv_sec == 1000000001);
  CHECK((s.st_mode & 0777) == 0644);
}

TEST_CASE("SEC-41: in an archive a path that comes back below the root is written as what it means") {
  auto w = world{};
  auto const f = w.file("x");
  auto out = memory_sink{};
  REQUIRE(write_tar(w.store, w.links({{"d", w.links({{"../up", f}, {"e//./../on", f}})}}), "root", out, {}).has_value());
  auto names = std::vector<std::string>{};
  for (auto at = std::size_t{0}; at + 512 <= out.written().size() && out.written()[at] != byte{0};) {
    auto const name = as_text(bytes_view{out.written()}.subspan(at, 100));
    names.emplace_back(name.substr(0, name.find('\0')));
    at += names.back() == "root" || names.back() == "root/d" ? 512 : 1024;
  }
  CHECK(names == std::vector<std::string>{"root", "root/d", "root/up", "root/d/on"});
}

TEST_CASE("headers beyond USTAR: sizes from 8 GiB on, times before 1970, long paths that can be cut and that cannot") {
  auto const header = [](tar_entry const& e) {
    auto out = memory_sink{};
    auto t = tar_writer{out};
    t.begin(e).value();
    return out.written();
  };
  CHECK(header({.name = "a"}).size() == 512);
  CHECK(header({.name = "a", .size = 8589934591}).size() == 512);
  auto const big = header({.name = "a", .size = 8589934592});
  REQUIRE(big.size() == 1536);
  CHECK(as_text(bytes_view{big}.first(14)) == "PaxHeaders.0/a");
  CHECK(as_text(bytes_view{big}.subspan(512, 19)) == "19 size=8589934592\n");
  CHECK(as_text(bytes_view{big}.subspan(1024 + 124, 11)) == "00000000000");
  auto const old = header({.name = "a", .mtime = {-5, 0}});
  CHECK(as_text(bytes_view{old}.subspan(512, 12)) == "12 mtime=-5\n");
  auto const folders = std::string(90, 'd') + "/" + std::string(90, 'n');
  auto const cut = header({.name = folders});
  REQUIRE(cut.size() == 512);
  CHECK(as_text(bytes_view{cut}.subspan(345, 90)) == std::string(90, 'd'));
  CHECK(as_text(bytes_view{cut}.first(91)) == std::string(90, 'n') + std::string(1, '\0'));
  auto const whole = header({.name = std::string(150, 'n')});
  CHECK(whole.size() == 1536);
  CHECK(as_text(bytes_view{whole}.subspan(512, 9)) == "160 path=");
  auto out = memory_sink{};
  auto t = tar_writer{out};
  CHECK(t.begin({.name = "a", .size = 1}).has_value());
  CHECK(!t.write(bytes{1, 2}).has_value());
  CHECK(!t.begin({.name = "b"}).has_value());
}

TEST_CASE("ls shows types and sizes; what is no directory shows its links") {
  auto w = world{};
  auto const raw = hash_block({}, buffer{as_bytes("raw")}).value();
  w.store.put(raw).value();
  auto const big = w.file(std::string(600'000, 'b'));
  auto node = pb_node{};
  node.links = {{w.links({}), "dir", 4}, {big, "file", 600'100}, {w.symlink("there"), "link", 9}, {raw.id(), "raw", 3}};
  node.data = encode_unixfs({.type = unixfs_type::directory});
  auto const d = w.nodes.put(encode_dag_pb(node)).value();
  w.nodes.flush().value();
  using kind = list_entry::kind;
  auto all = std::vector<list_entry>{};
  auto c = list_cursor::open(w.store, d).value();
  while (auto e = c.next().value()) all.push_back(*e);
  REQUIRE(all.size() == 4);
  CHECK((all[0].type == kind::directory && all[0].size == 0));
  CHECK((all[1].type == kind::file && all[1].size == 600'000));
  CHECK((all[2].type == kind::symlink && all[2].size == 5 && all[2].target == "there"));
  CHECK((all[3].type == kind::file && all[3].size == 3));
  auto blind = list_cursor::open(w.store, d, false).value();
  CHECK(blind.next().value()->type == kind::unknown);
  auto chunks = list_cursor::open(w.store, big).value();
  auto n = 0;
  while (auto e = chunks.next().value()) CHECK((++n, e->name.empty()));
  CHECK(n == 3);
  CHECK(!list_cursor::open(w.store, raw.id())->next().value());
  w.store.remove(big).value();
  auto part = list_cursor::open(w.store, d).value();
  CHECK(part.next().has_value());
  CHECK(part.next().error() == block_errc::not_found);
  CHECK(part.next().value()->name == "link");
}

TEST_CASE("IX-28, IX-35: paths through flat and sharded directories; names are octets") {
  auto w = world{};
  auto const f = w.file("deep");
  auto builder = directory_builder{{.threshold = 1}};
  for (int i = 0; i < 500; ++i) builder.add("f" + std::to_string(i), {f, 4});
  builder.add("odd ^\\ name", {f, 4});
  auto const shard = builder.finish(w.nodes).value().link;
  w.nodes.flush().value();
  auto const top = w.links({{"shard", shard.id}});
  auto const at = [&](std::vector<std::string> segments) { return resolve_unixfs(w.store, {top, std::move(segments)}); };
  CHECK(at({"shard", "f77"})->id == f);
  CHECK(at({"shard", "odd ^\\ name"})->id == f);
  CHECK(at({"shard"})->id == shard.id);
  CHECK(at({"shard", "nope"}).error() == resolve_errc::no_link);
  CHECK(!at({"shard", "f77", "x"}).has_value());
  // a part of a trie given as a root finds nothing of what the whole has under other bits
  auto child = std::optional<cid>{};
  for (auto const& l : read_dag_pb(w.store.get(shard.id)->data())->links())
    if (l.name.size() == 2) child = l.id;
  REQUIRE(child);
  auto found = 0;
  for (int i = 0; i < 500; ++i) {
    auto const r = resolve_unixfs(w.store, {*child, {"f" + std::to_string(i)}});
    if (r) ++found;
    else CHECK(r.error() == resolve_errc::no_link);
  }
  CHECK(found < 10);
}
