#pragma once

#include <cairn/asio/libp2p/impl/socket_number.hpp>
#include <cairn/asio/libp2p/impl/wake_up.hpp>
#include <cairn/asio/libp2p/mdns.hpp>
#include <cairn/crypto/random.hpp>
#include <cairn/libp2p/mdns.hpp>

#include <ifaddrs.h>
#include <net/if.h>
#include <netinet/in.h>

#include <algorithm>
#include <cstring>

#include <boost/asio/buffer.hpp>
#include <boost/asio/co_spawn.hpp>
#include <boost/asio/detached.hpp>
#include <boost/asio/ip/multicast.hpp>
#include <boost/asio/ip/udp.hpp>

namespace cairn::libp2p {
namespace detail {

inline auto multicast_links() -> std::vector<std::array<byte, 4>> {
  auto out = std::vector<std::array<byte, 4>>{};
  ifaddrs* all = nullptr;
  if (::getifaddrs(&all) != 0) return out;
  for (auto const* i = all; i; i = i->ifa_next) {
    if (!i->ifa_addr || i->ifa_addr->sa_family != AF_INET || (i->ifa_flags & IFF_UP) == 0 || (i->ifa_flags & IFF_MULTICAST) == 0) continue;
    auto one = std::array<byte, 4>{};
    std::memcpy(one.data(), &reinterpret_cast<sockaddr_in const*>(i->ifa_addr)->sin_addr, 4);
    if (out.size() < 32) out.push_back(one);
  }
  ::freeifaddrs(all);
  return out;
}

}  // namespace detail

struct mdns_discovery::state : std::enable_shared_from_this<mdns_discovery::state> {
  using udp = detail::net::ip::udp;
  using link = std::array<byte, 4>;

  state(host& h, mdns_options o, found f) : self{h}, options{std::move(o)}, tell{std::move(f)}, socket{h.executor()}, asking{h.executor()}, answering{h.executor()} {
    byte seed[mdns::peer_name_size];
    random_source::system()(seed);
    name = mdns::peer_name(seed);
  }

  host self;
  mdns_options options;
  found tell;
  udp::socket socket;
  detail::wake_up asking, answering;
  std::string name;
  std::vector<link> joined{};
  bool closed = false, wanted = false;

  auto group() const -> udp::endpoint { return {detail::net::ip::make_address_v4(options.group), options.port}; }
  auto links() const -> std::vector<link> { return options.links ? options.links() : detail::multicast_links(); }

  // Links come and go.
  auto join() -> std::vector<link> {
    auto now = links();
    for (auto const& l : now) {
      if (std::find(joined.begin(), joined.end(), l) != joined.end()) continue;
      auto ignored = boost::system::error_code{};
      socket.set_option(detail::net::ip::multicast::join_group{group().address().to_v4(), detail::net::ip::address_v4{l}}, ignored);
    }
    joined = now;
    return now;
  }
  void send(link const& to, bytes_view packet) {
    auto ignored = boost::system::error_code{};
    socket.set_option(detail::net::ip::multicast::outbound_interface{detail::net::ip::address_v4{to}}, ignored);
    if (!ignored) socket.send_to(detail::net::buffer(packet.data(), packet.size()), group(), 0, ignored);
  }

  auto ask() -> detail::net::awaitable<void> {
    auto const keep = shared_from_this();
    auto pause = std::chrono::seconds{options.first};
    while (!closed) {
      auto const packet = mdns::encode_query();
      for (auto const& l : join()) send(l, packet);
      (void)co_await asking.sleep(within(pause));
      pause = std::min(2 * pause, options.most);
    }
  }
  // At most ten answers a second, to however many questions (RFC 6762, 6: not more often than that multicasts are useful).
  auto answer() -> detail::net::awaitable<void> {
    auto const keep = shared_from_this();
    while (!closed) {
      if (!std::exchange(wanted, false)) {
        (void)co_await answering.sleep(deadline::max());
        continue;
      }
      auto const all = self.announced_addresses();
      for (auto const& l : join()) send(l, mdns::encode_answer(name, self.id(), all, {l}));
      auto pause = detail::wake_up{self.executor()};
      (void)co_await pause.sleep(within(std::chrono::milliseconds{100}));
    }
  }
  auto listen() -> detail::net::awaitable<void> {
    auto const keep = shared_from_this();
    auto packet = bytes(mdns::max_packet);
    while (!closed) {
      auto ec = boost::system::error_code{};
      auto from = udp::endpoint{};
      auto const n = co_await socket.async_receive_from(detail::net::buffer(packet.data(), packet.size()), from, detail::net::redirect_error(detail::net::use_awaitable, ec));
      if (closed) co_return;
      if (ec) {
        auto pause = detail::wake_up{self.executor()};
        (void)co_await pause.sleep(within(std::chrono::milliseconds{100}));
        continue;
      }
      auto const said = mdns::read(bytes_view{packet}.first(n));
      if (!said) continue;
      if (said->asks) wanted = true, answering.notify();
      for (auto const& [id, place] : said->peers)
        if (id != self.id()) tell(id, place);
    }
  }
};

CAIRN_DECL auto mdns_discovery::open(host& self, mdns_options options, found f) -> io_result<mdns_discovery> {
  auto s = std::make_shared<state>(self, std::move(options), std::move(f));
  auto ec = boost::system::error_code{};
  using reuse_port = detail::socket_number<SOL_SOCKET, SO_REUSEPORT>;
  s->socket.open(boost::asio::ip::udp::v4(), ec);
  if (!ec) s->socket.set_option(boost::asio::ip::udp::socket::reuse_address{true}, ec);
  if (!ec) s->socket.set_option(reuse_port{1}, ec);
  if (!ec) s->socket.bind({boost::asio::ip::address_v4::any(), s->options.port}, ec);
  if (!ec) s->socket.set_option(boost::asio::ip::multicast::hops{255}, ec);  // RFC 6762, 11
  if (!ec) s->socket.non_blocking(true, ec);
  if (ec) return std::unexpected(error::system(ec.value(), "cannot listen for mDNS", "udp port " + std::to_string(s->options.port)));
  boost::asio::co_spawn(self.executor(), [s] { return s->listen(); }, boost::asio::detached);
  boost::asio::co_spawn(self.executor(), [s] { return s->answer(); }, boost::asio::detached);
  boost::asio::co_spawn(self.executor(), [s] { return s->ask(); }, boost::asio::detached);
  return mdns_discovery{std::move(s)};
}

CAIRN_DECL void mdns_discovery::close() {
  state_->closed = true;
  auto ignored = boost::system::error_code{};
  state_->socket.close(ignored);
  state_->asking.notify();
  state_->answering.notify();
  state_->tell = nullptr;
}

}  // namespace cairn::libp2p
