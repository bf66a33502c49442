// Bitswap messages, and both sides fed with them: bounds hold, and what was read is written and read the same.
#include <cairn/blockstore/memory.hpp>
#include <cairn/exchange/bitswap.hpp>

#include "law.hpp"

using namespace cairn;

namespace {
auto peer() -> peer_id { return *peer_id::make(multihash::of(code::sha2_256, digest<32>{})); }
}  // namespace

extern "C" int LLVMFuzzerTestOneInput(byte const* data, std::size_t size) {
  auto const message = decode_bitswap({data, size});
  if (!message) return 0;
  auto again = bitswap_message{};
  for (auto const& w : message->wants) {
    CAIRN_LAW(w.id.encoded_size() <= limits::cid);
    CAIRN_LAW(w.id.hash().code() != code::identity);
    again.want(w);
  }
  for (auto const& p : message->presences) again.presence(p.id, p.have);
  byte_queue out;
  again.encode(bitswap_version::v1_2, out);
  auto const read = decode_bitswap(read_varint(out.view())->rest);
  CAIRN_LAW(read && read->wants == again.wants() && read->presences == again.presences());

  // said twice, and with blocks: one line per CID, and no presence of what is sent
  for (auto w : message->wants) {
    w.have = !w.have;
    again.want(w);
  }
  for (auto const& p : message->presences) again.presence(p.id, true);
  CAIRN_LAW(again.wants().size() <= message->wants.size() && again.presences().size() <= message->presences.size());
  for (std::size_t i = 0; i < message->payloads.size(); ++i) {
    if (i < message->wants.size()) again.add_block(message->wants[i].id, message->payloads[i].data);
    if (i < message->presences.size()) again.add_block(message->presences[i].id, message->payloads[i].data);
  }
  for (auto version : {bitswap_version::v1_2, bitswap_version::v1_1, bitswap_version::v1_0}) {
    out.clear();
    again.encode(version, out);
    auto const sent = decode_bitswap(read_varint(out.view())->rest);
    CAIRN_LAW(sent && sent->wants.size() <= again.wants().size() && sent->payloads.size() <= again.block_count());
  }

  auto const now = bitswap_client::clock_time{} + std::chrono::hours{1};
  auto server = bitswap_server{{.max_wants = 16}};
  auto client = bitswap_client{};
  auto store = memory_blockstore{};
  client.connected(peer(), now);
  for (auto const& w : message->wants) client.want(w.id, now, now + std::chrono::minutes{1});
  auto const wanted = client.want_count();
  server.received(peer(), *message);
  CAIRN_LAW(server.wantlist(peer()).size() <= 16);
  out.clear();
  while (server.next(peer(), bitswap_version::v1_2, store, out)) out.clear();
  CAIRN_LAW(!server.owes(peer()));
  client.received(peer(), *message, now);
  CAIRN_LAW(client.want_count() <= wanted);
  for (auto const& w : message->wants) client.cancel(w.id);
  CAIRN_LAW(client.want_count() == 0);
  return 0;
}
