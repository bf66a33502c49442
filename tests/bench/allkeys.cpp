// Capability 6: how long it takes to list the keys of 100,000 blocks of 1,000 octets in flatfs (next-to-last/2), bare and through layers, what it
// allocates, and whether memory depends on how many there are.      bench_allkeys FOLDER [--million | --counts]
// Exits with 1 where a bound is broken: 206 ms (a fifteenth of what go-ipfs took in 2016), one allocation for a shard's folder, none for a key,
// 1.2 times the bare store through every layer, 1 MiB more for ten times the keys. --counts: times are printed and break no bound.
#include <cairn/blockstore.hpp>

#include <algorithm>
#include <atomic>
#include <chrono>
#include <cstdio>
#include <cstdlib>
#include <fstream>
#include <new>
#include <string>
#include <string_view>
#include <sys/resource.h>
#include <vector>

namespace {
std::atomic<std::uint64_t> allocations = 0;
}

auto operator new(std::size_t size) -> void* {
  allocations.fetch_add(1, std::memory_order_relaxed);
  if (auto* p = std::malloc(size)) return p;
  throw std::bad_alloc{};
}
void operator delete(void* p) noexcept { std::free(p); }
void operator delete(void* p, std::size_t) noexcept { std::free(p); }

using namespace cairn;

namespace {

struct listing {
  std::uint64_t keys = 0, allocations = 0;
  double wall = 1e9, processor = 1e9;  // milliseconds, the best of several rounds
};

auto processor_ms() -> double {
  rusage used{};
  ::getrusage(RUSAGE_SELF, &used);
  auto const ms = [](timeval t) { return static_cast<double>(t.tv_sec) * 1e3 + static_cast<double>(t.tv_usec) / 1e3; };
  return ms(used.ru_utime) + ms(used.ru_stime);
}

auto resident_kib() -> long {
  auto file = std::ifstream{"/proc/self/statm"};
  auto all = 0l, resident = 0l;
  file >> all >> resident;
  return resident * 4;
}

template <class S>
auto list(char const* name, S& store) -> listing {
  auto out = listing{};
  for (auto round = 0; round < 7; ++round) {
    auto const before = allocations.load();
    auto const processor = processor_ms();
    auto const start = std::chrono::steady_clock::now();
    auto keys = *store.keys();
    out.keys = 0;
    for (;;) {
      auto key = keys.next();
      if (!key) std::printf("%s\n", to_string(key.error()).c_str()), std::exit(1);
      if (!*key) break;
      ++out.keys;
    }
    out.wall = std::min(out.wall, std::chrono::duration<double, std::milli>(std::chrono::steady_clock::now() - start).count());
    out.processor = std::min(out.processor, processor_ms() - processor);
    out.allocations = allocations.load() - before;
  }
  std::printf("%-24s %8lu keys in %6.1f ms (%6.1f ms of processor), %lu allocations\n", name, static_cast<unsigned long>(out.keys), out.wall, out.processor,
              static_cast<unsigned long>(out.allocations));
  return out;
}

void fill(flatfs_blockstore& store, std::uint64_t from, std::uint64_t to, std::size_t size) {
  auto data = bytes(size);
  for (auto i = from; i < to; ++i) {
    for (std::size_t j = 0; j < 8; ++j) data[j] = static_cast<byte>(i >> (8 * j));
    if (auto done = store.put(*hash_block({.codec = code::raw}, buffer{data})); !done) std::printf("%s\n", to_string(done.error()).c_str()), std::exit(1);
  }
}

auto bad = 0;
void check(char const* what, bool is_so) {
  if (is_so) return;
  std::printf("FAILED: %s\n", what);
  bad = 1;
}

}  // namespace

auto main(int argc, char** argv) -> int {
  if (argc < 2) return 2;
  auto const option = std::string_view{argc > 2 ? argv[2] : ""};
  auto const timed = option != "--counts";
  constexpr auto few = std::uint64_t{100'000}, many = std::uint64_t{1'000'000}, shards = std::uint64_t{1024};
  auto bare = *flatfs_blockstore::open(argv[1], {.create = true});
  fill(bare, 0, few, 1000);
  auto const first = list("bare", bare);
  auto const small = resident_kib();
  check("each key once", first.keys == few);
  check("206 ms", !timed || first.wall <= 206);
  if (first.wall > 100) std::printf("above the target of 100 ms\n");
  check("one allocation for a shard's folder, none for a key", first.allocations <= shards);
  {
    auto again = *flatfs_blockstore::open(argv[1], {});
    auto stacked = std::move(again) | measured | verified | cached(1024) | measured | identity;
    auto const through = list("through five layers", stacked);
    check("1.2 times the bare store", !timed || through.processor <= 1.2 * first.processor || through.wall <= 1.2 * first.wall);
    check("layers allocate nothing for a key", through.allocations <= shards);
  }
  if (option == "--million") {
    fill(bare, few, many, 8);
    auto const before = resident_kib();
    auto const all = list("bare, ten times the keys", bare);
    auto const grown = resident_kib() - before;
    std::printf("memory: %ld KiB with 10^5 keys, %ld KiB more by listing 10^6\n", small, grown);
    check("every key", all.keys == many);
    check("the same memory for ten times the keys", grown <= 1024);
    check("the same allocations", all.allocations <= shards);
  }
  return bad;
}
