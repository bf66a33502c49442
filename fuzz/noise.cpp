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

// Two sides that are honest; on their way the octets are kept, or one of them becomes another.
void conversation(bytes_view in, std::size_t spoil) {
  auto const source = zeros{};
  auto dialer = noise_channel{identity(), {.dialer = true}, random_source{source}};
  auto listener = noise_channel{identity(), {.dialer = false}, random_source{source}};
  byte_queue a, b, c, none, text;
  CAIRN_LAW(dialer.start(a) && listener.start(none));
  CAIRN_LAW(listener.resume(a.view(), text, b) && dialer.resume(b.view(), text, c) && listener.resume(c.view(), text, none));
  CAIRN_LAW(dialer.is_open() && listener.is_open() && dialer.remote() == listener.remote() && none.view().empty());
  CAIRN_LAW(dialer.early_muxer() == listener.early_muxer());
  byte_queue wire;
  CAIRN_LAW(dialer.write(in, wire).has_value());
  auto sent = bytes(wire.view().begin(), wire.view().end());
  if (spoil < sent.size()) sent[spoil] ^= 1;
  auto const taken = listener.resume(sent, text, none);
  if (spoil >= sent.size())
    CAIRN_LAW(taken == sent.size() && equal(text.view(), in));
  else
    CAIRN_LAW(text.view().empty());
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
  if (data[0] >= 240) conversation(in, data[0] % 2 ? std::size_t{data[0]} - 241 : SIZE_MAX);
  if (auto const p = decode_noise_payload(in)) {
    auto const again = decode_noise_payload(encode_noise_payload(*p));
    CAIRN_LAW(again == *p);
  }
  return 0;
}
