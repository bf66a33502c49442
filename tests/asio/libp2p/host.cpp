#include <cairn/asio/libp2p/host.hpp>

#include <cairn/core/varint.hpp>
#include <cairn/libp2p/multistream.hpp>
#include <cairn/libp2p/noise_errc.hpp>
#include <cairn/libp2p/tls/errc.hpp>

#include "asio/libp2p/loop.hpp"
#include "support/cut.hpp"

#include <catch2/catch.hpp>

#include <algorithm>
#include <chrono>
#include <exception>

#include <boost/asio/co_spawn.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/redirect_error.hpp>
#include <boost/asio/steady_timer.hpp>
#include <boost/asio/this_coro.hpp>
#include <boost/asio/use_awaitable.hpp>

using namespace cairn;
using namespace std::chrono_literals;
using libp2p::host;
using libp2p::host_options;
using libp2p::within;
using testing::becomes;
using testing::keep;
using testing::key_of;
using testing::run;

namespace {

namespace net = boost::asio;

auto echo(libp2p::stream s) -> net::awaitable<void> {
  for (;;) {
    auto const view = co_await s.wait(0, within(10s));
    if (!view || view->empty()) break;
    auto const copy = testing::to_vector(*view);
    s.consume(copy.size());
    auto const sent = co_await s.write(copy, within(10s));
    if (!sent) co_return;
  }
  s.close();
}

// Writes and reads at once: the windows of both directions are smaller than the text.
auto write_all(libp2p::stream& s, bytes const& text, bool& done) -> net::awaitable<void> {
  auto const sent = co_await s.write(text, within(20s));
  s.close();
  done = sent.has_value();
}

auto exchange(host& h, peer_id peer, bytes text) -> net::awaitable<bytes> {
  auto names = std::vector<std::string>{"/echo"};
  auto s = co_await h.open(peer, std::move(names), within(5s));
  auto got = bytes{};
  if (!s) co_return got;
  auto done = false;
  auto const executor = co_await net::this_coro::executor;
  net::co_spawn(executor, write_all(*s, text, done), [](std::exception_ptr) {});
  for (;;) {
    auto const view = co_await s->wait(0, within(20s));
    if (!view || view->empty()) break;
    append(got, *view);
    s->consume(view->size());
  }
  while (!done) {
    auto timer = net::steady_timer{executor, 1ms};
    auto ec = boost::system::error_code{};
    co_await timer.async_wait(net::redirect_error(net::use_awaitable, ec));
  }
  co_return got;
}

auto secured_by(std::vector<std::string> names) -> host_options {
  auto out = host_options{};
  out.security = std::move(names);
  return out;
}

struct two_hosts {
  net::io_context context{1};
  host a, b;
  multiaddr at;

  explicit two_hosts(host_options oa = {}, host_options ob = {})
      : a{*host::make(context.get_executor(), key_of(1), std::move(oa))}, b{*host::make(context.get_executor(), key_of(2), std::move(ob))},
        at{*b.listen(*parse_multiaddr("/ip4/127.0.0.1/tcp/0"))} {
    b.handle("/echo", echo);
  }
  auto with_peer(peer_id const& p) const -> multiaddr { return *parse_multiaddr(to_string(at) + "/p2p/" + to_string(p)); }
  void end() {
    a.close();
    b.close();
    while (a.alive() + b.alive() != 0) context.run_one();
    CHECK(a.alive() == 0);
  }
};

}  // namespace

