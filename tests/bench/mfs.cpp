// A tree of mutable files in memory: what an insert, a removal and a lookup cost in a directory of N entries.
//   bench_mfs [N ...]        default 1000 5000 100000 1000000
#include <cairn/blockstore/memory.hpp>
#include <cairn/mfs.hpp>
#include <cairn/unixfs.hpp>

#include <algorithm>
#include <chrono>
#include <cstdio>
#include <cstdlib>

using namespace cairn;

namespace {

auto now() -> double { return std::chrono::duration<double>(std::chrono::steady_clock::now().time_since_epoch()).count(); }

struct counted {
  memory_blockstore inner{};
  std::size_t puts = 0;
  auto has(cid const& id) const -> io_result<bool> { return inner.has(id); }
  auto get(cid const& id) const -> io_result<block> { return inner.get(id); }
  auto put(block_view const& b) -> io_result<void> {
    ++puts;
    return inner.put(b);
  }
  auto remove(cid const& id) -> io_result<void> { return inner.remove(id); }
};

void run(std::size_t n) {
  auto store = counted{};
  auto const f = add_file(store, as_bytes("x")).value();
  auto const link = unixfs_link{f.root, f.dag_size};
  auto builder = directory_builder{directory_options{}};
  for (std::size_t i = 0; i < n; ++i) builder.add("file-" + std::to_string(i) + ".txt", link);
  auto writer = node_writer{store, {0, code::dag_pb, code::sha2_256, 0}};
  auto const root = builder.finish(writer).value();
  writer.flush().value();
  auto tree = mfs_tree::open(store, root.link.id, {}).value();
  constexpr auto steps = 4000, most_more = 20;
  auto inserts = std::vector<double>{}, removals = std::vector<double>{};
  auto blocks = std::vector<std::size_t>{};
  for (auto i = 0; i < steps; ++i) {
    store.puts = 0;
    auto const t = now();
    tree.insert("/new-" + std::to_string(i), link).value();
    tree.save().value();
    inserts.push_back(now() - t);
    blocks.push_back(store.puts);
    if (i < most_more) continue;  // the directory stays about as large as it was said to be
    auto const u = now();
    tree.remove("/new-" + std::to_string(i - most_more)).value();
    tree.save().value();
    removals.push_back(now() - u);
  }
  auto const at = [](auto& v, double part) {
    std::sort(v.begin(), v.end());
    return v[static_cast<std::size_t>(part * static_cast<double>(v.size() - 1))];
  };
  std::printf("%8zu entries %-7s insert us: median %7.1f p99 %7.1f p99.9 %7.1f max %8.1f | removal us: median %7.1f p99.9 %7.1f | blocks per insert: median %zu p99.9 %zu max %zu\n", n,
              root.sharded ? "sharded" : "flat", 1e6 * at(inserts, .5), 1e6 * at(inserts, .99), 1e6 * at(inserts, .999), 1e6 * at(inserts, 1), 1e6 * at(removals, .5), 1e6 * at(removals, .999),
              at(blocks, .5), at(blocks, .999), at(blocks, 1));
}

}  // namespace

auto main(int argc, char** argv) -> int {
  if (argc < 2)
    for (auto n : {1000uz, 5000uz, 100'000uz, 1'000'000uz}) run(n);
  for (auto i = 1; i < argc; ++i) run(std::strtoull(argv[i], nullptr, 10));
}
