// flatfs: storing, listing and looking up many small blocks, bare and through every layer. Usage: bench_flatfs FOLDER [blocks]
#include <cairn/blockstore.hpp>

#include <chrono>
#include <cstdio>
#include <cstdlib>
#include <string>

#include <malloc.h>
#include <sys/resource.h>

using namespace cairn;

namespace {

auto now() -> double {
  return std::chrono::duration<double>(std::chrono::steady_clock::now().time_since_epoch()).count();
}

auto resident_kib() -> long {
  struct rusage used {};
  ::getrusage(RUSAGE_SELF, &used);
  return used.ru_maxrss;
}

template <class S>
void list(char const* name, S& store) {
  auto const before = ::mallinfo2().uordblks;
  auto most = before;
  auto const start = now();
  auto keys = *store.keys();
  auto count = 0ul;
  for (;;) {
    auto key = keys.next();
    if (!key) {
      std::printf("%s\n", to_string(key.error()).c_str());
      std::exit(1);
    }
    if (!*key) break;
    if (++count % 1024 == 0 && ::mallinfo2().uordblks > most) most = ::mallinfo2().uordblks;
  }
  std::printf("%-28s %lu keys in %6.1f ms, heap +%zu KiB, resident %ld KiB\n", name, count, (now() - start) * 1e3, (most - before) / 1024, resident_kib());
}

}  // namespace

auto main(int argc, char** argv) -> int {
  if (argc < 2) return 2;
  auto const count = argc > 2 ? std::strtoul(argv[2], nullptr, 10) : 100'000ul;
  auto bare = *flatfs_blockstore::open(argv[1], {.create = true});
  auto data = bytes(1000);
  auto const start = now();
  for (auto i = 0ul; i < count; ++i) {
    for (std::size_t j = 0; j < 8; ++j) data[j] = static_cast<byte>(i >> (8 * j));
    auto const b = *hash_block({.codec = code::raw}, buffer{data});
    if (auto done = bare.put(b); !done) return std::printf("%s\n", to_string(done.error()).c_str());
  }
  std::printf("put                          %lu blocks in %6.1f ms\n", count, (now() - start) * 1e3);
  for (auto round = 0; round < 3; ++round) list("list, bare", bare);
  auto stacked = std::move(bare) | measured | verified | cached(1024) | measured | identity;
  for (auto round = 0; round < 3; ++round) list("list, through five layers", stacked);
  auto const begin = now();
  auto found = 0ul;
  for (auto i = 0ul; i < count; ++i) {
    for (std::size_t j = 0; j < 8; ++j) data[j] = static_cast<byte>(i >> (8 * j));
    auto const hash = *hash_cid({.codec = code::raw}, data);
    found += *stacked.has(hash);
  }
  std::printf("has                          %lu of %lu in %6.1f ms\n", found, count, (now() - begin) * 1e3);
}
