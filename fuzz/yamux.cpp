// A yamux session fed with anything, between calls of its own side: windows hold, memory is bounded, an error is final.
#include <cairn/libp2p/yamux.hpp>

#include <map>

#include "law.hpp"

using namespace cairn;

extern "C" int LLVMFuzzerTestOneInput(byte const* data, std::size_t size) {
  if (size < 2) return 0;
  auto const options = yamux_options{.max_inbound = 8, .max_outbound = 4, .max_extra = 1 << 20, .max_unsent = 4096};
  auto session = yamux_session{data[0] % 2 == 0, options};
  auto const script = data[1];
  auto now = yamux_session::clock_time{} + std::chrono::hours{1};
  byte_queue out;
  auto unread = std::map<stream_id, std::size_t>{};
  if (script & 1) (void)session.open(out);
  if (script & 2) session.ping(now, out);
  auto rest = bytes_view{data, size}.subspan(2);
  for (auto failed = false;;) {
    auto const step = session.resume(rest, now, out);
    if (!step) {
      failed = true;
      CAIRN_LAW(session.resume({}, now, out).error() == step.error());
      CAIRN_LAW(!session.open(out));
      break;
    }
    CAIRN_LAW(step->taken <= rest.size());
    rest = rest.subspan(step->taken);
    auto const& e = step->event;
    if (e.what == stream_event::kind::data) {
      unread[e.id] += e.data.size();
      CAIRN_LAW(unread[e.id] <= (16u << 20));
      if (script & 4) session.consumed(e.id, std::exchange(unread[e.id], 0), now, out);
    }
    if (e.what == stream_event::kind::opened) unread[e.id] = 0;
    if (e.what == stream_event::kind::finished && script & 8) session.close(e.id, out);
    if (e.what == stream_event::kind::opened && script & 16) session.reset(e.id, out);
    if (e.what == stream_event::kind::opened && script & 32) (void)session.write(e.id, bytes(100), out);
    CAIRN_LAW(session.inbound_count() <= options.max_inbound);
    CAIRN_LAW(session.window_bytes() <= 12ull * yamux_session::first_window + options.max_extra);
    if (script & 64 && out.size() > 2048) out.clear();
    now += std::chrono::milliseconds{1};
    if (step->taken == 0 && e.what == stream_event::kind::none) break;
    (void)failed;
  }
  return 0;
}
