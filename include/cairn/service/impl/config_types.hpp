#pragma once
// What kind of value each key of Kubo's config has, as Kubo's decoder takes it: a config that this program writes opens there too.

#include <cairn/core/error.hpp>
#include <cairn/ipld/node.hpp>
#include <cairn/multiformats/peer_id.hpp>
#include <cairn/service/config_text.hpp>
#include <cairn/service/go_text.hpp>
#include <cairn/service/impl/config_keys.hpp>
#include <cairn/service/kubo_text.hpp>

#include <span>

namespace cairn::service::detail {

enum class config_kind : unsigned char { text, texts, text_or_texts, boolean, flag, whole, int64, priority, duration, size, peers };

struct config_type {
  std::string_view path;   ///< "*" is any key
  config_kind kind;
  std::string_view owner;  ///< the Go type that its decoder names
};

inline constexpr config_type config_types[]{
    {"API.Authorizations.*.AllowedPaths", config_kind::texts, "RPCAuthScope"},
    {"API.Authorizations.*.AuthSecret", config_kind::text, "RPCAuthScope"}, {"API.HTTPHeaders.*", config_kind::texts, "API"},
    {"Addresses.API", config_kind::text_or_texts, "Addresses"}, {"Addresses.Announce", config_kind::texts, "Addresses"},
    {"Addresses.AppendAnnounce", config_kind::texts, "Addresses"}, {"Addresses.Gateway", config_kind::text_or_texts, "Addresses"},
    {"Addresses.NoAnnounce", config_kind::texts, "Addresses"}, {"Addresses.Swarm", config_kind::texts, "Addresses"},
    {"AutoConf.Enabled", config_kind::flag, ""}, {"AutoConf.RefreshInterval", config_kind::duration, ""},
    {"AutoConf.TLSInsecureSkipVerify", config_kind::flag, ""}, {"AutoConf.URL", config_kind::text, "AutoConf"},
    {"AutoNAT.ServiceMode", config_kind::text, "AutoNATConfig"}, {"AutoNAT.Throttle.GlobalLimit", config_kind::whole, "AutoNATThrottleConfig"},
    {"AutoNAT.Throttle.Interval", config_kind::duration, ""}, {"AutoNAT.Throttle.PeerLimit", config_kind::whole, "AutoNATThrottleConfig"},
    {"AutoTLS.AutoWSS", config_kind::flag, ""}, {"AutoTLS.CAEndpoint", config_kind::text, "AutoTLS"},
    {"AutoTLS.DomainSuffix", config_kind::text, "AutoTLS"}, {"AutoTLS.Enabled", config_kind::flag, ""},
    {"AutoTLS.RegistrationDelay", config_kind::duration, ""}, {"AutoTLS.RegistrationEndpoint", config_kind::text, "AutoTLS"},
    {"AutoTLS.RegistrationToken", config_kind::text, "AutoTLS"}, {"AutoTLS.ShortAddrs", config_kind::flag, ""},
    {"AutoTLS.SkipDNSLookup", config_kind::flag, ""}, {"Bitswap.Libp2pEnabled", config_kind::flag, ""},
    {"Bitswap.ServerEnabled", config_kind::flag, ""}, {"Bootstrap", config_kind::texts, "Config"}, {"DNS.MaxCacheTTL", config_kind::duration, ""},
    {"DNS.Resolvers.*", config_kind::text, "DNS"}, {"Datastore.BlockKeyCacheSize", config_kind::int64, "Datastore"},
    {"Datastore.BloomFilterSize", config_kind::whole, "Datastore"}, {"Datastore.GCPeriod", config_kind::text, "Datastore"},
    {"Datastore.HashOnRead", config_kind::boolean, "Datastore"}, {"Datastore.NoSync", config_kind::boolean, "Datastore"},
    {"Datastore.Path", config_kind::text, "Datastore"}, {"Datastore.StorageGCWatermark", config_kind::int64, "Datastore"},
    {"Datastore.StorageMax", config_kind::text, "Datastore"}, {"Datastore.Type", config_kind::text, "Datastore"},
    {"Datastore.WriteThrough", config_kind::flag, ""}, {"Discovery.MDNS.Enabled", config_kind::boolean, "MDNS"},
    {"Experimental.FilestoreEnabled", config_kind::boolean, "Experiments"}, {"Experimental.GatewayOverLibp2p", config_kind::boolean, "Experiments"},
    {"Experimental.Libp2pStreamMounting", config_kind::boolean, "Experiments"},
    {"Experimental.OptimisticProvide", config_kind::boolean, "Experiments"},
    {"Experimental.OptimisticProvideJobsPoolSize", config_kind::whole, "Experiments"},
    {"Experimental.P2pHttpProxy", config_kind::boolean, "Experiments"}, {"Experimental.ShardingEnabled", config_kind::boolean, "Experiments"},
    {"Experimental.StrategicProviding", config_kind::boolean, "Experiments"}, {"Experimental.UrlstoreEnabled", config_kind::boolean, "Experiments"},
    {"Gateway.AllowCodecConversion", config_kind::flag, ""}, {"Gateway.DeprecatedXIpfsPath", config_kind::flag, ""},
    {"Gateway.DeserializedResponses", config_kind::flag, ""}, {"Gateway.DiagnosticServiceURL", config_kind::text, "Gateway"},
    {"Gateway.DisableHTMLErrors", config_kind::flag, ""}, {"Gateway.ExposeRoutingAPI", config_kind::flag, ""},
    {"Gateway.HTTPHeaders.*", config_kind::texts, "Gateway"}, {"Gateway.MaxConcurrentRequests", config_kind::int64, "Gateway"},
    {"Gateway.MaxRangeRequestFileSize", config_kind::size, ""}, {"Gateway.MaxRequestDuration", config_kind::duration, ""},
    {"Gateway.NoDNSLink", config_kind::boolean, "Gateway"}, {"Gateway.NoFetch", config_kind::boolean, "Gateway"},
    {"Gateway.PublicGateways.*.DeserializedResponses", config_kind::flag, ""}, {"Gateway.PublicGateways.*.InlineDNSLink", config_kind::flag, ""},
    {"Gateway.PublicGateways.*.NoDNSLink", config_kind::boolean, "GatewaySpec"},
    {"Gateway.PublicGateways.*.Paths", config_kind::texts, "GatewaySpec"},
    {"Gateway.PublicGateways.*.UseSubdomains", config_kind::boolean, "GatewaySpec"}, {"Gateway.RetrievalTimeout", config_kind::duration, ""},
    {"Gateway.RootRedirect", config_kind::text, "Gateway"}, {"HTTPRetrieval.Allowlist", config_kind::texts, "HTTPRetrieval"},
    {"HTTPRetrieval.Denylist", config_kind::texts, "HTTPRetrieval"}, {"HTTPRetrieval.Enabled", config_kind::flag, ""},
    {"HTTPRetrieval.MaxBlockSize", config_kind::text, "HTTPRetrieval"}, {"HTTPRetrieval.NumWorkers", config_kind::int64, "HTTPRetrieval"},
    {"HTTPRetrieval.TLSInsecureSkipVerify", config_kind::flag, ""}, {"Import.BatchMaxNodes", config_kind::int64, "Import"},
    {"Import.BatchMaxSize", config_kind::int64, "Import"}, {"Import.CidVersion", config_kind::int64, "Import"},
    {"Import.FastProvideDAG", config_kind::flag, ""}, {"Import.FastProvideRoot", config_kind::flag, ""},
    {"Import.FastProvideWait", config_kind::flag, ""}, {"Import.HashFunction", config_kind::text, "Import"},
    {"Import.UnixFSChunker", config_kind::text, "Import"}, {"Import.UnixFSDAGLayout", config_kind::text, "Import"},
    {"Import.UnixFSDirectoryMaxLinks", config_kind::int64, "Import"}, {"Import.UnixFSFileMaxLinks", config_kind::int64, "Import"},
    {"Import.UnixFSHAMTDirectoryMaxFanout", config_kind::int64, "Import"}, {"Import.UnixFSHAMTDirectorySizeEstimation", config_kind::text, "Import"},
    {"Import.UnixFSHAMTDirectorySizeThreshold", config_kind::size, ""}, {"Import.UnixFSPBNodeFieldOrder", config_kind::text, "Import"},
    {"Import.UnixFSRawLeaves", config_kind::flag, ""}, {"Internal.BackupBootstrapInterval", config_kind::duration, ""},
    {"Internal.Bitswap.BroadcastControl.Enable", config_kind::flag, ""}, {"Internal.Bitswap.BroadcastControl.LocalPeers", config_kind::flag, ""},
    {"Internal.Bitswap.BroadcastControl.MaxPeers", config_kind::int64, "BitswapBroadcastControl"},
    {"Internal.Bitswap.BroadcastControl.MaxRandomPeers", config_kind::int64, "BitswapBroadcastControl"},
    {"Internal.Bitswap.BroadcastControl.PeeredPeers", config_kind::flag, ""},
    {"Internal.Bitswap.BroadcastControl.SendToPendingPeers", config_kind::flag, ""},
    {"Internal.Bitswap.EngineBlockstoreWorkerCount", config_kind::int64, "InternalBitswap"},
    {"Internal.Bitswap.EngineTaskWorkerCount", config_kind::int64, "InternalBitswap"},
    {"Internal.Bitswap.MaxOutstandingBytesPerPeer", config_kind::int64, "InternalBitswap"},
    {"Internal.Bitswap.ProviderSearchDelay", config_kind::duration, ""},
    {"Internal.Bitswap.ProviderSearchMaxResults", config_kind::int64, "InternalBitswap"},
    {"Internal.Bitswap.TaskWorkerCount", config_kind::int64, "InternalBitswap"},
    {"Internal.Bitswap.WantHaveReplaceSize", config_kind::int64, "InternalBitswap"}, {"Internal.CGNATCheck", config_kind::flag, ""},
    {"Internal.DeadListenerCheck", config_kind::flag, ""}, {"Internal.Libp2pForceReachability", config_kind::text, "Internal"},
    {"Internal.MFSNoFlushLimit", config_kind::int64, "Internal"}, {"Internal.NonPublicAddrPublishing", config_kind::flag, ""},
    {"Internal.ShutdownTimeout", config_kind::duration, ""}, {"Internal.UnixFSShardingSizeThreshold", config_kind::text, "Internal"},
    {"Ipns.DelegatedPublishers", config_kind::texts, "Ipns"}, {"Ipns.MaxCacheTTL", config_kind::duration, ""},
    {"Ipns.RecordLifetime", config_kind::text, "Ipns"}, {"Ipns.RepublishPeriod", config_kind::text, "Ipns"},
    {"Ipns.ResolveCacheSize", config_kind::whole, "Ipns"}, {"Ipns.UsePubsub", config_kind::flag, ""},
    {"Migration.DownloadSources", config_kind::texts, "Migration"}, {"Migration.Keep", config_kind::text, "Migration"},
    {"Mounts.FuseAllowOther", config_kind::flag, ""}, {"Mounts.IPFS", config_kind::text, "Mounts"}, {"Mounts.IPNS", config_kind::text, "Mounts"},
    {"Mounts.MFS", config_kind::text, "Mounts"}, {"Mounts.StoreMode", config_kind::flag, ""}, {"Mounts.StoreMtime", config_kind::flag, ""},
    {"Peering.Peers", config_kind::peers, "Peering"}, {"Pinning.RemoteServices.*.API.Endpoint", config_kind::text, "RemotePinningServiceAPI"},
    {"Pinning.RemoteServices.*.Policies.MFS.Enable", config_kind::boolean, "RemotePinningServiceMFSPolicy"},
    {"Pinning.RemoteServices.*.Policies.MFS.PinName", config_kind::text, "RemotePinningServiceMFSPolicy"},
    {"Pinning.RemoteServices.*.Policies.MFS.RepinInterval", config_kind::text, "RemotePinningServiceMFSPolicy"},
    {"Plugins.Plugins.*.Disabled", config_kind::boolean, "Plugin"}, {"Provide.BloomFPRate", config_kind::int64, "Provide"},
    {"Provide.DHT.DedicatedBurstWorkers", config_kind::int64, "ProvideDHT"},
    {"Provide.DHT.DedicatedPeriodicWorkers", config_kind::int64, "ProvideDHT"}, {"Provide.DHT.Interval", config_kind::duration, ""},
    {"Provide.DHT.KeystoreBatchSize", config_kind::int64, "ProvideDHT"}, {"Provide.DHT.MaxProvideConnsPerWorker", config_kind::int64, "ProvideDHT"},
    {"Provide.DHT.MaxWorkers", config_kind::int64, "ProvideDHT"}, {"Provide.DHT.OfflineDelay", config_kind::duration, ""},
    {"Provide.DHT.ResumeEnabled", config_kind::flag, ""}, {"Provide.DHT.SendProviderRecordTimeout", config_kind::duration, ""},
    {"Provide.DHT.SweepEnabled", config_kind::flag, ""}, {"Provide.Enabled", config_kind::flag, ""},
    {"Provide.Strategy", config_kind::text, "Provide"}, {"Provider.Enabled", config_kind::flag, ""},
    {"Provider.Strategy", config_kind::text, "Provider"}, {"Provider.WorkerCount", config_kind::int64, "Provider"},
    {"Pubsub.DisableSigning", config_kind::boolean, "PubsubConfig"}, {"Pubsub.Enabled", config_kind::flag, ""},
    {"Pubsub.Router", config_kind::text, "PubsubConfig"}, {"Pubsub.SeenMessagesStrategy", config_kind::text, "PubsubConfig"},
    {"Pubsub.SeenMessagesTTL", config_kind::duration, ""}, {"Reprovider.Interval", config_kind::duration, ""},
    {"Reprovider.Strategy", config_kind::text, "Reprovider"}, {"Routing.AcceleratedDHTClient", config_kind::flag, ""},
    {"Routing.IgnoreProviders", config_kind::texts, "Routing"}, {"Routing.LoopbackAddressesOnLanDHT", config_kind::flag, ""},
    {"Routing.Methods.*.RouterName", config_kind::text, "Method"}, {"Routing.Type", config_kind::text, "Routing"},
    {"Swarm.AddrFilters", config_kind::texts, "SwarmConfig"}, {"Swarm.ConnMgr.GracePeriod", config_kind::duration, ""},
    {"Swarm.ConnMgr.HighWater", config_kind::int64, "ConnMgr"}, {"Swarm.ConnMgr.LowWater", config_kind::int64, "ConnMgr"},
    {"Swarm.ConnMgr.SilencePeriod", config_kind::duration, ""}, {"Swarm.ConnMgr.Type", config_kind::text, "ConnMgr"},
    {"Swarm.DisableBandwidthMetrics", config_kind::boolean, "SwarmConfig"}, {"Swarm.DisableNatPortMap", config_kind::boolean, "SwarmConfig"},
    {"Swarm.EnableHolePunching", config_kind::flag, ""}, {"Swarm.RelayClient.Enabled", config_kind::flag, ""},
    {"Swarm.RelayClient.StaticRelays", config_kind::texts, "RelayClient"}, {"Swarm.RelayService.BufferSize", config_kind::int64, "RelayService"},
    {"Swarm.RelayService.ConnectionDataLimit", config_kind::int64, "RelayService"},
    {"Swarm.RelayService.ConnectionDurationLimit", config_kind::duration, ""}, {"Swarm.RelayService.Enabled", config_kind::flag, ""},
    {"Swarm.RelayService.MaxCircuits", config_kind::int64, "RelayService"},
    {"Swarm.RelayService.MaxReservations", config_kind::int64, "RelayService"},
    {"Swarm.RelayService.MaxReservationsPerASN", config_kind::int64, "RelayService"},
    {"Swarm.RelayService.MaxReservationsPerIP", config_kind::int64, "RelayService"},
    {"Swarm.RelayService.ReservationTTL", config_kind::duration, ""}, {"Swarm.ResourceMgr.Allowlist", config_kind::texts, "ResourceMgr"},
    {"Swarm.ResourceMgr.Enabled", config_kind::flag, ""}, {"Swarm.ResourceMgr.MaxFileDescriptors", config_kind::int64, "ResourceMgr"},
    {"Swarm.ResourceMgr.MaxMemory", config_kind::size, ""}, {"Swarm.Transports.Multiplexers.Yamux", config_kind::priority, ""},
    {"Swarm.Transports.Network.QUIC", config_kind::flag, ""}, {"Swarm.Transports.Network.Relay", config_kind::flag, ""},
    {"Swarm.Transports.Network.TCP", config_kind::flag, ""}, {"Swarm.Transports.Network.WebRTCDirect", config_kind::flag, ""},
    {"Swarm.Transports.Network.WebTransport", config_kind::flag, ""}, {"Swarm.Transports.Network.Websocket", config_kind::flag, ""},
    {"Swarm.Transports.Security.Noise", config_kind::priority, ""}, {"Swarm.Transports.Security.TLS", config_kind::priority, ""},
    {"Version.AgentSuffix", config_kind::text, "Version"}, {"Version.SwarmCheckEnabled", config_kind::flag, ""},
    {"Version.SwarmCheckPercentThreshold", config_kind::int64, "Version"},
};

inline auto go_kind(ipld::node const& value) -> std::string_view {
  return value.as_string() ? "string" : value.as_boolean() ? "bool" : value.as_list() ? "array" : value.as_map() ? "object" : "number";
}

/// What Go's decoder says of a value that the key cannot have; nothing where it can.
inline auto config_complaint(config_type const& type, std::string_view field, ipld::node const& value) -> std::optional<std::string> {
  auto const cannot = [&](std::string_view go_type, ipld::node const& what) {
    return "json: cannot unmarshal " + std::string{go_kind(what)} + (what.as_double() ? " " + config_to_json(what) : "") + " into Go struct field " +
           std::string{type.owner} + "." + std::string{field} + " of type " + std::string{go_type};
  };
  auto const cannot_number = [&](std::string_view go_type, ipld::node const& what) {
    return "json: cannot unmarshal " + std::string{go_kind(what)} + " into Go struct field " + std::string{type.owner} + "." + std::string{field} + " of type " +
           std::string{go_type};
  };
  auto const each_text = [&](ipld::list const& items) -> std::optional<std::string> {
    for (auto const& item : items)
      if (!item.as_string() && !item.is_null()) return cannot_number("string", item);
    return std::nullopt;
  };
  if (value.is_null()) return std::nullopt;
  switch (type.kind) {
    case config_kind::text: return value.as_string() ? std::nullopt : std::optional{cannot_number("string", value)};
    case config_kind::texts: return value.as_list() ? each_text(*value.as_list()) : std::optional{cannot_number("[]string", value)};
    case config_kind::text_or_texts:
      if (value.as_list()) return each_text(*value.as_list());
      return value.as_string() ? std::nullopt : std::optional{cannot_number("string", value)};
    case config_kind::boolean: return value.as_boolean() ? std::nullopt : std::optional{cannot_number("bool", value)};
    case config_kind::flag:
      if (value.as_boolean()) return std::nullopt;
      return "failed to unmarshal " + go_quoted(config_to_json(value)) + " into a flag: must be null/undefined, true, or false";
    case config_kind::whole: return value.as_integer() ? std::nullopt : std::optional{cannot("int", value)};
    case config_kind::int64: return value.as_integer() ? std::nullopt : std::optional{cannot("int64", value)};
    case config_kind::priority: {
      auto const* on = value.as_boolean();
      if (on && *on) return "'true' is not a valid priority";
      return on || value.as_integer() ? std::nullopt : std::optional{cannot("int64", value)};
    }
    case config_kind::duration: {
      auto const* text = value.as_string();
      if (text && (text->empty() || *text == "null" || *text == "undefined" || *text == "default")) return std::nullopt;
      auto const read = parse_duration(text ? *text : config_to_json(value));
      return read ? std::nullopt : std::optional{to_string(read.error())};
    }
    case config_kind::size: {
      if (value.as_integer() || value.as_double()) return std::nullopt;
      if (auto const* text = value.as_string()) {
        if (text->empty() || text->find_first_of("0123456789.,") != 0) return "strconv.ParseFloat: parsing \"\": invalid syntax";
        auto const read = parse_size(*text);
        return read ? std::nullopt : std::optional{to_string(read.error())};
      }
      return "unable to parse byte size, expected a size string (e.g., \"5GiB\") or a number, but got " +
             std::string{value.as_boolean() ? "bool" : value.as_list() ? "[]interface {}" : "map[string]interface {}"};
    }
    case config_kind::peers:
      if (!value.as_list()) return cannot_number("[]peer.AddrInfo", value);
      for (auto const& item : *value.as_list())
        if (!item.as_map() && !item.is_null()) return cannot_number("peer.addrInfoJson", item);
      for (auto const& item : *value.as_list()) {
        auto const* const id = item.as_map() ? item.find("ID") : nullptr;
        if (!id || !id->as_string() || parse_peer_id(*id->as_string())) continue;
        auto const as_cid = read_cid_text(*id->as_string());
        return "failed to parse peer ID: " + (as_cid ? std::string{"can't convert CID to a peer ID"} : to_string(as_cid.error()));
      }
      return std::nullopt;
  }
  return std::nullopt;
}

/// Whether Kubo would take the config. errors: its sentence
inline auto check_config_types(ipld::node const& config) -> io_result<void> {
  for (auto const& type : config_types) {
    auto const parts = config_parts(type.path);
    auto field = std::string{};
    for (auto const part : parts)
      if (part != "*") field += (field.empty() ? "" : ".") + std::string{part};
    auto complaint = std::optional<std::string>{};
    auto const walk = [&](auto const& self, ipld::node const& at, std::size_t i) -> void {
      if (complaint) return;
      if (i == parts.size()) {
        complaint = config_complaint(type, field, at);
        return;
      }
      auto const* m = at.as_map();
      if (!m) return;
      if (parts[i] != "*") {
        if (auto const* next = m->find(parts[i])) self(self, *next, i + 1);
        return;
      }
      for (auto const& [key, next] : *m) self(self, next, i + 1);
    };
    walk(walk, config, 0);
    if (complaint) return std::unexpected(error::message("config", "failure to decode config: " + *complaint));
  }
  return {};
}

}  // namespace cairn::service::detail
