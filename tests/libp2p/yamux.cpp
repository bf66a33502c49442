#include <cairn/libp2p/yamux.hpp>

#include "laws/stream_muxer.hpp"

using namespace cairn;
using testing::seeded;
using kind = stream_event::kind;

namespace {

constexpr byte data = 0, window = 1, ping = 2, away = 3;
constexpr std::uint16_t syn = 1, ack = 2, fin = 4, rst = 8;

auto frame(byte type, std::uint16_t flags, std::uint32_t id, std::uint32_t length, std::size_t body = 0) -> bytes {
  auto out = bytes{0, type, static_cast<byte>(flags >> 8), static_cast<byte>(flags)};
  for (auto v : {id, length})
    for (auto shift : {24, 16, 8, 0}) out.push_back(static_cast<byte>(v >> shift));
  out.resize(out.size() + body);
  return out;
}

// What the octets do to a fresh listener: its error, if it has one.
struct fed {
  yamux_session session;
  byte_queue out{};
  std::vector<stream_event> events{};
  std::optional<yamux_errc> why{};

  explicit fed(yamux_options options = {}) : session{false, options} {}
  auto operator()(bytes const& in) -> fed& {
    for (auto rest = bytes_view{in}; !why;) {
      auto const s = session.resume(rest, {}, out);
      if (!s) {
        why = s.error();
        break;
      }
      if (s->event.what != kind::none) events.push_back(s->event);
      if (s->taken == 0 && s->event.what == kind::none) break;
      rest = rest.subspan(s->taken);
    }
    return *this;
  }
};

}  // namespace

TEST_CASE("yamux keeps the laws of a stream muxer") {
  laws::stream_muxer([](bool dialer) { return yamux_session{dialer}; }, yamux_session::first_window);
}

TEST_CASE("frames are those of the specification") {
  byte_queue out;
  auto s = yamux_session{true};
  auto const id = *s.open(out);
  CHECK(id == 1);
  CHECK(testing::to_vector(out.view()) == frame(window, syn, 1, 0));
  out.clear();
  REQUIRE(s.write(id, bytes{7, 8}, out));
  auto want = frame(data, 0, 1, 2);
  append(want, bytes{7, 8});
  CHECK(testing::to_vector(out.view()) == want);
  out.clear();
  s.close(id, out);
  CHECK(testing::to_vector(out.view()) == frame(window, fin, 1, 0));
  out.clear();
  s.ping({}, out);
  CHECK(testing::to_vector(out.view()) == frame(ping, syn, 0, 1));
  out.clear();
  s.go_away(0, out);
  CHECK(testing::to_vector(out.view()) == frame(away, 0, 0, 0));
  // an opened stream is acknowledged at once, a ping is answered with its value
  auto l = fed{};
  l(frame(window, syn, 1, 0))(frame(ping, syn, 0, 0xdeadbeef));
  want = frame(window, ack, 1, 0);
  append(want, frame(ping, ack, 0, 0xdeadbeef));
  CHECK(testing::to_vector(l.out.view()) == want);
}

TEST_CASE("IX-48: a stream begins with 256 KiB both ways, whatever is composed") {
  byte_queue out;
  auto s = yamux_session{true, {.max_window = 16 << 20}};
  auto const id = *s.open(out);
  auto text = bytes(1 << 20);
  CHECK(*s.write(id, text, out) == 256 * 1024);
  CHECK_FALSE(fed{}(frame(data, syn, 1, 256 * 1024, 256 * 1024)).why);
}

TEST_CASE("SEC-10, SEC-11: every frame that breaks the protocol ends the session before anything of it is kept") {
  CHECK(fed{}(bytes(12, 1)).why == yamux_errc::bad_version);
  CHECK(fed{}(frame(4, 0, 1, 0)).why == yamux_errc::bad_type);
  // opening with more data than the first window: nothing is opened
  auto big = fed{};
  big(frame(data, syn, 1, 262145, 100));
  CHECK(big.why == yamux_errc::window_exceeded);
  CHECK(big.session.stream_count() == 0);
  CHECK(big.events.empty());
  // more than is left
  CHECK(fed{}(frame(data, syn, 1, 262144, 262144))(frame(data, 0, 1, 1, 1)).why == yamux_errc::window_exceeded);
  // data behind the end
  CHECK(fed{}(frame(data, syn | fin, 1, 1, 1))(frame(data, 0, 1, 1, 1)).why == yamux_errc::window_exceeded);
  CHECK(fed{}(frame(window, syn, 1, 0xffffffff)).why == yamux_errc::window_overflow);
  CHECK(fed{}(frame(window, syn, 1, 0))(frame(window, 0, 1, 0xffffffff)).why == yamux_errc::window_overflow);
  // ids: of the wrong parity, nothing, in use, never opened
  CHECK(fed{}(frame(window, syn, 2, 0)).why == yamux_errc::bad_stream_id);
  CHECK(fed{}(frame(window, syn, 0, 0)).why == yamux_errc::bad_stream_id);
  CHECK(fed{}(frame(window, syn, 1, 0))(frame(window, syn, 1, 0)).why == yamux_errc::duplicate_stream);
  CHECK(fed{}(frame(data, 0, 3, 1, 1)).why == yamux_errc::bad_stream_id);
  CHECK(fed{}(frame(data, 0, 2, 1, 1)).why == yamux_errc::bad_stream_id);
  // what was on its way to a stream that is gone is passed over
  auto gone = fed{};
  gone(frame(window, syn, 1, 0))(frame(window, rst, 1, 0))(frame(data, 0, 1, 5, 5))(frame(window, 0, 1, 5))(frame(window, syn, 3, 0));
  CHECK_FALSE(gone.why);
  CHECK(gone.session.stream_count() == 1);
  // an error says go away with the code of a protocol error
  auto bad = fed{};
  bad(frame(4, 0, 1, 0));
  CHECK(testing::to_vector(bad.out.view()) == frame(away, 0, 0, 1));
}

