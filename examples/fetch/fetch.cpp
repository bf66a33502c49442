// Fetch a file by its CID from a peer: dial, get all blocks of it by bitswap, each checked, and write the file.

#include <cairn/asio/libp2p/bitswap.hpp>
#include <cairn/asio/libp2p/host.hpp>
#include <cairn/blockstore/memory.hpp>
#include <cairn/core/text.hpp>
#include <cairn/core/try.hpp>
#include <cairn/unixfs/byte_sink.hpp>
#include <cairn/unixfs/file_reader.hpp>

#include <cerrno>
#include <cstdio>
#include <exception>
#include <optional>

#include <boost/asio/co_spawn.hpp>
#include <boost/asio/io_context.hpp>
#include <fcntl.h>
#include <unistd.h>

using namespace cairn;
using namespace std::chrono_literals;

// [fetch]
auto fetch(libp2p::host& host, libp2p::bitswap_exchange& exchange, blockstore_ref store, multiaddr peer, cid root)
    -> libp2p::task<libp2p::fetch_report> {
  auto const dialed = co_await host.dial(peer, libp2p::within(10s));
  if (!dialed) co_return std::unexpected(dialed.error());
  auto report = co_await libp2p::fetch_dag(exchange, store, root, 30s);
  co_return report;
}
// [/fetch]

auto fetch_and_stop(libp2p::host& host, libp2p::bitswap_exchange& exchange, blockstore_ref store, multiaddr peer, cid root,
                    std::optional<io_result<libp2p::fetch_report>>& out) -> boost::asio::awaitable<void> {
  out = co_await fetch(host, exchange, store, std::move(peer), root);
  host.close();
}

auto run(std::string const& peer, std::string const& root, std::string const& file) -> io_result<void> {
  CAIRN_TRY(auto address, parse_multiaddr(peer));
  CAIRN_TRY(auto id, parse_cid(root));
  auto store = memory_blockstore{};
  auto loop = boost::asio::io_context{1};
  CAIRN_TRY(auto key, private_key::generate(key_type::ed25519));
  CAIRN_TRY(auto host, libp2p::host::make(loop.get_executor(), std::move(key)));
  auto exchange = libp2p::bitswap_exchange{host, store, {.serve = false}};
  auto report = std::optional<io_result<libp2p::fetch_report>>{};
  boost::asio::co_spawn(loop, fetch_and_stop(host, exchange, store, address, id, report), [](std::exception_ptr e) {
    if (e) std::rethrow_exception(e);
  });
  while (!report) loop.run_one();
  CAIRN_TRY(auto done, *std::move(report));
  CAIRN_TRY(auto reader, open_file(store, id));
  auto const fd = ::open(file.c_str(), O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0644);
  if (fd < 0) return std::unexpected(error::system(errno, "cannot create", file));
  auto sink = file_sink{fd, file};
  auto const copied = reader.copy_to(sink);
  ::close(fd);
  if (!copied) return std::unexpected(copied.error());
  auto const t = exchange.totals();
  std::printf("%llu blocks, %llu bytes, %llu duplicates\n", static_cast<unsigned long long>(done.fetched),
              static_cast<unsigned long long>(done.bytes), static_cast<unsigned long long>(t.duplicates));
  return {};
}

int main(int argc, char** argv) {
  if (argc != 4) {
    std::fputs("usage: fetch PEER CID FILE\n", stderr);
    return 1;
  }
  auto const done = run(argv[1], argv[2], argv[3]);
  if (!done) std::fprintf(stderr, "%s\n", printable(to_string(done.error())).c_str());
  return done ? 0 : 1;
}
