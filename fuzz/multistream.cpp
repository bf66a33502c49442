// Both sides of a negotiation: no more is taken than came, memory stays small, and a message that is read is written the same.
#include <cairn/libp2p/multistream.hpp>

#include "law.hpp"

using namespace cairn;

extern "C" int LLVMFuzzerTestOneInput(byte const* data, std::size_t size) {
  auto const in = bytes_view{data, size};
  auto const names = std::vector<std::string>{"/noise", "/yamux/1.0.0"};
  byte_queue wire;
  auto listener = multistream_listener{};
  if (auto const s = listener.resume(in, names, wire)) {
    CAIRN_LAW(s->taken <= size);
    CAIRN_LAW(!s->agreed || *s->agreed < names.size());
  }
  CAIRN_LAW(wire.size() <= 16 * (multistream_listener::max_proposals + 2));
  wire.clear();
  auto dialer = multistream_dialer{names};
  if (auto const s = dialer.resume(in, wire)) CAIRN_LAW(s->taken <= size);
  CAIRN_LAW(wire.size() <= 64);
  if (auto const m = read_multistream(in); m && *m) {
    byte_queue again;
    append_multistream(again, (*m)->value);
    CAIRN_LAW(equal(again.view(), in.first(size - (*m)->rest.size())));
  }
  return 0;
}
