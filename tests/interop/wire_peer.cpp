// A host for tests/interop/matrix; the commands are those of conformance/peers/go/cmd/wire-peer.
//   wire_peer listen ADDRESS SECURITY          prints the address, echoes and pings until its input ends
//   wire_peer dial ADDRESS SECURITY            pings, echoes 1 MiB, prints one line of JSON
//   wire_peer perf ADDRESS SECURITY MEBIBYTES  sends that much, prints one line of JSON
//   wire_peer crowd ADDRESS SECURITY           many peers: "more N" has N more of them connected, "cycle N" connects N, one after the
//                                              other, that leave again; each answers one line; ends with its input
#include <cairn/asio/libp2p/host.hpp>

#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <exception>
#include <string>
#include <vector>

#include <unistd.h>

#include <boost/asio/co_spawn.hpp>
#include <boost/asio/detached.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/posix/stream_descriptor.hpp>
#include <boost/asio/read_until.hpp>
#include <boost/asio/redirect_error.hpp>
#include <boost/asio/use_awaitable.hpp>

using namespace cairn;
using namespace std::chrono_literals;
namespace net = boost::asio;
using libp2p::within;

namespace {

constexpr auto echo_name = "/cairn-test/echo/1", sink_name = "/cairn-test/sink/1";

auto echo(libp2p::stream s) -> net::awaitable<void> {
  for (;;) {
    auto const view = co_await s.wait(0, within(60s));
    if (!view) co_return;
    if (view->empty()) break;
    auto const copy = bytes(view->begin(), view->end());  // what `wait` shows may move while the write waits
    s.consume(copy.size());
    auto const sent = co_await s.write(copy, within(60s));
    if (!sent) co_return;
  }
  s.close();
}

auto swallow(libp2p::stream s) -> net::awaitable<void> {
  auto total = 0uz;
  for (;;) {
    auto const view = co_await s.wait(0, within(60s));
    if (!view) co_return;
    if (view->empty()) break;
    total += view->size();
    s.consume(view->size());
  }
  auto const text = std::to_string(total);
  auto const sent = co_await s.write(as_bytes(text), within(60s));
  if (sent) s.close();
  if (sent) (void)co_await s.wait(0, within(10s));
}

auto read_all(libp2p::stream& s, std::size_t most) -> libp2p::task<bytes> {
  auto out = bytes{};
  while (out.size() <= most) {
    auto const view = co_await s.wait(0, within(60s));
    if (!view) co_return std::unexpected(view.error());
    if (view->empty()) break;
    append(out, *view);
    s.consume(view->size());
  }
  co_return out;
}

auto write_all(libp2p::stream& s, bytes const& text, std::size_t times) -> net::awaitable<void> {
  for (auto i = 0uz; i < times; ++i) {
    auto const sent = co_await s.write(text, within(60s));
    if (!sent) co_return;
  }
  s.close();
}

struct settings {
  multiaddr address;
  std::size_t mebibytes = 1;
  bool perf = false;
};

auto exchange(libp2p::host& h, settings const& how) -> libp2p::task<std::string> {
  auto const peer = co_await h.dial(how.address, within(30s));
  if (!peer) co_return std::unexpected(peer.error());
  auto text = std::string{"\"ok\":true,\"security\":\""} + h.connections().front().security + "\"";
  if (!how.perf) {
    auto const took = co_await h.ping(*peer, within(10s));
    if (!took) co_return std::unexpected(error{took.error()}.during("ping"));
    text += ",\"ping\":" + std::to_string(static_cast<double>(took->count()) / 1e9);
    auto const info = co_await h.identify(*peer, within(10s));
    if (!info) co_return std::unexpected(error{info.error()}.during("identify"));
    text += ",\"agent\":\"" + info->agent_version.value_or("") + "\"";
  }
  auto names = std::vector<std::string>{how.perf ? sink_name : echo_name};
  auto s = co_await h.open(*peer, std::move(names), within(10s));
  if (!s) co_return std::unexpected(error{s.error()}.during("opening a stream"));
  auto chunk = bytes(1 << 20);
  random_source::system()(chunk);
  auto const begin = std::chrono::steady_clock::now();
  net::co_spawn(h.executor(), write_all(*s, chunk, how.mebibytes), net::detached);
  auto const got = co_await read_all(*s, chunk.size());
  if (!got) co_return std::unexpected(error{got.error()}.during("reading"));
  auto const whole = how.perf ? as_text(*got) == std::to_string(how.mebibytes << 20) : *got == chunk;
  if (!whole) co_return std::unexpected(error::message("peer", "what came back is not what was sent"));
  auto const seconds = std::chrono::duration<double>(std::chrono::steady_clock::now() - begin).count();
  co_return text + ",\"seconds\":" + std::to_string(seconds);
}

auto dial(libp2p::host& h, settings const& how, int& code) -> net::awaitable<void> {
  auto const done = co_await exchange(h, how);
  if (done) std::printf("{%s}\n", done->c_str());
  else std::printf("{\"ok\":false,\"error\":\"%s\"}\n", to_string(done.error()).c_str());
  code = done ? 0 : 1;
  h.close();
}

// Peers of one address, each with a key of its own.
class crowd {
public:
  crowd(net::any_io_executor loop, multiaddr to, libp2p::host_options options) : loop_{std::move(loop)}, to_{std::move(to)}, options_{std::move(options)} {}

