// IPNS records: what decodes says the same again, is bounded, and is valid for nobody who did not sign it.
#include <cairn/naming/ipns_record.hpp>
#include <cairn/naming/ipns_name.hpp>

#include "law.hpp"

using namespace cairn;

extern "C" int LLVMFuzzerTestOneInput(byte const* data, std::size_t size) {
  auto const in = bytes_view{data, size};
  static auto const key = *private_key::of_ed25519_seed(bytes(32, 1));
  static auto const name = peer_id::of(key.public_part());
  constexpr auto now = utc_time{1'700'000'000, 0};
  auto const record = decode_ipns_record(in);
  CAIRN_LAW(!record || size <= limits::ipns_record);
  if (record) {
    CAIRN_LAW(!validate(*record, name, now));  // a signature cannot be guessed
    if (auto const end = record->end_of_life()) CAIRN_LAW(record->time_to_live(now) >= 0 && (*end > now || record->time_to_live(now) == 0));
    if (auto const path = record->path()) CAIRN_LAW(parse_path(to_string(*path)));
    CAIRN_LAW(compare(*record, *record) == 0);
  }
  auto const views = {in, in};
  CAIRN_LAW(select_ipns_record(std::span{views.begin(), views.size()}).has_value() == record.has_value());

  // the same octets as a value: what is made is valid and says that value
  auto const made = make_ipns_record(key, as_text(in), {.sequence = size, .end_of_life = now.plus(5)});
  if (!made) return 0;
  auto const again = decode_ipns_record(*made);
  CAIRN_LAW(again && validate(*again, name, now));
  CAIRN_LAW(as_text(again->value) == as_text(in) && again->sequence == size);
  if (auto const at = parse_rfc3339(as_text(in))) CAIRN_LAW(parse_rfc3339(to_rfc3339(*at)) == at);
  return 0;
}
