#pragma once

#include <cairn/block/verify.hpp>
#include <cairn/ipld/codec/dag_cbor.hpp>
#include <cairn/sim/lab.hpp>

namespace cairn::sim {

CAIRN_DECL lab::lab(std::uint64_t seed) : time{seed}, net{time} {}
CAIRN_DECL lab::~lab() {
  for (auto const& n : nodes_) n->stop();
}

CAIRN_DECL auto lab::add(libp2p::host_options const& host_options, bitswap_options const& exchange_options, std::uint64_t disk) -> node& {
  return *nodes_.emplace_back(std::make_unique<node>(net, net.add_place(), host_options, exchange_options, disk));
}
CAIRN_DECL void lab::add_many(std::size_t n, libp2p::host_options const& host_options, bitswap_options const& exchange_options) {
  while (n-- > 0) (void)add(host_options, exchange_options);
}

CAIRN_DECL void lab::dial(std::size_t from, std::size_t to) {
  auto& there = *nodes_[to];
  nodes_[from]->peer->dial(there.at, there.id(), std::chrono::seconds{30}, [](io_result<peer_id> const&) {});
}

CAIRN_DECL auto lab::connect(std::size_t from, std::size_t to) -> bool {
  dial(from, to);
  auto const &a = *nodes_[from], &b = *nodes_[to];
  return time.run_until([&] { return a.peer->find(b.id()) && b.peer->find(a.id()); }, std::chrono::seconds{30});
}

CAIRN_DECL auto lab::fetch(std::size_t by, cid const& root, duration at_most) -> io_result<fetch_report> {
  auto const out = std::make_shared<std::optional<io_result<fetch_report>>>();
  nodes_[by]->bitswap->fetch(root, at_most, [out](io_result<fetch_report> r) { out->emplace(std::move(r)); });
  if (!time.run_until([&] { return out->has_value(); }, at_most)) return std::unexpected(error::message("sim", "the fetch is not over"));
  return **out;
}

CAIRN_DECL void lab::crash(std::size_t i) {
  net.crash(nodes_[i]->at);
  nodes_[i]->stop();
}
CAIRN_DECL void lab::restart(std::size_t i) {
  net.restart(nodes_[i]->at);
  nodes_[i]->start(net);
}

CAIRN_DECL auto put_dag(memory_blockstore& into, seeded_random& random, std::size_t leaves, std::size_t leaf_size) -> cid {
  auto links = ipld::list{};
  for (auto i = 0uz; i < leaves; ++i) {
    auto data = bytes(leaf_size);
    random(data);
    auto const b = *hash_block({}, buffer{bytes_view{data}});
    (void)into.put(b);
    links.push_back(b.id());
  }
  auto text = bytes{};
  (void)dag_cbor::encode(ipld::node{std::move(links)}, text);
  auto const root = *hash_block({1, code::dag_cbor, code::sha2_256, 32}, buffer{bytes_view{text}});
  (void)into.put(root);
  return root.id();
}

}  // namespace cairn::sim
