// Speed of the store of packs in a fresh folder, beside what the machine allows: bench_packs FOLDER [commit] [keys=1000000]
#include <cairn/blockstore/packs.hpp>
#include <cairn/blockstore/verified.hpp>
#include <cairn/crypto/hash.hpp>

#include <chrono>
#include <cstdio>
#include <cstring>
#include <filesystem>
#include <fstream>

#include <malloc.h>
#include <sys/resource.h>

using namespace cairn;

namespace {

auto now() -> double { return std::chrono::duration<double>(std::chrono::steady_clock::now().time_since_epoch()).count(); }

template <class T>
auto must(io_result<T> r) -> T {
  if (r) {
    if constexpr (!std::is_void_v<T>) return *std::move(r);
    else return;
  }
  std::fprintf(stderr, "%s\n", to_string(r.error()).c_str());
  std::exit(1);
}

auto heap() -> double { return static_cast<double>(mallinfo2().uordblks + mallinfo2().hblkhd) / (1 << 20); }

/// Blocks of one size whose first bytes are their number; hashed beforehand, so that the store alone is timed.
struct blocks_of {
  blocks_of(std::size_t count, std::size_t size, std::uint64_t first = 0) : data(count * size), ids(count) {
    std::uint64_t x = 88172645463325252u;
    for (std::size_t i = 0; i + 8 <= data.size(); i += 8) {
      x ^= x << 13, x ^= x >> 7, x ^= x << 17;
      std::memcpy(data.data() + i, &x, 8);
    }
    auto in = std::vector<bytes_view>{};
    auto out = std::vector<digest<32>>(count);
    for (std::size_t i = 0; i < count; ++i) {
      auto const number = first + i;
      std::memcpy(data.data() + i * size, &number, 8);
      in.push_back(bytes_view{data}.subspan(i * size, size));
    }
    sha256_many(in, out.data());
    for (std::size_t i = 0; i < count; ++i) ids[i] = cid::v1(code::raw, multihash::of(code::sha2_256, out[i]));
    for (std::size_t i = 0; i < count; ++i) views.push_back(detail::block_access::view(ids[i], in[i]));
  }
  bytes data;
  std::vector<cid> ids;
  std::vector<block_view> views;
};

void put_all(packs& store, std::vector<block_view> const& views, std::size_t batch) {
  for (std::size_t i = 0; i < views.size(); i += batch)
    must(store.put_many(std::span{views}.subspan(i, std::min(batch, views.size() - i))));
}

}  // namespace

