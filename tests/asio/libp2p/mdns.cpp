// Discovery on a link, with real packets: on the loopback interface, on a port of its own.
#include <cairn/asio/libp2p/mdns.hpp>

#include <cairn/libp2p/mdns.hpp>

#include "asio/libp2p/loop.hpp"

#include <catch2/catch.hpp>

#include <map>

#include <boost/asio/buffer.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/ip/multicast.hpp>
#include <boost/asio/ip/udp.hpp>

using namespace cairn;
using namespace std::chrono_literals;
using libp2p::host;
using libp2p::within;
using testing::becomes;
using testing::key_of;

namespace {

namespace net = boost::asio;
using udp = net::ip::udp;

auto loopback() -> libp2p::mdns_options {
  auto out = libp2p::mdns_options{};
  out.group = "239.255.70.77";
  out.port = 5399;
  out.links = [] { return std::vector<std::array<byte, 4>>{{127, 0, 0, 1}}; };
  return out;
}

/// A host that listens on loopback, and what it has found.
struct neighbour {
  host self;
  std::map<peer_id, std::vector<multiaddr>> found{};
  std::optional<libp2p::mdns_discovery> discovery{};

  neighbour(net::io_context& context, std::uint64_t seed) : self{*host::make(context.get_executor(), key_of(seed))} {
    REQUIRE(self.listen(*parse_multiaddr("/ip4/127.0.0.1/tcp/0")));
    auto opened = libp2p::mdns_discovery::open(self, loopback(), [this](peer_id const& id, multiaddr const& at) { found[id].push_back(at); });
    REQUIRE(opened);
    discovery.emplace(*std::move(opened));
  }
  ~neighbour() {
    discovery->close();
    self.close();
  }
};

}  // namespace

TEST_CASE("IX-60: two hosts of one link find each other, and where they listen; none finds itself") {
  auto context = net::io_context{1};
  {
    auto a = neighbour{context, 1}, b = neighbour{context, 2};
    REQUIRE(becomes(context, [&] { return a.found.contains(b.self.id()) && b.found.contains(a.self.id()); }));
    CHECK(a.found[b.self.id()].front() == b.self.listen_addresses().front());
    CHECK(a.found.size() == 1);
    CHECK(b.found.size() == 1);
  }
  context.run_for(1s);
}

TEST_CASE("IX-60: a flood of questions is answered ten times a second, and packets of anything end nothing") {
  auto context = net::io_context{1};
  {
    auto a = neighbour{context, 1};
    auto stranger = udp::socket{context, udp::v4()};
    auto const group = udp::endpoint{net::ip::make_address_v4("239.255.70.77"), 5399};
    stranger.set_option(net::ip::multicast::outbound_interface{net::ip::make_address_v4("127.0.0.1")});
    auto listening = udp::socket{context};
    listening.open(udp::v4());
    listening.set_option(udp::socket::reuse_address{true});
    using reuse_port = net::detail::socket_option::boolean<SOL_SOCKET, SO_REUSEPORT>;
    listening.set_option(reuse_port{true});
    listening.bind({net::ip::address_v4::any(), 5399});
    listening.set_option(net::ip::multicast::join_group{group.address().to_v4(), net::ip::make_address_v4("127.0.0.1")});
    auto answers = 0u;
    auto packet = bytes(9000);
    std::function<void()> hear = [&] {
      listening.async_receive(net::buffer(packet.data(), packet.size()), [&](boost::system::error_code e, std::size_t n) {
        if (e) return;
        auto const said = mdns::read(bytes_view{packet}.first(n));
        answers += said && !said->peers.empty();
        hear();
      });
    };
    hear();
    auto random = testing::seeded{4};
    auto const question = mdns::encode_query();
    for (auto const until = within(1s); std::chrono::steady_clock::now() < until; context.run_for(1ms)) {
      auto junk = bytes(1 + random.below(600));
      random(junk);
      auto ignored = boost::system::error_code{};
      stranger.send_to(net::buffer(junk.data(), junk.size()), group, 0, ignored);
      stranger.send_to(net::buffer(question.data(), question.size()), group, 0, ignored);
    }
    CHECK(answers >= 1);
    CHECK(answers <= 13);
    listening.close();
  }
  context.run_for(1s);
}
