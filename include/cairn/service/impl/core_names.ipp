#pragma once
// The core API on names.

#include <cairn/core/try.hpp>
#include <cairn/naming/dnslink.hpp>
#include <cairn/naming/record_store.hpp>
#include <cairn/service/core_api.hpp>
#include <cairn/service/impl/core_keys.ipp>
#include <cairn/service/impl/core_state.hpp>
#include <cairn/service/impl/name_text.hpp>

#include <cstdlib>
#include <mutex>

namespace cairn::service {
namespace detail {

inline auto records_of(core_state const& state) -> ipns_record_store { return ipns_record_store{state.opened().metadata()}; }

inline auto fixed_name(core_state const& state, std::string_view name) -> io_result<std::optional<content_path>> {
  auto const lock = std::lock_guard{state.node->naming};
  auto& names = state.node->fixed_names;
  if (!names) {
    auto const* given = std::getenv("IPFS_NS_MAP");
    CAIRN_TRY(names, parse_name_map(state.node->name_map_text.value_or(given ? given : "")));
  }
  auto const at = names->find(name);
  return at == names->end() ? std::nullopt : std::optional{at->second};
}

// One step of a name: the fixed ones first, then keys, then domains.
inline auto step_of(core_state const& state, std::string_view name, utc_time now) -> io_result<name_step> {
  CAIRN_TRY(auto fixed, fixed_name(state, name));
  if (fixed) return name_step{*std::move(fixed), 60'000'000'000};
  if (auto const key = parse_ipns_name(name)) {
    CAIRN_TRY(auto const found, records_of(state).get(*key, now));
    if (!found) return std::unexpected(name_errc::not_found);
    auto const record = decode_ipns_record(*found);
    if (!record) return std::unexpected(record.error());
    auto path = record->path();
    if (!path) return std::unexpected(path.error());
    return name_step{*std::move(path), record->time_to_live(now)};
  }
  auto const no_domains = txt_zone{};
  CAIRN_TRY(auto link, find_dnslink(state.node->dns.value_or(no_domains), name));
  return name_step{std::move(link.path), link.ttl};
}

// The private key of that name in the keystore, or whose IPNS name it is.
inline auto signing_key(core_state const& state, std::string_view text) -> io_result<private_key> {
  CAIRN_TRY(auto own, own_key(state));
  if (text.empty() || text == "self") return own;
  CAIRN_TRY(auto keys, keys_of(state));
  if (auto named = keys.get(text)) return named;
  if (auto const wanted = parse_ipns_name(text)) {
    if (wanted->is_of(own.public_part())) return own;
    CAIRN_TRY(auto const names, keys.list());
    for (auto const& name : names)
      if (auto key = keys.get(name); key && wanted->is_of(key->public_part())) return key;
  }
  return key_failure("no key by the given name was found");
}

}  // namespace detail

CAIRN_DECL auto core_api::is_online() const -> bool { return state_->node->online; }

CAIRN_DECL auto core_api::resolve_name(path_like const& path, bool recursive) -> io_result<resolved_name> {
  auto const& given = path.path();
  if (!given) return std::unexpected(given.error());
  auto const now = detail::time_now();
  auto const step = name_lookup_step{[&](std::string_view name) { return detail::step_of(*state_, name, now); }};
  auto const screen = path_screen{[&](content_path const& at) { return detail::check_not_blocked(*state_, at); }};
  return recursive ? resolve_names(*given, step, screen) : follow_names(*given, 1, step, screen);
}

CAIRN_DECL auto core_api::name_publish(path_like const& path, publish_request const& request) -> io_result<published_name> {
  auto const& value = path.path();
  if (!value) return std::unexpected(value.error());
  if (request.check) {
    CAIRN_TRY(auto at, resolve(path));
    CAIRN_TRY(auto here, detail::load(*state_, at.id));
    static_cast<void>(here);
  }
  if (!request.offline && !is_online())
    return std::unexpected(error::message("naming", "can't publish while offline: pass `--allow-offline` to override or `--allow-delegated` if Ipns.DelegatedPublishers are set up"));
  CAIRN_TRY(auto key, detail::signing_key(*state_, request.key));
  auto const lock = std::lock_guard{state_->node->naming};
  auto const terms = publish_terms{request.lifetime, request.ttl, request.sequence, request.v1_compatible};
  CAIRN_TRY(auto record, detail::records_of(*state_).publish(key, *value, terms, detail::time_now()));
  static_cast<void>(record);
  return published_name{to_cid(peer_id::of(key.public_part())), to_string(*value)};
}

CAIRN_DECL auto core_api::renew_names(std::int64_t lifetime, utc_time now) -> io_result<std::size_t> {
  auto renewed = 0uz;
  auto wrong = std::optional<error>{};
  auto const renew = [&](io_result<private_key> key) -> io_result<void> {
    if (!key) return std::unexpected(std::move(key).error());
    auto const lock = std::lock_guard{state_->node->naming};
    CAIRN_TRY(auto const record, detail::records_of(*state_).renew(*key, lifetime, now));
    if (record) ++renewed;
    return {};
  };
  auto const tell = [&](std::string_view name, io_result<void> done) {
    if (!done && !wrong) wrong = std::move(done).error().about(std::string{name});
  };
  tell("self", renew(detail::own_key(*state_)));
  CAIRN_TRY(auto keys, detail::keys_of(*state_));
  CAIRN_TRY(auto const names, keys.list());
  for (auto const& name : names) tell(name, renew(keys.get(name)));
  if (wrong) return std::unexpected(*std::move(wrong));
  return renewed;
}

CAIRN_DECL auto core_api::name_record(std::string_view name) -> io_result<bytes> {
  CAIRN_TRY(auto const which, detail::name_of(name));
  CAIRN_TRY(auto found, detail::records_of(*state_).get(which, detail::time_now()));
  if (!found) return std::unexpected(error::message("routing", "routing: not found"));
  return *std::move(found);
}

CAIRN_DECL auto core_api::name_put(std::string_view name, bytes_view record) -> io_result<void> {
  CAIRN_TRY(auto const which, detail::name_of(name));
  auto const lock = std::lock_guard{state_->node->naming};
  CAIRN_TRY(auto const fate, detail::records_of(*state_).put(which, record, detail::time_now()));
  static_cast<void>(fate);
  return {};
}

}  // namespace cairn::service
