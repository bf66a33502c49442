// Datagrams of anything: to a listener that knows nobody, to a session that waits for its dialer, to one that dials. Two ends of ours
// with a net between them that a script makes lose, double, reorder and alter what travels: what a stream gives is what was written
// to it, and what is not altered ends nothing. And a dialer that has the keys and sends any frames, from any address.
#include <cairn/libp2p/quic/session.hpp>

#include <deque>
#include <map>

#include "../tests/libp2p/quic/raw_dialer.hpp"
#include "ends.hpp"

using namespace cairn;

namespace {

auto const address = testing::quic_address_of;
constexpr auto beginning = quic_session::clock_time{std::chrono::seconds(1000)};
auto tls() -> tls_options { return {.now = fuzz::handshake_time, .protocols = {"libp2p"}}; }

// the first octet says how the rest is cut into datagrams
void of_anything(bytes_view in, byte units) {
  auto const source = fuzz::counting{};
  auto const random = random_source{source};
  auto now = beginning;
  auto const path = quic_path{address(1), address(2)};
  auto const first = in.first(std::min<std::size_t>(in.size(), 1 + 8 * units));
  byte out[quic_session::max_datagram];
  if (auto const head = read_quic_head(first)) {
    CAIRN_LAW(head->id.size() <= 255 && head->source.size() <= 255);  // of any version (RFC 8999, 5.1)
    if (head->is_initial) CAIRN_LAW(head->id.size() <= 20 && head->source.size() <= 20);  // of version 1 (RFC 9000, 17.2)
    if (head->unknown_version) CAIRN_LAW(quic_version_negotiation(*head, bytes_span{out}.first(600)) <= 600);
  }
  auto const retry = quic_retry{random};
  CAIRN_LAW(!retry.check(in, address(2), now));
  auto dialer = quic_session::dial(fuzz::own_identity(), tls(), {}, path, random, now);
  CAIRN_LAW(dialer.has_value());
  (void)dialer->send(out, now);
  auto listener = quic_session::accept(fuzz::own_identity(), tls(), {}, path, first, random, now);
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
    CAIRN_LAW(sent <= 3 * (in.size() + 1));  // "MUST limit the amount of data it sends to three times" what came from an address that is not proven (RFC 9000, 8.1)
  }
}

// One end, and what it knows of its streams.
struct end {
  std::optional<quic_session> session{};
  std::deque<bytes> arriving{};
  std::map<stream_id, bytes> written{}, read{};
  std::vector<stream_id> known{};
  std::optional<error> failed{};
};

class world {
public:
  explicit world(fuzz::script say) : say_{say} {
    auto const kind = say_.octet();
    retries_ = kind & 1, other_version_ = kind & 2;
    options_.max_streams = 1 + (kind >> 2 & 7);
    if (kind & 0x20) options_.stream_window = 2048, options_.max_unsent = 4096;
    auto dial = tls();
    if (kind & 0x40) dial.expected = peer_id::of(private_key::of_ed25519_seed(bytes(32, kind & 0x80 ? 3 : 4))->public_part());
    wrong_peer_ = (kind & 0xc0) == 0xc0;
    auto made = quic_session::dial(fuzz::own_identity(), std::move(dial), options_, path(0), random_source{source_}, now_);
    CAIRN_LAW(made.has_value());
    ends_[0].session.emplace(*std::move(made));
    pump();
  }

  void run() {
    while (!say_.is_over()) {
      auto const what = say_.octet();
      step(what / 2, what % 2);
      pump();
    }
    if (disturbed_ || wrong_peer_) return;
    for (auto round = 0; round < 40; ++round) {
      exchange();
      if (ends_[0].arriving.empty() && ends_[1].arriving.empty()) sleep_until(next_wake());
    }
    for (auto const& e : ends_) CAIRN_LAW(e.session && e.session->is_open());
  }

private:
  auto path(unsigned who, byte from = 0) const -> quic_path {
    auto const here = address(static_cast<byte>(1 + who)), there = address(static_cast<byte>(2 - who + 2 * from));
    return {here, there};
  }

