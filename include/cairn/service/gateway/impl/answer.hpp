#pragma once
// One request of a gateway while it is answered.

#include <cairn/asio/http/exchange.hpp>
#include <cairn/core/text.hpp>
#include <cairn/core/try.hpp>
#include <cairn/ipld/path.hpp>
#include <cairn/service/core_api.hpp>
#include <cairn/service/gateway/impl/formats.hpp>
#include <cairn/service/gateway/impl/http_range.hpp>
#include <cairn/service/gateway/impl/media_types.hpp>
#include <cairn/service/gateway/impl/pages.hpp>
#include <cairn/service/gateway/options.hpp>
#include <cairn/service/impl/redirect.hpp>

#include <ctime>

namespace cairn::service::gateway::detail {

/// A refusal: its status and its sentence.
struct refusal {
  unsigned status = 500;
  std::string what;
};

/// The status of an error of the core API.
inline auto refusal_of(error const& e) -> refusal {
  auto what = to_string(e);
  auto const says = [&](std::string_view part) { return what.find(part) != std::string::npos; };
  if (says("content blocked") || says("is blocked")) return {410, what};
  if (e.module() == "missing block" || e.module() == "resolve") return {404, what};
  if (says("canceled") || e.module() == "retrieval") return {504, what};
  if (e.module() == "path") return {400, what};
  return {500, what};
}

/// A content path as the address has it, and as the node resolves it.
struct asked_path {
  std::string shown;         ///< "/ipfs/CID/a b": decoded
  content_path path;
  bool trailing_slash = false;
  bool of_host = false;      ///< the root comes from the Host field: links begin at "/"
  bool of_domain = false;    ///< that is a domain with a DNSLink record
  std::string host_url{};    ///< "//gw.example": where the same content is found by paths
  std::string address_path{};  ///< as it stood in the request, not decoded
};

inline auto base32_of(cid const& id) -> std::string { return to_string(id.version() == 0 ? cid::v1(code::dag_pb, id.hash()) : id); }

/// A date of HTTP: "Thu, 01 Jan 1970 00:00:00 GMT".
inline auto http_date(std::int64_t seconds) -> std::string {
  auto const moment = static_cast<std::time_t>(seconds);
  auto parts = std::tm{};
  ::gmtime_r(&moment, &parts);
  constexpr char const* days[]{"Sun", "Mon", "Tue", "Wed", "Thu", "Fri", "Sat"};
  constexpr char const* months[]{"Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"};
  char out[48];
  std::snprintf(out, sizeof out, "%s, %02d %s %04d %02d:%02d:%02d GMT", days[parts.tm_wday], parts.tm_mday, months[parts.tm_mon], parts.tm_year + 1900, parts.tm_hour,
                parts.tm_min, parts.tm_sec);
  return out;
}

/// Whether one of the tags of an If-None-Match or If-Match field is `tag`; weak comparison ignores W/.
inline auto matches_tag(std::string_view field, std::string_view tag, bool weak) -> bool {
  auto const strip = [&](std::string_view t) { return weak && t.starts_with("W/") ? t.substr(2) : t; };
  while (!field.empty()) {
    auto const comma = field.find(',');
    auto const one = blanks_off(field.substr(0, comma));
    field = comma == std::string_view::npos ? std::string_view{} : field.substr(comma + 1);
    if (one == "*" || (!one.empty() && strip(one) == strip(tag) && (weak || !one.starts_with("W/")))) return true;
  }
  return false;
}

/// A segment of a path as Go's url.PathEscape writes it: "$&+=:@" stay.
inline auto path_escaped(std::string_view in) -> std::string {
  auto out = std::string{};
  for (auto const& c : in) std::string_view{"$&+=:@"}.find(c) != std::string_view::npos ? out += c : out += http::percent_encoded({&c, 1});
  return out;
}

/// attachment or inline with a file name, in ASCII ("_" for what is not) and in UTF-8.
inline auto disposition(std::string_view kind, std::string_view name) -> std::string {
  auto ascii = std::string{};
  for (auto c : name) {
    auto const octet = static_cast<unsigned char>(c);
    if (octet < 0x80) ascii += c;
    else if (octet >= 0xc0) ascii += '_';  // one for a character, not for each of its octets
  }
  return std::string{kind} + "; filename=\"" + path_escaped(ascii) + "\"; filename*=UTF-8''" + path_escaped(name);
}

class answer {
public:
  answer(http::exchange& with, core_api& node, options const& settings, query_pairs const& query)
      : with_{with}, node_{node}, settings_{settings}, query_{query}, head_only_{with.head().method == "HEAD"} {
    // a proxy's client asks with the whole address (RFC 9112, section 3.2.2): its authority is the host
    auto const target = std::string_view{with.head().target};
    if (!target.starts_with("http://") && !target.starts_with("https://")) return;
    whole_ = with.head();
    auto const rest = target.substr(target.find("//") + 2);
    auto const end = std::min(rest.find_first_of("/?"), rest.size());
    whole_->fields.set("Host", rest.substr(0, end));
    whole_->target = rest.substr(end).starts_with('/') ? std::string{rest.substr(end)} : "/" + std::string{rest.substr(end)};
  }

  http::headers fields{};

  auto head() const -> http::request const& { return whole_ ? *whole_ : with_.head(); }
  auto query() const -> query_pairs const& { return query_; }
  auto node() const -> core_api& { return node_; }
  auto settings() const -> options const& { return settings_; }
  auto exchange() const -> http::exchange& { return with_; }
  auto head_only() const -> bool { return head_only_; }
  auto field(std::string_view name) const -> std::optional<std::string_view> { return head().fields.find(name); }
  auto wants_html() const -> bool { return field("Accept").value_or("").find("text/html") != std::string_view::npos; }