TEST_CASE("SEC-11: sequences of frames of every kind never deliver more than the windows") {
  auto random = seeded{11};
  std::uint32_t const lengths[]{0, 1, 100, 262143, 262144, 262145, 0x7fffffff, 0xffffffff};
  for (auto trial = 0; trial < 3000; ++trial) {
    auto f = fed{{.max_inbound = 3}};
    auto delivered = 0uz;
    for (auto i = 0; i < 12 && !f.why; ++i) {
      auto const type = static_cast<byte>(random.below(16) == 0 ? random.below(256) : random.below(3));
      auto const length = lengths[random.below(8)];
      f(frame(type, static_cast<std::uint16_t>(random.below(16)), static_cast<std::uint32_t>(random.below(8)), length, type == 0 ? std::min<std::size_t>(length, 300000) : 0));
    }
    for (auto const& e : f.events) delivered += e.data.size();
    CHECK(f.session.inbound_count() <= 3);
    CHECK(delivered <= 12 * 262144);
    CHECK(f.session.window_bytes() <= 3 * 262144);
  }
}

TEST_CASE("SEC-03: streams above the limit are refused, one by one") {
  auto f = fed{{.max_inbound = 2}};
  f(frame(window, syn, 1, 0))(frame(window, syn, 3, 0));
  f.out.clear();
  f(frame(data, syn, 5, 3, 3));
  CHECK(testing::to_vector(f.out.view()) == frame(window, rst, 5, 0));
  CHECK(f.events.size() == 2);
  f(frame(window, rst, 1, 0))(frame(window, syn, 7, 0));
  CHECK(f.session.inbound_count() == 2);
  CHECK_FALSE(f.why);
}

TEST_CASE("SEC-12: pings, openings and resets with a socket that nobody reads stop at the bound") {
  for (auto what : {0, 1, 2}) {
    auto f = fed{{.max_unsent = 4096}};
    for (std::uint32_t i = 0; i < 100000; ++i) {
      auto const before = f.out.size();
      f(what == 0 ? frame(ping, syn, 0, i) : frame(window, what == 1 ? syn : syn | rst, 2 * i + 1, 0));
      if (f.out.size() == before && what != 2) break;
    }
    CHECK(f.out.size() <= 4096 + 12);
    CHECK(f.session.stream_count() <= 400);
    CHECK_FALSE(f.why);
  }
}

TEST_CASE("a window grows with what a stream uses, up to its bound and to the session's budget") {
  using namespace std::chrono_literals;
  auto const grown = [](std::uint32_t most, std::uint64_t budget) {
    auto s = yamux_session{false, {.max_window = most, .max_extra = budget}};
    byte_queue out;
    auto now = yamux_session::clock_time{} + 1h;
    s.ping(now, out);
    out.clear();
    (void)s.resume(frame(ping, ack, 0, 1), now + 50ms, out);
    CHECK(s.round_trip() == 50ms);
    (void)s.resume(frame(window, syn, 1, 0), now, out);
    out.clear();
    auto left = std::size_t{yamux_session::first_window};
    for (auto i = 0; i < 40; ++i) {
      auto const n = static_cast<std::uint32_t>(left);
      auto const in = frame(data, 0, 1, n, n);
      auto rest = bytes_view{in};
      for (auto step = s.resume(rest, now, out); step && step->taken != 0; step = s.resume(rest, now, out)) rest = rest.subspan(step->taken);
      now += 60ms;
      s.consumed(1, n, now, out);
      REQUIRE(out.size() == 12);
      auto const* const at = out.view().data() + 8;
      left = std::size_t{at[0]} << 24 | at[1] << 16 | at[2] << 8 | at[3];
      out.clear();
    }
    return s.window_bytes();
  };
  CHECK(grown(16 << 20, 64 << 20) == 16 << 20);
  CHECK(grown(1 << 20, 64 << 20) == 1 << 20);
  CHECK(grown(16 << 20, 300 * 1024) == 512 * 1024);
}

TEST_CASE("after the other side says go away no stream is opened; what is open goes on") {
  auto f = fed{};
  byte_queue out;
  auto const id = *f.session.open(out);
  f(frame(away, 0, 0, 0));
  CHECK(f.events.back().what == kind::gone_away);
  CHECK(f.session.open(out).error() == yamux_errc::remote_gone);
  CHECK(f.session.write(id, bytes{1}, out));
}
