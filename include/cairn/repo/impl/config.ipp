#pragma once

#include <cairn/core/limits.hpp>
#include <cairn/core/try.hpp>
#include <cairn/crypto/libp2p_key.hpp>
#include <cairn/ipld/codec/dag_json.hpp>
#include <cairn/multiformats/multibase.hpp>
#include <cairn/multiformats/peer_id.hpp>
#include <cairn/repo/config.hpp>
#include <cairn/repo/errc.hpp>
#include <cairn/repo/files.hpp>

#include <algorithm>
#include <cstdlib>

#include <unistd.h>

namespace cairn {
namespace detail {

inline constexpr std::size_t repo_config_limit = 16 * limits::MiB;

// Sections of a config for which the network's names are the same in every repo; a literal is easier to compare with Kubo's file.
inline constexpr std::string_view repo_default_config = R"({
"Identity": {"PeerID": "", "PrivKey": ""},
"Datastore": {"StorageMax": "10GB", "StorageGCWatermark": 90, "GCPeriod": "1h", "Spec": {}, "HashOnRead": false, "BloomFilterSize": 0,
  "BlockKeyCacheSize": null},
"Addresses": {"Swarm": ["/ip4/0.0.0.0/tcp/4001", "/ip6/::/tcp/4001", "/ip4/0.0.0.0/udp/4001/webrtc-direct", "/ip4/0.0.0.0/udp/4001/quic-v1",
  "/ip4/0.0.0.0/udp/4001/quic-v1/webtransport", "/ip6/::/udp/4001/webrtc-direct", "/ip6/::/udp/4001/quic-v1", "/ip6/::/udp/4001/quic-v1/webtransport"],
  "Announce": [], "AppendAnnounce": [], "NoAnnounce": [], "API": "/ip4/127.0.0.1/tcp/5001", "Gateway": "/ip4/127.0.0.1/tcp/8080"},
"Mounts": {"IPFS": "/ipfs", "IPNS": "/ipns", "MFS": "/mfs", "FuseAllowOther": null, "StoreMtime": null, "StoreMode": null},
"Discovery": {"MDNS": {"Enabled": true}},
"Routing": {"DelegatedRouters": ["auto"]},
"Ipns": {"RepublishPeriod": "", "RecordLifetime": "", "ResolveCacheSize": 128, "DelegatedPublishers": ["auto"]},
"Bootstrap": ["auto"],
"Gateway": {"HTTPHeaders": {}, "RootRedirect": "", "NoFetch": false, "NoDNSLink": false, "DeserializedResponses": null, "AllowCodecConversion": null,
  "DisableHTMLErrors": null, "DeprecatedXIpfsPath": null, "PublicGateways": null, "ExposeRoutingAPI": null},
"API": {"HTTPHeaders": {}},
"Swarm": {"AddrFilters": null, "DisableBandwidthMetrics": false, "DisableNatPortMap": false, "RelayClient": {}, "RelayService": {},
  "Transports": {"Network": {}, "Security": {}, "Multiplexers": {}}, "ConnMgr": {}, "ResourceMgr": {}},
"AutoNAT": {}, "AutoTLS": {},
"Pubsub": {"Router": "", "DisableSigning": false},
"Peering": {"Peers": null},
"DNS": {"Resolvers": {".": "auto"}},
"Migration": {}, "AutoConf": {}, "Provide": {"DHT": {}}, "Provider": {}, "Reprovider": {}, "HTTPRetrieval": {},
"Experimental": {"FilestoreEnabled": false, "UrlstoreEnabled": false, "Libp2pStreamMounting": false, "P2pHttpProxy": false,
  "OptimisticProvide": false, "OptimisticProvideJobsPoolSize": 0},
"Plugins": {"Plugins": null},
"Pinning": {"RemoteServices": {}},
"Import": {"CidVersion": null, "UnixFSRawLeaves": null, "UnixFSChunker": null, "HashFunction": null, "UnixFSFileMaxLinks": null,
  "UnixFSDirectoryMaxLinks": null, "UnixFSHAMTDirectoryMaxFanout": null, "UnixFSHAMTDirectorySizeThreshold": null,
  "UnixFSHAMTDirectorySizeEstimation": null, "UnixFSDAGLayout": null, "UnixFSPBNodeFieldOrder": null, "BatchMaxNodes": null, "BatchMaxSize": null,
  "FastProvideRoot": null, "FastProvideDAG": null, "FastProvideWait": null},
"Version": {}, "Internal": {}, "Bitswap": {}
})";

