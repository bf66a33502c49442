// A packet is read in bounded time and memory, and what it says of peers can be said again.
#include <cairn/libp2p/mdns.hpp>

#include "law.hpp"

using namespace cairn;

extern "C" int LLVMFuzzerTestOneInput(byte const* data, std::size_t size) {
  auto const said = mdns::read({data, size});
  if (!said) return 0;
  CAIRN_LAW(said->peers.size() <= mdns::max_addresses);
  for (auto const& [id, place] : said->peers) {
    CAIRN_LAW(!place.empty());
    auto const packet = mdns::encode_answer(mdns::peer_name(bytes(mdns::peer_name_size, 1)), id, {place}, {});
    CAIRN_LAW(packet.size() <= mdns::max_answer);
    auto const again = mdns::read(packet);
    CAIRN_LAW(again && !again->asks);
    if (mdns::is_local(place) && to_string(place).size() + to_string(id).size() < 240) {
      CAIRN_LAW(again->peers.size() == 1 && again->peers[0].first == id && again->peers[0].second == place);
    } else {
      CAIRN_LAW(again->peers.size() <= 1);
    }
  }
  return 0;
}
