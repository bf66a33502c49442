#include "areas.hpp"

#include <cairn/naming/dnslink.hpp>
#include <cairn/naming/name_resolution.hpp>

namespace conformance {
namespace {

using namespace cairn;

auto zone_of(json::object const& records) -> txt_zone {
  auto zone = txt_zone{};
  for (auto const& entry : records)
    if (entry.value().is_array())
      for (auto const& text : entry.value().as_array()) zone.add(entry.key(), to_text(text));
  return zone;
}

auto run_resolve(test_case const& c) -> answer {
  auto const zone = zone_of(c.document.at("zone").as_object());
  auto start = parse_path(c.text("path"));
  if (!start) return fail(std::string{describe(start.error())});
  auto const step = name_lookup_step{[&](std::string_view name) -> io_result<name_step> {
    auto link = find_dnslink(zone, name);
    if (!link) return std::unexpected(link.error());
    return name_step{link->path, link->ttl};
  }};
  auto const end = follow_names(*std::move(start), static_cast<unsigned>(c.unsigned_number("depth")), step);
  auto const error = !end ? (end.error() == dnslink_errc::several ? "ErrMultipleDNSLinkRecords" : "ErrResolveFailed") : end->is_final ? "" : "ErrResolveRecursion";
  if (auto const a = same("error", error, c.text_or("error", "")); a.outcome != verdict::pass) return a;
  return same("result", end ? to_string(end->path) : "", c.text("result"));
}

auto run(test_case const& c) -> answer {
  if (c.op == "dnslink.parse_txt") {
    auto const link = parse_dnslink(c.text("text"));
    return expect_error(c.expects_error(), !link, link ? to_string(*link) : "");
  }
  if (c.op == "dnslink.resolve") return run_resolve(c);
  return unsupported("op " + c.op + ": another standard than Kubo's");
}

}  // namespace

auto dnslink_area() -> area { return {"dnslink", run}; }

}  // namespace conformance