TEST_CASE("two hosts: dial, identify, ping, a stream both ways; then nothing is left") {
  auto t = two_hosts{};
  auto const peer = run(t.context, t.a.dial(t.with_peer(t.b.id()), within(5s)));
  REQUIRE(peer);
  CHECK(*peer == t.b.id());
  CHECK(run(t.context, t.a.dial(t.with_peer(t.b.id()), within(5s))) == t.b.id());
  CHECK(t.a.connections().size() == 1);
  auto const info = run(t.context, t.a.identify(t.b.id(), within(5s)));
  REQUIRE(info);
  CHECK(info->agent_version == "cairn/0.1.0");
  CHECK(info->listen_addresses == std::vector{t.at});
  CHECK(std::find(info->protocols.begin(), info->protocols.end(), "/echo") != info->protocols.end());
  CHECK(info->signed_record);
  CHECK(run(t.context, t.a.ping(t.b.id(), within(5s))));
  for (auto size : {0uz, 1uz, 65507uz, 262144uz, 5000000uz}) {
    auto random = testing::seeded{size + 1};
    auto text = bytes(size);
    random(text);
    CHECK(run(t.context, exchange(t.a, t.b.id(), text)) == text);
  }
  t.end();
}

TEST_CASE("what cannot be dialed says why, and how far it came") {
  for (auto const* name : {"/noise", "/tls/1.0.0"}) {
    auto p = two_hosts{secured_by({name})};
    auto const other = run(p.context, p.a.dial(p.with_peer(peer_id::of(key_of(9).public_part())), within(5s)));
    REQUIRE_FALSE(other);
    CHECK((other.error() == noise_errc::wrong_peer || other.error() == tls_errc::wrong_peer));
    CHECK(to_string(other.error()).find(name[1] == 'n' ? "noise handshake" : "tls handshake") != std::string::npos);
    p.end();
  }
  auto t = two_hosts{};
  CHECK_FALSE(run(t.context, t.a.dial(*parse_multiaddr("/ip4/127.0.0.1/udp/1/quic-v1"), within(200ms))));
  CHECK_FALSE(run(t.context, t.a.dial(*parse_multiaddr("/ip4/127.0.0.1/tcp/1"), within(5s))));
  CHECK_FALSE(run(t.context, t.a.ping(t.b.id(), within(1s))));
  t.end();
}

TEST_CASE("IX-49: every choice of secure channels, over TCP and WebSocket; none in common is an error that says so") {
  for (auto const* listen : {"/ip4/127.0.0.1/tcp/0", "/ip4/127.0.0.1/tcp/0/ws"}) {
    struct row { std::vector<std::string> dialer, listener; std::string want; };
    for (auto const& [dialer, listener, want] : {row{{"/tls/1.0.0", "/noise"}, {"/noise", "/tls/1.0.0"}, "/tls/1.0.0"}, row{{"/noise", "/tls/1.0.0"}, {"/tls/1.0.0"}, "/tls/1.0.0"},
                                                 row{{"/tls/1.0.0", "/noise"}, {"/noise"}, "/noise"}, row{{"/noise"}, {"/tls/1.0.0", "/noise"}, "/noise"}}) {
      auto t = two_hosts{secured_by(dialer), secured_by(listener)};
      t.at = *t.b.listen(*parse_multiaddr(listen));
      REQUIRE(run(t.context, t.a.dial(t.with_peer(t.b.id()), within(5s))));
      CHECK(t.a.connections().front().security == want);
      auto text = bytes(700000, 9);
      CHECK(run(t.context, exchange(t.a, t.b.id(), text)) == text);
      t.end();
    }
  }
  auto t = two_hosts{secured_by({"/noise"}), secured_by({"/tls/1.0.0"})};
  auto const none = run(t.context, t.a.dial(t.at, within(5s)));
  REQUIRE_FALSE(none);
  CHECK(none.error() == multistream_errc::none_in_common);
  CHECK(to_string(none.error()).find("security negotiation") != std::string::npos);
  t.end();
}

