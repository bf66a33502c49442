#pragma once

#include <cairn/core/config.hpp>
#include <cairn/core/error.hpp>
#include <cairn/ipld/node.hpp>

#include <string>
#include <string_view>

/// The config of a repo as Kubo's tools read, print and change it: JSON, keys by dots, one object per section.
namespace cairn::service {

/// Read a config or one of its values. errors: of plain_json
CAIRN_DECL auto parse_config(std::string_view text) -> io_result<ipld::node>;

/// For people: a text as it is, the rest indented by two blanks, in the order of the map.
CAIRN_DECL auto config_to_text(ipld::node const& value) -> std::string;
/// On one line, in the order of the map.
CAIRN_DECL auto config_to_json(ipld::node const& value) -> std::string;

/// Every map in the order of its keys, as Kubo's tools print it.
CAIRN_DECL void sort_config(ipld::node& value);

/// The value behind "Datastore.StorageMax". errors: Kubo's sentence
CAIRN_DECL auto config_value(ipld::node const& config, std::string_view key) -> io_result<ipld::node const*>;

/// Put a value there; missing maps on the way are made. errors: unknown key · a key that is no map
CAIRN_DECL auto set_config_value(ipld::node& config, std::string_view key, ipld::node value) -> io_result<void>;

/// Whether Kubo's config has such a key. errors: Kubo's sentence
CAIRN_DECL auto check_config_key(std::string_view key) -> io_result<void>;

/// Without what must not be shown: the private key, secrets of the API and of pinning services.
CAIRN_DECL auto without_secrets(ipld::node config) -> ipld::node;

/// Kubo's named sets of changes. errors: unknown, or one that only `init` can apply
CAIRN_DECL auto apply_profile(ipld::node& config, std::string_view name) -> io_result<void>;

struct config_profile {
  std::string_view name, about;
};
CAIRN_DECL auto config_profiles() -> std::span<config_profile const>;

/// Bytes of "10GB", "256KiB", "1048576" (SEC-54). errors: Kubo's sentence
CAIRN_DECL auto parse_size(std::string_view text) -> io_result<std::uint64_t>;

}  // namespace cairn::service

#if CAIRN_HEADER_ONLY
#  include <cairn/service/impl/config_text.ipp>
#endif
