// The repo: opening it, reading one block and closing it; and adding a pin at 1,000, 10,000 and 100,000 pins.
// Usage: bench_repo FOLDER (fresh)
#include <cairn/repo.hpp>

#include <chrono>
#include <cstdio>
#include <cstdlib>
#include <string>

using namespace cairn;

namespace {

auto now() -> double {
  return std::chrono::duration<double>(std::chrono::steady_clock::now().time_since_epoch()).count();
}

template <class T>
auto must(io_result<T> outcome) -> T {
  if (!outcome) {
    std::printf("%s\n", to_string(outcome.error()).c_str());
    std::exit(1);
  }
  if constexpr (!std::is_void_v<T>) return *std::move(outcome);
}

auto block_number(unsigned long i) -> block { return *hash_block({.codec = code::raw}, buffer{as_bytes("block " + std::to_string(i))}); }

}  // namespace

auto main(int argc, char** argv) -> int {
  if (argc < 2) return 2;
  auto const identity = identity_of(*private_key::generate(key_type::ed25519));
  for (auto const* engine : {"packs", "flatfs"}) {
    auto const folder = std::string{argv[1]} + "/" + engine;
    auto config = default_config(identity);
    must(apply_datastore_profile(config, engine));
    must(apply_datastore_profile(config, "nosync"));
    auto start = now();
    must(init_repo(folder, config));
    std::printf("%-6s init                  %8.2f ms\n", engine, (now() - start) * 1e3);
    must(must(repo::open(folder)).blocks().put(block_number(0)));
    start = now();
    for (auto i = 0; i < 100; ++i) must(must(repo::open(folder)).close());
    std::printf("%-6s open, close           %8.2f ms\n", engine, (now() - start) * 10);
    start = now();
    for (auto i = 0; i < 100; ++i) {
      auto r = must(repo::open(folder));
      must(r.blocks().get(block_number(0).id()));
      must(r.close());
    }
    std::printf("%-6s open, get, close      %8.2f ms\n", engine, (now() - start) * 10);
    auto r = must(repo::open(folder));
    auto pins = must(pinset::open(r.metadata()));
    auto count = 0ul;
    for (auto level : {1'000ul, 10'000ul, 100'000ul}) {
      for (; count < level; ++count) {
        auto const b = block_number(count);
        must(r.blocks().put(b));
        must(pins.add({b.id(), pin_mode::recursive, ""}));
      }
      start = now();
      for (auto const end = count + 500; count < end; ++count) must(pins.add({block_number(count).id(), pin_mode::recursive, ""}));
      auto const adding = (now() - start) * 2;
      for (auto i = count - 500; i < count; ++i) must(r.blocks().put(block_number(i)));
      start = now();
      auto const report = must(collect_garbage(r));
      std::printf("%-6s pin add at %6lu pins %8.4f ms; gc %8.1f ms, %lu removed\n", engine, level, adding, (now() - start) * 1e3,
                  static_cast<unsigned long>(report.removed_blocks));
    }
    start = now();
    auto const checked = must(r.blocks().verify({}));
    std::printf("%-6s verify                %8.1f ms, %lu blocks\n", engine, (now() - start) * 1e3, static_cast<unsigned long>(checked.blocks));
    start = now();
    must(r.close());
    std::printf("%-6s close                 %8.2f ms\n", engine, (now() - start) * 1e3);
    auto const target = std::string_view{engine} == "packs" ? block_engine::flatfs : block_engine::packs;
    start = now();
    auto const moved = must(convert_repo(folder, target));
    std::printf("%-6s convert               %8.1f ms, %lu blocks\n", engine, (now() - start) * 1e3, static_cast<unsigned long>(moved.copied_blocks));
  }
}
