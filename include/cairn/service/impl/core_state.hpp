#pragma once
// What stands behind a core API: the opened repo. Only the bodies of the core API see it.

#include <cairn/blockstore/ref.hpp>
#include <cairn/ipld/node.hpp>
#include <cairn/ipld/resolve.hpp>
#include <cairn/pin/pinset.hpp>
#include <cairn/repo/errc.hpp>
#include <cairn/repo/repo.hpp>
#include <cairn/service/core_api.hpp>

#include <memory>
#include <optional>
#include <string>

namespace cairn::service::detail {

struct core_state {
  core_options options;
  repo opened;
  std::optional<pinset> opened_pins{};

  auto blocks() const -> blockstore_ref { return const_cast<repo&>(opened).blocks(); }
  auto pins() -> io_result<pinset*> {
    if (!opened_pins) {
      CAIRN_TRY(opened_pins, pinset::open(opened.metadata()));
    }
    return &*opened_pins;
  }
  auto check_cancelled() const -> io_result<void> {
    if (options.cancelled && options.cancelled()) return std::unexpected(error::message("core", "canceled"));
    return {};
  }
};

/// The error of a block that is not here, as Kubo's users see it offline; other errors stay.
inline auto offline_error(cid const& id, error e) -> error {
  if (e == block_errc::not_found) return error::message("missing block", "block was not found locally (offline): ipld: could not find " + to_string(id));
  return e;
}

/// The same where the error names the block.
inline auto offline_error_of(error e) -> error {
  if (!(e == block_errc::not_found)) return e;
  auto const id = parse_cid(e.subject());
  return id ? offline_error(*id, std::move(e)) : e;
}

inline auto load(core_state const& state, cid const& id) -> io_result<block> {
  auto b = state.blocks().get(id);
  if (!b) return std::unexpected(offline_error(id, std::move(b).error()));
  return b;
}

/// A store whose errors of missing blocks are Kubo's.
struct offline_reader {
  core_state const* state;
  auto get(cid const& id) const -> io_result<block> { return load(*state, id); }
};

}  // namespace cairn::service::detail
