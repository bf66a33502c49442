#pragma once

#include <cairn/core/limits.hpp>
#include <cairn/core/text.hpp>
#include <cairn/core/try.hpp>
#include <cairn/crypto/hash.hpp>
#include <cairn/multiformats/multicodec.hpp>
#include <cairn/naming/ipns_record.hpp>
#include <cairn/naming/record_store.hpp>
#include <cairn/service/go_text.hpp>
#include <cairn/service/impl/name_text.hpp>
#include <cairn/service/kubo_text.hpp>
#include <cairn/service/routing_v1.hpp>

#include <algorithm>
#include <ctime>

namespace cairn::service {
namespace detail {

inline constexpr std::string_view ipns_record_type = "application/vnd.ipfs.ipns-record";
inline constexpr std::string_view plain_text = "text/plain; charset=utf-8";

inline auto http_date(utc_time at) -> std::string {
  auto const seconds = static_cast<std::time_t>(at.seconds);
  auto parts = std::tm{};
  char text[64];
  if (!::gmtime_r(&seconds, &parts) || std::strftime(text, sizeof text, "%a, %d %b %Y %H:%M:%S GMT", &parts) == 0) return {};
  return text;
}

/// Whether a media type is among those of all Accept fields; weights are not looked at.
inline auto accepts(http::headers const& fields, std::string_view wanted) -> bool {
  for (auto const value : fields.all("Accept")) {
    auto rest = value;
    while (!rest.empty()) {
      auto const end = rest.find(',');
      auto one = rest.substr(0, end);
      rest.remove_prefix(end == rest.npos ? rest.size() : end + 1);
      one = one.substr(0, one.find(';'));
      while (one.starts_with(' ')) one.remove_prefix(1);
      while (one.ends_with(' ')) one.remove_suffix(1);
      if (one == wanted) return true;
    }
  }
  return false;
}

class routing_v1 {
public:
  routing_v1(core_api& api, http::exchange& with, http::headers const& always) : api_{api}, with_{with}, always_{always} {}

  auto answer() -> io_result<void> {
    auto const& head = with_.head();
    constexpr std::string_view root = "/routing/v1/";
    auto const path = head.path();
    if (!path.starts_with(root)) return no_page();
    auto const rest = path.substr(root.size());
    auto const get = head.method == "GET";
    if (auto const key = below(rest, "providers/")) return get && !key->empty() ? providers(*key) : not_allowed();
    if (auto const key = below(rest, "peers/")) return get ? peers(*key) : not_allowed();
    if (auto const key = below(rest, "ipns/")) return get ? record(*key) : head.method == "PUT" ? keep(*key) : not_allowed();
    if (auto const key = below(rest, "dht/closest/peers/"))
      return get ? text(500, "delegate error: GetClosestPeers not supported: DHT is not available") : not_allowed();
    return no_page();
  }

private:
  // What stands behind a prefix, where that is one segment.
  static auto below(std::string_view path, std::string_view prefix) -> std::optional<std::string_view> {
    if (!path.starts_with(prefix)) return std::nullopt;
    path.remove_prefix(prefix.size());
    return path.find('/') == path.npos ? std::optional{path} : std::nullopt;
  }

  auto text(unsigned status, std::string_view body) -> io_result<void> { return http::respond(with_, status, plain_text, body, always_); }
  auto no_page() -> io_result<void> {
    auto more = always_;
    more.add("X-Content-Type-Options", "nosniff");
    return http::respond(with_, 404, plain_text, "404 page not found\n", std::move(more));
  }
  auto not_allowed() -> io_result<void> {
    auto head = http::response{.status = 405, .fields = always_, .length = 0};
    CAIRN_TRY(with_.begin(std::move(head)));
    return with_.finish();
  }

  auto short_lived() const -> http::headers {
    auto more = always_;
    more.add("Cache-Control", "public, max-age=15, stale-while-revalidate=60, stale-if-error=3600");
    more.add("Last-Modified", http_date(time_now()));
    more.add("Vary", "Accept");
    return more;
  }

  // Nothing is known: an empty list, or no line.
  auto nobody(std::string_view name) -> io_result<void> {
    auto const& fields = with_.head().fields;
    auto const lines = accepts(fields, "application/x-ndjson");
    auto const any = !fields.find("Accept") || accepts(fields, "application/json") || accepts(fields, "*/*") || accepts(fields, "application/*");
    if (!lines && !any) return text(400, "no supported content types");
    return http::respond(with_, 200, lines ? "application/x-ndjson" : "application/json", lines ? std::string{} : "{\"" + std::string{name} + "\":[]}", short_lived());
  }

  auto providers(std::string_view key) -> io_result<void> {
    if (auto const id = read_cid_text(key); !id) return text(400, "unable to parse CID: " + to_string(id.error()));
    return nobody("Providers");
  }