int main(int argc, char** argv) {
  if (argc < 2) return std::fprintf(stderr, "usage: bench_packs FOLDER [commit] [KEYS]\n"), 1;
  auto const root = std::string{argv[1]};
  auto const commit = argc > 2 && std::string_view{argv[2]} == "commit";
  auto const keys = argc > 3 ? std::strtoull(argv[3], nullptr, 10) : 1000000ull;
  auto const options = [&](std::string const& name) {
    auto o = packs_options{.blocks = root + "/" + name + "/blocks", .index = root + "/" + name + "/index"};
    o.sync = commit ? sync_mode::commit : sync_mode::off;
    return o;
  };
  {
    auto const big = blocks_of(1024, 262144);  // 256 MiB, put four times with other first bytes
    auto store = must(packs::open(options("big")));
    auto const files = posix_file_system();
    std::filesystem::create_directories(root);
    auto plain = must(files->open(root + "/plain", open_mode::create));
    auto t = now();
    for (std::uint64_t i = 0; i < 4096; i += 16) {
      bytes_view parts[16];
      for (std::size_t k = 0; k < 16; ++k) parts[k] = big.views[(i + k) % 1024].data();
      must(plain->pwritev(i * 262144, parts));
    }
    if (commit) must(plain->sync(sync_site::segment_data));
    auto const floor = now() - t;
    auto total = 0.0;
    auto all = std::vector<cid>{};
    for (std::uint64_t round = 0; round < 4; ++round) {
      auto const more = blocks_of(1024, 262144, (round + 1) << 32);
      all.insert(all.end(), more.ids.begin(), more.ids.end());
      t = now();
      put_all(store, more.views, 16);
      total += now() - t;
    }
    t = now();
    must(store.sync());
    auto const synced = now() - t;
    std::printf("put 1 GiB of 256 KiB       %.3f s + sync %.3f s   (append alone %.3f s)\n", total, synced, floor);
    t = now();
    must(store.close());
    std::printf("close                      %.2f ms\n", (now() - t) * 1e3);
    t = now();
    store = must(packs::open(options("big")));
    std::printf("open                       %.2f ms\n", (now() - t) * 1e3);
    t = now();
    auto sum = std::size_t{0};
    for (auto const& id : all) sum += must(store.get(id)).data.size();
    std::printf("get 1 GiB in order         %.3f s\n", now() - t);
    t = now();
    auto const report = must(store.verify());
    std::printf("verify 1 GiB               %.3f s   (%zu blocks, %zu damaged)\n", now() - t, static_cast<std::size_t>(report.blocks), report.damage.size());
    t = now();
    auto collection = store.begin_collection();
    auto const swept = must(collection.sweep([](multihash const&) { return false; }));
    std::printf("gc of all of 1 GiB         %.3f s   (%zu blocks)\n", now() - t, static_cast<std::size_t>(swept.removed_blocks));
    std::filesystem::remove(root + "/plain");
  }
  for (auto batch : {1uz, 64uz, 1024uz}) {
    auto const small = blocks_of(130000, 1000, batch << 40);
    auto const name = "small-" + std::to_string(batch);
    auto store = must(packs::open(options(name)));
    auto t = now();
    put_all(store, small.views, batch);
    auto const put = now() - t;
    t = now();
    must(store.sync());
    auto const synced = now() - t;
    t = now();
    put_all(store, small.views, batch);
    auto const again = now() - t;
    t = now();
    must(store.close());
    auto const closed = now() - t;
    t = now();
    store = must(packs::open(options(name)));
    auto const opened = now() - t;
    t = now();
    put_all(store, small.views, batch);
    auto const third = now() - t;
    std::printf("130,000 x 1000, %4zu a put  %.3f s, sync %.3f, again %.3f, close %.4f, open %.4f, again after open %.3f\n", batch, put, synced, again, closed, opened, third);
    t = now();
    auto collection = store.begin_collection();
    auto const swept = must(collection.sweep([](multihash const&) { return false; }));
    std::printf("gc of all of them          %.3f s   (%zu blocks)\n", now() - t, static_cast<std::size_t>(swept.removed_blocks));
    t = now();
    must(store.close());
    std::printf("close                      %.2f ms\n", (now() - t) * 1e3);
  }
  {
    auto best = 1e9, worst = 0.0;
    for (int i = 0; i < 20; ++i) {
      auto const one = blocks_of(3, 1000, 0xabcdull << 32 | static_cast<std::uint64_t>(i) << 8);
      auto const t = now();
      auto store = must(packs::open(options("tiny")));
      put_all(store, one.views, 3);
      must(store.close());
      if (i > 0) best = std::min(best, now() - t), worst = std::max(worst, now() - t);
    }
    std::printf("open, put 3, close         %.2f .. %.2f ms\n", best * 1e3, worst * 1e3);
  }
  {
    auto const before = heap();
    auto store = must(packs::open(options("many")));
    auto ids = std::vector<cid>{};
    auto t = 0.0;
    for (std::uint64_t i = 0; i < keys; i += 50000) {
      auto const some = blocks_of(50000, 64, 7ull << 40 | i);
      for (std::size_t k = 0; k < some.ids.size(); k += 997) ids.push_back(some.ids[k]);
      auto const from = now();
      put_all(store, some.views, 256);
      t += now() - from;
    }
    std::printf("%llu x 64 bytes         %.3f s, heap %.1f MiB\n", keys, t, heap() - before);
    t = now();
    must(store.close());
    std::printf("close                      %.2f ms\n", (now() - t) * 1e3);
    t = now();
    store = must(packs::open(options("many")));
    std::printf("open                       %.2f ms\n", (now() - t) * 1e3);
    for (auto const& id : ids) must(store.has(id));
    t = now();
    auto found = std::size_t{0};
    for (int round = 0; round < 10; ++round)
      for (auto const& id : ids) found += must(store.has(id));
    std::printf("warm lookup                %.2f us   (%zu of %zu)\n", (now() - t) / static_cast<double>(ids.size() * 10) * 1e6, found, ids.size() * 10);
    auto const absent = blocks_of(20000, 64, 99ull << 40);
    t = now();
    for (auto const& id : absent.ids) found += must(store.has(id));
    std::printf("lookup of what is absent   %.2f us\n", (now() - t) / 20000 * 1e6);
    for (int round = 0; round < 2; ++round) {
      t = now();
      auto cursor = must(store.keys());
      auto count = std::size_t{0};
      while (must(cursor.next())) ++count;
      std::printf("scan of all keys           %.2f M/s   (%zu)\n", static_cast<double>(count) / (now() - t) / 1e6, count);
    }
    std::printf("heap                       %.1f MiB\n", heap() - before);
  }
}
