#include <cairn/libp2p/transport.hpp>

#include "laws/transport.hpp"

using namespace cairn;

namespace {
auto const plain = std::vector<std::string>{"/ip4/127.0.0.1/tcp/4001", "/ip6/::1/tcp/4001", "/dns4/example.com/tcp/1", "/dns/example.com/tcp/65535"};
auto const web = std::vector<std::string>{"/ip4/127.0.0.1/tcp/4001/ws", "/dns6/example.com/tcp/80/ws"};
auto const datagrams = std::vector<std::string>{"/ip4/127.0.0.1/udp/4001/quic-v1", "/ip6/::1/udp/4001/quic-v1", "/dns/example.com/udp/443/quic-v1"};
auto const foreign = std::vector<std::string>{"/ip4/127.0.0.1", "/ip4/127.0.0.1/udp/4001", "/ip4/127.0.0.1/udp/4001/quic", "/ip4/127.0.0.1/tcp/4001/tls/ws",
                                              "/ip4/127.0.0.1/udp/4001/quic-v1/webtransport", "/unix/a", "/tcp/4001"};

auto all_of(std::initializer_list<std::vector<std::string>> lists) -> std::vector<std::string> {
  auto out = std::vector<std::string>{};
  for (auto const& l : lists) out.insert(out.end(), l.begin(), l.end());
  return out;
}
}  // namespace

TEST_CASE("tcp keeps the laws of a transport") { laws::transport<tcp>(plain, all_of({web, datagrams, foreign})); }
TEST_CASE("websocket keeps the laws of a transport") { laws::transport<websocket>(web, all_of({plain, datagrams, foreign})); }
TEST_CASE("quic keeps the laws of a transport (IX-51: version 1, and not the drafts)") { laws::transport<quic>(datagrams, all_of({plain, web, foreign})); }
