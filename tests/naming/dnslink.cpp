#include <cairn/naming/name_map.hpp>
#include <cairn/naming/dnslink.hpp>
#include <cairn/naming/name_resolution.hpp>

#include <cairn/core/limits.hpp>

#include "support/property.hpp"

using namespace cairn;

namespace {

auto text(result<content_path, dnslink_errc> const& p) -> std::string { return p ? to_string(*p) : std::string{describe(p.error())}; }

auto link_of(txt_zone const& zone, std::string_view domain) -> std::string {
  auto const found = find_dnslink(zone, domain);
  return found ? to_string(found->path) : to_string(found.error());
}

constexpr auto not_found = "could not resolve name: DNSLink lookup could not find a TXT record (https://docs.ipfs.tech/concepts/dnslink/)";

}  // namespace

TEST_CASE("laws of dns_resolver: txt_zone") {
  auto zone = txt_zone{};
  zone.add("A.example", "one");
  zone.add("a.example.", "two");
  CHECK(zone.txt("b.example")->texts.empty());
  CHECK(zone.txt("a.EXAMPLE.")->texts == std::vector<std::string>{"one", "two"});
}

TEST_CASE("IX-70 an entry is dnslink= and a path or a CID, or a CID alone") {
  CHECK(text(parse_dnslink("dnslink=/ipns/example.com/a/")) == "/ipns/example.com/a/");
  CHECK(text(parse_dnslink("dnslink=bafkqaaa")) == "/ipfs/bafkqaaa");
  CHECK(text(parse_dnslink("bafkqaaa")) == "/ipfs/bafkqaaa");
  CHECK(text(parse_dnslink("dnslink=/ipns/k51qzi5uqu5dhmzyv3zac033i7rl9hkgczxyl81lwoukda2htteop7d3x0y1mf")).starts_with("/ipns/k51"));
  for (auto bad : {"", "dnslink=", "dnslink=/ipfs/", "dnslink=/bafkqaaa/foo", " dnslink=/ipfs/bafkqaaa", "DNSLINK=/ipfs/bafkqaaa", "dnslink=example.com", "x=/ipfs/bafkqaaa"})
    CHECK(text(parse_dnslink(bad)) == describe(dnslink_errc::no_entry));
  CHECK(text(parse_dnslink("dnslink=/ipfs/bafkqaaa/" + std::string(limits::dnslink_text, 'a'))) == describe(dnslink_errc::no_entry));
}

TEST_CASE("IX-70 a CID alone is shown as its usual text, in whatever base it was written") {
  using namespace std::string_view_literals;
  auto const base16 = parse_dnslink("dnslink=f01550000");
  REQUIRE(base16);
  CHECK(to_string(*base16) == "/ipfs/bafkqaaa");
  auto const octets = parse_dnslink("\0\x01\x2f\0\0"sv);  // the base "identity": the octets as they are, a slash among them
  REQUIRE(octets);
  CHECK(parse_path(to_string(*octets)));
  CHECK(to_string(*octets).find_first_of("\0"sv) == std::string::npos);
}

TEST_CASE("IX-70 one entry counts among texts that are none; two are an error, not the first of them") {
  auto zone = txt_zone{};
  zone.add("_dnslink.one.example", "v=spf1 -all");
  zone.add("_dnslink.one.example", "dnslink=/ipfs/bafkqaaa");
  zone.add("_dnslink.one.example", "dnslink=/unknown/x");
  zone.add("_dnslink.two.example", "dnslink=/ipfs/bafkqaaa");
  zone.add("_dnslink.two.example", "dnslink=/ipns/one.example");
  zone.add("bare.example", "dnslink=/ipfs/bafkqaaa");
  CHECK(link_of(zone, "one.example") == "/ipfs/bafkqaaa");
  CHECK(link_of(zone, "One.Example.") == "/ipfs/bafkqaaa");
  CHECK(link_of(zone, "two.example") == "DNSLink lookup for \"two.example.\" failed: could not resolve name: DNSLink lookup returned more than one IPFS content path; "
                                        "ask domain owner to remove duplicate TXT records");
  CHECK(link_of(zone, "bare.example") == std::string{"DNSLink lookup for \"bare.example.\" failed: "} + not_found);
  CHECK(link_of(zone, "").ends_with(not_found));
  CHECK(link_of(zone, std::string(300, 'a')).ends_with(not_found));
}

TEST_CASE("SEC-49 names that lead in a circle end after 32 hops, longer ways too, shorter ones do not") {
  auto asked = 0u;
  auto const ring = name_lookup_step{[&](std::string_view name) -> io_result<name_step> {
    ++asked;
    return name_step{*parse_path(name == "a" ? "/ipns/b/x" : "/ipns/a"), 10};
  }};
  auto const lost = resolve_names(*parse_path("/ipns/a"), ring);
  REQUIRE_FALSE(lost);
  CHECK(to_string(lost.error()) == "could not resolve name (recursion limit exceeded)");
  CHECK(asked == limits::name_hops);

  auto const chain = name_lookup_step{[&](std::string_view name) -> io_result<name_step> {
    auto const n = std::stoi(std::string{name});
    return name_step{*parse_path(n == 0 ? "/ipfs/bafkqaaa" : "/ipns/" + std::to_string(n - 1)), 100 - n};
  }};
  auto const through = resolve_names(*parse_path("/ipns/31/q/"), chain);
  REQUIRE(through);
  CHECK(to_string(through->path) == "/ipfs/bafkqaaa/q/");
  CHECK(through->hops == 32);
  CHECK(through->ttl == 69);
  CHECK_FALSE(resolve_names(*parse_path("/ipns/32"), chain));
  auto const once = follow_names(*parse_path("/ipns/9/q"), 1, chain);
  REQUIRE(once);
  CHECK(to_string(once->path) == "/ipns/8/q");
  CHECK_FALSE(once->is_final);
  auto const fixed = resolve_names(*parse_path("/ipfs/bafkqaaa/z"), chain);
  CHECK((fixed && fixed->hops == 0 && fixed->is_final));
}

TEST_CASE("a map of names is read as Kubo reads IPFS_NS_MAP") {
  auto const map = parse_name_map("example.com:/ipfs/bafkqaaa,two.example:/ipns/example.com/a");
  REQUIRE(map);
  CHECK(map->size() == 2);
  CHECK(to_string(map->at("two.example")) == "/ipns/example.com/a");
  CHECK(parse_name_map("")->empty());
  CHECK_FALSE(parse_name_map("example.com"));
  CHECK(to_string(parse_name_map("bad:xx").error()) == "invalid path \"xx\": path does not have enough components");
}
