// Speed of `add`: one big file, and many small ones, into nothing, into an appending file, and as Kubo's own settings.
//   bench_add FILE [OUT]          FILE is read through the page cache; OUT, where given, receives the blocks as records
//   bench_add --flatfs FILE DIR   one add of FILE into a new flatfs at DIR, without syncing, then one `cat` of it to nowhere
//   bench_add --packs FILE DIR    the same with packs
#include <cairn/blockstore/flatfs.hpp>
#include <cairn/blockstore/null.hpp>
#include <cairn/blockstore/packs.hpp>
#include <cairn/blockstore/pipe.hpp>
#include <cairn/unixfs/add_file.hpp>
#include <cairn/unixfs/file_reader.hpp>

#include <chrono>
#include <cstdio>
#include <cstdlib>

#include <fcntl.h>
#include <sys/resource.h>
#include <sys/uio.h>
#include <unistd.h>

using namespace cairn;

namespace {

// what a store that appends has to do at least: a length, the CID and the bytes of each block, one writev per batch
struct appending_store : null_blockstore {
  int fd = -1;
  auto put_many(std::span<block_view const> blocks) -> io_result<void> {
    static thread_local std::vector<iovec> parts;
    static thread_local bytes heads;
    heads.clear();
    for (auto const& b : blocks) {
      append_varint(heads, b.id().encoded_size() + b.data().size());
      append_cid(heads, b.id());
    }
    auto at = 0uz;
    auto total = 0uz;
    parts.clear();
    for (auto const& b : blocks) {
      auto const n = b.id().encoded_size() + varint_size(b.id().encoded_size() + b.data().size());
      parts.push_back({heads.data() + at, n});
      parts.push_back({const_cast<byte*>(b.data().data()), b.data().size()});
      at += n;
      total += n + b.data().size();
    }
    for (auto first = 0uz; first < parts.size(); first += 1024)
      if (::writev(fd, parts.data() + first, static_cast<int>(std::min<std::size_t>(1024, parts.size() - first))) < 0)
        return std::unexpected(error::system(errno, "cannot write", "bench"));
    return {};
  }
};

auto seconds() -> double { return std::chrono::duration<double>(std::chrono::steady_clock::now().time_since_epoch()).count(); }

// of all threads, user and system: steadier than the clock on a busy machine
auto cpu_seconds() -> double {
  auto u = rusage{};
  ::getrusage(RUSAGE_SELF, &u);
  auto const of = [](timeval t) { return static_cast<double>(t.tv_sec) + static_cast<double>(t.tv_usec) / 1e6; };
  return of(u.ru_utime) + of(u.ru_stime);
}

template <class Store>
void run(char const* what, Store& store, char const* path, import_options const& options, unsigned helpers) {
  auto const fd = ::open(path, O_RDONLY | O_CLOEXEC);
  auto source = file_source{fd, path};
  auto const start = seconds();
  auto i = importer{store, options, helpers};
  auto const file = i.add(source);
  if (!file || !i.flush()) std::exit(1);
  auto const took = seconds() - start;
  ::close(fd);
  std::printf("%-34s %u helper  %6.3f s  %5.2f GB/s  %s\n", what, helpers, took, static_cast<double>(file->file_size) / took / 1e9,
              to_string(file->root).c_str());
}

template <class Store>
void run_small(char const* what, Store& store, int count, std::size_t size) {
  auto content = bytes(size, 7);
  auto const start = seconds();
  auto i = importer{store, {}};
  for (int n = 0; n < count; ++n) {
    for (int j = 0; j < 4; ++j) content[static_cast<std::size_t>(j)] = static_cast<byte>(n >> (8 * j));
    if (!i.add(content)) std::exit(1);
  }
  if (!i.flush()) std::exit(1);
  auto const took = seconds() - start;
  std::printf("%-34s           %6.3f s  %7.0f files/s\n", what, took, count / took);
}

template <class Engine>
auto run_store(char const* what, io_result<Engine> below, char const* path) -> int {
  if (!below) return std::fprintf(stderr, "%s\n", to_string(below.error()).c_str()), 1;
  auto store = *std::move(below) | verified;
  auto const fd = ::open(path, O_RDONLY | O_CLOEXEC);
  auto source = file_source{fd, path};
  auto const start = seconds(), start_cpu = cpu_seconds();
  auto const added = add_file(store, source);
  auto const middle = seconds(), middle_cpu = cpu_seconds();
  auto const nowhere = ::open("/dev/null", O_WRONLY | O_CLOEXEC);
  auto sink = file_sink{nowhere, "/dev/null"};
  auto file = added ? open_file(store, added->root) : std::unexpected(added.error());
  if (!file || !file->copy_to(sink)) return 1;
  std::printf("%s: add %.3f s (cpu %.3f), cat %.3f s (cpu %.3f)  %s\n", what, middle - start, middle_cpu - start_cpu,
              seconds() - middle, cpu_seconds() - middle_cpu, to_string(added->root).c_str());
  return 0;
}

}  // namespace

int main(int argc, char** argv) {
  if (argc == 4 && std::string_view{argv[1]} == "--flatfs")
    return run_store("flatfs", flatfs_blockstore::open(argv[3], {.create = true}), argv[2]);
  if (argc == 4 && std::string_view{argv[1]} == "--packs")
    return run_store("packs", packs::open({.blocks = std::string{argv[3]} + "/blocks", .sync = sync_mode::off}), argv[2]);
  if (argc < 2) return std::fprintf(stderr, "usage: bench_add FILE [OUT]\n"), 2;
  auto none = null_blockstore{};
  for (unsigned helpers : {0u, 1u}) {
    run("hash only", none, argv[1], {}, helpers);
    run("hash only, v1, 1 MiB, raw", none, argv[1], options_of<unixfs_v1_2025>(), helpers);
    auto rabin = import_options{};
    rabin.chunker = rabin_chunker{};
    run("hash only, rabin", none, argv[1], rabin, helpers);
    auto buzhash = import_options{};
    buzhash.chunker = buzhash_chunker{};
    run("hash only, buzhash", none, argv[1], buzhash, helpers);
    if (argc < 3) continue;
    auto append = appending_store{};
    append.fd = ::open(argv[2], O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0600);
    run("append", append, argv[1], {}, helpers);
    if (::ftruncate(append.fd, 0) != 0 || ::lseek(append.fd, 0, SEEK_SET) != 0) return 1;
    run("append, v1, 1 MiB, raw", append, argv[1], options_of<unixfs_v1_2025>(), helpers);
    ::close(append.fd);
    ::unlink(argv[2]);
  }
  run_small("hash only, 10000 of 4 KiB", none, 10'000, 4096);
  run_small("hash only, 100000 of 20 bytes", none, 100'000, 20);
  auto usage = rusage{};
  ::getrusage(RUSAGE_SELF, &usage);
  std::printf("peak memory %ld KiB\n", usage.ru_maxrss);
}
