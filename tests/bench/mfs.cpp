// The mutable files: what an insert, a removal and a lookup cost in a directory of N entries.
//   bench_mfs [N ...]                 a tree in memory; default 1000 5000 100000 1000000
//   bench_mfs --node FOLDER [N ...]   a node on the disk, each insert durable when it returns; default 1000 1000000
// With --node also: the time that 99.9 % of the inserts stay below must be 1 ms at most, 99.9 % must write 4 blocks of the directory at
// most, and the median must differ by a factor of 2 at most between the sizes; else it ends with 1.
#include <cairn/blockstore/memory.hpp>
#include <cairn/mfs.hpp>
#include <cairn/repo.hpp>
#include <cairn/service/core_api.hpp>
#include <cairn/unixfs.hpp>

#include <algorithm>
#include <chrono>
#include <cstdio>
#include <cstdlib>
#include <filesystem>
#include <string_view>

using namespace cairn;

namespace {

auto now() -> double { return std::chrono::duration<double>(std::chrono::steady_clock::now().time_since_epoch()).count(); }

template <class T>
auto must(io_result<T> outcome) -> T {
  if (!outcome) {
    std::printf("%s\n", to_string(outcome.error()).c_str());
    std::exit(2);
  }
  if constexpr (!std::is_void_v<T>) return *std::move(outcome);
}

template <class T>
auto at(std::vector<T>& v, double part) -> T {
  std::sort(v.begin(), v.end());
  return v[static_cast<std::size_t>(part * static_cast<double>(v.size() - 1))];
}

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

/// A directory of so many entries of one file.
template <class Store>
auto build(Store& store, std::size_t n, unixfs_link const& link) -> built_directory {
  auto builder = directory_builder{directory_options{}};
  for (std::size_t i = 0; i < n; ++i) builder.add("file-" + std::to_string(i) + ".txt", link);
  auto writer = node_writer{store, {0, code::dag_pb, code::sha2_256, 0}};
  auto const root = must(builder.finish(writer));
  must(writer.flush());
  return root;
}

constexpr auto steps = 10'000, most_more = 20;  // the directory stays about as large as it was said to be

struct blocks_of_an_insert {
  std::size_t median, p999, most;
};

auto in_memory(std::size_t n) -> blocks_of_an_insert {
  auto store = counted{};
  auto const f = must(add_file(store, as_bytes("x")));
  auto const link = unixfs_link{f.root, f.dag_size};
  auto const root = build(store, n, link);
  auto tree = must(mfs_tree::open(store, root.link.id, {}));
  auto inserts = std::vector<double>{}, removals = std::vector<double>{};
  auto blocks = std::vector<std::size_t>{};
  for (auto i = 0; i < steps; ++i) {
    store.puts = 0;
    auto const t = now();
    must(tree.insert("/new-" + std::to_string(i), link));
    must(tree.save());
    inserts.push_back(now() - t);
    blocks.push_back(store.puts);
    if (i < most_more) continue;
    auto const u = now();
    must(tree.remove("/new-" + std::to_string(i - most_more)));
    must(tree.save());
    removals.push_back(now() - u);
  }
  auto const count = blocks_of_an_insert{at(blocks, .5), at(blocks, .999), at(blocks, 1)};
  std::printf("%8zu entries %-7s insert us: median %7.1f p99 %7.1f p99.9 %7.1f max %8.1f | removal us: median %7.1f p99.9 %7.1f | blocks per insert: median %zu p99.9 %zu max %zu\n", n,
              root.sharded ? "sharded" : "flat", 1e6 * at(inserts, .5), 1e6 * at(inserts, .99), 1e6 * at(inserts, .999), 1e6 * at(inserts, 1), 1e6 * at(removals, .5), 1e6 * at(removals, .999),
              count.median, count.p999, count.most);
  return count;
}

struct times_of_an_insert {
  double median, p999;
};

auto on_disk(std::string const& folder, std::size_t n) -> times_of_an_insert {
  auto const path = folder + "/" + std::to_string(n);
  must(service::core_api::create(path, must(service::core_api::new_config("ed25519", {}))));
  auto root = cid{};
  auto file = cid{};
  {
    auto r = must(repo::open(path));
    auto const f = must(add_file(r.blocks(), as_bytes("x")));
    file = f.root;
    root = build(r.blocks(), n, {f.root, f.dag_size}).link.id;
    must(r.close());
  }
  auto const api = must(service::core_api::open(path, {}));
  auto files = api->files();
  must(files.chroot(root));
  auto const from = "/ipfs/" + to_string(file);
  auto inserts = std::vector<double>{};
  for (auto i = -200; i < steps; ++i) {  // the first ones load the directory
    auto const to = "/new-" + std::to_string(i);
    auto const t = now();
    must(files.cp(file, from, to, false, false, {}, true));
    if (i >= 0) inserts.push_back(now() - t);
    if (i >= most_more) must(files.rm("/new-" + std::to_string(i - most_more), false, false));
  }
  auto const out = times_of_an_insert{at(inserts, .5), at(inserts, .999)};
  std::printf("%8zu entries on the disk: durable insert us: median %7.1f p99 %7.1f p99.9 %7.1f max %8.1f\n", n, 1e6 * out.median, 1e6 * at(inserts, .99), 1e6 * out.p999, 1e6 * at(inserts, 1));
  std::filesystem::remove_all(path);
  return out;
}

}  // namespace

auto main(int argc, char** argv) -> int {
  auto const disk = argc > 2 && std::string_view{argv[1]} == "--node";
  auto sizes = std::vector<std::size_t>{};
  for (auto i = disk ? 3 : 1; i < argc; ++i) sizes.push_back(std::strtoull(argv[i], nullptr, 10));
  if (sizes.empty()) sizes = disk ? std::vector<std::size_t>{1'000, 1'000'000} : std::vector<std::size_t>{1'000, 5'000, 100'000, 1'000'000};
  auto missed = false;
  auto least = 1e9, most = 0.0;
  for (auto const n : sizes) {
    auto const blocks = in_memory(n);
    if (!disk) continue;
    auto const took = on_disk(argv[2], n);
    missed = missed || took.p999 > 1e-3 || blocks.p999 > 4;
    least = std::min(least, took.median), most = std::max(most, took.median);
  }
  if (!disk) return 0;
  missed = missed || most > 2 * least;
  std::printf("%s: 99.9 %% within 1 ms and 4 blocks, the medians within a factor of %.2f (wanted 2)\n", missed ? "MISSED" : "reached", most / least);
  return missed ? 1 : 0;
}