  auto refuse(refusal const& r) -> io_result<void> {
    fields.set("X-Content-Type-Options", "nosniff");
    if (r.status == 412 && head_only_) {
      fields.remove("X-Content-Type-Options");
      CAIRN_TRY(with_.begin({.status = 412, .fields = std::move(fields), .length = 0}));
      return with_.finish();
    }
    if (settings_.html_errors && wants_html()) {
      fields.remove("X-Content-Type-Options");
      return http::respond(with_, r.status, "text/html", error_page(r.status, http::reason(r.status), r.what), std::move(fields));
    }
    return http::respond(with_, r.status, "text/plain; charset=utf-8", r.what + "\n", std::move(fields));
  }
  auto redirect(unsigned status, std::string const& to) -> io_result<void> {
    return service::redirect(with_, status, to, std::move(fields));
  }
  /// The client has it: its tag, and how long it may keep it on.
  auto not_modified(std::string_view tag) -> io_result<void> {
    for (auto name : {"Content-Disposition", "Content-Location", "Content-Type", "X-Ipfs-Roots", "Last-Modified", "X-Content-Type-Options"}) fields.remove(name);
    fields.set("Etag", tag);
    auto head = http::response{.status = 304, .fields = std::move(fields), .length = 0};
    CAIRN_TRY(with_.begin(std::move(head)));
    return with_.finish();
  }
  /// Whether If-None-Match says that the client has it; then it is answered.
  auto is_known(std::string_view tag) const -> bool {
    auto const have = field("If-None-Match");
    return have && matches_tag(*have, tag, true);
  }

  /// Answer with octets that can be read from any place: ranges, conditions, HEAD.
  template <class Read>
  auto octets(std::uint64_t size, std::string_view tag, Read&& read) -> io_result<void> {
    if (auto const wanted = field("If-Match"); wanted && !matches_tag(*wanted, tag, false)) {
      CAIRN_TRY(with_.begin({.status = 412, .fields = std::move(fields), .length = 0}));
      return with_.finish();
    }
    auto range = std::optional<octet_range>{};
    auto const nothing_said = [&] {
      for (auto name : {"X-Ipfs-Roots", "Etag", "Cache-Control", "Last-Modified", "Content-Disposition"}) fields.remove(name);
    };
    // nothing has no part: it is sent whole, as Go's server does
    if (auto const asked = field("Range"); asked && size != 0) {
      auto const same = field("If-Range");
      if (!same || *same == tag) {
        if (settings_.max_range_file != 0 && size > settings_.max_range_file) {
          nothing_said();
          return refuse({501, "range requests not supported for files larger than " + std::to_string(settings_.max_range_file) +
                                  " bytes: switch to verifiable block requests (application/vnd.ipld.raw)"});
        }
        auto const found = parse_range(*asked, size);
        if (!found && found.error() == range_errc::malformed) {
          nothing_said();
          return refuse({400, "invalid range request: invalid range"});
        }
        if (!found) {
          fields.set("Content-Range", "bytes */" + std::to_string(size));
          return refuse({416, "invalid range: failed to overlap"});
        }
        range = *found;
      }
    }
    fields.set("Accept-Ranges", "bytes");
    if (range)
      fields.set("Content-Range", "bytes " + std::to_string(range->first) + "-" + std::to_string(range->first + range->length - 1) + "/" + std::to_string(size));
    auto const part = range.value_or(octet_range{0, size});
    CAIRN_TRY(with_.begin({.status = range ? 206u : 200u, .fields = std::move(fields), .length = part.length}));
    if (!head_only_ && part.length != 0) {
      if (auto done = read(part.first, part.length, byte_sink{[&](bytes_view piece) { return with_.write(piece); }}); !done) {
        with_.abort();
        return done;
      }
    }
    return with_.finish();
  }

  /// Answer with a stream of unknown length; what breaks off is seen as such: X-Stream-Error, and no end.
  template <class Write>
  auto stream(Write&& write) -> io_result<void> {
    // nothing is sent before the first octets: an error there still has a status
    auto held = std::string{};
    auto sent = false;
    auto const begin = [&]() -> io_result<void> {
      sent = true;
      CAIRN_TRY(with_.begin({.status = 200, .fields = std::move(fields)}));
      return {};
    };
    auto done = write(byte_sink{[&](bytes_view piece) -> io_result<void> {
      if (!sent) {
        held += as_text(piece);
        if (held.size() < 64 * 1024) return {};
        CAIRN_TRY(begin());
        if (head_only_) return std::unexpected(error::message("gateway", "head only"));
        auto const all = std::move(held);
        return with_.write(as_bytes(all));
      }
      return with_.write(piece);
    }});
    if (sent && head_only_) return with_.finish();
    if (!done) {
      if (!sent) return refuse(refusal_of(done.error()));
      with_.abort();
      return done;
    }
    if (sent) return with_.finish();
    CAIRN_TRY(with_.begin({.status = 200, .fields = std::move(fields), .length = held.size()}));
    if (!head_only_) CAIRN_TRY(with_.write(as_bytes(held)));
    return with_.finish();
  }

private:
  http::exchange& with_;
  core_api& node_;
  options const& settings_;
  query_pairs const& query_;
  std::optional<http::request> whole_{};
  bool head_only_;
};

}  // namespace cairn::service::gateway::detail
