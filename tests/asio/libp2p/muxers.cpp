// Which muxers a host agrees to, asked by a dialer that is made by hand.
#include <cairn/asio/libp2p/host.hpp>

#include <cairn/libp2p/multistream.hpp>
#include <cairn/libp2p/tls/channel.hpp>

#include "support/cut.hpp"

#include <catch2/catch.hpp>

#include <chrono>
#include <exception>

#include <boost/asio/co_spawn.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/redirect_error.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <boost/asio/write.hpp>

using namespace cairn;
using namespace std::chrono_literals;
namespace net = boost::asio;

namespace {

auto key_of(std::uint64_t seed) -> private_key {
  auto random = testing::seeded{seed};
  return *private_key::generate(key_type::ed25519, 0, random_source{random});
}

/// A socket, and TLS over it once that is asked for.
struct raw_dialer {
  net::ip::tcp::socket socket;
  std::optional<tls_channel> tls{};
  byte_queue in{}, out{}, wire{};

  auto flush() -> net::awaitable<bool> {
    auto& from = tls ? wire : out;
    if (tls && !out.empty()) {
      if (!tls->write(out.view(), wire)) co_return false;
      out.clear();
    }
    auto ec = boost::system::error_code{};
    co_await net::async_write(socket, net::buffer(from.view().data(), from.size()), net::redirect_error(net::use_awaitable, ec));
    from.clear();
    co_return !ec;
  }
  auto receive() -> net::awaitable<bool> {
    auto space = std::array<byte, 4096>{};
    auto ec = boost::system::error_code{};
    auto const n = co_await socket.async_read_some(net::buffer(space), net::redirect_error(net::use_awaitable, ec));
    if (ec) co_return false;
    if (!tls) {
      in.push(bytes_view{space.data(), n});
      co_return true;
    }
    sealed.push(bytes_view{space.data(), n});
    auto const taken = tls->resume(sealed.view(), in, wire);
    if (!taken) co_return false;
    sealed.consume(*taken);
    co_return true;
  }
  auto agree(std::vector<std::string> names) -> libp2p::task<std::string> {
    auto asks = multistream_dialer{names};
    asks.start(out);
    for (;;) {
      auto const sent = co_await flush();
      if (!sent) co_return std::unexpected(error::message("test", "not sent"));
      auto const step = asks.resume(in.view(), out);
      if (!step) co_return std::unexpected(error{step.error()});
      in.consume(step->taken);
      if (step->agreed) co_return names[*step->agreed];
      if (!out.empty()) continue;
      auto const more = co_await receive();
      if (!more) co_return std::unexpected(error::message("test", "closed"));
    }
  }
  byte_queue sealed{};
};

// The muxer that is agreed on: by ALPN, or in the channel.
auto muxer(net::io_context& context, std::uint16_t port, tls_identity const& identity, std::vector<std::string> alpn, std::vector<std::string> names)
    -> libp2p::task<std::string> {
  auto d = raw_dialer{net::ip::tcp::socket{context}};
  auto const to = net::ip::tcp::endpoint{net::ip::address_v4::loopback(), port};
  co_await d.socket.async_connect(to, net::use_awaitable);
  auto secure = std::vector<std::string>{"/tls/1.0.0"};
  auto const security = co_await d.agree(std::move(secure));
  if (!security) co_return std::unexpected(security.error());
  auto options = tls_options{};
  options.dialer = true;
  options.now = std::chrono::system_clock::now().time_since_epoch() / 1s;
  options.protocols = std::move(alpn);
  d.tls.emplace(identity, std::move(options), random_source::system());
  auto const started = d.tls->start(d.wire);
  if (!started) co_return std::unexpected(started.error());
  while (!d.tls->is_open() || !d.wire.empty()) {
    auto const sent = co_await d.flush();
    auto const open = d.tls->is_open();
    if (open) break;
    auto const more = sent && co_await d.receive();
    if (!more) co_return std::unexpected(error::message("test", "no TLS"));
  }
  if (auto const early = d.tls->early_muxer(); !early.empty()) co_return early;
  auto agreed = co_await d.agree(std::move(names));
  co_return agreed;
}

template <class T>
auto keep(net::awaitable<T> body, std::optional<T>& out) -> net::awaitable<void> {
  out.emplace(co_await std::move(body));
}

}  // namespace

TEST_CASE("SEC-13, capability 14: mplex, which cannot hold back a writer, is not agreed to; yamux is, early or late") {
  auto context = net::io_context{1};
  auto host = *libp2p::host::make(context.get_executor(), key_of(1));
  auto const at = *host.listen(*parse_multiaddr("/ip4/127.0.0.1/tcp/0"));
  auto const key = key_of(2);
  auto const identity = *tls_identity::make(key, std::chrono::system_clock::now().time_since_epoch() / 1s);
  auto const ask = [&](std::vector<std::string> alpn, std::vector<std::string> names) {
    auto out = std::optional<io_result<std::string>>{};
    net::co_spawn(context, keep(muxer(context, at.find(6)->port(), identity, std::move(alpn), std::move(names)), out), [](std::exception_ptr e) {
      if (e) std::rethrow_exception(e);
    });
    while (!out) context.run_one();
    return *std::move(out);
  };
  auto const mplex = std::string{"/mplex/6.7.0"}, yamux = std::string{"/yamux/1.0.0"};
  auto const refused = ask({mplex, "libp2p"}, {mplex});
  REQUIRE_FALSE(refused);
  CHECK(refused.error() == multistream_errc::none_in_common);
  CHECK(ask({"libp2p"}, {mplex, yamux}) == yamux);
  CHECK(ask({mplex, yamux, "libp2p"}, {mplex}) == yamux);
  host.close();
  while (host.alive() != 0) context.run_one();
}
