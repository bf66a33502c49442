// WebSocket frames of anything, to a listener and to a dialer, whole and in two pieces: the same content, the same end, and nothing
// held of a frame. What one end writes, the other one reads.
#include <cairn/libp2p/websocket.hpp>

#include "ends.hpp"

using namespace cairn;

namespace {

struct outcome {
  bytes text;
  bool failed = false;
};

struct ends {
  fuzz::same sevens{7};
  websocket_channel dialer{{.host = "127.0.0.1:4001"}, random_source{sevens}}, listener{{.dialer = false}, random_source{sevens}};

  // The opening as the other end has it.
  void open() {
    byte_queue request, answer, text;
    dialer.start(request);
    CAIRN_LAW(listener.resume(request.view(), text) == request.size());
    listener.write({}, answer);
    CAIRN_LAW(dialer.resume(answer.view(), text) == answer.size());
    CAIRN_LAW(dialer.is_open() && listener.is_open());
  }
};

auto feed(bytes_view in, std::size_t cut, bool dials, bool open_first) -> outcome {
  auto both = ends{};
  if (open_first) both.open();
  auto& channel = dials ? both.dialer : both.listener;
  byte_queue text, wire, pending;
  if (dials && !open_first) channel.start(wire);
  wire.clear();
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
  auto const dials = data[0] >= 128, open_first = data[0] % 4 != 0;
  auto const whole = feed(in, in.size(), dials, open_first);
  auto const cut = feed(in, in.empty() ? 0 : data[1] % (in.size() + 1), dials, open_first);
  CAIRN_LAW(whole.failed == cut.failed);
  CAIRN_LAW(whole.text == cut.text);

  // a text of theirs, many times where it is to be long
  auto both = ends{};
  both.open();
  auto& from = dials ? both.dialer : both.listener;
  auto& to = dials ? both.listener : both.dialer;
  byte_queue wire, got;
  auto sent = bytes{};
  for (auto i = 0; i < 1 + (data[1] == 255 ? 66'000 / (1 + static_cast<int>(in.size())) : 0); ++i) append(sent, in);
  from.write(sent, wire);
  CAIRN_LAW(to.resume(wire.view(), got) == wire.size());
  CAIRN_LAW(equal(got.view(), sent));
  CAIRN_LAW(!to.has_answers());
  from.close();
  wire.clear();
  from.write({}, wire);
  auto const end = to.resume(wire.view(), got);
  CAIRN_LAW(!end && end.error() == websocket_errc::closed && to.has_answers());
  return 0;
}