TEST_CASE("IX-51: QUIC v1: dial, identify, ping, streams both ways, another peer than the expected one; then nothing is left") {
  auto t = two_hosts{};
  t.at = *t.b.listen(*parse_multiaddr("/ip4/127.0.0.1/udp/0/quic-v1"));
  CHECK(to_string(t.at).ends_with("/quic-v1"));
  REQUIRE(run(t.context, t.a.dial(t.with_peer(t.b.id()), within(5s))) == t.b.id());
  REQUIRE(run(t.context, t.a.identify(t.b.id(), within(5s))));
  CHECK(run(t.context, t.a.ping(t.b.id(), within(5s))));
  CHECK(t.a.connections().front().round_trip);
  for (auto size : {0uz, 1uz, 1452uz, 700000uz, 5000000uz}) {
    auto random = testing::seeded{size + 1};
    auto text = bytes(size);
    random(text);
    REQUIRE(run(t.context, exchange(t.a, t.b.id(), text)) == text);
  }
  // SEC-07: a deadline ends what nobody answers; a reset stream is gone, the connection goes on
  auto s = run(t.context, t.a.open(t.b.id(), {"/echo"}, within(5s)));
  REQUIRE(s);
  CHECK_FALSE(run(t.context, s->wait(0, within(20ms))));
  s->reset();
  for (auto i = 0; i < 600; ++i) {  // more than may be open at once
    auto one = run(t.context, t.a.open(t.b.id(), {"/echo"}, within(5s)));
    REQUIRE(one);
    one->reset();
  }
  CHECK(run(t.context, t.a.ping(t.b.id(), within(5s))));
  t.a.disconnect(t.b.id());
  auto const other = run(t.context, t.a.dial(t.with_peer(peer_id::of(key_of(9).public_part())), within(5s)));
  REQUIRE_FALSE(other);
  CHECK(other.error() == tls_errc::wrong_peer);
  CHECK(to_string(other.error()).find("quic handshake") != std::string::npos);
  t.end();
  auto options = host_options{};
  options.swarm_key.emplace(bytes(32, 3));
  auto p = two_hosts{options, options};
  CHECK_FALSE(p.b.listen(*parse_multiaddr("/ip4/127.0.0.1/udp/0/quic-v1")));
  p.end();
}

TEST_CASE("IX-50: one port takes TCP's connections and WebSockets; a private network has a port for each") {
  auto t = two_hosts{};
  REQUIRE(t.b.listen(*parse_multiaddr(to_string(t.at) + "/ws")));
  CHECK(t.b.listen_addresses().size() == 2);
  CHECK_FALSE(t.b.listen(t.at));  // once is enough
  REQUIRE(run(t.context, t.a.dial(t.at, within(5s))));
  t.a.disconnect(t.b.id());
  REQUIRE(run(t.context, t.a.dial(*parse_multiaddr(to_string(t.at) + "/ws"), within(5s))));
  // the dialer is through first: the listener has yet to read its last message
  auto const over_ws = [&] {
    auto const all = t.b.connections();
    return std::any_of(all.begin(), all.end(), [](auto const& c) { return to_string(c.remote_address).ends_with("/ws"); });
  };
  for (auto const until = within(5s); !over_ws() && std::chrono::steady_clock::now() < until;) t.context.run_one();
  CHECK(over_ws());
  CHECK(run(t.context, t.a.ping(t.b.id(), within(5s))));
  t.end();

  auto options = host_options{};
  options.swarm_key.emplace(bytes(32, 3));
  auto p = two_hosts{options, options};
  CHECK_FALSE(p.b.listen(*parse_multiaddr(to_string(p.at) + "/ws")));
  p.at = *p.b.listen(*parse_multiaddr("/ip4/127.0.0.1/tcp/0/ws"));
  REQUIRE(run(p.context, p.a.dial(p.at, within(5s))));
  auto text = bytes(700000, 9);
  CHECK(run(p.context, exchange(p.a, p.b.id(), text)) == text);
  p.end();
}

