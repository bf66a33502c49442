// Handshakes as two ends of ours make them, recorded as one of them hears them. That one is the end that the fuzz target has: its
// randomness is the target's, so what is recorded is deciphered there. Its certificate is not (each process makes one of its own):
// what signs it is refused. To a dialer no signature of its own matters, so the last thing that would open it is left out.
#include "seed.hpp"

#include <cairn/libp2p/quic/session.hpp>
#include <cairn/libp2p/tls/channel.hpp>
#include <cairn/libp2p/websocket.hpp>

#include <algorithm>

#include "../ends.hpp"

using namespace cairn;
using fuzz::counting, fuzz::own_identity, fuzz::other_identity, fuzz::same;

namespace {

constexpr auto now = fuzz::handshake_time, century = std::int64_t{36'525} * 24 * 3600;

struct ends {
  tls_identity const& own;    // of the end that the target has
  tls_identity const& other;
  std::vector<std::string> protocols;  // of the other
};
auto const ours = std::vector<std::string>{"/yamux/1.0.0", "libp2p"};  // of the target

// What the target's end hears, in records; then a text that the other end adds once it is open.
auto records_to(bool dialer, ends const& of) -> bytes {
  auto const sevens = same{7}, nines = same{9};
  auto target = tls_channel{of.own, {.dialer = dialer, .now = now, .protocols = ours}, random_source{sevens}};
  auto other = tls_channel{of.other, {.dialer = !dialer, .now = now, .protocols = of.protocols}, random_source{nines}};
  byte_queue to_target, to_other, text;
  auto heard = bytes{};
  (void)target.start(to_other);
  (void)other.start(to_target);
  for (auto round = 0; round < 4; ++round) {
    append(heard, to_target.view());
    (void)target.resume(to_target.view(), text, to_other);
    to_target.clear();
    (void)other.resume(to_other.view(), text, to_target);
    to_other.clear();
  }
  if (other.is_open()) (void)other.write(as_bytes("a text behind the handshake"), to_target);
  append(heard, to_target.view());
  return heard;
}

// The same in the messages alone, each behind its level, as the target takes them. A dialer is not told that it is over.
auto messages_to(bool dialer, ends const& of, std::optional<bytes> const& parameters) -> bytes {
  auto const sevens = same{7}, nines = same{9};
  auto target = tls_handshake{of.own, {.dialer = dialer, .now = now, .protocols = ours, .quic_parameters = parameters}, random_source{sevens}};
  auto other = tls_handshake{of.other, {.dialer = !dialer, .now = now, .protocols = of.protocols, .quic_parameters = parameters}, random_source{nines}};
  constexpr auto finished = byte{20};
  auto heard = bytes{};
  auto deliver = [&](tls_handshake& from, tls_handshake& to, bool kept) {
    for (auto const& o : from.take_outputs()) {
      if (o.what != tls_output::kind::message) continue;
      for (auto rest = bytes_view{o.data}; !rest.empty();) {
        auto const message = rest.first(4 + (std::size_t{rest[1]} << 16 | std::size_t{rest[2]} << 8 | rest[3]));
        rest = rest.subspan(message.size());
        if (kept && !(dialer && message[0] == finished)) heard.push_back(static_cast<byte>(o.level)), append(heard, message);
        (void)to.resume(o.level, message);
      }
    }
  };
  target.start();
  other.start();
  for (auto round = 0; round < 3; ++round) deliver(other, target, true), deliver(target, other, false);
  return heard;
}

void of_tls() {
  using namespace std::string_literals;
  using namespace std::string_view_literals;
  auto const &own = own_identity(), &other = other_identity();
  auto const late = fuzz::make_identity(4, now + 10 * century);
  auto const well = ends{own, other, ours}, refused = ends{own, late, ours}, strange = ends{own, other, {"/strange/1"}}, plain = ends{own, other, {"libp2p"}};
  auto const heard = records_to(true, well);
  // the flight that ends with Finished is one record: without its end it is not deciphered
  seed("tls_channel", "dialer-cut", bytes_view{heard}.first(heard.size() - std::min<std::size_t>(heard.size(), 80)), "\0"sv);
  seed("tls_channel", "dialer-certificate-too-early", records_to(true, refused), "\0"sv);
  seed("tls_channel", "dialer-no-protocol", records_to(true, strange), "\0"sv);
  seed("tls_channel", "listener", records_to(false, well), "\1"sv);
  seed("tls_channel", "listener-other-muxer", records_to(false, plain), "\1"sv);
  seed("tls_channel", "listener-certificate-too-early", records_to(false, refused), "\1"sv);
  seed("tls_channel", "listener-no-protocol", records_to(false, strange), "\1"sv);
  auto const parameters = bytes{1, 2, 3};
  // (the octet in front of the first message is read with it as the head of a record)
  seed("tls_channel", "dialer-messages", messages_to(true, well, {}), "\0"sv);
  seed("tls_channel", "dialer-messages-quic", messages_to(true, well, parameters), "\2"sv);
  seed("tls_channel", "listener-messages", messages_to(false, well, {}), "\1"sv);
  seed("tls_channel", "listener-messages-quic", messages_to(false, plain, parameters), "\3"sv);
  seed("tls_channel", "listener-messages-no-protocol", messages_to(false, strange, {}), "\1"sv);
  // scripts of two ends: whom it expects, what the other one offers, then what it does (each message of the handshake takes an octet, too)
  auto const at_peace = "\0\0\0\0\0\0\0\0\0\0\0"sv, talk = "\2\x40\0a\0\3\1\0\6b\0\3\0\1\x17\5hello\2\0\4\2\0\6c\0"sv;
  for (auto const dials : {true, false}) {
    auto const name = std::string{dials ? "script-dialer" : "script-listener"}, first = std::string{dials ? '\x80' : '\x81'};
    seed("tls_channel", name, as_bytes(std::string{at_peace} + std::string{talk}), first);
    seed("tls_channel", name + "-bye", as_bytes(std::string{at_peace} + "\4\1" + std::string(1, '\0')), first);
    seed("tls_channel", name + "-flip", as_bytes(std::string{at_peace} + std::string{"\2\0\x50z\7\0\x20\1\0"sv}), first);
    for (auto m = 0u; m < 6; ++m) {
      auto altered = std::string{at_peace};
      altered.replace((dials ? 3 : 2) + m, 1, "\1"s + std::string{"\0\x12\1"sv});
      seed("tls_channel", name + "-message-" + std::to_string(m), as_bytes(altered), first);
    }
  }
}

// ---- QUIC ----

auto const quic_tls = tls_options{.now = now, .protocols = {"libp2p"}};

auto address(byte n) -> quic_address {
  auto out = quic_address{};
  out.octets[0] = 2, out.octets[3] = n, out.size = 16;
  return out;
}
auto const way = quic_path{address(1), address(2)};
constexpr auto beginning = quic_session::clock_time{std::chrono::seconds(1000)};

void send_all(quic_session& s, quic_session::clock_time time, std::vector<bytes>& into) {
  byte out[quic_session::max_datagram];
  for (auto i = 0; i < 8; ++i)
    if (auto const n = s.send(out, time)) into.emplace_back(out, out + n);
}

struct said {
  std::vector<bytes> dialer, listener;
};

// What the target does with datagrams, step by step: what its two ends say.
auto as_the_target(std::vector<bytes> const& datagrams, tls_identity const& own) -> said {
  auto const source = counting{};
  auto const random = random_source{source};
  auto time = beginning;
  auto const retry = quic_retry{random};
  auto out = said{};
  auto dialer = quic_session::dial(own, quic_tls, {}, way, random, time);
  byte first[quic_session::max_datagram];
  auto const n = dialer->send(first, time);
  out.dialer.emplace_back(first, first + n);
  if (datagrams.empty()) return out;
  auto listener = quic_session::accept(own, quic_tls, {}, way, datagrams.front(), random, time);
  for (auto const& d : datagrams) {
    time += std::chrono::milliseconds(1);
    (void)dialer->receive(way, d, time);
    if (!listener) continue;
    (void)listener->receive(way, d, time);
    send_all(*listener, time, out.listener);
  }
  return out;
}

// Datagrams are told apart by their size alone: each but the last is filled up to that of the longest.
void quic_seed(std::string const& name, std::vector<bytes> const& datagrams) {
  auto longest = std::size_t{0};
  for (auto const& d : datagrams) longest = std::max(longest, d.size());
  auto const units = (longest + 6) / 8;  // parts have 1 + 8 * units octets
  auto in = bytes{static_cast<byte>(units)};
  for (auto const& d : datagrams) {
    append(in, d);
    if (&d != &datagrams.back()) in.resize(in.size() + 1 + 8 * units - d.size());
  }
  seed("quic", name, in);
}

// A listener that answers the target's dialer.
void to_dialer(std::string const& name, tls_identity const& own, tls_identity const& other) {
  auto const first = as_the_target({}, own).dialer.front();
  auto const source = counting{100};
  auto listener = quic_session::accept(other, quic_tls, {}, way, first, random_source{source}, beginning);
  if (!listener || !listener->receive(way, first, beginning)) return;
  auto answers = std::vector<bytes>{};
  send_all(*listener, beginning, answers);
  quic_seed(name, answers);
}

// A dialer that the target's listener answers, so many times.
void to_listener(std::string const& name, tls_identity const& own, tls_identity const& other, unsigned rounds) {
  auto const source = counting{100};
  auto dialer = quic_session::dial(other, quic_tls, {}, way, random_source{source}, beginning);
  if (!dialer) return;
  auto sent = std::vector<bytes>{};
  send_all(*dialer, beginning, sent);
  auto time = beginning;
  for (auto heard = std::size_t{0}; rounds != 0; --rounds) {
    auto const answers = as_the_target(sent, own).listener;
    time += std::chrono::milliseconds(2);
    for (; heard < answers.size(); ++heard) (void)dialer->receive(way, answers[heard], time);
    send_all(*dialer, time, sent);
  }
  quic_seed(name, sent);
}

void of_quic() {
  auto const &own = own_identity(), &other = other_identity();
  auto const late = fuzz::make_identity(4, now + 10 * century);
  // (one with a good certificate would open it)
  to_dialer("dialer-certificate-too-early", own, late);
  to_listener("listener-first", own, other, 0);
  to_listener("listener", own, other, 1);
  to_listener("listener-certificate-too-early", own, late, 1);
  // frames: how they come, how long they are
  using namespace std::string_view_literals;
  for (auto const& [name, frames] : {std::pair{"ping", "\0\1\1"sv}, {"stream", "\4\x08\x0b\0\5hello"sv}, {"reset", "\0\4\x08\0\1x\0\4\4\0\0\1\0\3\5\0\0"sv}, {"id", "\0\x1c\x18\1\0\x08idididid0123456789abcdef\0\2\x19\0"sv},
                                     {"challenge", "\0\x09\x1a" "01234567\1\1\1\2\1\1"sv}, {"close", "\0\4\x1c\0\0\0\0\3\x1d\0\0"sv}, {"limits", "\0\x0b\x10\1\x11\0\2\x12\3\x14\1\x16\1\0\5\x02\0\0\0\0"sv},
                                     {"crypto", "\0\7\6\0\4\4\0\0\0\0\2\7\0"sv}})
    seed("quic", std::string{"frames-"} + name, as_bytes(frames), "\xf0"sv);
  // scripts of two ends: what is special of them, then steps (twice the number of a step in fuzz/quic.cpp, and whose it is)
  auto const shake = "\2\2\2\2"sv;
  auto const talk = "\x0e\x10\0\x20\0a\2\2\x13\0\x30\0b\x11\0\x10\0c\2\2\x19\0\x40\0\x18\0\x40\0\x14\0\2\2\x15\0\2\2\x1e\x1f"sv;
  auto const trouble = "\x0e\x10\0\x20\0a\4\7\x0a\0\x20\3\2\x0c\3\xe8\2\x16\0\2\x0f\x11\1\x30\0d\2\x1a\2\x1c\2\2"sv;
  for (auto const& [name, kind] : {std::pair{"plain", '\x1c'}, {"retry", '\1'}, {"version", '\2'}, {"narrow", '\x20'}, {"expected", '\x40'}, {"wrong-peer", '\xc0'}})
    for (auto const& [what, steps] : {std::pair{"-talk", talk}, {"-trouble", trouble}})
      seed("quic", std::string{"script-"} + name + what, as_bytes(kind + std::string{shake} + std::string{steps}), "\xff"sv);
}

void of_websocket() {
  using namespace std::string_view_literals;
  auto const nines = same{9};
  auto dialer = websocket_channel{{.host = "127.0.0.1:4001"}, random_source{nines}};
  auto listener = websocket_channel{{.dialer = false}, random_source{nines}};
  byte_queue request, answer, text, frames;
  dialer.start(request);
  (void)listener.resume(request.view(), text);
  listener.write({}, answer);
  (void)dialer.resume(answer.view(), text);
  seed("websocket", "request", request.view(), "\0\x40"sv);
  seed("websocket", "answer", answer.view(), "\0\x40"sv);
  seed("websocket", "answer-to-the-dialer", answer.view(), "\x80\x40"sv);
  seed("websocket", "long", answer.view(), "\1\xff"sv);
  auto whole = bytes(request.view().begin(), request.view().end());
  for (auto const size : {1u, 125u, 126u, 700u}) {
    frames.clear();
    dialer.write(bytes(size, 'a'), frames);
    seed("websocket", "frame-of-" + std::to_string(size), frames.view(), "\1\3"sv);
    append(whole, frames.view());
  }
  // the machines ask for no sign of life, but they give one
  byte const ping[]{0x89, 4, 'p', 'i', 'n', 'g'};
  (void)dialer.resume(ping, text);
  frames.clear();
  dialer.write(as_bytes("behind a pong"), frames);
  seed("websocket", "pong-and-frame", frames.view(), "\1\3"sv);
  append(whole, frames.view());
  seed("websocket", "request-and-frames", whole, "\0\xc8"sv);
}

}  // namespace

void of_handshakes() {
  of_tls();
  of_quic();
  of_websocket();
}
