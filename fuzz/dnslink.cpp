// DNSLink texts and maps of names: what is taken is a path, and following it ends.
#include <cairn/naming/name_map.hpp>
#include <cairn/naming/dnslink.hpp>
#include <cairn/naming/name_resolution.hpp>

#include "law.hpp"

using namespace cairn;

extern "C" int LLVMFuzzerTestOneInput(byte const* data, std::size_t size) {
  auto const text = as_text({data, size});
  auto const link = parse_dnslink(text);
  if (link) CAIRN_LAW(parse_path(to_string(*link)));
  auto zone = txt_zone{};
  auto rest = text;
  auto entries = 0u;
  while (!rest.empty()) {
    auto const end = rest.find('\n');
    auto const line = rest.substr(0, end);
    zone.add("_dnslink.loop.example", std::string{line});
    entries += parse_dnslink(line).has_value();
    rest.remove_prefix(end == rest.npos ? rest.size() : end + 1);
  }
  auto const found = find_dnslink(zone, "loop.example");
  if (entries != 1) CAIRN_LAW(!found || entries > limits::dnslink_texts);
  auto hops = 0u;
  auto const step = name_lookup_step{[&](std::string_view) -> io_result<name_step> {
    ++hops;
    if (!found) return std::unexpected(name_errc::not_found);
    return name_step{found->path, found->ttl};
  }};
  auto const end = resolve_names(*parse_path("/ipns/loop.example"), step);
  CAIRN_LAW(hops <= limits::name_hops && (!end || end->is_final));
  if (auto const map = parse_name_map(text))
    for (auto const& [name, path] : *map) CAIRN_LAW(parse_path(to_string(path)));
  return 0;
}