TEST_CASE("a peer without the protocol, a peer that says nothing") {
  auto t = two_hosts{};
  REQUIRE(run(t.context, t.a.dial(t.at, within(5s))));
  auto const none = run(t.context, t.a.open(t.b.id(), {"/nothing/1"}, within(5s)));
  REQUIRE_FALSE(none);
  CHECK(none.error() == multistream_errc::none_in_common);
  // SEC-07: a deadline ends what nobody answers, and the connection goes on
  auto s = run(t.context, t.a.open(t.b.id(), {"/echo"}, within(5s)));
  REQUIRE(s);
  auto const late = run(t.context, s->wait(0, within(20ms)));
  REQUIRE_FALSE(late);
  CHECK(to_string(late.error()).find("deadline") != std::string::npos);
  s->reset();
  CHECK(run(t.context, t.a.ping(t.b.id(), within(5s))));
  t.end();
}

TEST_CASE("SEC-07: a thousand streams to a peer that answers no negotiation end by their deadline; another peer is served meanwhile") {
  auto t = two_hosts{};
  auto elsewhere = net::io_context{1};
  auto silent = *host::make(elsewhere.get_executor(), key_of(3));
  auto const there = *silent.listen(*parse_multiaddr("/ip4/127.0.0.1/tcp/0"));
  REQUIRE(run(t.context, t.a.dial(t.with_peer(t.b.id()), within(5s))));
  auto dialed = std::optional<io_result<peer_id>>{};
  net::co_spawn(t.context, keep(t.a.dial(there, within(5s)), dialed), [](std::exception_ptr) {});
  REQUIRE(becomes(t.context, [&] {
    elsewhere.poll();
    return dialed && t.a.connections().size() == 2 && t.a.connections()[1].identified && silent.connections().size() == 1 && silent.connections()[0].identified;
  }));
  // from now on it reads nothing and says nothing
  auto ended = 0u, answered = 0u, pinged = 0u;
  auto const ask = [&]() -> net::awaitable<void> {
    auto names = std::vector<std::string>{"/ipfs/ping/1.0.0"};
    auto const s = co_await t.a.open(silent.id(), std::move(names), within(1s));
    ++(s ? answered : ended);
  };
  for (auto i = 0; i < 1000; ++i) net::co_spawn(t.context, ask, [](std::exception_ptr) {});
  auto longest = std::chrono::nanoseconds{0};
  while (ended < 1000 && answered == 0) {
    auto const took = run(t.context, t.a.ping(t.b.id(), within(5s)));
    REQUIRE(took);
    longest = std::max(longest, *took);
    ++pinged;
  }
  CHECK(ended == 1000);
  CHECK(pinged > 10);
  CHECK(longest < 1s);
  CHECK(t.a.connections().at(1).streams.empty());
  silent.close();
  while (silent.alive() != 0) elsewhere.run_one();
  t.end();
}

TEST_CASE("IX-19: who is connected is told of new addresses and protocols without asking, in a record that is newer") {
  auto t = two_hosts{};
  REQUIRE(run(t.context, t.a.dial(t.with_peer(t.b.id()), within(5s))));
  auto const known = [&] { return t.a.connections().at(0).identified; };
  REQUIRE(becomes(t.context, [&] { return known().has_value() && t.b.connections().size() == 1 && t.b.connections()[0].identified; }));
  auto const before = open_peer_record(*known()->signed_record);
  REQUIRE(before);
  CHECK(before->seq > 1'600'000'000'000'000'000u);  // it also grows from one run to the next

  auto const more = *t.b.listen(*parse_multiaddr("/ip4/127.0.0.1/tcp/0/ws"));
  CHECK(becomes(t.context, [&] { return known()->listen_addresses == std::vector{t.at, more}; }));
  auto const after = open_peer_record(*known()->signed_record);
  REQUIRE(after);
  CHECK(after->seq > before->seq);
  CHECK(after->addresses == std::vector{t.at, more});

  t.b.handle("/later", echo);
  CHECK(becomes(t.context, [&] { return known()->protocols == t.b.protocols(); }));
  CHECK(known()->listen_addresses.size() == 2);
  t.end();
}

