// What peers say of themselves: caps hold, and what was taken is written and taken the same. Envelopes: only signed ones open.
#include <cairn/libp2p/identify.hpp>
#include <cairn/libp2p/pnet.hpp>

#include "law.hpp"

using namespace cairn;

extern "C" int LLVMFuzzerTestOneInput(byte const* data, std::size_t size) {
  auto const in = bytes_view{data, size};
  auto info = identify_info{};
  if (merge_identify(in, info)) {
    CAIRN_LAW(info.protocols.size() <= identify_info::max_protocols);
    CAIRN_LAW(info.listen_addresses.size() <= identify_info::max_addresses);
    byte_queue out;
    append_identify(out, info);
    auto again = identify_info{};
    for (auto rest = out.view(); !rest.empty();) {
      auto const length = read_varint(rest);
      CAIRN_LAW(length && length->value <= length->rest.size());
      CAIRN_LAW(merge_identify(length->rest.first(static_cast<std::size_t>(length->value)), again).has_value());
      rest = length->rest.subspan(static_cast<std::size_t>(length->value));
    }
    CAIRN_LAW(again == info);
  }
  auto reader = identify_reader{};
  static auto const key = *private_key::of_ed25519_seed(bytes(32, 3));
  if (auto const n = reader.resume(in)) {
    CAIRN_LAW(*n <= size);
    auto const said = reader.finish(size - *n, key.public_part());
    CAIRN_LAW(!said || *n == size);
    fuzz::says_why(said);
  }
  if (auto const r = decode_peer_record(in)) {
    CAIRN_LAW(decode_peer_record(encode_peer_record(*r)) == *r);
    // sealed by a key, it is that peer's
    auto const sealed = seal_peer_record(key, r->seq, r->addresses);
    CAIRN_LAW(sealed.has_value());
    auto const opened = open_peer_record(*sealed);
    CAIRN_LAW(opened && opened->peer.is_of(key.public_part()) && opened->seq == r->seq && opened->addresses == r->addresses);
  }
  (void)!open_peer_record(in).has_value();
  if (auto const key = parse_swarm_key(as_text(in))) CAIRN_LAW(key->size() == 32);
  return 0;
}
