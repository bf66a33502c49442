// The network of a node: what is missing is fetched from connected peers, checked, held and screened.

#include <cairn/service/network.hpp>

#include <cairn/asio/libp2p/bitswap.hpp>
#include <cairn/asio/libp2p/host.hpp>
#include <cairn/block/verify.hpp>
#include <cairn/blockstore/memory.hpp>
#include <cairn/ipld/codec/dag_cbor.hpp>
#include <cairn/service/config_text.hpp>
#include <cairn/service/core_api.hpp>
#include <cairn/service/daemon.hpp>
#include <cairn/service/impl/fetching_blocks.hpp>
#include <cairn/service/impl/swarm_rules.hpp>
#include <cairn/service/node_log.hpp>

#include "support/canned_server.hpp"
#include "support/keystream.hpp"
#include "support/temporary_folder.hpp"

#include <catch2/catch.hpp>

#include <atomic>
#include <filesystem>
#include <fstream>
#include <future>
#include <map>
#include <thread>

#include <boost/asio/co_spawn.hpp>
#include <boost/asio/detached.hpp>
#include <boost/asio/executor_work_guard.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/post.hpp>

using namespace cairn;
using namespace cairn::service;
using namespace cairn::testing;

namespace {

/// A node of its own folder, listening on loopback.
struct peer_node {
  explicit peer_node(std::string_view deny = {}, std::initializer_list<std::pair<std::string_view, ipld::node>> more = {}) {
    auto config = *core_api::new_config("ed25519", {});
    REQUIRE(set_config_value(config, "Addresses.Swarm", ipld::node{ipld::list{ipld::node{"/ip4/127.0.0.1/udp/0/quic-v1"}, ipld::node{"/ip4/127.0.0.1/tcp/0"}}}));
    REQUIRE(set_config_value(config, "Bootstrap", ipld::node{ipld::list{}}));
    REQUIRE(set_config_value(config, "Discovery.MDNS.Enabled", ipld::node{false}));
    for (auto const& [key, value] : more) REQUIRE(set_config_value(config, std::string{key}, value));
    REQUIRE(core_api::create(folder / "r", config));
    if (!deny.empty()) {
      std::filesystem::create_directories(folder.path() / "r" / "denylists");
      std::ofstream{folder.path() / "r" / "denylists" / "test.deny"} << "version: 1\n---\n" << deny << "\n";
    }
    api = *core_api::open(folder / "r", {.online = true});
    auto opened = open_network(*api, log);
    REQUIRE(opened);
    network = *opened;
    api->attach(network);
  }
  ~peer_node() {
    network->close();
    api->attach(nullptr);
    network.reset();
    CHECK(api->close());
  }
  auto addressed() const -> node_network::addressed_peer { return {network->self().id, network->listen_addresses()}; }
  void connect(peer_node const& other) { REQUIRE(network->connect(other.addressed(), {})); }

  temporary_folder folder;
  node_log log;
  std::unique_ptr<core_api> api;
  std::shared_ptr<node_network> network;
};

auto raw_block(core_api& api, std::string const& text) -> cid {
  auto const done = api.block_put(as_bytes(text), cid_prefix{.codec = code::raw}, false);
  REQUIRE(done);
  return done->id;
}

/// Whether it comes true in good time.
template <class F>
auto eventually(F const& holds) -> bool {
  auto const until = std::chrono::steady_clock::now() + std::chrono::seconds{20};
  while (!holds())
    if (std::chrono::steady_clock::now() > until) return false;
    else std::this_thread::yield();
  return true;
}

/// A dag-cbor list of so many raw blocks.
auto tree(core_api& api, std::string const& name, unsigned leaves) -> cid {
  auto json = std::string{"["};
  for (auto i = 0u; i < leaves; ++i) json += (i == 0 ? "{\"/\":\"" : ",{\"/\":\"") + to_string(raw_block(api, name + std::to_string(i))) + "\"}";
  auto const root = api.dag_put(as_bytes(json + "]"), {});
  REQUIRE(root);
  return *root;
}

/// Blocks of a store, that come when they are asked for.
struct remote_store final : block_fetch {
  explicit remote_store(memory_blockstore& from) : blocks{&from} {}
  void want(std::span<cid const> soon) override {
    for (auto const& id : soon) wanted.push_back(id);
  }
  auto get(cid const& id, cancel_check const& cancelled) -> io_result<block> override {
    if (cancelled && cancelled()) return std::unexpected(error::message("network", "canceled"));
    return blocks->get(id);
  }
  memory_blockstore* blocks;
  std::vector<cid> wanted{};
};

auto put(memory_blockstore& store, std::uint64_t codec, bytes_view data) -> cid {
  auto const b = hash_block(cid_prefix{.codec = codec}, buffer{data});
  REQUIRE(store.put(*b));
  return b->id();
}

}  // namespace

