#pragma once

#include <cairn/core/try.hpp>
#include <cairn/service/core_api.hpp>
#include <cairn/service/impl/core_state.hpp>
#include <cairn/service/multicodecs.hpp>
#include <cairn/service/version.hpp>
#include <cairn/unixfs/resolve.hpp>

namespace cairn::service {

inline core_api::core_api(std::unique_ptr<detail::core_state> state) : state_{std::move(state)} {}
CAIRN_DECL core_api::~core_api() = default;

CAIRN_DECL auto core_api::open(std::string const& path, core_options options) -> io_result<std::unique_ptr<core_api>> {
  auto opened = repo::open(path, detail::steady_now, options.cache_bytes);
  if (!opened) {
    auto const& e = opened.error();
    if (e == repo_errc::no_repo) return detail::no_repo_in(path);
    if (e == repo_errc::newer) {
      CAIRN_TRY(auto version, read_text_file(path + "/version", 64));
      while (version && version->ends_with('\n')) version->pop_back();
      return std::unexpected(error::message("core", "Your programs version (" + std::string{repo_version_text} + ") is lower than your repos (" + version.value_or("") +
                                                        ").\nPlease update ipfs to a version that supports the existing repo, or run\na migration in reverse."));
    }
    return std::unexpected(std::move(opened).error());
  }
  CAIRN_TRY(multicodecs_of(path));  // a node that would read a code otherwise than others does not start
  auto node = std::make_shared<detail::core_node>(*std::move(opened), options);
  auto state = std::make_unique<detail::core_state>(std::move(options), std::move(node));
  return std::unique_ptr<core_api>{new core_api{std::move(state)}};
}

CAIRN_DECL auto core_api::is_in_use(std::string const& path) -> bool {
  if (!is_repo(path)) return false;
  auto const lock = repo_lock::take(path + "/repo.lock");
  return !lock && lock.error() == repo_errc::locked;
}

CAIRN_DECL auto core_api::for_caller(core_options options) const -> std::unique_ptr<core_api> {
  return std::unique_ptr<core_api>{new core_api{std::make_unique<detail::core_state>(std::move(options), state_->node)}};
}

CAIRN_DECL auto core_api::without_others() const -> std::unique_ptr<core_api> {
  auto options = state_->options;
  options.offline = true;
  return for_caller(std::move(options));
}

CAIRN_DECL void core_api::attach(std::shared_ptr<node_network> network) {
  state_->fetching.reset();
  state_->node->network = std::move(network);
  state_->open_fetching();
}
CAIRN_DECL auto core_api::network() const -> std::shared_ptr<node_network> { return state_->node->network; }

CAIRN_DECL auto core_api::announce(std::string_view api, std::string_view gateway) -> io_result<void> {
  if (!api.empty()) CAIRN_TRY(state_->opened().announce_api(api));
  if (!gateway.empty()) CAIRN_TRY(state_->opened().announce_gateway(gateway));
  return {};
}

CAIRN_DECL auto core_api::begin_work() -> std::shared_ptr<void> {
  auto const lock = std::lock_guard{state_->work_guard};
  auto lease = state_->longer_work.lock();
  if (!lease) state_->longer_work = lease = std::make_shared<block_leases::lease>(state_->node->leases.take());
  return lease;
}

CAIRN_DECL auto core_api::close() -> io_result<void> {
  auto flushed = files().finish();
  CAIRN_TRY(state_->opened().close());
  return flushed;
}
CAIRN_DECL void core_api::rest() { state_->opened().blocks().forget_cached(); }
CAIRN_DECL auto core_api::sync() -> io_result<void> { return state_->blocks().sync(); }

CAIRN_DECL auto core_api::import_text(std::string_view key) const -> std::optional<std::string> {
  auto const config = state_->config();
  auto const* section = config->find("Import");
  auto const* value = section ? section->find(key) : nullptr;
  auto const* text = value ? value->as_string() : nullptr;
  if (!text || text->empty()) return std::nullopt;
  return *text;
}

CAIRN_DECL auto core_api::config() const -> std::shared_ptr<ipld::node const> { return state_->config(); }

CAIRN_DECL auto core_api::edit_config(std::function<io_result<void>(ipld::node&)> const& change, std::string_view backup_prefix) -> io_result<void> {
  auto const lock = std::lock_guard{state_->node->saving_config};
  auto edited = *state_->config();
  CAIRN_TRY(change(edited));
  CAIRN_TRY(state_->opened().save_config(edited, backup_prefix));
  auto fresh = std::make_shared<ipld::node const>(std::move(edited));
  auto const inner = std::lock_guard{state_->node->config_guard};
  state_->node->config = std::move(fresh);
  return {};
}

CAIRN_DECL auto core_api::resolve(path_like const& path) -> io_result<resolved_path> {
  auto const& given = path.path();
  if (!given) return std::unexpected(given.error());
  auto const* fixed = std::get_if<immutable_path>(&*given);
  auto target = resolved_name{};
  if (fixed) CAIRN_TRY(detail::check_not_blocked(*state_, *given));
  if (!fixed) {
    CAIRN_TRY(target, resolve_name(path));
    fixed = &std::get<immutable_path>(target.path);
  }
  if (fixed->segments.empty()) return resolved_path{fixed->root, {}, fixed->ns};
  auto const reader = detail::content_reader_of{state_.get()};
  auto const names = unixfs_name_lookup{};
  auto at = cairn::resolve(reader, *fixed, &names);
  if (!at) {
    // the subject of such an error is the whole sentence
    if (at.error().module() == errc_traits<resolve_errc>::module) return std::unexpected(error::message("resolve", at.error().subject()));
    return std::unexpected(std::move(at).error());
  }
  // a blocked block is not reached from above either, unless a rule says of the path that it is
  CAIRN_TRY(detail::check_not_blocked(*state_, immutable_path{at->id}));
  return resolved_path{at->id, std::move(at->remainder), fixed->ns};
}

CAIRN_DECL auto core_api::check_not_blocked(path_like const& path) -> io_result<void> {
  auto const& given = path.path();
  if (!given) return std::unexpected(given.error());
  return detail::check_not_blocked(*state_, *given);
}

CAIRN_DECL auto core_api::block_get(path_like const& path) -> io_result<block> {
  CAIRN_TRY(auto at, resolve(path));
  return detail::load(*state_, at.id);
}

CAIRN_DECL auto core_api::block_stat(path_like const& path) -> io_result<block_facts> {
  CAIRN_TRY(auto at, resolve(path));
  auto const size = state_->blocks().get_size(at.id);
  if (!size) return std::unexpected(size.error());
  if (!*size) {
    CAIRN_TRY(auto b, detail::load(*state_, at.id));  // identity CIDs, or the error
    return block_facts{at.id, b.data().size()};
  }
  return block_facts{at.id, **size};
}

CAIRN_DECL auto core_api::block_put(bytes_view data, cid_prefix const& prefix, bool pin) -> io_result<block_facts> {
  CAIRN_TRY(auto b, hash_block(prefix, buffer{data}));
  auto work = detail::core_work{*state_};
  CAIRN_TRY(work.blocks().put(b));
  if (pin) {
    CAIRN_TRY(sync());
    CAIRN_TRY(pin_add(b.id(), true, ""));
  }
  return block_facts{b.id(), data.size()};
}

CAIRN_DECL auto core_api::each_block(std::function<io_result<void>(cid const&)> const& sink) -> io_result<void> {
  CAIRN_TRY(auto keys, state_->blocks().keys());
  for (;;) {
    CAIRN_TRY(auto key, keys->next());
    if (!key) return {};
    CAIRN_TRY(sink(cid::v1(code::raw, *key)));
    CAIRN_TRY(state_->check_cancelled());
  }
}

}  // namespace cairn::service
