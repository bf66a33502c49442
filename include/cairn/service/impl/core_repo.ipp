#pragma once
// The core API on the repo as a whole.

#include <cairn/core/try.hpp>
#include <cairn/repo/config.hpp>
#include <cairn/repo/convert.hpp>
#include <cairn/repo/gc.hpp>
#include <cairn/repo/repo.hpp>
#include <cairn/service/config_text.hpp>
#include <cairn/service/core_api.hpp>
#include <cairn/service/go_text.hpp>
#include <cairn/service/metrics_text.hpp>
#include <cairn/service/impl/config_rules.hpp>
#include <cairn/service/impl/core_state.hpp>
#include <cairn/service/version.hpp>

#include <algorithm>

namespace cairn::service {
namespace detail {

/// What went wrong, without the name of the block, where the sentence around it has that.
inline auto plain_reason(error const& e) -> std::string { return e.module() == errc_traits<block_errc>::module ? std::string{e.clause()} : to_string(e); }

// A collection leaves no more on the disk than Datastore.StorageMax times StorageGCWatermark percent, if it can.
inline auto aim_below_watermark(core_state const& state) -> io_result<void> {
  auto const config = state.config();
  auto const limit = config_value(*config, "Datastore.StorageMax");
  auto const* text = limit ? (*limit)->as_string() : nullptr;
  if (!text || text->empty()) return {};
  CAIRN_TRY(auto most, parse_size(*text));
  auto percent = std::int64_t{90};
  if (auto const mark = config_value(*config, "Datastore.StorageGCWatermark"); mark && (*mark)->as_integer())
    percent = std::clamp<std::int64_t>((*mark)->as_integer()->to_int64().value_or(90), 0, 100);
  return state.opened().blocks().aim(most / 100 * static_cast<std::uint64_t>(percent));
}

// One operation of a store under a scope: "ipfs_fsrepo_datastore" + "put".
inline void show_operation(metrics_text& out, std::string const& scope, store_counts::operation const& op) {
  constexpr std::pair<std::string_view, std::string_view> words[]{{"has", "Has"},       {"get", "Get"},     {"getsize", "GetSize"}, {"put", "Put"},
                                                                  {"delete", "Delete"}, {"query", "Query"}, {"sync", "Sync"}};
  auto calls = std::string{"Datastore."};
  for (auto const& [name, word] : words)
    if (name == op.name) calls += word;
  calls += " calls";
  auto const base = scope + "_" + std::string{op.name};
  out.counted(base + "_total", "Total number of " + calls, op.total.value());
  out.counted(base + "_errors_total", "Number of errored " + calls, op.errors.value());
  out.distribution(base + "_latency_seconds", "Latency distribution of " + calls, op.nanoseconds, 1e-9);
  if (op.name == "get") out.distribution(base + "_size_bytes", "Size distribution of retrieved byte slices", op.sizes);
  if (op.name == "put") out.distribution(base + "_size_bytes", "Size distribution of stored byte slices", op.sizes);
}

}  // namespace detail

CAIRN_DECL auto core_api::apply_first_profile(ipld::node& config, std::string_view name) -> io_result<void> {
  CAIRN_TRY(auto done, apply_datastore_profile(config, name));
  if (done) return {};
  if (auto other = apply_profile(config, name); !other) return std::unexpected(error::message("config", "invalid configuration profile: " + std::string{name}));
  return {};
}

CAIRN_DECL auto core_api::empty_config() -> ipld::node { return cairn::empty_config(); }

CAIRN_DECL auto core_api::apply_later_profile(ipld::node& config, std::string_view name) -> io_result<void> {
  auto const now = config_value(config, "Datastore.Spec");
  auto const before = now ? parse_datastore_spec(**now) : io_result<datastore_spec>{std::unexpected(now.error())};
  // what is usual here for a new repo is not what this one was made with
  if (name == "default-datastore" && before) name = before->engine == block_engine::flatfs ? "flatfs" : "packs";
  auto changed = config;
  auto const stores = apply_datastore_profile(changed, name);
  if (stores && !*stores) return apply_profile(config, name);
  auto const then = stores ? config_value(changed, "Datastore.Spec") : std::unexpected(stores.error());
  auto const after = then ? parse_datastore_spec(**then) : io_result<datastore_spec>{std::unexpected(then.error())};
  if (before && after && before->disk_text() == after->disk_text()) {
    config = std::move(changed);
    return {};
  }
  auto const quoted = "\"" + std::string{name} + "\"";
  return std::unexpected(error::message("config", "profile " + quoted + " changes the datastore layout, which is fixed when the repo is created. Create a new repo with 'ipfs init --profile=" + std::string{name} +
                      "' and move your data there with 'ipfs dag export' and 'ipfs dag import', or with 'ipfs pin ls -t recursive' and 'ipfs pin add'"));
}

CAIRN_DECL auto core_api::check_config() const -> io_result<void> { return detail::check_node_config(*config()); }

CAIRN_DECL auto core_api::create(std::string const& path, ipld::node const& config) -> io_result<void> {
  auto made = init_repo(path, config);
  if (!made && made.error() == repo_errc::exists)
    return std::unexpected(error::message("core", "ipfs configuration file already exists!\nReinitializing would overwrite your keys\n"));
  return made;
}

CAIRN_DECL auto core_api::convert(std::string const& path, std::string_view engine, std::function<void(std::uint64_t, std::uint64_t)> const& progress) -> io_result<void> {
  if (engine != "packs" && engine != "flatfs")
    return std::unexpected(error::message("core", "unknown engine '" + std::string{engine} + "', must be one of {packs, flatfs}"));
  CAIRN_TRY(convert_repo(path, engine == "packs" ? block_engine::packs : block_engine::flatfs,
                         [&](convert_report const& r) { progress(r.copied_blocks + r.found_blocks, r.copied_bytes); }));
  return {};
}

CAIRN_DECL auto core_api::metrics() const -> std::string {
  auto out = metrics_text{};
  out.measured("ipfs_info", "IPFS version information.", 1, "commit=\"" + std::string{commit_name} + "\",version=\"" + std::string{kubo_version} + "\"");
  auto const& blocks = state_->opened().blocks();
  auto const none = store_counts{};
  auto const* counts = blocks.counts();
  if (!counts) counts = &none;
  counts->for_each([&](store_counts::operation const& op) { detail::show_operation(out, "ipfs_fsrepo_datastore", op); });
  // the scope of Kubo's own layer, where the repo asks for it
  auto const now = config();
  if (auto const spec = config_value(*now, "Datastore.Spec"); spec && blocks.engine() == block_engine::flatfs)
    if (auto const text = config_json(**spec); text && text->find("\"flatfs.datastore\"") != std::string::npos)
      counts->for_each([&](store_counts::operation const& op) { detail::show_operation(out, "flatfs_datastore", op); });
  return out.text();
}

CAIRN_DECL auto core_api::repo_stat(bool size_only) -> io_result<repo_facts> {
  auto facts = repo_facts{.path = state_->opened().folder(), .version = "fs-repo@" + std::string{repo_version_text}};
  auto const now = config();
  if (auto const limit = config_value(*now, "Datastore.StorageMax"); limit && (*limit)->as_string() && !(*limit)->as_string()->empty()) {
    CAIRN_TRY(facts.storage_max, parse_size(*(*limit)->as_string()));
  }
  CAIRN_TRY(facts.size, state_->opened().disk_bytes());
  if (!size_only) {
    CAIRN_TRY(auto blocks, state_->opened().blocks().facts());
    facts.blocks = blocks.blocks;
  }
  return facts;
}

CAIRN_DECL auto core_api::collect(std::function<io_result<void>(cid const&)> const& removed, std::function<void(std::string const&)> const& problem)
    -> io_result<void> {
  CAIRN_TRY(auto* pins, state_->pins());  // first: it makes room on a full disk, for the blocks to be opened too
  CAIRN_TRY(detail::aim_below_watermark(*state_));
  auto told = io_result<void>{};
  auto options = gc_options{.leases = &state_->node->leases, .pins = pins};
  // what cannot be told (a closed pipe) does not stop a sweep that has begun
  options.removed = [&](cid const& id) { if (told) told = removed(id); };
  options.unreadable = [&](unreadable_block const& b) {
    problem("could not retrieve links for " + to_string(b.id) + ": " + detail::plain_reason(detail::offline_error(b.id, b.why)));
  };
  options.not_removed = [&](unreadable_block const& b) { problem("could not remove " + to_string(b.id) + ": " + to_string(b.why)); };
  options.stopped = state_->options.cancelled;
  auto done = collect_garbage(state_->opened(), options);
  if (!done && done.error() == gc_errc::stopped) return std::unexpected(error::message("core", "canceled"));
  if (!done && done.error().module() == errc_traits<gc_errc>::module) return std::unexpected(error::message("gc", std::string{done.error().clause()}));
  if (!done) return std::unexpected(std::move(done).error());
  return told;
}

CAIRN_DECL auto core_api::collection_period() const -> io_result<std::optional<std::int64_t>> {
  auto const now = config();
  auto const period = config_value(*now, "Datastore.GCPeriod");
  auto const* text = period ? (*period)->as_string() : nullptr;
  CAIRN_TRY(auto length, parse_duration(text && !text->empty() ? *text : "1h"));
  if (length == 0) return std::nullopt;
  return length;
}

CAIRN_DECL auto core_api::collect_when_full() -> io_result<bool> {
  auto const now = config();
  auto const limit = config_value(*now, "Datastore.StorageMax"), mark = config_value(*now, "Datastore.StorageGCWatermark");
  auto const* text = limit ? (*limit)->as_string() : nullptr;
  CAIRN_TRY(auto most, parse_size(text && !text->empty() ? *text : "10GB"));
  auto const* given = mark ? (*mark)->as_integer() : nullptr;
  auto const percent = given ? given->to_int64().value_or(0) : 0;
  CAIRN_TRY(auto used, state_->opened().disk_bytes());
  if (used <= most / 100 * static_cast<std::uint64_t>(percent > 0 ? percent : 90)) return false;
  CAIRN_TRY(collect([](cid const&) { return io_result<void>{}; }, [](std::string const&) {}));
  return true;
}

CAIRN_DECL auto core_api::verify_blocks(bool drop, damage_sink const& damaged) -> io_result<verify_sum> {
  auto sum = verify_sum{};
  auto bad = std::vector<block_damage>{};
  CAIRN_TRY(auto report, state_->opened().blocks().verify([&](damaged_block const& b) { bad.push_back({b.id, b.what}); }));
  sum.blocks = report.blocks + report.damaged;
  sum.damaged = report.damaged;
  // what pins, files and names are kept in
  auto const metadata = [&]() -> io_result<void> {
    CAIRN_TRY(auto all, state_->opened().metadata().scan("/"));
    for (;;) {
      CAIRN_TRY(auto more, all.next());
      if (!more) return {};
      CAIRN_TRY(state_->check_cancelled());
    }
  }();
  if (!metadata && state_->options.cancelled && state_->options.cancelled()) return std::unexpected(metadata.error());
  if (!metadata) {
    bad.push_back({std::nullopt, to_string(metadata.error())});
    ++sum.damaged;
  }
  for (auto& b : bad) {
    if (drop && b.id) {
      auto const gone = state_->blocks().remove(*b.id);
      b.removed = gone.has_value();
      if (!gone) b.remove_error = to_string(gone.error());
      ++(gone ? sum.removed : sum.not_removed);
    }
    CAIRN_TRY(damaged(b));
  }
  if (drop) CAIRN_TRY(sync());
  return sum;
}

}  // namespace cairn::service