TEST_CASE("network: a DAG that a connected peer has is pinned, and all of it is here") {
  auto a = peer_node{}, b = peer_node{};
  auto const root = tree(*a.api, "leaf", 300);
  b.connect(a);
  REQUIRE(b.api->pin_add(root, true, ""));
  auto const alone = b.api->for_caller({.offline = true});
  auto const sum = alone->stat_dags(std::vector<path_like>{root}, [](auto, auto) {});
  REQUIRE(sum);
  CHECK(sum->unique_blocks == 301);
  auto const did = b.network->exchange();
  CHECK(did.blocks_received == 301);
  CHECK(did.duplicates == 0);
  CHECK(did.wants.empty());
  CHECK(a.network->exchange().blocks_sent == 301);
  CHECK(a.network->ledger(b.network->self().id).sent == did.data_received);
}

TEST_CASE("network: a caller that stays offline is told that the block is not here, and asks nobody") {
  auto a = peer_node{}, b = peer_node{};
  auto const id = raw_block(*a.api, "only there");
  b.connect(a);
  auto const alone = b.api->for_caller({.offline = true});
  auto const missing = alone->block_get(id);
  REQUIRE_FALSE(missing);
  CHECK(to_string(missing.error()).find("block was not found locally (offline)") != std::string::npos);
  CHECK(b.network->exchange().blocks_received == 0);
  CHECK(b.api->block_get(id));
}

TEST_CASE("network: a block that comes later is sent to who waits for it") {
  auto a = peer_node{}, b = peer_node{};
  b.connect(a);
  auto const text = std::string{"not yet written"};
  auto const id = hash_block(cid_prefix{.codec = code::raw}, buffer{as_bytes(text)})->id();
  auto got = io_result<block>{std::unexpected(error::message("test", "nothing"))};
  auto reader = std::thread{[&] { got = b.api->block_get(id); }};
  CHECK(eventually([&] { return !a.network->wantlist_of(b.network->self().id).empty(); }));
  raw_block(*a.api, text);
  reader.join();
  REQUIRE(got);
  CHECK(got->id() == id);
}

TEST_CASE("network: a caller that goes takes its wants with it; one whose patience ends is told so") {
  auto a = peer_node{}, b = peer_node{};
  b.connect(a);
  auto const id = hash_block(cid_prefix{.codec = code::raw}, buffer{as_bytes(std::string_view{"nobody has it"})})->id();
  {
    auto gone = std::atomic<bool>{false};
    auto const caller = b.api->for_caller({.cancelled = [&] { return gone.load(); }});
    auto reader = std::thread{[&] { CHECK_FALSE(caller->block_get(id)); }};
    CHECK(eventually([&] { return !b.network->exchange().wants.empty(); }));
    gone = true;
    reader.join();
  }
  REQUIRE(eventually([&] { return b.network->exchange().wants.empty(); }));
  REQUIRE(eventually([&] { return a.network->wantlist_of(b.network->self().id).empty(); }));
  auto const impatient = b.api->for_caller({.patience = 50'000'000});
  auto const late = impatient->block_get(id);
  REQUIRE_FALSE(late);
  CHECK(late.error().module() == "retrieval");
}