  void step(unsigned what, unsigned who) {
    auto& e = ends_[who];
    auto& session = e.session;
    switch (what % 16) {
      case 0: deliver(who); break;
      case 1: exchange(); break;
      case 2:
        if (!e.arriving.empty()) e.arriving.pop_front(), disturbed_ = true;
        break;
      case 3:
        if (!e.arriving.empty()) e.arriving.push_back(e.arriving.front());
        break;
      case 4:
        if (e.arriving.empty()) break;
        e.arriving.push_back(std::move(e.arriving.front()));
        e.arriving.pop_front();
        break;
      case 5:
        if (e.arriving.empty()) break;
        e.arriving.front()[say_.number() % e.arriving.front().size()] ^= static_cast<byte>(1 << say_.octet() % 8);
        disturbed_ = true;
        break;
      case 6: {  // time
        disturbed_ = true;  // it may be too long
        sleep_until(now_ + std::chrono::milliseconds(say_.number()));
        break;
      }
      case 7:
        if (session)
          if (auto const id = session->open()) e.known.push_back(*id);
        break;
      case 8:
      case 9:
        if (auto const id = some_stream(e)) {
          auto const content = bytes(say_.number() >> (what % 16 == 8 ? 8 : 0), say_.octet());
          auto const n = session->write(*id, content);
          CAIRN_LAW(n <= content.size());
          append(e.written[*id], bytes_view{content}.first(n));
        }
        break;
      case 10:
        if (auto const id = some_stream(e)) session->close(*id);
        break;
      case 11:
        if (auto const id = some_stream(e)) session->reset(*id);
        break;
      case 12:
        if (auto const id = some_stream(e)) session->consumed(*id, say_.number());
        break;
      case 13: deliver(who, 1); break;  // from another address
      case 14:
        if (session) {
          byte out[quic_session::max_datagram];
          auto const n = session->farewell(out, now_);
          if (n != 0) ends_[1 - who].arriving.emplace_back(out, out + n);
          CAIRN_LAW(!session->is_open());
          disturbed_ = true;
        }
        break;
      default:
        if (!session) break;
        session->paced(now_);
        (void)session->take_ids();
        (void)session->round_trip();
        if (session->is_open()) CAIRN_LAW(session->remote() == private_key::of_ed25519_seed(bytes(32, who == 0 ? 4 : 3))->public_part());
    }
  }

  auto next_wake() const -> quic_session::clock_time {
    auto out = now_ + std::chrono::seconds(1);
    for (auto const& e : ends_)
      if (e.session) out = std::min(out, e.session->wake_at());
    return std::max(out, now_);
  }
  void sleep_until(quic_session::clock_time time) {
    now_ = time;
    for (auto& e : ends_)
      if (e.session && e.session->wake_at() <= now_)
        if (auto const ok = e.session->wake(now_); !ok) fail(e, ok.error());
    pump();
  }

  auto some_stream(end& e) -> std::optional<stream_id> {
    auto const n = say_.octet();
    if (e.known.empty()) return {};
    return e.known[n % e.known.size()];
  }

  void fail(end& e, error why) {
    CAIRN_LAW(!to_string(why).empty());
    if (!e.failed) e.failed = std::move(why);
    CAIRN_LAW(disturbed_ || wrong_peer_);
  }

  void deliver(unsigned who, byte from = 0) {
    auto& e = ends_[who];
    if (e.arriving.empty()) return;
    auto const datagram = std::move(e.arriving.front());
    e.arriving.pop_front();
    if (from != 0) disturbed_ = true;
    if (!e.session) accept(datagram, from);
    if (!e.session) return;
    if (auto const ok = e.session->receive(path(who, from), datagram, now_); !ok) fail(e, ok.error());
  }
  void accept(bytes_view datagram, byte from) {
    auto const head = read_quic_head(datagram);
    if (!head || !head->is_initial) return;
    byte out[quic_session::max_datagram];
    auto const random = random_source{source_};
    auto first = std::optional<std::string>{};
    if (std::exchange(other_version_, false)) {
      auto const n = quic_version_negotiation(*head, out);
      ends_[0].arriving.emplace_back(out, out + n);  // it names the version that was tried: to be ignored (RFC 9000, 6.2)
    }
    if (retries_) {
      auto const there = path(1, from).remote;
      first = retry_.check(head->token, there, now_);
      CAIRN_LAW(!retry_.check(head->token, address(77), now_));
      if (!first) {
        auto const n = retry_.answer(*head, there, random, now_, out);
        CAIRN_LAW(n <= 3 * datagram.size());
        ends_[0].arriving.emplace_back(out, out + n);
        return;
      }
    }
    auto made = quic_session::accept(fuzz::other_identity(), tls(), options_, path(1, from), datagram, random, now_, first);
    if (made) ends_[1].session.emplace(*std::move(made));
  }
  void exchange() {
    now_ += std::chrono::milliseconds(1);
    for (auto who : {1u, 0u}) {
      for (auto left = ends_[who].arriving.size(); left != 0; --left) deliver(who);
      pump();
    }
  }

