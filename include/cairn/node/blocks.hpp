#pragma once

#include <cairn/blockstore/memory.hpp>
#include <cairn/blockstore/packs.hpp>
#include <cairn/blockstore/pipe.hpp>
#include <cairn/concept/fwd.hpp>

#include <cstdint>

namespace cairn {

/// A part that opens a store of blocks. `Hashes` is the recipe's hash set: what a layer checks with.
template <class P, class Hashes>
concept blocks_part = recipe_part<P> && requires(P const& p) {
  p.template open<Hashes>();                                ///< io_result of a store
  { p.peak_bytes() } -> std::convertible_to<std::uint64_t>;  ///< the most that the open store holds in memory
};

/// What a part opens.
template <class P, class Hashes>
using opened_blocks = typename decltype(std::declval<P const&>().template open<Hashes>())::value_type;

/// Blocks in memory, up to a bound: for tests, light nodes, and whoever wants nothing on a disk.
struct memory {
  static constexpr std::string_view name = "memory";
  std::uint64_t max_bytes = 256 * limits::MiB;  ///< content and table; a put beyond it is an error

  template <class Hashes>
  auto open() const -> io_result<memory_blockstore> { return memory_blockstore{max_bytes}; }
  auto peak_bytes() const -> std::uint64_t { return max_bytes; }
};

/// Blocks in packs below a folder: `packs_in{"/var/ipfs"} | verified`.
struct packs_in {
  static constexpr std::string_view name = "packs";
  std::string folder;
  sync_mode sync = sync_mode::commit;

  template <class Hashes>
  auto open() const -> io_result<packs> {
    auto o = packs_options{};
    o.blocks = folder + "/blocks";
    o.index = folder + "/index";
    o.sync = sync;
    return packs::open(std::move(o));
  }
  auto peak_bytes() const -> std::uint64_t { return 32 * limits::MiB; }
};

}  // namespace cairn
