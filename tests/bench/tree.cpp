// A local tree into memory or nowhere, and back: seconds, root, peak memory.
//   bench_tree add PATH [null|memory] [default|v1|nodagpb|trickle|rabin|buzhash|2025] [-v]
//   bench_tree get PATH OUT       add to memory (with BENCH_TREE_MTIME: and times), then get to OUT; also tar to nowhere and to OUT.tar
//   bench_tree entries N          build a sharded directory of N entries, insert one, look one up, list it
#include <cairn/blockstore/memory.hpp>
#include <cairn/blockstore/null.hpp>
#include <cairn/unixfs.hpp>

#include <chrono>
#include <cstdio>
#include <cstring>
#include <sys/resource.h>

using namespace cairn;

namespace {

auto now() -> double { return std::chrono::duration<double>(std::chrono::steady_clock::now().time_since_epoch()).count(); }
auto peak_mib() -> double {
  auto usage = rusage{};
  ::getrusage(RUSAGE_SELF, &usage);
  return static_cast<double>(usage.ru_maxrss) / 1024;
}

struct printer : add_listener {
  bool on = false;
  void added(added_entry const& e) override {
    if (on) std::printf("added %s %s\n", to_string(e.id).c_str(), e.name.c_str());
  }
};

auto options_named(std::string_view name) -> tree_options {
  auto o = tree_options{};
  if (name == "v1") o.file.cid_version = o.directory.cid_version = 1;
  if (name == "nodagpb") o.file.raw_leaves = false, o.file.chunker = size_chunker{1048576};
  if (name == "trickle") o.file.layout = trickle_layout{};
  if (name == "rabin") o.file.chunker = *parse_chunker("rabin");
  if (name == "buzhash") o.file.chunker = *parse_chunker("buzhash");
  if (name == "2025") o.file = options_of<unixfs_v1_2025>(), o.directory = directory_options_of<unixfs_v1_2025>();
  return o;
}

struct counting {
  memory_blockstore inner{};
  mutable int reads = 0;
  int writes = 0;
  auto has(cid const& id) const -> io_result<bool> { return inner.has(id); }
  auto get(cid const& id) const -> io_result<block> { ++reads; return inner.get(id); }
  auto put(block_view const& b) -> io_result<void> { ++writes; return inner.put(b); }
  auto remove(cid const& id) -> io_result<void> { return inner.remove(id); }
};

struct nowhere {
  std::uint64_t bytes = 0;
  auto write(bytes_view in) -> io_result<void> { bytes += in.size(); return {}; }
};

void get(char const* from, char const* to) {
  auto store = memory_blockstore{};
  auto options = tree_options{};
  options.preserve_mtime = std::getenv("BENCH_TREE_MTIME") != nullptr;
  auto const root = add_tree(store, {from, "x"}, options).value();
  std::printf("%s\n", to_string(root.id).c_str());
  auto begin = now();
  get_tree(store, root.id, to, "x").value();
  std::printf("get: %.3f s\n", now() - begin);
  begin = now();
  auto sink = nowhere{};
  write_tar(store, root.id, "x", sink, {}).value();
  if (auto* const file = std::fopen((std::string{to} + ".tar").c_str(), "wb")) {
    auto out = file_sink{::fileno(file)};
    write_tar(store, root.id, to_string(root.id), out, {}).value();
    std::fclose(file);
  }
  std::printf("tar: %.3f s, %.1f MB\n", now() - begin, static_cast<double>(sink.bytes) / 1e6);
}

void entries(int count) {
  auto store = counting{};
  auto begin = now();
  auto builder = directory_builder{directory_options{}};
  auto const file = add_file(store, as_bytes("x")).value();
  for (int i = 0; i < count; ++i) builder.add("entry" + std::to_string(i), {file.root, file.dag_size});
  auto sink = node_writer{store, {0, code::dag_pb, code::sha2_256, 0}};
  auto const added = now();
  auto const root = builder.finish(sink).value().link;
  sink.flush().value();
  std::printf("%d entries: collect %.3f s, build %.3f s, %d blocks\n", count, added - begin, now() - added, store.writes);
  store.reads = store.writes = 0;
  begin = now();
  auto d = directory::open(store, root.id).value();
  d.set("one more", {file.root, 1}).value();
  d.save().value();
  std::printf("insert: %.6f s, %d reads, %d writes\n", now() - begin, store.reads, store.writes);
  store.reads = 0;
  begin = now();
  auto const found = find_entry(store, root.id, "entry" + std::to_string(count / 2)).value();
  std::printf("lookup: %.6f s, %d reads, %s\n", now() - begin, store.reads, found ? "found" : "LOST");
  auto const before = peak_mib();
  begin = now();
  auto n = 0;
  auto c = directory_cursor::open(store, root.id).value();
  while (c.next().value()) ++n;
  std::printf("list: %.3f s, %d entries, peak memory grew %.1f MiB\n", now() - begin, n, peak_mib() - before);
}

}  // namespace

int main(int argc, char** argv) {
  if (argc >= 3 && !std::strcmp(argv[1], "entries")) return entries(std::atoi(argv[2])), 0;
  if (argc < 3) return 2;
  if (!std::strcmp(argv[1], "get")) return get(argv[2], argv[3]), 0;
  auto out = printer{};
  out.on = argc > 5 && !std::strcmp(argv[5], "-v");
  auto const options = options_named(argc > 4 ? argv[4] : "default");
  auto name = std::string{argv[2]};
  name = name.substr(name.rfind('/') + 1);
  auto memory = memory_blockstore{};
  auto null = null_blockstore{};
  auto const ref = argc > 3 && !std::strcmp(argv[3], "memory") ? blockstore_ref{memory} : blockstore_ref{null};
  auto const begin = now();
  auto const root = add_tree(ref, {argv[2], name}, options, &out);
  if (!root) return std::fprintf(stderr, "%s\n", to_string(root.error()).c_str()), 1;
  std::fprintf(stderr, "%s  %.3f s  %.1f MiB\n", to_string(root->id).c_str(), now() - begin, peak_mib());
}
