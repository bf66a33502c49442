// expect: an engine on a disk needs the layer `verified`
#include <cairn/node/node.hpp>

using namespace cairn;

// gives bytes as they came
struct engine {
  auto has(cid const&) const -> io_result<bool>;
  auto get(cid const&) const -> io_result<unverified_block>;
  auto put(block_view const&) -> io_result<void>;
  auto remove(cid const&) -> io_result<void>;
};
struct disk {
  static constexpr std::string_view name = "disk";
  template <class Hashes>
  auto open() const -> io_result<engine>;
  auto peak_bytes() const -> std::uint64_t { return 0; }
};

#if CONTROL
auto recipe = node{.blocks = memory{}};
#else
auto recipe = node{.blocks = disk{}};
#endif
