// Hard bounds of a host: memory, descriptors, streams of a protocol. What goes above them is refused, and others are served.
#include <cairn/asio/libp2p/host.hpp>

#include "asio/libp2p/loop.hpp"

#include <catch2/catch.hpp>

#include <boost/asio/co_spawn.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/ip/tcp.hpp>

using namespace cairn;
using namespace std::chrono_literals;
using libp2p::host;
using libp2p::host_options;
using libp2p::within;
using testing::becomes;
using testing::key_of;
using testing::run;

namespace {

namespace net = boost::asio;

/// A host that listens, with bounds, and others that dial it.
struct bounded {
  net::io_context context{1};
  host self;
  multiaddr at;
  std::vector<host> others{};
  std::vector<libp2p::stream> held{};  // that `self` never reads

  explicit bounded(host_options options, std::string_view listen = "/ip4/127.0.0.1/tcp/0")
      : self{*host::make(context.get_executor(), key_of(1), std::move(options))}, at{*self.listen(*parse_multiaddr(listen))} {
    self.handle("/hold", [this](libp2p::stream s) -> net::awaitable<void> {
      held.push_back(std::move(s));
      co_return;
    });
  }
  auto add() -> host& {
    others.push_back(*host::make(context.get_executor(), key_of(100 + others.size())));
    return others.back();
  }
  auto dial(host& from) -> io_result<peer_id> { return run(context, from.dial(at, within(5s))); }
  void end() {
    held.clear();
    for (auto& o : others) o.close();
    self.close();
    while (self.alive() != 0) context.run_one();
    for (auto& o : others)
      while (o.alive() != 0) context.run_one();
    CHECK(becomes(context, [this] { return self.usage().memory == 0; }));
    auto const left = self.usage();
    CHECK(left.descriptors == 0);
    CHECK(left.streams_inbound + left.streams_outbound == 0);
  }
};

auto fill(host& from, peer_id to, std::vector<libp2p::stream>& open) -> net::awaitable<void> {
  auto names = std::vector<std::string>{"/hold"};
  auto s = co_await from.open(to, std::move(names), within(10s));
  if (!s) co_return;
  open.push_back(*s);
  auto const text = bytes(1 << 20, 7);
  (void)co_await s->write(text, within(10s));
}

}  // namespace

TEST_CASE("resources: what nobody reads stays below the bound of memory, over TCP and QUIC; streams end for it, and another peer is served") {
  for (auto const* where : {"/ip4/127.0.0.1/tcp/0", "/ip4/127.0.0.1/udp/0/quic-v1"}) {
    INFO(where);
    auto options = host_options{};
    options.limits.memory = 640 * 1024;
    auto t = bounded{std::move(options), where};
    t.others.reserve(4);
    auto& greedy = t.add();
    auto& quiet = t.add();
    REQUIRE(t.dial(quiet));
    REQUIRE(t.dial(greedy));
    auto open = std::vector<libp2p::stream>{};
    for (auto i = 0; i < 16; ++i) net::co_spawn(t.context, fill(greedy, t.self.id(), open), [](std::exception_ptr) {});
    auto most = std::uint64_t{0};
    REQUIRE(becomes(t.context, [&] {
      most = std::max(most, t.self.usage().memory);
      auto all = t.held;  // more come meanwhile
      for (auto& s : all) {
        auto const read = run(t.context, s.wait(1 << 30, within(1ms)));  // it is reset, or waits in vain
        if (!read && to_string(read.error()).find("reset") != std::string::npos) return true;
      }
      return false;
    }));
    CHECK(most <= 640 * 1024);
    CHECK(most > 400 * 1024);
    CHECK(run(t.context, quiet.ping(t.self.id(), within(5s))));
    CHECK(t.self.usage().memory <= 640 * 1024);
    open.clear();
    t.end();
  }
}

TEST_CASE("resources: a connection that has no memory left for it is not taken, and not dialled") {
  auto options = host_options{};
  constexpr auto some = 32 * 1024;  // that readers have not read yet
  options.limits.memory = 2 * libp2p::resource_limits::connection_memory + some;
  auto t = bounded{std::move(options)};
  t.others.reserve(4);
  auto& a = t.add();
  REQUIRE(t.dial(a));
  REQUIRE(t.dial(t.add()));
  CHECK_FALSE(t.dial(t.add()));
  CHECK(becomes(t.context, [&] { return t.self.usage().inbound == 2; }));
  auto& listening = t.add();
  auto const there = *listening.listen(*parse_multiaddr("/ip4/127.0.0.1/tcp/0"));
  auto const refused = run(t.context, t.self.dial(there, within(5s)));
  REQUIRE_FALSE(refused);
  CHECK(to_string(refused.error()).find("cannot reserve outbound connection: resource limit exceeded") != std::string::npos);
  // one goes, and there is room again
  a.close();
  REQUIRE(becomes(t.context, [&] { return t.self.usage().memory <= libp2p::resource_limits::connection_memory + some; }));
  CHECK(run(t.context, t.self.dial(there, within(5s))));
  t.end();
}

