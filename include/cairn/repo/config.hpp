#pragma once

#include <cairn/core/config.hpp>
#include <cairn/core/error.hpp>
#include <cairn/crypto/key.hpp>
#include <cairn/ipld/node.hpp>

#include <string>
#include <string_view>

/// The file `config` of a repo: JSON as Kubo writes it. It is kept as data, so keys that this build does not know, "auto"
/// and the order of keys survive every write.
namespace cairn {

/// errors    no_repo · bad_config, with what is wrong
CAIRN_DECL auto read_config(std::string const& path) -> io_result<ipld::node>;

/// Replace the file in one step; with a prefix, the old text is kept beside it as `config-<prefix><six characters>`.
///
/// errors    bad_config: not an object · those of the system; the file is then as it was
CAIRN_DECL auto write_config(std::string const& path, ipld::node const& config, std::string_view backup_prefix = {}) -> io_result<void>;

/// The text of a config: two blanks of indent, the order of its maps, no newline at the end.
CAIRN_DECL auto config_json(ipld::node const& config) -> io_result<std::string>;

/// The value behind "Datastore.StorageMax"; nullptr where there is none.
CAIRN_DECL auto find_config(ipld::node const& config, std::string_view dotted_key) -> ipld::node const*;

/// Who a new node is, as its config holds it.
struct config_identity {
  std::string peer_id;      ///< base58
  std::string private_key;  ///< base64 of libp2p's protobuf
};

/// The identity of a key: of `private_key::generate(key_type::ed25519)` for a new node.
CAIRN_DECL auto identity_of(private_key const& key) -> config_identity;

/// The key of a config.
///
/// errors    bad_config: no such text, not base64, or not the key of Identity.PeerID · those of decode_libp2p_private_key
CAIRN_DECL auto read_identity(ipld::node const& config) -> io_result<private_key>;

/// Kubo's default config for a new repo, but for where blocks live: `packs`, or `flatfs` after `apply_datastore_profile`.
CAIRN_DECL auto default_config(config_identity const& identity) -> ipld::node;

/// All sections and keys of a new config, without values: what Kubo writes for keys that a config leaves out.
CAIRN_DECL auto empty_config() -> ipld::node;

/// Profiles that lay out a datastore, for `init` only: flatfs, flatfs-levelds, flatfs-measure, flatfs-levelds-measure (Kubo's),
/// default-datastore and packs (ours), and nosync: what was written outlives a kill, not a power cut.
///
/// returns   false: no such profile among these
/// errors    unsupported_store: a layout of Kubo that needs pebble or badger
CAIRN_DECL auto apply_datastore_profile(ipld::node& config, std::string_view name) -> io_result<bool>;

}  // namespace cairn

#if CAIRN_HEADER_ONLY
#  include <cairn/repo/impl/config.ipp>
#endif
