#pragma once
// What a request asks a response to be: ?format= before Accept (IPIP-523), and the parameters of CARs.

#include <cairn/asio/http/exchange.hpp>
#include <cairn/asio/http/url.hpp>
#include <cairn/core/text.hpp>
#include <cairn/service/content_entry.hpp>

#include <algorithm>
#include <charconv>

namespace cairn::service::gateway::detail {

enum class response_format : byte { usual, raw, car, tar, dag_json, dag_cbor, json, cbor, ipns_record, unknown };

struct format_row {
  response_format which;
  std::string_view name, media_type;
};
inline constexpr format_row formats[]{
    {response_format::raw, "raw", "application/vnd.ipld.raw"},           {response_format::car, "car", "application/vnd.ipld.car"},
    {response_format::tar, "tar", "application/x-tar"},                  {response_format::dag_json, "dag-json", "application/vnd.ipld.dag-json"},
    {response_format::dag_cbor, "dag-cbor", "application/vnd.ipld.dag-cbor"}, {response_format::json, "json", "application/json"},
    {response_format::cbor, "cbor", "application/cbor"},                 {response_format::ipns_record, "ipns-record", "application/vnd.ipfs.ipns-record"},
};
/// One that nobody knows: "application/vnd.ipld.bogus".
inline constexpr format_row unknown_format{response_format::unknown, "", ""};
inline auto row_of(response_format f) -> format_row const& {
  for (auto const& row : formats)
    if (row.which == f) return row;
  return unknown_format;
}

using query_pairs = std::vector<std::pair<std::string, std::string>>;
inline auto in_query(query_pairs const& query, std::string_view key) -> std::optional<std::string_view> {
  for (auto const& [k, v] : query)
    if (k == key) return v;
  return std::nullopt;
}

struct wanted_format {
  response_format which = response_format::usual;
  bool from_accept = false;
  query_pairs parameters{};  ///< of the Accept's media type
};

inline auto blanks_off(std::string_view in) -> std::string_view {
  while (!in.empty() && (in.front() == ' ' || in.front() == '\t')) in.remove_prefix(1);
  while (!in.empty() && (in.back() == ' ' || in.back() == '\t')) in.remove_suffix(1);
  return in;
}

/// One media type with its parameters, where it asks for a form of IPFS content; "application/vnd.ipld.bogus" does too.
inline auto read_media_type(std::string_view spec) -> std::optional<wanted_format> {
  auto semicolon = spec.find(';');
  auto const type = blanks_off(spec.substr(0, semicolon));
  auto const same = [](char a, char b) { return (a | 0x20) == (b | 0x20); };
  auto out = wanted_format{.which = response_format::unknown, .from_accept = true};
  auto const row = std::find_if(std::begin(formats), std::end(formats), [&](auto const& r) { return std::equal(type.begin(), type.end(), r.media_type.begin(), r.media_type.end(), same); });
  if (row != std::end(formats)) out.which = row->which;
  else if (!type.starts_with("application/vnd.ipld") && !type.starts_with("application/vnd.ipfs")) return std::nullopt;
  while (semicolon != std::string_view::npos) {
    spec = spec.substr(semicolon + 1);
    semicolon = spec.find(';');
    auto const one = spec.substr(0, semicolon);
    auto const equals = one.find('=');
    if (equals == std::string_view::npos) continue;
    auto text = blanks_off(one.substr(equals + 1));
    if (text.size() >= 2 && text.front() == '"' && text.back() == '"') text = text.substr(1, text.size() - 2);
    out.parameters.emplace_back(blanks_off(one.substr(0, equals)), text);
  }
  return out;
}

/// The first media type of Accept that is a form of IPFS content; the order of the list counts, q does not.
inline auto accepted_format(http::headers const& fields) -> wanted_format {
  for (auto value : fields.all("Accept"))
    while (!value.empty()) {
      auto const comma = value.find(',');
      if (auto found = read_media_type(blanks_off(value.substr(0, comma)))) return *std::move(found);
      value = comma == std::string_view::npos ? std::string_view{} : value.substr(comma + 1);
    }
  return {};
}

/// ?format= decides where it names a format (IPIP-523); the parameters of an Accept that agrees with it still count.
inline auto wanted_format_of(http::request const& head, query_pairs const& query) -> wanted_format {
  auto accepted = accepted_format(head.fields);
  auto const asked = in_query(query, "format");
  auto const row = std::find_if(std::begin(formats), std::end(formats), [&](auto const& r) { return asked && r.name == *asked; });
  if (row == std::end(formats)) return accepted;
  auto out = wanted_format{.which = row->which};
  if (accepted.which == out.which) out.parameters = std::move(accepted.parameters);
  return out;
}

struct car_parameters {
  car_request request{};
  std::string_view order = "dfs";
};

/// errors    the sentences of Boxo
inline auto car_parameters_of(query_pairs const& query, wanted_format const& wanted) -> io_result<car_parameters> {
  auto const bad = [](std::string what) { return std::unexpected(error::message("gateway", "unsupported application/vnd.ipld.car " + what)); };
  // each parameter of the URL beats that of the header
  auto const value = [&](std::string_view in_url, std::string_view in_header) {
    auto v = in_query(query, in_url);
    return v ? v : in_query(wanted.parameters, in_header);
  };
  auto out = car_parameters{};
  if (auto const version = value("car-version", "version"); version && *version != "1") return bad("version: only version=1 is supported");
  if (auto const order = value("car-order", "order"); order && !order->empty()) {
    if (*order != "dfs" && *order != "unk") return bad("order parameter");
    out.order = *order == "unk" ? "unk" : "dfs";
  }
  if (auto const dups = value("car-dups", "dups"); dups && !dups->empty()) {
    if (*dups != "y" && *dups != "n") return bad("dups parameter");
    out.request.duplicates = *dups == "y";
  }
  if (auto const scope = in_query(query, "dag-scope"); scope && !scope->empty()) {
    if (*scope == "all") out.request.which = car_request::scope::all;
    else if (*scope == "entity") out.request.which = car_request::scope::entity;
    else if (*scope == "block") out.request.which = car_request::scope::block;
    else return bad("scope parameter");
  }
  if (auto const range = in_query(query, "entity-bytes"); range && !range->empty()) {
    auto const malformed = [](std::string why) { return std::unexpected(error::message("gateway", "invalid application/vnd.ipld.car entity-bytes URL parameter: " + why)); };
    auto const colon = range->find(':');
    if (colon == std::string_view::npos || range->find(':', colon + 1) != std::string_view::npos) return malformed("range must have two numbers separated with ':'");
    auto const number = [](std::string_view text) -> std::optional<std::int64_t> {
      auto n = std::int64_t{0};
      auto const [end, why] = std::from_chars(text.data(), text.data() + text.size(), n);
      if (why != std::errc{} || end != text.data() + text.size()) return std::nullopt;
      return n;
    };
    auto const no_number = [&](std::string_view text) { return malformed("strconv.ParseInt: parsing \"" + std::string{text} + "\": invalid syntax"); };
    auto const from = number(range->substr(0, colon));
    if (!from) return no_number(range->substr(0, colon));
    auto octets = car_request::range{.from = *from};
    if (auto const to = range->substr(colon + 1); to != "*") {
      octets.to = number(to);
      if (!octets.to) return no_number(to);
      if ((*octets.to < 0) == (octets.from < 0) && octets.from > *octets.to) return malformed("cannot have an entity-bytes range where 'from' is after 'to'");
    }
    // a range is of an entity
    if (!in_query(query, "dag-scope")) out.request.which = car_request::scope::entity;
    if (out.request.which == car_request::scope::entity) out.request.octets = octets;
  }
  return out;
}

}  // namespace cairn::service::gateway::detail