inline constexpr std::string_view repo_packs_spec = R"({"mounts": [
  {"mountpoint": "/blocks", "path": "blocks", "prefix": "packs.datastore", "sync": true, "type": "packs"},
  {"compression": "none", "mountpoint": "/", "path": "datastore", "prefix": "leveldb.datastore", "type": "levelds"}], "type": "mount"})";
inline constexpr std::string_view repo_flatfs_spec = R"({"mounts": [
  {"mountpoint": "/blocks", "path": "blocks", "prefix": "flatfs.datastore", "shardFunc": "/repo/flatfs/shard/v1/next-to-last/2", "sync": false,
   "type": "flatfs"},
  {"compression": "none", "mountpoint": "/", "path": "datastore", "prefix": "leveldb.datastore", "type": "levelds"}], "type": "mount"})";
inline constexpr std::string_view repo_flatfs_measure_spec = R"({"mounts": [
  {"child": {"path": "blocks", "shardFunc": "/repo/flatfs/shard/v1/next-to-last/2", "sync": false, "type": "flatfs"}, "mountpoint": "/blocks",
   "prefix": "flatfs.datastore", "type": "measure"},
  {"child": {"compression": "none", "path": "datastore", "type": "levelds"}, "mountpoint": "/", "prefix": "leveldb.datastore", "type": "measure"}],
  "type": "mount"})";

// `text` is one of the literals above
inline auto repo_literal(std::string_view text) -> ipld::node { return plain_json::decode(as_bytes(text)).value(); }

inline auto append_config_text(std::string& out, ipld::node const& value, std::string& indent) -> io_result<void> {
  auto const nest = [&](char open, char close, auto const& items, auto&& each) -> io_result<void> {
    out += open;
    if (items.begin() != items.end()) {
      indent += "  ";
      auto first = true;
      for (auto const& item : items) {
        out += first ? "\n" : ",\n";
        first = false;
        out += indent;
        CAIRN_TRY(each(item));
      }
      indent.resize(indent.size() - 2);
      out += '\n';
      out += indent;
    }
    out += close;
    return {};
  };
  auto const scalar = [&](ipld::node const& n) -> io_result<void> {
    auto text = bytes{};
    CAIRN_TRY(plain_json::encode(n, text));
    out += as_text(text);
    return {};
  };
  if (auto const* items = value.as_list()) return nest('[', ']', *items, [&](ipld::node const& n) { return append_config_text(out, n, indent); });
  if (auto const* entries = value.as_map())
    return nest('{', '}', *entries, [&](ipld::entry const& e) -> io_result<void> {
      CAIRN_TRY(scalar(ipld::node{e.key}));
      out += ": ";
      return append_config_text(out, e.value, indent);
    });
  return scalar(value);
}

}  // namespace detail

CAIRN_DECL auto read_config(std::string const& path) -> io_result<ipld::node> {
  CAIRN_TRY(auto text, read_text_file(path, detail::repo_config_limit));
  if (!text) {
    auto const slash = path.rfind('/');
    return std::unexpected(error{repo_errc::no_repo}.about(slash == path.npos ? "." : path.substr(0, slash)).advise("please run: 'ipfs init'"));
  }
  auto config = plain_json::decode(as_bytes(*text));
  if (!config) return std::unexpected(error{repo_errc::bad_config}.about(path).during(std::string{describe(config.error())}));
  if (!config->as_map()) return std::unexpected(error{repo_errc::bad_config}.about(path));
  return *std::move(config);
}

CAIRN_DECL auto config_json(ipld::node const& config) -> io_result<std::string> {
  auto out = std::string{}, indent = std::string{};
  CAIRN_TRY(detail::append_config_text(out, config, indent));
  return out;
}

CAIRN_DECL auto write_config(std::string const& path, ipld::node const& config, std::string_view backup_prefix) -> io_result<void> {
  if (!config.as_map()) return std::unexpected(error{repo_errc::bad_config}.about(path));
  CAIRN_TRY(auto text, config_json(config));
  if (!backup_prefix.empty()) {
    CAIRN_TRY(auto old, read_text_file(path, detail::repo_config_limit));
    if (old) {
      auto name = path + "-" + std::string{backup_prefix} + "XXXXXX";
      auto const file = ::mkstemp(name.data());
      if (file < 0) return std::unexpected(error::system(errno, "cannot keep a copy of the config as", name));
      ::close(file);
      CAIRN_TRY(replace_text_file(name, *old));
    }
  }
  return replace_text_file(path, text);
}

CAIRN_DECL auto find_config(ipld::node const& config, std::string_view dotted_key) -> ipld::node const* {
  auto const* at = &config;
  while (at) {
    auto const dot = dotted_key.find('.');
    at = at->find(dotted_key.substr(0, dot));
    if (dot == dotted_key.npos) return at;
    dotted_key.remove_prefix(dot + 1);
  }
  return nullptr;
}