TEST_CASE("network: what a denylist names is neither served nor fetched") {
  auto const text = std::string{"blocked words"};
  auto const id = hash_block(cid_prefix{.codec = code::raw}, buffer{as_bytes(text)})->id();
  auto a = peer_node{"/ipfs/" + to_string(id)}, b = peer_node{};
  raw_block(*a.api, text);
  b.connect(a);
  auto const reader = b.api->for_caller({.patience = 300'000'000});
  CHECK_FALSE(reader->block_get(id));
  CHECK(a.network->exchange().blocks_sent == 0);
}

TEST_CASE("SEC-15 network: filters refuse addresses both ways, and connections end") {
  auto a = peer_node{}, b = peer_node{};
  CHECK_FALSE(b.network->add_filter("/ip4/127.0.0.0"));
  REQUIRE(b.network->add_filter("/ip4/127.0.0.0/ipcidr/8"));
  auto const refused = b.network->connect(a.addressed(), {});
  REQUIRE_FALSE(refused);
  CHECK(to_string(refused.error()).find("gater disallows connection to peer") != std::string::npos);
  CHECK_FALSE(a.network->connect(b.addressed(), {}));
  CHECK(b.network->remove_filter("/ip4/127.0.0.0/ipcidr/8"));
  b.connect(a);
  CHECK(b.network->connections().size() == 1);
  CHECK(b.network->disconnect(a.network->self().id, {}));
  CHECK(b.network->connections().empty());
  CHECK_FALSE(b.network->disconnect(a.network->self().id, {}));
}