TEST_CASE("resources: who is favoured has as much again for itself where others find none left, and no more; another peer of that address is sent off") {
  for (auto const* where : {"/ip4/127.0.0.1/tcp/0", "/ip4/127.0.0.1/udp/0/quic-v1"}) {
    INFO(where);
    auto options = host_options{};
    options.max_connections = 1;
    auto favoured = std::vector<peer_id>{};
    options.favours = [&](multiaddr const& from, peer_id const* peer) {
      return from.begin()->text() == "127.0.0.1" && (!peer || std::find(favoured.begin(), favoured.end(), *peer) != favoured.end());
    };
    auto t = bounded{std::move(options), where};
    t.others.reserve(5);
    REQUIRE(t.dial(t.add()));
    REQUIRE(becomes(t.context, [&] { return t.self.usage().inbound == 1; }));
    auto& stranger = t.add();
    if (t.dial(stranger)) CHECK(becomes(t.context, [&] { return !stranger.is_connected(t.self.id()); }));
    CHECK(t.self.usage().inbound == 1);
    auto& friendly = t.add();
    favoured.push_back(friendly.id());
    REQUIRE(t.dial(friendly));
    REQUIRE(becomes(t.context, [&] { return t.self.usage().inbound == 2; }));
    CHECK(run(t.context, friendly.ping(t.self.id(), within(5s))));
    auto& second = t.add();
    favoured.push_back(second.id());
    auto const refused = run(t.context, second.dial(t.at, within(1s)));
    CHECK_FALSE(refused);
    CHECK(t.self.usage().inbound == 2);
    t.end();
  }
}

TEST_CASE("resources: descriptors and handshakes are bounded; QUIC takes none") {
  auto options = host_options{};
  options.limits.descriptors = 2;
  options.limits.transient_descriptors = 1;
  auto t = bounded{std::move(options)};
  t.others.reserve(4);
  // one that says nothing is the only one that may be unproven
  auto silent = net::ip::tcp::socket{t.context};
  silent.connect({net::ip::make_address("127.0.0.1"), t.at.find(6)->port()});
  REQUIRE(becomes(t.context, [&] { return t.self.usage().transient_descriptors == 1; }));
  CHECK_FALSE(t.dial(t.add()));
  silent.close();
  REQUIRE(becomes(t.context, [&] { return t.self.usage().transient_descriptors == 0; }));
  // who dials is done before the listener is
  REQUIRE(t.dial(t.others[0]));
  REQUIRE(becomes(t.context, [&] { return t.self.usage().inbound == 1; }));
  REQUIRE(t.dial(t.add()));
  REQUIRE(becomes(t.context, [&] { return t.self.usage().inbound == 2; }));
  CHECK(t.self.usage().descriptors == 2);
  auto& third = t.add();
  CHECK_FALSE(t.dial(third));
  auto const quic = *t.self.listen(*parse_multiaddr("/ip4/127.0.0.1/udp/0/quic-v1"));
  CHECK(run(t.context, third.dial(quic, within(5s))));
  CHECK(t.self.usage().descriptors == 2);
  CHECK(becomes(t.context, [&] { return t.self.usage().inbound == 3; }));
  t.end();
}

TEST_CASE("resources: a protocol has so many streams and no more, of whoever opens them") {
  auto options = host_options{};
  options.limits.streams["/hold"] = {2, 1, 3};
  auto t = bounded{std::move(options)};
  t.others.reserve(2);
  auto& a = t.add();
  REQUIRE(t.dial(a));
  a.handle("/hold", [&t](libp2p::stream s) -> net::awaitable<void> {
    t.held.push_back(std::move(s));
    co_return;
  });
  auto const open = [&](host& from, host& to) {
    auto names = std::vector<std::string>{"/hold"};
    return run(t.context, from.open(to.id(), std::move(names), within(5s)));
  };
  auto mine = std::vector<libp2p::stream>{};
  for (auto i = 0; i < 2; ++i) mine.push_back(*open(a, t.self));
  REQUIRE(becomes(t.context, [&] { return t.self.usage().streams["/hold"].first == 2; }));
  auto third = open(a, t.self);  // it agrees on the protocol, and is reset
  if (third) {
    auto const end = run(t.context, third->wait(0, within(5s)));
    CHECK_FALSE(end);
  }
  auto out = open(t.self, a);
  REQUIRE(out);
  mine.push_back(*std::move(out));
  auto const refused = open(t.self, a);
  REQUIRE_FALSE(refused);
  CHECK(to_string(refused.error()).find("resource limit exceeded") != std::string::npos);
  CHECK(t.self.usage().streams["/hold"] == std::pair{std::uint64_t{2}, std::uint64_t{1}});
  CHECK(run(t.context, a.ping(t.self.id(), within(5s))));
  mine.clear();
  third = {};
  t.end();
}
