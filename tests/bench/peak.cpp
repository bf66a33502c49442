// peak_bytes(recipe) is honest: under the worst load that this program knows, a node holds between a quarter of it and all of it.
// Each recipe runs in a process of its own; what counts is the growth of its peak resident memory. Exits 1 where one does not hold.

#include <cairn/node.hpp>
#include <cairn/unixfs/byte_sink.hpp>

#include <cstdio>
#include <cstdlib>
#include <filesystem>

#include <malloc.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <unistd.h>

using namespace cairn;

namespace {

// content that no store can deduplicate, without holding it: a counter run through a multiplication
class noise_source {
public:
  explicit noise_source(std::uint64_t size, std::uint64_t seed) : left_{size}, state_{seed} {}
  auto read(bytes_span out) -> io_result<std::size_t> {
    auto const n = out.size() < left_ ? out.size() : static_cast<std::size_t>(left_);
    for (std::size_t i = 0; i < n; ++i) {
      if (i % 8 == 0) state_ = state_ * 6364136223846793005u + 1442695040888963407u;
      out[i] = static_cast<byte>(state_ >> (8 * (i % 8)));
    }
    left_ -= n;
    return n;
  }

private:
  std::uint64_t left_, state_;
};

// the content of a store, as a CAR that goes straight into another
struct counting_sink {
  auto write(bytes_view in) -> io_result<void> {
    bytes += in.size();
    return {};
  }
  std::uint64_t bytes = 0;
};

void must(bool good, char const* what) {
  if (good) return;
  std::fprintf(stderr, "peak: %s failed\n", what);
  ::_exit(2);
}

template <class Recipe>
void load(Recipe const& recipe, std::uint64_t size) {
  auto n = open(recipe);
  must(n.has_value(), "open");
  // files until the store is full, or large enough to pass every buffer many times
  auto roots = std::vector<cid>{};
  for (std::uint64_t i = 0; i < size / (16 * limits::MiB); ++i) {
    auto source = noise_source{16 * limits::MiB, i + 1};
    auto const added = n->add(source, options_of<unixfs_v1_2025>());
    if (!added) break;  // a bounded store is full: that is the load
    roots.push_back(added->root);
  }
  must(!roots.empty(), "add");
  // many small blocks
  for (std::uint32_t i = 0; i < 60'000; ++i) {
    auto const b = hash_block({}, buffer{bytes_view{reinterpret_cast<byte const*>(&i), 4}});
    if (!n->blocks().put(*b)) break;
  }
  must(n->sync().has_value(), "sync");
  // everything read back, twice, and out as CARs
  for (int pass = 0; pass < 2; ++pass)
    for (auto const& root : roots) {
      auto sink = counting_sink{};
      must(n->export_car(root, sink).has_value(), "export");
    }
  auto const out = std::filesystem::temp_directory_path() / ("cairn-peak-" + std::to_string(::getpid()));
  must(n->get_tree(roots.front(), out.string()).has_value(), "get");
  std::filesystem::remove_all(out);
}

auto peak_of_child(auto const& work) -> std::uint64_t {
  auto const child = ::fork();
  if (child == 0) {
    work();
    ::_exit(0);
  }
  auto status = 0;
  auto usage = rusage{};
  ::wait4(child, &status, 0, &usage);
  if (status != 0) std::exit(1);
  return static_cast<std::uint64_t>(usage.ru_maxrss) * 1024;
}

template <class Recipe>
auto judge(char const* name, Recipe const& recipe, std::uint64_t size) -> bool {
  auto const base = peak_of_child([] {});
  auto const peak = peak_of_child([&] { load(recipe, size); });
  auto const used = peak > base ? peak - base : 0;
  auto const bound = peak_bytes(recipe);
  auto const share = 100.0 * static_cast<double>(used) / static_cast<double>(bound);
  auto const good = share >= 25 && share <= 100;
  std::printf("%s %-32s %4llu MiB of %4llu MiB, %.0f %%\n", good ? "ok  " : "BAD ", name, static_cast<unsigned long long>(used >> 20),
              static_cast<unsigned long long>(bound >> 20), share);
  return good;
}

}  // namespace

int main() {
  auto name = (std::filesystem::temp_directory_path() / "cairn-peak-XXXXXX").string();
  auto const place = std::string{::mkdtemp(name.data())};
  auto good = judge("memory of 128 MiB", node{.blocks = memory{.max_bytes = 128 * limits::MiB}}, 256 * limits::MiB);
  good &= judge("packs, verified", node{.blocks = packs_in{place + "/a", sync_mode::off} | verified}, 512 * limits::MiB);
  good &= judge("packs, verified, cached", node{.blocks = packs_in{place + "/b", sync_mode::off} | verified | cached(1024, 96 * limits::MiB)}, 512 * limits::MiB);
  std::filesystem::remove_all(place);
  return good ? 0 : 1;
}
