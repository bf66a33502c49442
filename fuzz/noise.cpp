// A Noise channel fed with anything: it never opens, and delivers nothing. Payloads that are read are written and read the same.
#include <cairn/libp2p/noise.hpp>

#include "law.hpp"

using namespace cairn;

namespace {
struct zeros {
  void operator()(bytes_span out) const {
    for (auto& b : out) b = 7;
  }
};
auto identity() -> noise_identity const& {
  static auto const source = zeros{};
  static auto const key = *private_key::generate(key_type::ed25519, 0, random_source{source});
  static auto const own = *noise_identity::make(key, random_source{source});
  return own;
}
}  // namespace

extern "C" int LLVMFuzzerTestOneInput(byte const* data, std::size_t size) {
  if (size == 0) return 0;
  auto const in = bytes_view{data, size}.subspan(1);
  auto const source = zeros{};
  auto channel = noise_channel{identity(), {.dialer = data[0] % 2 == 0}, random_source{source}};
  byte_queue text, wire;
  (void)channel.start(wire);
  if (auto const n = channel.resume(in, text, wire)) CAIRN_LAW(*n <= in.size());
  CAIRN_LAW(!channel.is_open());
  CAIRN_LAW(text.empty());
  if (auto const p = decode_noise_payload(in)) {
    auto const again = decode_noise_payload(encode_noise_payload(*p));
    CAIRN_LAW(again == *p);
  }
  return 0;
}
