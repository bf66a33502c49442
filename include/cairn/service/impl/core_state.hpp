#pragma once
// What stands behind a core API: the opened repo. Only the bodies of the core API see it.

#include <cairn/blockstore/ref.hpp>
#include <cairn/ipld/node.hpp>
#include <cairn/ipld/resolve.hpp>
#include <cairn/pin/pinset.hpp>
#include <cairn/service/core_api.hpp>
#include <cairn/unixfs/directory_cursor.hpp>

#include <memory>
#include <optional>
#include <string>

namespace cairn::service::detail {

/// The opened repo, whatever its engine.
class core_backend {
public:
  virtual ~core_backend() = default;
  virtual auto blocks() -> blockstore_ref = 0;
  virtual auto metadata() -> datastore_ref = 0;
  virtual auto config() const -> ipld::node const& = 0;
  virtual auto save_config(ipld::node const& config, std::string_view backup_prefix) -> io_result<void> = 0;
  virtual auto disk_usage() -> io_result<std::uint64_t> = 0;
  virtual auto block_count() -> io_result<std::uint64_t> = 0;
  virtual auto close() -> io_result<void> = 0;
};

struct core_state {
  core_options options;
  std::string path;
  std::unique_ptr<core_backend> backend;
  std::optional<pinset> opened_pins{};

  auto blocks() const -> blockstore_ref { return backend->blocks(); }
  auto pins() -> io_result<pinset*> {
    if (!opened_pins) {
      CAIRN_TRY(opened_pins, pinset::open(backend->metadata()));
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

/// Names under dag-pb: in sharded directories by their hash, else by the links.
class unixfs_name_lookup final : public name_lookup {
public:
  auto find(block_reader blocks, block const& in, std::string_view name) const -> io_result<std::optional<cid>> override {
    auto const node = read_dag_pb(in.data());
    auto const data = node && node->data() ? decode_unixfs(*node->data()) : std::unexpected(unixfs_errc::truncated);
    if (!data || data->type != unixfs_type::hamt_shard) return pb_name_lookup{}.find(blocks, in, name);
    CAIRN_TRY(auto link, find_entry(blocks, in, name));
    if (!link) return std::nullopt;
    return link->id;
  }
};

}  // namespace cairn::service::detail