  auto follow(net::posix::stream_descriptor& input) -> net::awaitable<void> {
    auto text = std::string{};
    for (;;) {
      auto ec = boost::system::error_code{};
      auto const n = co_await net::async_read_until(input, net::dynamic_buffer(text), '\n', net::redirect_error(net::use_awaitable, ec));
      if (ec) break;
      auto const line = text.substr(0, n);
      text.erase(0, n);
      auto const stays = line.starts_with("more ");
      auto const count = std::strtoull(line.c_str() + line.find(' '), nullptr, 10);
      auto done = io_result<void>{};
      for (auto i = 0uz; i < count && done; ++i) done = co_await join(stays);
      std::printf("%s\n", done ? "done" : to_string(done.error()).c_str());
      std::fflush(stdout);
    }
    for (auto& h : here_) h.close();
  }

private:
  auto join(bool stays) -> libp2p::task<void> {
    auto made = libp2p::host::make(loop_, private_key::generate(key_type::ed25519).value(), options_);
    if (!made) co_return std::unexpected(made.error());
    auto h = *std::move(made);
    auto const peer = co_await h.dial(to_, within(10s));
    if (!peer) co_return std::unexpected(peer.error());
    auto const info = co_await h.identify(*peer, within(10s));
    if (!info) co_return std::unexpected(info.error());
    if (stays) here_.push_back(h);
    else h.close();
    co_return io_result<void>{};
  }

  net::any_io_executor loop_;
  multiaddr to_;
  libp2p::host_options options_;
  std::vector<libp2p::host> here_;
};

}  // namespace

auto main(int argc, char** argv) -> int {
  if (argc < 4) return 2;
  auto loop = net::io_context{1};
  auto options = libp2p::host_options{};
  if (std::strcmp(argv[3], "tls") == 0) options.security = {"/tls/1.0.0"};
  if (std::strcmp(argv[3], "noise") == 0) options.security = {"/noise"};
  auto host = libp2p::host::make(loop.get_executor(), private_key::generate(key_type::ed25519).value(), options).value();
  auto const address = parse_multiaddr(argv[2]);
  if (!address) return 2;
  host.handle(echo_name, echo);
  host.handle(sink_name, swallow);
  auto code = 0;
  auto input = net::posix::stream_descriptor{loop, ::dup(0)};
  if (std::strcmp(argv[1], "crowd") == 0) {
    auto all = crowd{loop.get_executor(), *address, options};
    net::co_spawn(loop, all.follow(input), [&](std::exception_ptr) { loop.stop(); });
    loop.run();
    return 0;
  }
  auto how = settings{*address};
  if (std::strcmp(argv[1], "listen") == 0) {
    auto const at = host.listen(*address);
    if (!at) {
      std::printf("%s\n", to_string(at.error()).c_str());
      return 1;
    }
    std::printf("%s/p2p/%s\n", to_string(*at).c_str(), to_string(host.id()).c_str());
    std::fflush(stdout);
    input.async_wait(net::posix::stream_descriptor::wait_read, [&](boost::system::error_code) {
      host.close();
      loop.stop();
    });
  } else {
    how.perf = std::strcmp(argv[1], "perf") == 0;
    if (how.perf && argc > 4) how.mebibytes = static_cast<std::size_t>(std::strtoull(argv[4], nullptr, 10));
    net::co_spawn(loop, dial(host, how, code), [&](std::exception_ptr) { loop.stop(); });
  }
  loop.run();
  return code;
}
