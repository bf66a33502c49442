// Speed of CAR import and export: into nothing, into a fresh flatfs, and back out of it.
//   bench_car FILE.car DIR    DIR does not exist yet; it receives the store and the exported CAR
#include <cairn/blockstore/flatfs.hpp>
#include <cairn/blockstore/null.hpp>
#include <cairn/blockstore/pipe.hpp>
#include <cairn/car.hpp>

#include <chrono>
#include <cstdio>
#include <cstdlib>

#include <fcntl.h>
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

}  // namespace

auto main(int argc, char** argv) -> int {
  if (argc != 3) return std::fprintf(stderr, "usage: bench_car FILE.car DIR\n"), 2;
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