TEST_CASE("network: bounds of resources are Kubo's, and what is in use is counted") {
  auto a = peer_node{{}, {{"Swarm.ResourceMgr.MaxMemory", ipld::node{"1GB"}}, {"Swarm.ResourceMgr.MaxFileDescriptors", ipld::node{512}}}}, b = peer_node{};
  auto const use_of = [&](std::string_view scope, std::string_view name) {
    for (auto const& s : a.network->resources())
      if (s.name == scope)
        for (auto const& u : s.uses)
          if (u.name == name) return std::pair{u.limit.value_or(~0ull), u.used};
    return std::pair{std::uint64_t{1}, std::uint64_t{1}};
  };
  auto const bound = [&](std::string_view scope, std::string_view name) { return use_of(scope, name).first; };
  // the figures of Kubo 0.43.1 for that config
  CHECK(bound("system", "Memory") == 1'000'000'000);
  CHECK(bound("system", "FD") == 512);
  CHECK(bound("system", "ConnsInbound") == 953);
  CHECK(bound("system", "Conns") == ~0ull);
  CHECK(bound("transient", "Memory") == 250'000'000);
  CHECK(bound("transient", "FD") == 128);
  CHECK(bound("transient", "ConnsInbound") == 238);
  CHECK(bound("svc:libp2p.identify", "Memory") == 8097792);
  CHECK(bound("svc:libp2p.identify", "FD") == 0);
  CHECK(bound("svc:libp2p.identify", "Streams") == 247);
  CHECK(bound("proto:/ipfs/id/1.0.0", "StreamsInbound") == 123);
  CHECK(bound("svc:libp2p.autonat", "Memory") == 6146048);
  b.connect(a);
  CHECK(eventually([&] { return use_of("system", "ConnsInbound").second == 1; }));
  CHECK(use_of("system", "Memory").second >= 64 * 1024);
  auto off = peer_node{{}, {{"Swarm.ResourceMgr.Enabled", ipld::node{false}}}};
  CHECK(off.network->resources().empty());
}

TEST_CASE("SEC-30 network: of the gateways that a router names, one that lies wins no race, and only what was checked is stored") {
  auto const text = std::string(1000, 'g');
  auto const id = *hash_cid(cid_prefix{.codec = code::raw}, as_bytes(text));
  auto const head = std::string{"HTTP/1.1 200 OK\r\nContent-Type: application/vnd.ipld.raw\r\nContent-Length: 1000\r\n\r\n"};
  auto liar = canned_server{[&](std::string const&, canned_server::sender const& send) { send(head + std::string(1000, 'x')); }};
  auto honest = canned_server{[&](std::string const& line, canned_server::sender const& send) {
    if (line.find(to_string(id)) != std::string::npos) send(head + text);
    else send("HTTP/1.1 404 Not Found\r\nContent-Length: 0\r\n\r\n");
  }};
  auto const provider = [](std::uint16_t port) {
    return R"({"Schema":"peer","ID":"12D3KooWM8sovaEGU1bmiWGWAzvs47DEcXKZZTuJnpQyVTkRs2Vn","Addrs":["/ip4/127.0.0.1/tcp/)" + std::to_string(port) + R"(/http"],"Protocols":["transport-ipfs-gateway-http"]})";
  };
  auto router = canned_server{[&](std::string const&, canned_server::sender const& send) {
    auto const body = R"({"Providers":[)" + provider(liar.port) + "," + provider(honest.port) + "]}";
    send("HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nContent-Length: " + std::to_string(body.size()) + "\r\n\r\n" + body);
  }};
  auto const url = "http://127.0.0.1:" + std::to_string(router.port);
  auto node = peer_node{{}, {{"Routing.DelegatedRouters", ipld::node{ipld::list{ipld::node{url}}}}}};
  auto const got = node.api->block_get(id);
  REQUIRE(got);
  CHECK(as_text(got->data()) == text);
  CHECK(router.lines().at(0) == "GET /routing/v1/providers/" + to_string(id) + " HTTP/1.1");
  CHECK(liar.lines().size() == 1);
  // it is here now, and nothing of it is wanted any more
  CHECK(node.api->block_get(id));
  CHECK(router.lines().size() == 1);
  CHECK(eventually([&] { return node.network->exchange().wants.empty(); }));

  auto off = peer_node{{}, {{"Routing.DelegatedRouters", ipld::node{ipld::list{ipld::node{url}}}}, {"HTTPRetrieval.Enabled", ipld::node{false}}}};
  auto const impatient = off.api->for_caller({.patience = 500'000'000});
  CHECK_FALSE(impatient->block_get(id));
  CHECK(router.lines().size() == 2);
  CHECK(honest.lines().size() == 1);
}

TEST_CASE("network: Swarm.ResourceMgr.Allowlist names networks, addresses and peers; what is none of these is left out") {
  auto const from = *parse_multiaddr("/ip4/10.1.2.3/tcp/4001"), other = *parse_multiaddr("/ip4/11.1.2.3/tcp/4001");
  auto const id = "12D3KooWD3eckifWpRn9wQpMG9R9hX3sD158z7EqHWmweQAJU5SA";
  auto const network = service::detail::allowed_peers::parse("/ip4/10.0.0.0/ipcidr/8"), address = service::detail::allowed_peers::parse("/ip4/10.1.2.3");
  auto const peer = service::detail::allowed_peers::parse("/ip4/10.0.0.0/ipcidr/8/p2p/" + std::string{id}), with_port = service::detail::allowed_peers::parse("/ip4/10.1.2.3/tcp/1");
  for (auto const* a : {&network, &address, &peer, &with_port}) {
    REQUIRE(*a);
    CHECK((*a)->where.holds(from));
    CHECK_FALSE((*a)->where.holds(other));
  }
  CHECK_FALSE(network->who);
  CHECK(peer->who == *parse_peer_id(id));
  for (auto const* bad : {"", "10.0.0.0/8", "/ip4/10.0.0.0/ipcidr/33", "/dns/example.com", "/ip4/10.0.0.0/p2p/x"}) CHECK_FALSE(service::detail::allowed_peers::parse(bad));
}

TEST_CASE("network: a peer that is kept is dialled again") {
  auto a = peer_node{}, b = peer_node{};
  b.network->add_peering(a.addressed());
  auto const id = a.network->self().id;
  auto const connected = [&] { return b.network->connections().size() == 1; };
  REQUIRE(eventually(connected));
  REQUIRE(a.network->disconnect(b.network->self().id, {}));
  REQUIRE(eventually([&] { return !connected(); }));
  REQUIRE(eventually(connected));
  b.network->remove_peering(id);
  CHECK(b.network->peering().empty());
}

namespace {

template <class T>
auto ignore(boost::asio::awaitable<T> body) -> boost::asio::awaitable<void> {
  (void)co_await std::move(body);
}

/// Many peers on one thread of their own; each dials the node, and notes when its connection began and ended.
struct crowd {
  struct member {
    std::optional<libp2p::host> host{};
    std::optional<std::chrono::steady_clock::time_point> since{}, until{};
  };
  boost::asio::io_context loop{1};
  std::vector<member> members;
  std::atomic<unsigned> connected = 0, dialed = 0;
  multiaddr to;
  std::thread thread{};

  crowd(unsigned count, peer_node const& node) : members(count) {
    auto const [id, addresses] = node.addressed();
    auto const at = std::find_if(addresses.begin(), addresses.end(), [](multiaddr const& a) { return a.find(6).has_value(); });
    to = *parse_multiaddr(to_string(*at) + "/p2p/" + to_string(id));
    for (auto& m : members) {
      m.host.emplace(*libp2p::host::make(loop.get_executor(), *private_key::generate(key_type::ed25519)));
      m.host->on_peer([this, &m](peer_id const&, bool there) {
        (there ? m.since : m.until) = std::chrono::steady_clock::now();
        connected += there ? 1u : ~0u;
        dialed += there;
      });
    }
    thread = std::thread{[this] {
      auto const work = boost::asio::make_work_guard(loop);
      loop.run();
    }};
  }
  // The members of that step, one after the other: a node takes a bounded number of handshakes at once.
  auto dial(unsigned first, unsigned last, unsigned step) -> boost::asio::awaitable<void> {
    for (auto i = first; i < last; i += step) {
      auto const until = libp2p::within(std::chrono::seconds{30});
      (void)co_await members[i].host->dial(to, until);
    }
  }
  void dial(unsigned first, unsigned last) {
    for (auto lane = 0u; lane < 16; ++lane) boost::asio::co_spawn(loop, dial(first + lane, last, 16), boost::asio::detached);
  }
  ~crowd() {
    boost::asio::post(loop, [this] {
      for (auto& m : members) m.host->close();
      loop.stop();
    });
    thread.join();
  }
  template <class F>
  auto ask(F f) {
    auto task = std::packaged_task<decltype(f())()>{f};
    auto answer = task.get_future();
    boost::asio::post(loop, [&] { task(); });
    return answer.get();
  }
};

}  // namespace

TEST_CASE("capability 20 (1): of 300 peers that dial in at most 96 stay; kept ones and those that exchange are among them, and none goes before its time") {
  constexpr auto grace = std::chrono::seconds{3};
  auto node = peer_node{{}, {{"Swarm.ConnMgr.LowWater", ipld::node{32}}, {"Swarm.ConnMgr.HighWater", ipld::node{96}}, {"Swarm.ConnMgr.GracePeriod", ipld::node{"3s"}}}};
  auto others = crowd{300, node};
  others.dial(0, 10);
  REQUIRE(eventually([&] { return node.network->connections().size() == 10; }));
  // five are kept, and five have a block from us
  auto kept = std::vector<peer_id>{};
  for (auto i = 0u; i < 5; ++i) kept.push_back(others.members[i].host->id());
  for (auto const& id : kept) node.network->add_peering({id, {}});
  auto const block = raw_block(*node.api, "for five");
  auto exchanged = std::vector<peer_id>{};
  auto stores = std::vector<memory_blockstore>(5);
  auto exchanges = std::vector<libp2p::bitswap_exchange>{};
  others.ask([&] {
    for (auto i = 0u; i < 5; ++i) {
      auto& host = *others.members[5 + i].host;
      exchanged.push_back(host.id());
      exchanges.emplace_back(host, stores[i]);
      boost::asio::co_spawn(others.loop, ignore(exchanges.back().get(block, libp2p::within(std::chrono::seconds{10}))), boost::asio::detached);
    }
  });
  for (auto const& id : exchanged) REQUIRE(eventually([&] { return node.network->ledger(id).sent > 0; }));

  others.dial(10, 300);
  REQUIRE(eventually([&] { return others.dialed == 300; }));
  REQUIRE(eventually([&] { return node.network->connections().size() <= 96; }));
  auto const left = node.network->connections();
  CHECK(left.size() >= 32);
  auto const stays = [&](peer_id const& id) { return std::ranges::any_of(left, [&](auto const& c) { return c.id == id; }); };
  CHECK(std::ranges::all_of(kept, stays));
  CHECK(std::ranges::all_of(exchanged, stays));
  CHECK(eventually([&] { return others.connected == left.size(); }));
  others.ask([&] {
    exchanges.clear();
    for (auto const& m : others.members)
      if (m.until) CHECK(*m.until - *m.since >= grace - std::chrono::milliseconds{500});
  });
}

TEST_CASE("fetching: siblings are asked for in their order, more and more of them; nothing while all is here") {
  auto there = memory_blockstore{}, here = memory_blockstore{};
  auto ids = std::vector<cid>{};
  auto links = ipld::list{};
  for (auto i = 0; i < 500; ++i) {
    ids.push_back(put(there, code::raw, keystream("leaf " + std::to_string(i), 40)));
    links.emplace_back(ids.back());
  }
  auto encoded = bytes{};
  REQUIRE(dag_cbor::encode(ipld::node{std::move(links)}, encoded));
  auto const root = put(here, code::dag_cbor, encoded);
  auto* remote = static_cast<remote_store*>(nullptr);
  auto const blocked = ids[7];
  auto store = service::detail::fetching_blocks{blockstore_ref{here},
                                       [&] {
                                         auto made = std::make_unique<remote_store>(there);
                                         remote = made.get();
                                         return made;
                                       },
                                       [&](cid const& id) { return id == blocked; }, {}};
  REQUIRE(store.get(root));
  CHECK_FALSE(remote);
  REQUIRE(store.get(ids[0]));
  REQUIRE(remote);
  CHECK(remote->wanted.front() == ids[0]);
  CHECK(remote->wanted.size() > 2);
  for (auto i = 1u; i < 400; ++i)
    if (i != 7) REQUIRE(store.get(ids[i]));
  auto const ahead = remote->wanted.size();
  CHECK(ahead > 480);
  CHECK(std::find(remote->wanted.begin(), remote->wanted.end(), blocked) == remote->wanted.end());
  // in the order of the walk, each block once ahead of its turn at most
  auto last = std::map<multihash, std::size_t>{};
  for (auto i = 0uz; i < ids.size(); ++i) last[ids[i].hash()] = i;
  auto highest = 0uz;
  for (auto const& id : remote->wanted) {
    auto const at = last.at(id.hash());
    CHECK(at + 256 > highest);
    highest = std::max(highest, at);
  }
}

TEST_CASE("fetching: a caller that goes is not kept waiting") {
  auto there = memory_blockstore{}, here = memory_blockstore{};
  auto const id = put(there, code::raw, keystream("one", 40));
  auto store = service::detail::fetching_blocks{blockstore_ref{here}, [&] { return std::make_unique<remote_store>(there); }, [](cid const&) { return false; }, [] { return true; }};
  CHECK_FALSE(store.get(id));
}
