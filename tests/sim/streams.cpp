// What streams promise, over links that are not kind.
#include <cairn/sim.hpp>

#include <catch2/catch.hpp>

using namespace cairn;
using namespace std::chrono_literals;

namespace {

// Sends back what comes, as there is room, and ends when the other side has.
void echo(std::shared_ptr<sim::stream> const& s) {
  s->on_event = [s = s.get()] {
    if (s->is_gone()) return;
    s->consume(s->write(s->in()));
    if (s->is_ended() && s->in().empty()) s->close();
  };
}

}  // namespace

TEST_CASE("SEC-08: however writes are split, the same octets come back, through loss, jitter and small buffers") {
  for (auto seed = 1u; seed <= 6; ++seed) {
    auto lab = sim::lab{seed};
    auto random = lab.time.random_of(99);
    lab.net.set_link({.latency = 10ms, .jitter = seed % 2 == 0 ? 30ms : 0ms, .bandwidth = 500'000 * seed, .loss = 0.01 * seed, .buffer = 2'000u * seed});
    lab.add_many(2);
    lab[1].peer->handle("/echo", echo);
    REQUIRE(lab.connect(0, 1));
    auto sent = std::vector<bytes>(4);
    auto came = std::vector<bytes>(4);
    auto ended = 0;
    for (auto k = 0uz; k < sent.size(); ++k) {
      sent[k].resize(1 + random.below(400'000));
      random(sent[k]);
      lab[0].peer->open(lab[1].id(), {"/echo"}, [&, k](io_result<std::shared_ptr<sim::stream>> s) {
        REQUIRE(s);
        auto go = [&, k, at = 0uz, s = s->get()]() mutable {
          REQUIRE_FALSE(s->is_gone());
          came[k].insert(came[k].end(), s->in().begin(), s->in().end());
          s->consume(s->in().size());
          while (at < sent[k].size()) {
            auto const piece = bytes_view{sent[k]}.subspan(at, std::min<std::size_t>(sent[k].size() - at, 1 + random.below(20'000)));
            auto const n = s->write(piece);
            at += n;
            if (n < piece.size()) break;
          }
          if (at == sent[k].size()) s->close();
          ended += s->is_ended();
        };
        (*s)->on_event = std::move(go);
        (*s)->on_event();
      });
    }
    REQUIRE(lab.time.run_until([&] { return ended == 4; }, 5min));
    CHECK(sent == came);
    lab.time.run_for(1s);
    CHECK(lab[0].peer->stream_count() == 0);
    CHECK(lab[1].peer->stream_count() == 0);
    CHECK(lab[1].peer->memory_used() == libp2p::resource_limits::connection_memory);
  }
}

TEST_CASE("a thousand connections come and go, and nothing of them stays") {
  auto lab = sim::lab{51};
  lab.add();
  for (auto i = 0; i < 1000; ++i) {
    auto host = sim::host{lab.net, lab.net.add_place()};
    host.dial(lab[0].at, lab[0].id(), 10s, [](io_result<peer_id> const&) {});
    lab.time.run_for(300ms);
    REQUIRE(lab[0].peer->find(host.id()));
    CHECK(lab[0].peer->find(host.id())->identified);
  }
  lab.time.run_for(15s);
  CHECK(lab[0].peer->connections().empty());
  CHECK(lab[0].peer->memory_used() == 0);
  CHECK(lab[0].bitswap->engine().server().peer_count() == 0);
}
