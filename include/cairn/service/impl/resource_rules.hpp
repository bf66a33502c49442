#pragma once
// Swarm.ResourceMgr: what a node may use, computed from the machine and the config as Kubo does.

#include <cairn/libp2p/resources.hpp>
#include <cairn/service/config_text.hpp>
#include <cairn/service/impl/swarm_rules.hpp>

#include <algorithm>
#include <string_view>
#include <sys/resource.h>
#include <unistd.h>

namespace cairn::service::detail {

struct resource_rules {
  bool on = true;
  std::uint64_t memory = 0, descriptors = 0, inbound = 0, transient_inbound = 0;

  static auto of(ipld::node const& config, std::size_t high_water) -> resource_rules {
    auto out = resource_rules{};
    out.on = flag_of(config, "Swarm.ResourceMgr.Enabled", true);
    out.memory = static_cast<std::uint64_t>(::sysconf(_SC_PHYS_PAGES)) * static_cast<std::uint64_t>(::sysconf(_SC_PAGESIZE)) / 2;
    auto const* most = find_config(config, "Swarm.ResourceMgr.MaxMemory");
    if (auto const* text = most ? most->as_string() : nullptr; text && !text->empty()) out.memory = parse_size(*text).value_or(out.memory);
    auto files = rlimit{};
    (void)::getrlimit(RLIMIT_NOFILE, &files);
    auto const asked = number_of(config, "Swarm.ResourceMgr.MaxFileDescriptors", 0);
    out.descriptors = asked > 0 ? static_cast<std::uint64_t>(asked) : static_cast<std::uint64_t>(files.rlim_cur) / 2;
    // a connection for each MiB
    auto const by_memory = out.memory >> 20;
    out.inbound = std::max({by_memory, std::uint64_t{2 * high_water}, std::uint64_t{800}});
    out.transient_inbound = by_memory / 4;
    return out;
  }

  /// Of a service or protocol: so much to begin with, and so much for each GiB.
  struct row {
    std::string_view name;
    std::uint64_t one_way, both, one_way_more, both_more, mebibytes, mebibytes_more;
  };
  static constexpr row services[]{
      {"libp2p.autonat", 64, 64, 4, 4, 4, 2},       {"libp2p.holepunch", 32, 64, 8, 16, 4, 4},      {"libp2p.identify", 64, 128, 64, 128, 4, 4},
      {"libp2p.ping", 64, 64, 64, 64, 4, 4},        {"libp2p.relay/v2", 256, 256, 256, 256, 16, 16},
  };
  static constexpr row protocols[]{
      {"/ipfs/id/1.0.0", 64, 128, 64, 128, 4, 4},   {"/ipfs/id/push/1.0.0", 64, 128, 64, 128, 4, 4}, {"/ipfs/ping/1.0.0", 64, 64, 64, 64, 4, 4},
      {"/libp2p/autonat/1.0.0", 64, 64, 4, 4, 4, 2}, {"/libp2p/circuit/relay/0.2.0/hop", 640, 640, 640, 640, 16, 16},
      {"/libp2p/circuit/relay/0.2.0/stop", 640, 640, 640, 640, 16, 16}, {"/libp2p/dcutr", 32, 64, 8, 16, 4, 4},
  };
  auto scaled(std::uint64_t first, std::uint64_t more) const -> std::uint64_t { return first + more * (memory >> 20) / 1024; }

  auto limits() const -> libp2p::resource_limits {
    auto out = libp2p::resource_limits{};
    if (!on) return out;
    out.memory = memory, out.descriptors = descriptors;
    out.transient_memory = memory / 4, out.transient_descriptors = descriptors / 4;
    for (auto const& r : protocols) out.streams[std::string{r.name}] = {scaled(r.one_way, r.one_way_more), scaled(r.one_way, r.one_way_more), scaled(r.both, r.both_more)};
    return out;
  }

  /// Bounds and use, in the order in which they are shown. A bound of 0: none at all is allowed.
  auto scopes(libp2p::resource_usage const& now) const -> std::vector<resource_scope> {
    auto const none = std::optional<std::uint64_t>{};
    auto out = std::vector<resource_scope>{};
    if (!on) return out;
    auto const streams = now.streams_inbound + now.streams_outbound;
    out.push_back({"system", {{"Memory", memory, now.memory}, {"FD", descriptors, now.descriptors}, {"Conns", none, now.inbound + now.outbound}, {"ConnsInbound", inbound, now.inbound},
                              {"ConnsOutbound", none, now.outbound}, {"Streams", none, streams}, {"StreamsInbound", none, now.streams_inbound}, {"StreamsOutbound", none, now.streams_outbound}}});
    out.push_back({"transient", {{"Memory", memory / 4, now.transient_memory}, {"FD", descriptors / 4, now.transient_descriptors}, {"Conns", none, now.transient_inbound + now.transient_outbound},
                                 {"ConnsInbound", transient_inbound, now.transient_inbound}, {"ConnsOutbound", none, now.transient_outbound}, {"Streams", none, 0}, {"StreamsInbound", none, 0},
                                 {"StreamsOutbound", none, 0}}});
    auto const add = [&](std::string name, row const& r, std::pair<std::uint64_t, std::uint64_t> use) {
      auto const one = scaled(r.one_way, r.one_way_more), both = scaled(r.both, r.both_more), octets = scaled(r.mebibytes << 20, r.mebibytes_more << 20);
      out.push_back({std::move(name), {{"Memory", octets, 0}, {"FD", 0, 0}, {"Conns", 0, 0}, {"ConnsInbound", 0, 0}, {"ConnsOutbound", 0, 0}, {"Streams", both, use.first + use.second},
                                       {"StreamsInbound", one, use.first}, {"StreamsOutbound", one, use.second}}});
    };
    auto const of_protocol = [&](std::string const& name) {
      auto const at = now.streams.find(name);
      return at == now.streams.end() ? std::pair<std::uint64_t, std::uint64_t>{} : at->second;
    };
    for (auto const& r : services) {
      auto use = std::pair<std::uint64_t, std::uint64_t>{};
      auto const count = [&](std::string_view service, std::string const& protocol) {
        if (r.name != service) return;
        auto const [in, outgoing] = of_protocol(protocol);
        use.first += in, use.second += outgoing;
      };
      count("libp2p.identify", "/ipfs/id/1.0.0");
      count("libp2p.identify", "/ipfs/id/push/1.0.0");
      count("libp2p.ping", "/ipfs/ping/1.0.0");
      add("svc:" + std::string{r.name}, r, use);
    }
    for (auto const& r : protocols) add("proto:" + std::string{r.name}, r, of_protocol(std::string{r.name}));
    return out;
  }
};

}  // namespace cairn::service::detail
