// A TLS channel fed with anything: it never opens, and delivers nothing; whole messages of a handshake at any level end it or not.
#include <cairn/libp2p/tls/channel.hpp>

#include "law.hpp"

using namespace cairn;

namespace {
struct sevens {
  void operator()(bytes_span out) const {
    for (auto& b : out) b = 7;
  }
};
constexpr auto now = std::int64_t{1'767'225'600};
auto identity() -> tls_identity const& {
  static auto const source = sevens{};
  static auto const key = *private_key::generate(key_type::ed25519, 0, random_source{source});
  static auto const own = *tls_identity::make(key, now);
  return own;
}
}  // namespace

extern "C" int LLVMFuzzerTestOneInput(byte const* data, std::size_t size) {
  if (size == 0) return 0;
  auto const in = bytes_view{data, size}.subspan(1);
  auto const source = sevens{};
  auto options = tls_options{.dialer = data[0] % 2 == 0, .now = now, .protocols = {"/yamux/1.0.0", "libp2p"}};
  byte_queue text, wire;
  auto channel = tls_channel{identity(), options, random_source{source}};
  (void)channel.start(wire);
  if (auto const n = channel.resume(in, text, wire)) CAIRN_LAW(*n <= in.size());
  CAIRN_LAW(!channel.is_open());
  CAIRN_LAW(text.empty());
  CAIRN_LAW(wire.size() < 64 * 1024);

  // the messages without records, as QUIC has them
  if (data[0] & 2) options.quic_parameters = bytes{1, 2, 3};
  auto handshake = tls_handshake{identity(), options, random_source{source}};
  handshake.start();
  for (auto rest = in; rest.size() > 5;) {
    auto const n = 4 + (std::size_t{rest[2]} << 16 | std::size_t{rest[3]} << 8 | rest[4]);
    if (n > rest.size() - 1) break;
    if (!handshake.resume(static_cast<tls_level>(rest[0] % 3), rest.subspan(1, n))) break;
    rest = rest.subspan(1 + n);
  }
  CAIRN_LAW(!handshake.is_finished());
  return 0;
}