CAIRN_DECL auto identity_of(private_key const& key) -> config_identity {
  return {to_string(peer_id::of(key.public_part())), encode_multibase(multibase::base64pad, encode_libp2p_key(key)).substr(1)};
}

CAIRN_DECL auto read_identity(ipld::node const& config) -> io_result<private_key> {
  auto const text = [&](std::string_view name) {
    auto const* const value = find_config(config, name);
    return value ? value->as_string() : nullptr;
  };
  auto const* const secret = text("Identity.PrivKey");
  auto const octets = secret ? decode_multibase("M" + *secret) : result<std::pair<multibase, bytes>, multibase_errc>{std::unexpected(multibase_errc::empty)};
  if (!octets) return std::unexpected(error{repo_errc::bad_config}.about("Identity.PrivKey"));
  auto const wiped = secret_bytes{bytes_view{octets->second}};
  CAIRN_TRY(auto key, decode_libp2p_private_key(wiped));
  auto const* const id = text("Identity.PeerID");
  auto const stated = id ? parse_peer_id(*id) : result<peer_id, peer_id_errc>{std::unexpected(peer_id_errc::bad_text)};
  if (!stated || !stated->is_of(key.public_part()))
    return std::unexpected(error{repo_errc::bad_config}.about("Identity.PeerID").during("it is not the id of Identity.PrivKey"));
  return key;
}

namespace detail {

/// Go's zero of a key: of lists and of maps with names of the user null, of sections their keys.
inline void make_zero(std::string_view key, ipld::node& value) {
  constexpr std::string_view named[]{"HTTPHeaders", "Spec", "Resolvers", "RemoteServices", "API", "Gateway"};  // the last two: texts or lists
  auto const is_named = std::find(std::begin(named), std::end(named), key) != std::end(named);
  if (auto* const section = value.as_map(); section && (!is_named || section->find("HTTPHeaders"))) {
    for (auto& e : *section) make_zero(e.key, e.value);
  } else if (is_named || value.as_list() || value.is_null()) {
    value = ipld::node{};
  } else if (value.as_boolean()) {
    value = false;
  } else if (value.as_string()) {
    value = "";
  } else if (value.as_integer()) {
    value = ipld::integer{0};
  }
}

}  // namespace detail

CAIRN_DECL auto empty_config() -> ipld::node {
  auto config = detail::repo_literal(detail::repo_default_config);
  for (auto& e : *config.as_map()) detail::make_zero(e.key, e.value);
  return config;
}

CAIRN_DECL auto default_config(config_identity const& identity) -> ipld::node {
  auto config = detail::repo_literal(detail::repo_default_config);
  config.as_map()->set("Identity", ipld::map{{"PeerID", identity.peer_id}, {"PrivKey", identity.private_key}});
  config.as_map()->find("Datastore")->as_map()->set("Spec", detail::repo_literal(detail::repo_packs_spec));
  return config;
}

CAIRN_DECL auto apply_datastore_profile(ipld::node& config, std::string_view name) -> io_result<bool> {
  if (name.starts_with("pebbleds") || name.starts_with("badgerds") || name.starts_with("flatfs-pebbleds"))
    return std::unexpected(error{repo_errc::unsupported_store}.about(std::string{name}).advise("use packs or flatfs"));
  auto* const top = config.as_map();
  auto* const store = top ? top->find("Datastore") : nullptr;
  if (!store || !store->as_map()) return std::unexpected(repo_errc::bad_spec);
  auto const use = [&](std::string_view spec) {
    store->as_map()->set("Spec", detail::repo_literal(spec));
    return true;
  };
  if (name == "packs" || name == "default-datastore") return use(detail::repo_packs_spec);
  if (name == "flatfs" || name == "flatfs-levelds") return use(detail::repo_flatfs_spec);
  if (name == "flatfs-measure" || name == "flatfs-levelds-measure") return use(detail::repo_flatfs_measure_spec);
  if (name != "nosync") return false;
  auto* const spec = store->as_map()->find("Spec");
  auto* const mounts = spec && spec->as_map() ? spec->as_map()->find("mounts") : nullptr;
  if (!mounts || !mounts->as_list()) return std::unexpected(repo_errc::bad_spec);
  for (auto& mount : *mounts->as_list()) {
    auto* fields = mount.as_map();
    if (!fields) return std::unexpected(repo_errc::bad_spec);
    if (auto* child = fields->find("child"); child && child->as_map()) fields = child->as_map();
    fields->set("sync", false);
  }
  return true;
}

}  // namespace cairn