  auto peers(std::string_view key) -> io_result<void> {
    if (auto const peer = name_of(key); !peer) return text(400, "unable to parse PeerID " + go_quoted(key) + ": " + to_string(peer.error()));
    return nobody("Peers");
  }

  // A name is asked for as a CID, in any base. errors: the answer has been given
  auto name(std::string_view key) -> io_result<std::optional<peer_id>> {
    auto const id = read_cid_text(key);
    if (!id) {
      CAIRN_TRY(text(400, "unable to parse CID: " + to_string(id.error())));
      return std::nullopt;
    }
    auto const peer = id->codec() == code::libp2p_key ? peer_id::make(id->hash()) : std::unexpected(peer_id_errc::not_a_libp2p_key);
    if (peer) return *peer;
    auto const codec = multicodec_name(id->codec());
    CAIRN_TRY(text(400, id->codec() == code::libp2p_key ? "peer ID CID is not valid: " + std::string{describe(peer.error())}
                                                        : "peer ID CID is not valid: CID codec " + go_quoted(codec) + " is not allowed for IPNS Names, use  \"libp2p-key\" instead"));
    return std::nullopt;
  }

  auto record(std::string_view key) -> io_result<void> {
    auto const& fields = with_.head().fields;
    if (fields.find("Accept") && !accepts(fields, ipns_record_type) && !accepts(fields, "*/*") && !accepts(fields, "application/*"))
      return text(406, "content type in 'Accept' header is not supported, retry with 'application/vnd.ipfs.ipns-record'");
    CAIRN_TRY(auto const which, name(key));
    if (!which) return {};
    auto const found = api_.name_record(to_string(*which));
    auto const decoded = found ? decode_ipns_record(*found) : std::unexpected(ipns_errc::malformed);
    auto const end = decoded ? decoded->end_of_life() : std::unexpected(ipns_errc::bad_validity);
    if (!end) {
      auto more = short_lived();
      more.add("X-Content-Type-Options", "nosniff");
      return http::respond(with_, 200, plain_text, "delegate error: " + (found ? "routing: not found" : to_string(found.error())) + "\n", std::move(more));
    }
    // nobody keeps it longer than it holds
    auto const now = time_now();
    auto const fresh = decoded->time_to_live(now) / 1'000'000'000;
    auto const stale = std::to_string(std::max<std::int64_t>(0, end->since(now) / 1'000'000'000 - fresh));
    auto more = always_;
    more.add("Cache-Control", "public, max-age=" + std::to_string(fresh) + ", stale-while-revalidate=" + stale + ", stale-if-error=" + stale);
    more.add("Content-Disposition", "attachment; filename=\"" + std::string{key} + ".ipns-record\"");
    more.add("Etag", '"' + to_hex(bytes_view{sha256(*found)}.first(8)) + '"');
    more.add("Expires", http_date(*end));
    more.add("Last-Modified", http_date(now));
    more.add("Vary", "Accept");
    return http::respond(with_, 200, ipns_record_type, as_text(*found), std::move(more));
  }

  auto keep(std::string_view key) -> io_result<void> {
    auto const type = with_.head().fields.find("Content-Type");
    if (!type || type->substr(0, type->find(';')) != ipns_record_type) return text(406, "content type in 'Content-Type' header is missing or not supported");
    CAIRN_TRY(auto const which, name(key));
    if (!which) return {};
    auto body = bytes(limits::ipns_record + 1);
    auto size = std::size_t{0};
    while (size < body.size()) {
      CAIRN_TRY(auto const n, with_.read(bytes_span{body}.subspan(size)));
      if (n == 0) break;
      size += n;
    }
    body.resize(size);
    auto const decoded = decode_ipns_record(body);
    auto const valid = decoded ? validate(*decoded, *which, time_now()) : std::unexpected(decoded.error());
    if (!valid) return text(400, "provided record is invalid: " + std::string{describe(valid.error())});
    auto done = api_.name_put(to_string(*which), body);
    if (done) done = api_.sync();
    if (!done && done.error() == record_store_errc::full) return text(507, to_string(done.error()));
    if (!done) return text(500, "delegate error: " + to_string(done.error()));
    auto head = http::response{.status = 200, .fields = always_, .length = 0};
    CAIRN_TRY(with_.begin(std::move(head)));
    return with_.finish();
  }

  core_api& api_;
  http::exchange& with_;
  http::headers const& always_;
};

}  // namespace detail

CAIRN_DECL auto serve_routing_v1(core_api& api, http::exchange& with, http::headers const& always) -> io_result<void> {
  return detail::routing_v1{api, with, always}.answer();
}

}  // namespace cairn::service
