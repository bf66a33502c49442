#include "adapter.hpp"

#include <cairn/crypto/libp2p_key.hpp>
#include <cairn/naming/ipns_name.hpp>
#include <cairn/naming/ipns_record.hpp>

#include <chrono>

namespace adapter {
namespace {

auto now() -> utc_time {
  return {std::chrono::duration_cast<std::chrono::seconds>(std::chrono::system_clock::now().time_since_epoch()).count(), 0};
}

auto validate_record(test_case const& c) -> reply {
  auto const name = parse_ipns_name(c.text("name"));
  if (!name) return refuse(name.error());
  auto const record = decode_ipns_record(octets(c, "record"));
  if (!record) return refuse(record.error());
  if (auto const ok = validate(*record, *name, now()); !ok) return refuse(ok.error());
  return json::object{{"value", as_text(record->value)}, {"sequence", std::to_string(record->sequence)}, {"ttl", std::to_string(record->ttl)}, {"validity", record->validity}};
}

auto create_record(test_case const& c) -> reply {
  auto const key = decode_libp2p_private_key(octets(c, "key"));
  if (!key) return refuse(key.error());
  auto const end = parse_rfc3339(c.text("validity"));
  if (!end) throw conformance::bad_case{"no time: " + c.text("validity")};
  auto const record = make_ipns_record(*key, c.text("value"),
                                       {.sequence = c.unsigned_number("sequence"), .end_of_life = *end, .ttl = static_cast<std::int64_t>(c.unsigned_number("ttl")), .v1_compatible = c.flag("v1")});
  if (!record) return refuse(record.error());
  return json::object{{"record", to_hex(*record)}};
}

auto select_record(test_case const& c) -> reply {
  auto records = std::vector<bytes>{};
  for (auto const& r : c.array("records")) records.push_back(octets(r));
  auto const views = std::vector<bytes_view>{records.begin(), records.end()};
  auto const best = select_ipns_record(views);
  if (!best) return refuse("no record");
  return json::object{{"index", *best}};
}

constexpr operation operations[]{
    {"ipns.validate", validate_record},
    {"ipns.create", create_record},
    {"ipns.select", select_record},
};

}  // namespace

auto name_operations() -> std::span<operation const> { return operations; }

}  // namespace adapter
