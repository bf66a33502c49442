#pragma once
// The config of a new repo, in Kubo's order. What Kubo fills from its autoconf service is empty here: no default of ours asks
// a server that somebody else has to keep up.

#include <string_view>

namespace cairn::service::detail {

inline constexpr std::string_view default_config =
    R"({"Identity":{},"Datastore":{"StorageMax":"10GB","StorageGCWatermark":90,"GCPeriod":"1h","Spec":{},"HashOnRead":false,"BloomFilterSize":0,)"
    R"("BlockKeyCacheSize":null},"Addresses":{"Swarm":["/ip4/0.0.0.0/tcp/4001","/ip6/::/tcp/4001","/ip4/0.0.0.0/udp/4001/webrtc-direct",)"
    R"("/ip4/0.0.0.0/udp/4001/quic-v1","/ip4/0.0.0.0/udp/4001/quic-v1/webtransport","/ip6/::/udp/4001/webrtc-direct","/ip6/::/udp/4001/quic-v1",)"
    R"("/ip6/::/udp/4001/quic-v1/webtransport"],"Announce":[],"AppendAnnounce":[],"NoAnnounce":[],"API":"/ip4/127.0.0.1/tcp/5001",)"
    R"("Gateway":"/ip4/127.0.0.1/tcp/8080"},"Mounts":{"IPFS":"/ipfs","IPNS":"/ipns","MFS":"/mfs","FuseAllowOther":null,"StoreMtime":null,)"
    R"("StoreMode":null},"Discovery":{"MDNS":{"Enabled":true}},"Routing":{"DelegatedRouters":[]},"Ipns":{"RepublishPeriod":"","RecordLifetime":"",)"
    R"("ResolveCacheSize":128,"DelegatedPublishers":[]},"Bootstrap":[],"Gateway":{"HTTPHeaders":{},"RootRedirect":"","NoFetch":false,)"
    R"("NoDNSLink":false,"DeserializedResponses":null,"AllowCodecConversion":null,"DisableHTMLErrors":null,"DeprecatedXIpfsPath":null,)"
    R"("PublicGateways":null,"ExposeRoutingAPI":null},"API":{"HTTPHeaders":{}},"Swarm":{"AddrFilters":null,"DisableBandwidthMetrics":false,)"
    R"("DisableNatPortMap":false,"RelayClient":{},"RelayService":{},"Transports":{"Network":{},"Security":{},"Multiplexers":{}},"ConnMgr":{},)"
    R"("ResourceMgr":{}},"AutoNAT":{},"AutoTLS":{},"Pubsub":{"Router":"","DisableSigning":false},"Peering":{"Peers":null},"DNS":{"Resolvers":{}},)"
    R"("Migration":{},"AutoConf":{"Enabled":false},"Provide":{"DHT":{}},"Provider":{},"Reprovider":{},"HTTPRetrieval":{},)"
    R"("Experimental":{"FilestoreEnabled":false,"UrlstoreEnabled":false,"Libp2pStreamMounting":false,"P2pHttpProxy":false,)"
    R"("OptimisticProvide":false,"OptimisticProvideJobsPoolSize":0},"Plugins":{"Plugins":null},"Pinning":{"RemoteServices":{}},)"
    R"("Import":{"CidVersion":null,"UnixFSRawLeaves":null,"UnixFSChunker":null,"HashFunction":null,"UnixFSFileMaxLinks":null,)"
    R"("UnixFSDirectoryMaxLinks":null,"UnixFSHAMTDirectoryMaxFanout":null,"UnixFSHAMTDirectorySizeThreshold":null,)"
    R"("UnixFSHAMTDirectorySizeEstimation":null,"UnixFSDAGLayout":null,"UnixFSPBNodeFieldOrder":null,"BatchMaxNodes":null,"BatchMaxSize":null,)"
    R"("FastProvideRoot":null,"FastProvideDAG":null,"FastProvideWait":null},"Version":{},"Internal":{},"Bitswap":{}})";

/// Kubo's layout of a repo, and the part of it that names what lies on the disk.
inline constexpr std::string_view flatfs_spec =
    R"({"mounts":[{"mountpoint":"/blocks","path":"blocks","prefix":"flatfs.datastore","shardFunc":"/repo/flatfs/shard/v1/next-to-last/2","sync":false,)"
    R"("type":"flatfs"},{"compression":"none","mountpoint":"/","path":"datastore","prefix":"leveldb.datastore","type":"levelds"}],"type":"mount"})";
inline constexpr std::string_view flatfs_disk_spec =
    R"({"mounts":[{"mountpoint":"/blocks","path":"blocks","shardFunc":"/repo/flatfs/shard/v1/next-to-last/2","type":"flatfs"},)"
    R"({"mountpoint":"/","path":"datastore","type":"levelds"}],"type":"mount"})";

}  // namespace cairn::service::detail
