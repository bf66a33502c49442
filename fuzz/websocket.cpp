// WebSocket frames of anything, whole and in two pieces: the same content, the same end, and nothing held of a frame.
#include <cairn/libp2p/websocket.hpp>

#include "law.hpp"

using namespace cairn;

namespace {
struct sevens {
  void operator()(bytes_span out) const {
    for (auto& b : out) b = 7;
  }
};

struct outcome {
  bytes text;
  bool failed = false;
};

auto feed(bytes_view in, std::size_t cut, bool open_first) -> outcome {
  auto const source = sevens{};
  auto channel = websocket_channel{{.dialer = false}, random_source{source}};
  byte_queue text, wire, pending;
  if (open_first)
    (void)channel.resume(as_bytes("GET / HTTP/1.1\r\nUpgrade: websocket\r\nConnection: Upgrade\r\nSec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n"
                                  "Sec-WebSocket-Version: 13\r\n\r\n"), text);
  auto out = outcome{};
  for (auto part : {in.first(cut), in.subspan(cut)}) {
    pending.push(part);
    auto const n = channel.resume(pending.view(), text);
    if (!n) {
      out.failed = true;
      break;
    }
    CAIRN_LAW(*n <= pending.size());
    pending.consume(*n);
  }
  CAIRN_LAW(text.size() <= in.size());
  channel.write({}, wire);
  CAIRN_LAW(wire.size() <= 1024);
  out.text.assign(text.view().begin(), text.view().end());
  return out;
}
}  // namespace

extern "C" int LLVMFuzzerTestOneInput(byte const* data, std::size_t size) {
  if (size < 2) return 0;
  auto const in = bytes_view{data, size}.subspan(2);
  auto const whole = feed(in, in.size(), data[0] % 4 != 0);
  auto const cut = feed(in, in.empty() ? 0 : data[1] % (in.size() + 1), data[0] % 4 != 0);
  CAIRN_LAW(whole.failed == cut.failed);
  CAIRN_LAW(whole.text == cut.text);
  return 0;
}
