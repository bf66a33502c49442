// A bitswap server: one file in memory, given to any peer that asks. It prints the file's CID and where it listens, then serves
// until it is told to stop. From Kubo: ipfs swarm connect ADDRESS, then ipfs get CID.

#include <cairn/asio/libp2p/bitswap.hpp>
#include <cairn/asio/libp2p/host.hpp>
#include <cairn/blockstore/memory.hpp>
#include <cairn/core/text.hpp>
#include <cairn/core/try.hpp>
#include <cairn/unixfs/add_file.hpp>
#include <cairn/unixfs/byte_source.hpp>

#include <cerrno>
#include <cstdio>

#include <boost/asio/io_context.hpp>
#include <boost/asio/signal_set.hpp>
#include <fcntl.h>

using namespace cairn;

// [bitswap_server]
auto serve(std::string const& file, std::string const& listen) -> io_result<void> {
  auto store = memory_blockstore{};
  auto source = file_source{::open(file.c_str(), O_RDONLY | O_CLOEXEC), file};
  CAIRN_TRY(auto added, add_file(store, source));

  auto loop = boost::asio::io_context{1};
  CAIRN_TRY(auto key, private_key::generate(key_type::ed25519));
  CAIRN_TRY(auto host, libp2p::host::make(loop.get_executor(), std::move(key)));
  auto exchange = libp2p::bitswap_exchange{host, store};
  CAIRN_TRY(auto address, parse_multiaddr(listen));
  CAIRN_TRY(auto at, host.listen(address));
  std::printf("%s\n%s/p2p/%s\n", to_string(added.root).c_str(), to_string(at).c_str(), to_string(host.id()).c_str());
  std::fflush(stdout);

  auto stop = boost::asio::signal_set{loop, SIGINT, SIGTERM};
  stop.async_wait([&](auto, int) { host.close(); loop.stop(); });
  loop.run();
  return {};
}
// [/bitswap_server]

int main(int argc, char** argv) {
  if (argc != 2 && argc != 3) {
    std::fputs("usage: bitswap_server FILE [LISTEN]\n", stderr);
    return 1;
  }
  auto const done = serve(argv[1], argc == 3 ? argv[2] : "/ip4/127.0.0.1/tcp/0");
  if (!done) std::fprintf(stderr, "%s\n", printable(to_string(done.error())).c_str());
  return done ? 0 : 1;
}
