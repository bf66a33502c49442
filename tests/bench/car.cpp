// Speed of CAR import and export: checked only, into a fresh flatfs, and back out of it.
//   bench_car FILE.car DIR    DIR does not exist yet; it receives the store and the exported CAR
//   bench_car FILE.car        checks only: what one core does a second of CPU time, beside what the hash alone does in the same run
//   bench_car MIB             the same of so much, made of random blocks of 256 KiB and kept in /tmp meanwhile
#include <cairn/blockstore/flatfs.hpp>
#include <cairn/blockstore/null.hpp>
#include <cairn/blockstore/pipe.hpp>
#include <cairn/car.hpp>

#include <algorithm>
#include <chrono>
#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <random>

#include <fcntl.h>
#include <sys/mman.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <unistd.h>

using namespace cairn;

namespace {

auto seconds() -> double { return std::chrono::duration<double>(std::chrono::steady_clock::now().time_since_epoch()).count(); }

template <class T>
auto must(io_result<T> r) -> T {
  if (!r) {
    std::fprintf(stderr, "%s\n", to_string(r.error()).c_str());
    std::exit(1);
  }
  return *std::move(r);
}

void report(char const* what, double start, std::uint64_t bytes) {
  auto const took = seconds() - start;
  auto usage = rusage{};
  ::getrusage(RUSAGE_SELF, &usage);
  std::printf("%-28s %6.3f s  %5.2f GB/s  peak %ld MiB\n", what, took, static_cast<double>(bytes) / took / 1e9, usage.ru_maxrss / 1024);
}

auto import_file(char const* what, blockstore_ref store, char const* path) -> car_import_report {
  auto const fd = ::open(path, O_RDONLY | O_CLOEXEC);
  auto source = file_source{fd, path};
  auto const start = seconds();
  auto out = must(import_car(store, source));
  report(what, start, out.bytes);
  ::close(fd);
  return out;
}

void export_file(char const* what, blockstore_ref store, cid const& root, char const* path) {
  auto const fd = ::open(path, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0644);
  auto sink = file_sink{fd, path};
  auto const start = seconds();
  auto const out = must(export_car(store, root, sink));
  report(what, start, out.bytes);
  ::close(fd);
}

auto cpu_seconds() -> double {
  auto usage = rusage{};
  ::getrusage(RUSAGE_SELF, &usage);
  auto const of = [](timeval const& t) { return static_cast<double>(t.tv_sec) + static_cast<double>(t.tv_usec) / 1e6; };
  return of(usage.ru_utime) + of(usage.ru_stime);
}

/// GB a second of CPU time, the best of some runs.
template <class Work>
auto best_speed(std::uint64_t bytes, Work work) -> double {
  auto best = 0.0;
  for (int run = 0; run < 5; ++run) {
    auto const start = cpu_seconds();
    work();
    best = std::max(best, static_cast<double>(bytes) / (cpu_seconds() - start) / 1e9);
  }
  return best;
}

/// What the hash does with blocks of one batch, again and again.
template <class Source>
auto hash_limit(Source& source) -> double {
  auto reader = must(car_reader::open(source));
  auto batch = car_batch{};
  must(reader.next_batch(batch));
  auto messages = std::vector<bytes_view>{};
  auto octets = std::uint64_t{0};
  for (auto const& s : batch.sections()) messages.push_back(s.data), octets += s.data.size();
  auto digests = std::vector<digest<32>>(messages.size());
  auto const rounds = (std::uint64_t{1} << 29) / octets + 1;
  return best_speed(rounds * octets, [&] {
    for (auto i = std::uint64_t{0}; i < rounds; ++i) sha256_many(messages, digests.data());
  });
}

template <class MakeSource>
void check_speed(char const* what, MakeSource make) {
  auto nothing = null_blockstore{};
  auto first = make();
  auto const limit = hash_limit(first);
  auto counted = make();
  auto const octets = must(import_car(nothing, counted)).bytes;
  auto const speed = best_speed(octets, [&] {
    auto source = make();
    must(import_car(nothing, source));
  });
  std::printf("check, %-12s %8.1f MiB  %5.2f GB/s a core, the hash alone %5.2f: %3.0f %%\n", what, static_cast<double>(octets) / (1 << 20), speed, limit, 100 * speed / limit);
}

void make_car(char const* path, std::size_t mebibytes) {
  auto const fd = ::open(path, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0600);
  auto sink = file_sink{fd, path};
  auto writer = must(car_writer::open(sink, {}));
  auto random = std::mt19937_64{1};
  auto data = bytes(256 * 1024);
  for (auto i = 0uz; i < 4 * mebibytes; ++i) {
    for (auto at = 0uz; at < data.size(); at += 8) {
      auto const word = random();
      std::memcpy(data.data() + at, &word, 8);
    }
    must(writer.put(verify_view(hash_cid({.codec = code::raw}, data).value(), data).value()));
  }
  must(writer.finish());
  ::close(fd);
}

/// From memory, and from a file that lies in the page cache.
void check_speeds(char const* path) {
  auto const fd = ::open(path, O_RDONLY | O_CLOEXEC);
  auto const size = static_cast<std::size_t>(std::max<off_t>(0, ::lseek(fd, 0, SEEK_END)));
  auto* const mapped = ::mmap(nullptr, size, PROT_READ, MAP_PRIVATE | MAP_POPULATE, fd, 0);
  if (mapped == MAP_FAILED) return std::perror(path);
  check_speed("memory", [&] { return bytes_view{static_cast<byte const*>(mapped), size}; });
  check_speed("file", [&] {
    ::lseek(fd, 0, SEEK_SET);
    return file_source{fd, path};
  });
  ::munmap(mapped, size);
  ::close(fd);
}

}  // namespace

auto main(int argc, char** argv) -> int {
  if (argc == 2) {
    auto const mebibytes = std::atoi(argv[1]);
    auto const* const path = mebibytes > 0 ? "/tmp/bench_car.car" : argv[1];
    if (mebibytes > 0) make_car(path, static_cast<std::size_t>(mebibytes));
    check_speeds(path);
    if (mebibytes > 0) ::unlink(path);
    return 0;
  }
  if (argc != 3) return std::fprintf(stderr, "usage: bench_car FILE.car [DIR] | MIB\n"), 2;
  auto const dir = std::string{argv[2]};
  auto nothing = null_blockstore{};
  for (int i = 0; i < 2; ++i) import_file("import into nothing", nothing, argv[1]);
  if (::mkdir(dir.c_str(), 0755) != 0) return std::perror(dir.c_str()), 1;
  auto store = must(flatfs_blockstore::open(dir + "/blocks", {.create = true})) | verified;
  auto const imported = import_file("import into flatfs", store, argv[1]);
  if (imported.roots.empty()) return 0;
  export_file("export from flatfs", store, imported.roots[0], (dir + "/out.car").c_str());
  export_file("export from flatfs to null", store, imported.roots[0], "/dev/null");
}
