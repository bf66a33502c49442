#include "adapter.hpp"

#include <cairn/crypto/libp2p_key.hpp>
#include <cairn/libp2p/envelope.hpp>

namespace adapter {
namespace {

auto open(test_case const& c) -> reply {
  auto const got = open_envelope(octets(c, "bytes"), c.text("domain"));
  if (!got) return refuse(got.error());
  return json::object{{"peer_id", to_string(peer_id::of(got->signer()))}, {"payload_type", to_hex(got->payload_type())}, {"payload", to_hex(got->payload())}};
}

auto seal(test_case const& c) -> reply {
  auto const key = decode_libp2p_private_key(octets(c, "key"));
  if (!key) return refuse(key.error());
  auto const got = seal_envelope(*key, c.text("domain"), octets(c, "payload_type"), octets(c, "payload"));
  if (!got) return refuse(got.error());
  return json::object{{"bytes", to_hex(*got)}};
}

auto open_record(test_case const& c) -> reply {
  auto const got = open_peer_record(octets(c, "bytes"));
  if (!got) return refuse(got.error());
  auto addresses = json::array{};
  for (auto const& a : got->addresses) addresses.push_back(json::string{to_string(a)});
  return json::object{{"peer_id", to_string(got->peer)}, {"seq", std::to_string(got->seq)}, {"addresses", std::move(addresses)}};
}

auto seal_record(test_case const& c) -> reply {
  auto const key = decode_libp2p_private_key(octets(c, "key"));
  if (!key) return refuse(key.error());
  auto addresses = std::vector<multiaddr>{};
  for (auto const& text : c.array("addresses")) {
    auto const a = parse_multiaddr(conformance::to_text(text));
    if (!a) return refuse(a.error());
    addresses.push_back(*a);
  }
  auto const got = seal_peer_record(*key, c.unsigned_number("seq"), std::move(addresses));
  if (!got) return refuse(got.error());
  return json::object{{"bytes", to_hex(*got)}};
}

constexpr operation operations[]{
    {"envelope.open", open},
    {"envelope.seal", seal},
    {"peer_record.open", open_record},
    {"peer_record.seal", seal_record},
};

}  // namespace

auto record_operations() -> std::span<operation const> { return operations; }

}  // namespace adapter