TEST_CASE("SEC-16: a push above the cap is cut off; what was known stays, and the connection serves on") {
  auto t = two_hosts{};
  REQUIRE(run(t.context, t.a.dial(t.with_peer(t.b.id()), within(5s))));
  REQUIRE(becomes(t.context, [&] { return t.b.connections().size() == 1 && t.b.connections()[0].identified; }));
  auto const push = [&](std::size_t size) {
    auto s = run(t.context, t.a.open(t.b.id(), {std::string{identify_info::push_protocol_id}}, within(5s)));
    REQUIRE(s);
    auto message = bytes{}, field = bytes(size - 3, 'x');
    append_varint(message, size);
    append_varint(message, 6 << 3 | 2);
    append_varint(message, field.size());
    append(message, field);
    (void)run(t.context, s->write(message, within(5s)));
    s->close();
    return run(t.context, s->wait(0, within(5s))).has_value();
  };
  CHECK(push(identify_info::max_message));
  CHECK(t.b.connections().at(0).identified->agent_version == std::string(identify_info::max_text, 'x'));
  auto const known = t.b.connections()[0].identified;
  CHECK_FALSE(push(identify_info::max_message + 1));
  CHECK(t.b.connections().at(0).identified == known);
  CHECK(run(t.context, t.a.ping(t.b.id(), within(5s))));
  t.end();
}

TEST_CASE("SEC-05: a connection that never speaks is gone after its time, and others are served meanwhile") {
  auto options = host_options{};
  options.handshake_time = 1s;
  options.max_handshakes = 2;
  auto t = two_hosts{{}, options};
  auto silent = std::vector<net::ip::tcp::socket>{};
  auto const port = t.at.find(6)->port();
  silent.emplace_back(t.context).connect({net::ip::make_address("127.0.0.1"), port});
  REQUIRE(run(t.context, t.a.dial(t.at, within(5s))));
  byte none[64];
  auto closed = false;
  auto received = 0uz;
  std::function<void()> read = [&] {
    silent[0].async_read_some(net::buffer(none), [&](boost::system::error_code e, std::size_t n) {
      received += n;
      if (e) closed = true;
      else read();
    });
  };
  read();
  while (!closed) t.context.run_one();
  CHECK(received == 20);  // the greeting of multistream-select
  t.end();
}

TEST_CASE("SEC-03: one peer has a bounded number of connections, and others are served") {
  auto options = host_options{};
  options.max_of_peer = 3;
  auto t = two_hosts{{}, options};
  for (auto i = 0; i < 6; ++i) REQUIRE(run(t.context, t.a.dial(t.at, within(5s))));
  auto c = *host::make(t.context.get_executor(), key_of(3));
  REQUIRE(run(t.context, c.dial(t.at, within(5s))));
  CHECK(run(t.context, c.ping(t.b.id(), within(5s))));
  for (auto const until = within(10s); t.a.connections().size() > 3 && std::chrono::steady_clock::now() < until;) t.context.run_one();
  CHECK(t.a.connections().size() == 3);
  CHECK(t.b.connections().size() == 4);
  CHECK(run(t.context, t.a.ping(t.b.id(), within(5s))));
  c.close();
  while (c.alive() != 0) t.context.run_one();
  t.end();
}

TEST_CASE("a private network: those with the key speak, another key and no key do not") {
  auto const with = [](std::uint64_t seed) {
    auto options = host_options{};
    auto key = bytes(32);
    testing::seeded{seed}(key);
    options.swarm_key.emplace(std::move(key));
    options.handshake_time = 1s;
    return options;
  };
  auto same = two_hosts{with(1), with(1)};
  CHECK(run(same.context, same.a.dial(same.with_peer(same.b.id()), within(5s))));
  auto text = bytes(700000, 7);
  CHECK(run(same.context, exchange(same.a, same.b.id(), text)) == text);
  same.end();
  auto other = two_hosts{with(1), with(2)};
  CHECK_FALSE(run(other.context, other.a.dial(other.at, within(2s))));
  other.end();
  auto open = two_hosts{with(1), {}};
  CHECK_FALSE(run(open.context, open.a.dial(open.at, within(2s))));
  open.end();
}
