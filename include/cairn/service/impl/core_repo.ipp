#pragma once
// The core API on the repo as a whole.

#include <cairn/core/try.hpp>
#include <cairn/multiformats/cid.hpp>
#include <cairn/pin/mark.hpp>
#include <cairn/service/config_text.hpp>
#include <cairn/service/core_api.hpp>
#include <cairn/service/impl/core_backend.hpp>
#include <cairn/service/impl/core_state.hpp>
#include <cairn/service/version.hpp>

namespace cairn::service {

CAIRN_DECL auto core_api::create(std::string const& path, ipld::node config, block_engine engine) -> io_result<void> {
  CAIRN_TRY(detail::create_backend(path, std::move(config), engine));
  // the empty directory is in every repo, and pinned: it is what an empty MFS is
  CAIRN_TRY(auto api, open(path, {}));
  constexpr byte empty_directory[]{0x0a, 0x02, 0x08, 0x01};
  CAIRN_TRY(api->block_put(empty_directory, {.version = 0, .codec = code::dag_pb}, true));
  return api->close();
}

CAIRN_DECL auto core_api::repo_stat(bool size_only) -> io_result<repo_facts> {
  auto facts = repo_facts{.path = state_->path, .version = "fs-repo@" + std::string{repo_version_text}};
  if (auto const limit = config_value(config(), "Datastore.StorageMax"); limit && (*limit)->as_string() && !(*limit)->as_string()->empty()) {
    CAIRN_TRY(facts.storage_max, parse_size(*(*limit)->as_string()));
  }
  CAIRN_TRY(facts.size, state_->backend->disk_usage());
  if (!size_only) {
    CAIRN_TRY(facts.blocks, state_->backend->block_count());
  }
  return facts;
}

CAIRN_DECL auto core_api::collect(std::function<io_result<void>(cid const&)> const& removed) -> io_result<void> {
  CAIRN_TRY(auto* pins, state_->pins());
  auto live = reachable_set{state_->blocks()};
  CAIRN_TRY(live.mark_pins(*pins));
  // the files of the node (MFS), as far as they are here
  CAIRN_TRY(auto files, state_->backend->metadata().get("/local/filesroot"));
  if (files) {
    auto const root = decode_cid(*files);
    if (!root) return std::unexpected(error{root.error()}.about("/local/filesroot"));
    live.mark(*root, true);
  }
  if (!live.complete()) {
    auto const& problem = live.problems().front();
    return std::unexpected(error::message("gc", "garbage collection aborted: could not retrieve links for " + to_string(problem.id) + ": " + to_string(problem.why)));
  }
  CAIRN_TRY(auto keys, state_->blocks().keys());
  for (;;) {
    CAIRN_TRY(auto key, keys->next());
    if (!key) break;
    if (live.contains(*key)) continue;
    auto const id = cid::v1(code::raw, *key);
    CAIRN_TRY(state_->blocks().remove(id));
    CAIRN_TRY(removed(id));
    CAIRN_TRY(state_->check_cancelled());
  }
  return sync();
}

CAIRN_DECL auto core_api::verify_blocks(bool drop, verify_sinks const& sinks) -> io_result<verify_sum> {
  auto sum = verify_sum{};
  CAIRN_TRY(auto keys, state_->blocks().keys());
  auto batch = std::vector<cid>{};
  auto end = false;
  while (!end) {
    CAIRN_TRY(state_->check_cancelled());
    batch.clear();
    while (batch.size() < 64) {
      CAIRN_TRY(auto key, keys->next());
      if (!key) {
        end = true;
        break;
      }
      batch.push_back(cid::v1(code::raw, *key));
    }
    if (batch.empty()) break;
    // many at once, which hashes several at a time; one by one where some block is bad
    if (!state_->blocks().get_many(batch)) {
      for (auto const& id : batch) {
        auto b = state_->blocks().get(id);
        if (b) continue;
        auto bad = damaged_block{.id = id, .why = b.error() == block_errc::hash_mismatch ? "block in storage has different hash than requested" : to_string(b.error())};
        ++sum.damaged;
        if (drop) {
          auto gone = state_->blocks().remove(id);
          bad.removed = gone.has_value();
          if (!gone) bad.remove_error = to_string(gone.error());
          ++(gone ? sum.removed : sum.not_removed);
        }
        CAIRN_TRY(sinks.damaged(bad));
      }
    }
    sum.blocks += batch.size();
    sinks.progress(sum.blocks);
  }
  return sum;
}

}  // namespace cairn::service