  // What they have to send is sent, what has happened is heard.
  void pump() {
    byte out[quic_session::max_datagram];
    for (auto who : {0u, 1u}) {
      auto& e = ends_[who];
      auto& to = ends_[1 - who].arriving;
      if (!e.session) continue;
      for (std::size_t n; to.size() < 64 && (n = e.session->send(out, now_)) != 0;) to.emplace_back(out, out + n);
      while (auto const event = e.session->next_event()) hear(e, ends_[1 - who], *event);
      CAIRN_LAW(e.session->stream_count() <= 2 * options_.max_streams + 2);
    }
  }
  void hear(end& e, end const& other, stream_event const& event) {
    if (event.what == stream_event::kind::opened) {
      CAIRN_LAW(std::ranges::count(other.known, event.id) == 1);
      e.known.push_back(event.id);
    }
    if (event.what != stream_event::kind::data) return;
    auto& all = e.read[event.id];
    append(all, event.data);
    auto const from = other.written.find(event.id);
    CAIRN_LAW(from != other.written.end() && all.size() <= from->second.size());
    CAIRN_LAW(equal(all, bytes_view{from->second}.first(all.size())));
  }

  fuzz::script say_;
  fuzz::counting source_{};
  quic_retry retry_{random_source{source_}};
  quic_options options_{};
  quic_session::clock_time now_ = beginning;
  end ends_[2];
  bool retries_ = false, other_version_ = false, wrong_peer_ = false, disturbed_ = false;
};

void of_frames(fuzz::script say) {
  auto const nines = fuzz::same{9};
  auto const source = fuzz::counting{};
  auto const random = random_source{source};
  auto now = beginning;
  auto dialer = testing::raw_quic_dialer{fuzz::other_identity(), tls(), random_source{nines}};
  auto listener = std::optional<quic_session>{};
  byte out[quic_session::max_datagram];
  for (auto round = 0; round < 4; ++round) {
    for (auto const& d : dialer.take_datagrams()) {
      if (!listener)
        if (auto made = quic_session::accept(fuzz::own_identity(), tls(), {}, {address(1), address(2)}, d, random, now)) listener.emplace(*std::move(made));
      CAIRN_LAW(listener && listener->receive({address(1), address(2)}, d, now));
    }
    for (std::size_t n; (n = listener->send(out, now)) != 0;) dialer.receive({out, n});
  }
  CAIRN_LAW(dialer.is_open() && listener->is_open());
  auto got = 0uz, said = 0uz;
  while (!say.is_over()) {
    auto const kind = say.octet();
    now += std::chrono::milliseconds(kind & 0x80 ? 400 : 1);
    auto const frames = say.take(say.octet());
    said += frames.size();
    if (!listener->receive({address(1), address(static_cast<byte>(2 + (kind & 3)))}, dialer.packet(frames), now)) return;
    if (listener->wake_at() <= now && !listener->wake(now)) return;
    for (auto i = 0; i < 16 && listener->send(out, now) != 0; ++i) {}
    while (auto const event = listener->next_event()) {
      if (event->what == stream_event::kind::opened && kind & 4) (void)listener->write(event->id, as_bytes("an answer"));
      if (event->what == stream_event::kind::finished) listener->close(event->id);
      if (event->what != stream_event::kind::data) continue;
      got += event->data.size();
      listener->consumed(event->id, event->data.size());
    }
    (void)listener->take_ids();
    CAIRN_LAW(got <= said);
    CAIRN_LAW(listener->stream_count() <= quic_options{}.max_streams);
  }
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(byte const* data, std::size_t size) {
  if (size < 3) return 0;
  auto const in = bytes_view{data, size}.subspan(1);
  if (data[0] == 0xf0) of_frames(fuzz::script{in.first(std::min<std::size_t>(in.size(), 2048))});
  else if (data[0] > 0xf0) world{fuzz::script{in.first(std::min<std::size_t>(in.size(), 512))}}.run();
  else of_anything(in, data[0]);
  return 0;
}
