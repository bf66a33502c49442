// One stream of TCP + Noise + yamux between two hosts on loopback, each with a thread of its own, beside what the cipher alone
// allows on one core; and bitswap of one file, both sides in memory.   bench_wire [MEBIBYTES]
#include <cairn/asio/libp2p/bitswap.hpp>
#include <cairn/asio/libp2p/host.hpp>
#include <cairn/blockstore/memory.hpp>
#include <cairn/crypto/chacha20_poly1305.hpp>
#include <cairn/unixfs/add_file.hpp>

#include <chrono>
#include <cstdio>
#include <cstdlib>
#include <ctime>
#include <exception>
#include <thread>

#include <boost/asio/co_spawn.hpp>
#include <boost/asio/executor_work_guard.hpp>
#include <boost/asio/io_context.hpp>

using namespace cairn;
using namespace std::chrono_literals;
namespace net = boost::asio;

namespace {

auto cpu_seconds() -> double { return static_cast<double>(std::clock()) / CLOCKS_PER_SEC; }

auto seconds_since(std::chrono::steady_clock::time_point begin) -> double {
  return std::chrono::duration<double>(std::chrono::steady_clock::now() - begin).count();
}

auto cipher_speed() -> double {
  auto cipher = chacha20_poly1305{bytes(32)};
  auto text = bytes(65519), out = bytes(65535);
  auto const nonce = bytes(12);
  auto best = 0.0;
  for (auto run = 0; run < 5; ++run) {
    auto const begin = std::chrono::steady_clock::now();
    for (auto i = 0; i < 2000; ++i) cipher.seal(nonce, {}, text, out.data());
    best = std::max(best, 2000.0 * 65519 / seconds_since(begin) / (1 << 20));
  }
  return best;
}

constexpr auto rethrow = [](std::exception_ptr e) {
  if (e) std::rethrow_exception(e);
};

auto drain(libp2p::stream s) -> net::awaitable<void> {
  auto total = std::size_t{0};
  for (;;) {
    auto const view = co_await s.wait(0, libp2p::within(60s));
    if (!view || view->empty()) break;
    total += view->size();
    s.consume(view->size());
  }
  auto const text = std::to_string(total);
  (void)co_await s.write(as_bytes(text), libp2p::within(10s));
  s.close();
}

auto send(libp2p::host& h, multiaddr to, std::size_t size, double& took) -> net::awaitable<void> {
  auto const peer = co_await h.dial(to, libp2p::within(10s));
  if (!peer) std::abort();
  auto names = std::vector<std::string>{"/drain"};
  auto s = co_await h.open(*peer, std::move(names), libp2p::within(10s));
  if (!s) std::abort();
  auto const piece = bytes(1 << 20, 7);
  auto const begin = std::chrono::steady_clock::now();
  for (auto sent = 0uz; sent < size; sent += piece.size()) {
    auto const ok = co_await s->write(piece, libp2p::within(60s));
    if (!ok) std::abort();
  }
  s->close();
  auto const answer = co_await s->wait(0, libp2p::within(60s));
  if (!answer || as_text(*answer) != std::to_string(size)) std::abort();
  took = seconds_since(begin);
}

auto fetch(libp2p::host& h, libp2p::bitswap_exchange& x, blockstore_ref store, multiaddr to, cid root, double& took, std::uint64_t& duplicates)
    -> net::awaitable<void> {
  auto const peer = co_await h.dial(to, libp2p::within(10s));
  if (!peer) std::abort();
  auto const begin = std::chrono::steady_clock::now();
  auto const report = co_await libp2p::fetch_dag(x, store, root, 30s);
  if (!report) {
    std::fprintf(stderr, "%s\n", to_string(report.error()).c_str());
    std::abort();
  }
  took = seconds_since(begin);
  duplicates = x.totals().duplicates;
}

struct loop_thread {
  net::io_context loop{1};
  net::executor_work_guard<net::io_context::executor_type> work{loop.get_executor()};
  std::thread thread{};
  void start() { thread = std::thread{[this] { loop.run(); }}; }
  void stop() {
    loop.stop();
    if (thread.joinable()) thread.join();
  }
};

}  // namespace

int main(int argc, char** argv) {
  auto const mebibytes = argc > 1 ? std::strtoull(argv[1], nullptr, 10) : 1024;
  auto const size = static_cast<std::size_t>(mebibytes) << 20;
  auto const cipher = cipher_speed();
  std::printf("ChaCha20-Poly1305, one core      %8.0f MiB/s\n", cipher);

  for (auto round = 0; round < 3; ++round) {
    loop_thread there, here;
    auto a = *libp2p::host::make(here.loop.get_executor(), *private_key::generate(key_type::ed25519));
    auto b = *libp2p::host::make(there.loop.get_executor(), *private_key::generate(key_type::ed25519));
    b.handle("/drain", drain);
    auto const at = *b.listen(*parse_multiaddr("/ip4/127.0.0.1/tcp/0"));
    auto took = 0.0;
    net::co_spawn(here.loop, send(a, at, size, took), rethrow);
    auto const cpu = cpu_seconds();
    there.start();
    while (took == 0.0) here.loop.run_one();
    there.stop();
    auto const speed = static_cast<double>(mebibytes) / took;
    std::printf("one stream, TCP + Noise + yamux  %8.0f MiB/s  %5.1f %% of the cipher; %.2f CPU seconds a GiB, both ends\n", speed, 100 * speed / cipher,
                (cpu_seconds() - cpu) * 1024 / static_cast<double>(mebibytes));
  }

  auto file = bytes(size);
  for (auto i = 0uz; i < file.size(); i += 8) *reinterpret_cast<std::uint64_t*>(&file[i]) = i * 0x9e3779b97f4a7c15ull;
  for (auto round = 0; round < 2; ++round) {
    loop_thread there, here;
    auto full = memory_blockstore{}, empty = memory_blockstore{};
    auto const root = add_file(full, bytes_view{file})->root;
    auto a = *libp2p::host::make(here.loop.get_executor(), *private_key::generate(key_type::ed25519));
    auto b = *libp2p::host::make(there.loop.get_executor(), *private_key::generate(key_type::ed25519));
    auto asks = libp2p::bitswap_exchange{a, empty}, answers = libp2p::bitswap_exchange{b, full};
    auto const at = *b.listen(*parse_multiaddr("/ip4/127.0.0.1/tcp/0"));
    auto took = 0.0;
    auto duplicates = std::uint64_t{0};
    net::co_spawn(here.loop, fetch(a, asks, empty, at, root, took, duplicates), rethrow);
    there.start();
    while (took == 0.0) here.loop.run_one();
    there.stop();
    std::printf("bitswap, one file                %8.0f MiB/s  %.2f s, %llu duplicates\n", static_cast<double>(mebibytes) / took, took,
                static_cast<unsigned long long>(duplicates));
  }
  return 0;
}
