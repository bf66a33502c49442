// What a gateway reads of a request and of a site: Accept, Range, _redirects, host labels, the first octets of a file.
#include <cairn/service/gateway/impl/contents.hpp>
#include <cairn/service/gateway/impl/hosts.hpp>
#include <cairn/service/gateway/impl/redirects_file.hpp>

#include "law.hpp"

using namespace cairn;
using namespace cairn::service::gateway;
using namespace cairn::service::gateway::detail;

namespace {

void accept(std::string_view text) {
  auto head = http::request{.method = "GET", .target = "/ipfs/bafkqaaa"};
  head.fields.add("Accept", text);
  auto const query = http::parse_query(text).value_or(query_pairs{});
  auto const wanted = wanted_format_of(head, query);
  auto const asked = in_query(query, "format");
  // a format of the address is the one that counts
  if (asked && *asked == "raw") CAIRN_LAW(wanted.which == response_format::raw);
  if (auto const car = car_parameters_of(query, wanted)) {
    CAIRN_LAW(car->order == "dfs" || car->order == "unk");
    CAIRN_LAW(!car->request.octets || car->request.which == service::car_request::scope::entity);
  }
}

void range(std::string_view text, std::uint64_t size) {
  auto const r = parse_range(text, size);
  if (!r) return;
  CAIRN_LAW(r->length > 0 && r->first < size && r->length <= size - r->first);
}

void redirects(std::string_view text) {
  auto const rules = parse_redirects(text);
  if (!rules) return;
  for (auto const& rule : *rules) {
    CAIRN_LAW(rule.from.starts_with('/') && rule.status >= 200 && rule.status <= 451);
    for (auto path : {"/", "/a", "/a/b/c", "//", "/a/"})
      if (auto const to = match_redirect(rule, path)) CAIRN_LAW(to->size() <= rule.to.size() * 8);
  }
}

void labels(std::string_view text) {
  // an inlined domain is one label, and leads back where the domain has no empty part and no part that ends or begins with "-"
  auto const label = inlined_domain(text);
  CAIRN_LAW(label.find('.') == std::string::npos);
  if (text.find("..") == text.npos && text.find("-.") == text.npos && text.find(".-") == text.npos) CAIRN_LAW(domain_of_label(label) == text);
  auto settings = options{};
  settings.hosts.emplace("gw.example", public_host{.use_subdomains = true});
  if (auto const place = split_host(settings, text)) CAIRN_LAW(!place->label.empty() && place->entry && place->label.size() + place->gateway.size() < text.size());
  if (auto const id = parse_cid(text))
    if (auto const one = label_of(*id, false)) CAIRN_LAW(one->size() <= dns_label_max && parse_cid(*one)->hash() == id->hash());
}

void names(std::string_view text) {
  auto page = std::string{};
  service::append_html(page, text);
  CAIRN_LAW(page.find_first_of("<>\"'") == std::string::npos);
  CAIRN_LAW(disposition("inline", text).find_first_of("\r\n") == std::string::npos);
  CAIRN_LAW(!type_by_content(as_bytes(text)).empty());
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(byte const* data, std::size_t size) {
  if (size == 0) return 0;
  auto const text = as_text(bytes_view{data, size}.subspan(1));
  switch (data[0] % 5) {
    case 0: accept(text); break;
    case 1: range(text, 1 + text.size() * 7); break;
    case 2: redirects(text); break;
    case 3: labels(text); break;
    default: names(text);
  }
  return 0;
}
