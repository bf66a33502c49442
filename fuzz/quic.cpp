// Datagrams of anything: to a listener that knows nobody, to a session that waits for its dialer, to one that dials.
#include <cairn/libp2p/quic/session.hpp>

#include "law.hpp"

using namespace cairn;

namespace {
struct counting {
  mutable std::uint8_t n = 0;
  void operator()(bytes_span out) const {
    for (auto& b : out) b = ++n;
  }
};
constexpr auto seconds = std::int64_t{1'767'225'600};
auto identity() -> tls_identity const& {
  static auto const source = counting{};
  static auto const key = *private_key::generate(key_type::ed25519, 0, random_source{source});
  static auto const own = *tls_identity::make(key, seconds);
  return own;
}
auto address(byte n) -> quic_address {
  auto out = quic_address{};
  out.octets[0] = 2, out.octets[3] = n, out.size = 16;
  return out;
}
}  // namespace

extern "C" int LLVMFuzzerTestOneInput(byte const* data, std::size_t size) {
  if (size < 3) return 0;
  auto const source = counting{};
  auto const random = random_source{source};
  auto now = quic_session::clock_time{std::chrono::seconds(1000)};
  auto const tls = tls_options{.now = seconds, .protocols = {"libp2p"}};
  auto const path = quic_path{address(1), address(2)};
  // the first octet says how the rest is cut into datagrams
  auto const in = bytes_view{data, size}.subspan(1);
  auto const first = in.first(std::min<std::size_t>(in.size(), 1 + 8 * data[0]));
  byte out[quic_session::max_datagram];
  if (auto const head = read_quic_head(first)) {
    CAIRN_LAW(head->id.size() <= 255 && head->source.size() <= 255);  // of any version (RFC 8999, 5.1)
    if (head->is_initial) CAIRN_LAW(head->id.size() <= 20 && head->source.size() <= 20);  // of version 1 (RFC 9000, 17.2)
    if (head->unknown_version) CAIRN_LAW(quic_version_negotiation(*head, bytes_span{out}.first(600)) <= 600);
  }
  auto const retry = quic_retry{random};
  CAIRN_LAW(!retry.check(in, address(2), now));
  auto dialer = quic_session::dial(identity(), tls, {}, path, random, now);
  CAIRN_LAW(dialer.has_value());
  (void)dialer->send(out, now);
  auto listener = quic_session::accept(identity(), tls, {}, path, first, random, now);
  for (auto rest = in; !rest.empty();) {
    auto const part = rest.first(std::min(rest.size(), first.size()));
    rest = rest.subspan(part.size());
    now += std::chrono::milliseconds(1);
    (void)dialer->receive(path, part, now);
    if (listener) (void)listener->receive(path, part, now);
    CAIRN_LAW(!dialer->is_open());
    CAIRN_LAW(!dialer->next_event());
    auto sent = 0uz;
    for (auto i = 0; i < 8 && listener; ++i) sent += listener->send(out, now);
    CAIRN_LAW(sent <= 3 * size);  // "MUST limit the amount of data it sends to three times" what came from an address that is not proven (RFC 9000, 8.1)
  }
  return 0;
}
