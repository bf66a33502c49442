#include <cairn/libp2p/multistream.hpp>

#include "support/cut.hpp"

#include <catch2/catch.hpp>

using namespace cairn;

namespace {

using names = std::vector<std::string>;

struct outcome {
  std::optional<std::string> dialer, listener;
  std::optional<multistream_errc> why;
};

auto negotiate(names const& asks, names const& has, std::size_t piece) -> outcome {
  auto random = testing::seeded{piece + 1};
  auto to_listener = testing::cut_pipe{piece}, to_dialer = testing::cut_pipe{piece};
  auto d = multistream_dialer{asks};
  auto l = multistream_listener{};
  d.start(to_listener.from);
  l.start(to_dialer.from);
  auto out = outcome{};
  for (auto moved = true; moved;) {
    moved = false;
    if (to_listener.step(random)) {
      moved = true;
      if (auto const s = l.resume(to_listener.arrived.view(), has, to_dialer.from); s) {
        to_listener.arrived.consume(s->taken);
        if (s->agreed) out.listener = has[*s->agreed];
      }
    }
    if (to_dialer.step(random)) {
      moved = true;
      auto const s = d.resume(to_dialer.arrived.view(), to_listener.from);
      if (!s) {
        out.why = s.error();
        return out;
      }
      to_dialer.arrived.consume(s->taken);
      if (s->agreed) out.dialer = asks[*s->agreed];
    }
  }
  return out;
}

auto queue_of(std::string_view text) -> byte_queue {
  byte_queue q;
  append_multistream(q, text);
  return q;
}

}  // namespace

TEST_CASE("the first protocol of the dialer that the listener has, however the octets are cut") {
  for (auto piece : {0uz, 1uz, 2uz, 5uz, 19uz, 1000uz}) {
    auto const a = negotiate({"/x/1", "/noise", "/tls/1.0.0"}, {"/tls/1.0.0", "/noise"}, piece);
    CHECK(a.dialer == "/noise");
    CHECK(a.listener == "/noise");
    auto const b = negotiate({"/x/1", "/x/2"}, {"/noise"}, piece);
    CHECK(b.why == multistream_errc::none_in_common);
    CHECK_FALSE(b.listener);
  }
}

TEST_CASE("the octets of a first exchange are those of the specification") {
  byte_queue q;
  multistream_dialer{{"/noise"}}.start(q);
  CHECK(as_text(q.view()) == "\x13/multistream/1.0.0\n\x07/noise\n");
}

TEST_CASE("IX-46: what follows the agreement is the protocol's") {
  auto l = multistream_listener{};
  byte_queue wire, in = queue_of("/multistream/1.0.0");
  append_multistream(in, "/noise");
  in.push(as_bytes("early data"));
  auto const s = l.resume(in.view(), names{"/noise"}, wire);
  REQUIRE(s);
  CHECK(s->agreed == 0);
  CHECK(as_text(in.view().subspan(s->taken)) == "early data");
}

TEST_CASE("IX-47: a dialer never asks for a list, a listener does not know the word") {
  byte_queue sent;
  auto d = multistream_dialer{{"/a", "/b"}};
  d.start(sent);
  auto answers = queue_of("/multistream/1.0.0");
  append_multistream(answers, "na");
  REQUIRE(d.resume(answers.view(), sent));
  CHECK(as_text(sent.view()).find("ls") == std::string_view::npos);
  auto l = multistream_listener{};
  byte_queue wire, in = queue_of("/multistream/1.0.0");
  append_multistream(in, "ls");
  REQUIRE(l.resume(in.view(), names{"/noise"}, wire));
  CHECK(as_text(wire.view()) == "\x03na\n");
}

TEST_CASE("SEC-02: lengths, endless proposals, single octets") {
  byte_queue wire;
  auto const feed = [&](bytes_view in) { return multistream_listener{}.resume(in, names{"/noise"}, wire); };
  CHECK(feed(bytes{0xff, 0xff}).error() == multistream_errc::too_long);        // without a body
  CHECK(feed(bytes{0x81, 0x08}).error() == multistream_errc::too_long);        // 1025
  auto greeted = queue_of("/multistream/1.0.0");
  greeted.push(bytes{0x80, 0x08});
  CHECK(feed(greeted.view()));                                                 // 1024, of a proposal
  CHECK(feed(bytes{0x80, 0x00}).error() == multistream_errc::bad_varint);      // not minimal
  CHECK(feed(bytes{0x00}).error() == multistream_errc::no_newline);
  CHECK(feed(bytes{0x02, 'a', 'b'}).error() == multistream_errc::no_newline);
  CHECK(feed(bytes{0x02, 'a', '\n'}).error() == multistream_errc::bad_header);
  // a first message that cannot become the header is not waited for, from its first octet on: so looks another key's private network
  CHECK(feed(bytes{0x13, '/', 'm'}));
  for (auto bad : {bytes{0x80, 0x08}, bytes{0x12}, bytes{0x7f}, bytes{0x13, '/', 'n'}}) {
    CHECK(feed(bad).error() == multistream_errc::bad_header);
    CHECK(multistream_dialer{names{"/noise"}}.resume(bad, wire).error() == multistream_errc::bad_header);
  }
  // a hundred thousand proposals in one stream
  auto l = multistream_listener{};
  byte_queue in = queue_of("/multistream/1.0.0");
  for (auto i = 0; i < 100000; ++i) append_multistream(in, "/nothing");
  wire.clear();
  CHECK(l.resume(in.view(), names{"/noise"}, wire).error() == multistream_errc::too_many_proposals);
  CHECK(wire.size() <= 4 * multistream_listener::max_proposals);
  // a dialer that is told no for ever ends with its own list
  auto d = multistream_dialer{{"/a", "/b", "/c"}};
  byte_queue no = queue_of("/multistream/1.0.0");
  for (auto i = 0; i < 10; ++i) append_multistream(no, "na");
  CHECK(d.resume(no.view(), wire).error() == multistream_errc::none_in_common);
  // an answer that was not asked for
  auto e = multistream_dialer{{"/a"}};
  byte_queue other = queue_of("/multistream/1.0.0");
  append_multistream(other, "/b");
  CHECK(e.resume(other.view(), wire).error() == multistream_errc::unexpected_answer);
}
