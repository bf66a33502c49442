#pragma once

#include <cairn/service/gateway/gateway.hpp>
#include <cairn/service/gateway/impl/contents.hpp>
#include <cairn/service/gateway/impl/hosts.hpp>
#include <cairn/service/gateway/impl/options.ipp>
#include <cairn/service/gateway/impl/redirects_file.hpp>
#include <cairn/service/go_text.hpp>
#include <cairn/service/routing_v1.hpp>
#include <cairn/service/version.hpp>

namespace cairn::service::gateway {
namespace detail {

inline void add_headers(http::headers& fields, options const& settings) {
  constexpr std::pair<std::string_view, std::string_view> usual[]{
      {"Access-Control-Allow-Headers", "Content-Type"},   {"Access-Control-Allow-Headers", "Range"},          {"Access-Control-Allow-Headers", "User-Agent"},
      {"Access-Control-Allow-Headers", "X-Requested-With"}, {"Access-Control-Allow-Methods", "GET"},           {"Access-Control-Allow-Methods", "HEAD"},
      {"Access-Control-Allow-Methods", "OPTIONS"},        {"Access-Control-Allow-Origin", "*"},               {"Access-Control-Expose-Headers", "Content-Length"},
      {"Access-Control-Expose-Headers", "Content-Range"}, {"Access-Control-Expose-Headers", "Ipfs-Uri"},      {"Access-Control-Expose-Headers", "X-Chunked-Output"},
      {"Access-Control-Expose-Headers", "X-Ipfs-Path"},   {"Access-Control-Expose-Headers", "X-Ipfs-Roots"},  {"Access-Control-Expose-Headers", "X-Stream-Output"},
  };
  auto const is_set = [&](std::string_view name) {
    return std::any_of(settings.headers.begin(), settings.headers.end(), [&](auto const& row) { return lower_text(row.first) == lower_text(name); });
  };
  for (auto const& [name, value] : usual)
    if (!is_set(name)) fields.add(name, value);
  for (auto const& [name, values] : settings.headers)
    for (auto const& v : values) fields.add(name, v);
}

/// "/ipfs/CID/%20": what is between the slashes, decoded; the whole as an address. Nothing where it is not well-formed.
inline auto read_path(std::string const& root_text, std::string_view address) -> io_result<asked_path> {
  auto decoded = http::percent_decoded(address);
  if (!decoded) return std::unexpected(error::message("path", "invalid URL escape"));
  auto shown = root_text + *decoded;
  auto path = parse_path(shown);
  if (!path) return std::unexpected(path_error(path.error(), shown));
  return asked_path{.shown = shown, .path = *std::move(path), .trailing_slash = address.ends_with('/')};
}

class request_route {
public:
  request_route(answer& a, options const& settings) : a_{a}, settings_{settings} {}

  auto run() -> io_result<void> {
    auto const& head = a_.head();
    // a client that takes the gateway for its proxy: what follows on the connection is for this gateway in any case
    if (head.method == "CONNECT") return http::respond(a_.exchange(), 200, "", "", {});
    auto const path = head.path();
    if (!http::percent_decoded(path)) return http::respond(a_.exchange(), 400, "text/plain; charset=utf-8", "400 Bad Request");
    if (auto const clean = cleaned_target(head)) return a_.redirect(307, *clean);  // as Go's router answers, before the gateway
    add_headers(a_.fields, settings_);
    if (settings_.expose_routing_api) {
      if (path == "/routing/v1") return a_.redirect(307, with_query("/routing/v1/"));
      if (path.starts_with("/routing/v1/")) return serve_routing_v1(a_.node(), a_.exchange(), a_.fields);
    }
    if (head.method == "OPTIONS") {
      auto const asked = lower_text(head.host_and_port());
      if (namespace_of(path).empty() && !is_domain(asked) && !split_host(settings_, asked)) return outside(settings_.find_host(asked));
      return http::respond(a_.exchange(), 200, "", "", std::move(a_.fields));
    }
    if (head.method != "GET" && head.method != "HEAD") {
      auto const asked = lower_text(head.host_and_port());
      if (namespace_of(path).empty() && !split_host(settings_, asked) && (settings_.no_dnslink || !is_domain(asked) || !has_dnslink(asked)))
        return outside(settings_.find_host(asked));
      for (auto m : {"GET", "HEAD", "OPTIONS"}) a_.fields.add("Allow", m);
      return a_.refuse({405, "Method " + head.method + " not allowed: read only access"});
    }
    auto const host = lower_text(a_.field("X-Forwarded-Host").value_or(head.host_and_port()));
    // it is written into links and redirects
    if (!is_host(host)) return a_.refuse({400, "the host of the request is not one"});

    if (auto const* entry = settings_.find_host(host)) {
      if (auto const ns = namespace_of(path); !ns.empty() && std::find(entry->paths.begin(), entry->paths.end(), "/" + std::string{ns}) != entry->paths.end()) {
        if (entry->use_subdomains) return to_subdomain(ns, host, *entry);
        return by_path(entry);
      }
      if (!entry->no_dnslink && !settings_.no_dnslink && is_domain(host) && has_dnslink(host)) return by_domain(host);
      return outside(entry);
    }
    if (auto const place = split_host(settings_, host)) return by_subdomain(*place, host);
    if (!settings_.no_dnslink && is_domain(host) && has_dnslink(host)) return by_domain(host);
    return by_path(nullptr);
  }

private:
  static auto namespace_of(std::string_view path) -> std::string_view {
    for (auto ns : {"ipfs", "ipns"})
      if (path.size() > 5 && path.substr(1, 4) == ns && path[0] == '/' && path[5] == '/') return ns;
    return {};
  }
  auto not_found() -> io_result<void> { return a_.refuse({404, "404 page not found"}); }
  // known     the host is a gateway of the config: it has no page but those of its paths
  auto outside(bool known = false) -> io_result<void> {
    auto const path = a_.head().path();
    if (path == "/version" && !known)
      return http::respond(a_.exchange(), 200, "text/plain; charset=utf-8", "Commit: " + std::string{commit_name} + "\nClient Version: kubo/" + std::string{kubo_version} + "\n",
                           std::move(a_.fields));
    if (path == "/" && !settings_.root_redirect.empty()) {
      a_.fields.set("Location", settings_.root_redirect);
      return http::respond(a_.exchange(), 302, "", "", std::move(a_.fields));
    }
    return not_found();
  }
  auto scheme() const -> std::string { return a_.field("X-Forwarded-Proto") == "https" ? "https://" : "http://"; }
  auto with_query(std::string to) const -> std::string {
    if (auto const q = a_.head().query(); !q.empty()) to += "?" + std::string{q};
    return to;
  }
  auto has_dnslink(std::string_view host) const -> bool {
    auto const colon = host.rfind(':');
    return a_.node().resolve_name(path_like{"/ipns/" + std::string{host.substr(0, colon)}}, false).has_value();
  }

  // ?uri=ipfs://..., as a browser's protocol handler asks
  auto of_uri(std::string_view path) -> std::optional<std::string> {
    if (path != "/ipfs/" && path != "/ipns/") return std::nullopt;
    auto const uri = in_query(a_.query(), "uri");
    if (!uri || uri->empty()) return std::nullopt;
    auto const colon = uri->find(':');
    if (colon == std::string_view::npos) return std::string{};
    auto const ns = lower_text(uri->substr(0, colon));
    if (ns != "ipfs" && ns != "ipns") return std::string{};
    auto const rest = uri->substr(colon + 1);
    auto const mark = rest.find('?');
    auto to = "/" + ns;
    for (auto const& s : path_segments(rest.substr(0, mark))) to += "/" + s;
    if (mark != std::string_view::npos) to += "?" + path_escaped(rest.substr(mark + 1));
    return to;
  }

  auto by_path(public_host const* entry) -> io_result<void> {
    auto const path = a_.head().path();
    if (path == "/ipfs" || path == "/ipns") return a_.redirect(307, with_query(std::string{path} + "/"));
    auto const ns = namespace_of(path);
    if (ns.empty() && path != "/ipfs/" && path != "/ipns/") return outside();
    if (auto const uri = of_uri(path)) {
      if (uri->empty()) return a_.refuse({400, "uri query parameter scheme must be ipfs or ipns"});
      return a_.redirect(301, *uri);
    }
    // a worker of the whole gateway would see every site of it
    if (a_.field("Service-Worker") == "script") {
      auto const rest = path.substr(std::min(path.size(), std::size_t{6}));
      if (rest.find('/') == std::string_view::npos) return a_.refuse({400, "navigator.serviceWorker: registration is not allowed for this scope"});
    }
    if (path.starts_with("/ipns/")) {
      // a name has one text: base36, as in subdomains
      auto const rest = path.substr(6);
      auto const end = std::min(rest.find('/'), rest.size());
      if (auto const name = parse_ipns_name(rest.substr(0, end)))
        if (auto const text = to_ipns_name(*name); text != rest.substr(0, end)) return a_.redirect(302, with_query("/ipns/" + text + std::string{rest.substr(end)}));
    }
    auto asked = read_path("", path);
    if (!asked) {
      // /ipfs/ipfs/CID and /ipfs/ipns/NAME: the path without what is too much
      if (auto const inner = path.substr(5); !namespace_of(inner).empty() && parse_path(http::percent_decoded(inner).value_or(std::string{}))) return a_.redirect(301, with_query(std::string{inner}));
      return a_.refuse({400, to_string(asked.error())});
    }
    asked->address_path = path;
    return content(*asked, entry);
  }

  auto to_subdomain(std::string_view ns, std::string const& host, public_host const& entry) -> io_result<void> {
    auto const path = a_.head().path();
    auto rest = path.substr(6);
    if (auto const uri = of_uri(path); uri && !uri->empty()) return a_.redirect(301, *uri);
    auto const slash = rest.find('/');
    auto const root = http::percent_decoded(rest.substr(0, slash)).value_or(std::string{});
    auto const below = slash == std::string_view::npos ? std::string_view{"/"} : rest.substr(slash);
    if (auto const inner = path.substr(5); !namespace_of(inner).empty() && parse_path(http::percent_decoded(inner).value_or(std::string{}))) return a_.redirect(301, with_query(std::string{inner}));
    auto const inlines = scheme() == "https://" || entry.inline_dnslink;
    auto to = subdomain_of(ns, root, inlines, host);
    if (!to) return a_.refuse({400, to_string(to.error()) == "invalid cid" ? "invalid path \"" + std::string{path} + "\": invalid cid" : to_string(to.error())});
    return a_.redirect(301, with_query(scheme() + *to + std::string{below}));
  }

  auto by_subdomain(host_place const& place, std::string const&) -> io_result<void> {
    auto root = std::string{place.label};
    if (place.ns == "ipfs") {
      auto const id = parse_cid(root);
      if (!id) return a_.refuse({400, "invalid path \"/ipfs/" + root + std::string{a_.head().path()} + "\": invalid cid"});
      // a label that fits stays as it is, whatever its base
      auto label = root.size() <= dns_label_max && id->version() == 1 ? io_result<std::string>{root} : label_of(*id, false);
      if (!label) return a_.refuse({400, to_string(label.error())});
      if (*label != root) return a_.redirect(301, with_query(scheme() + *label + ".ipfs." + std::string{place.gateway} + std::string{a_.head().path()}));
    } else if (auto const key = key_of(root)) {
      auto label = label_of(*key, true);
      if (!label) return a_.refuse({400, to_string(label.error())});
      if (*label != root) return a_.redirect(301, with_query(scheme() + *label + ".ipns." + std::string{place.gateway} + std::string{a_.head().path()}));
    } else if (root.find('.') == std::string::npos) {
      root = domain_of_label(root);
    }
    return of_host("/" + place.ns + "/" + root, place.entry, place.gateway, false);
  }

  auto by_domain(std::string const& host) -> io_result<void> {
    auto const path = a_.head().path();
    if (!namespace_of(path).empty() && settings_.find_host(host)) return by_path(settings_.find_host(host));
    return of_host("/ipns/" + host.substr(0, host.rfind(':')), nullptr, host, true);
  }

  auto of_host(std::string const& root, public_host const* entry, std::string_view host, bool is_domain) -> io_result<void> {
    auto asked = read_path(root, a_.head().path());
    if (!asked) return a_.refuse({400, to_string(asked.error())});
    asked->of_host = true;
    asked->of_domain = is_domain;
    asked->host_url = "//" + std::string{host};
    asked->address_path = a_.head().path();
    return content(*asked, entry, root);
  }

  auto content(asked_path& asked, public_host const* entry, std::string const& site_root = {}) -> io_result<void> {
    if (auto const blocked = blocked_by(asked)) return a_.refuse(*blocked);
    auto settings = settings_;
    if (entry && entry->deserialized) settings.deserialized = *entry->deserialized;
    auto inner = answer{a_.exchange(), a_.node(), settings, a_.query()};
    inner.fields = std::move(a_.fields);
    contents::name_it(inner.fields, asked);
    if (!site_root.empty() && settings.deserialized && wanted_format_of(a_.head(), a_.query()).which == response_format::usual) {
      auto found = by_rules(inner, asked, site_root);
      if (found) return *std::move(found);
    }
    return contents{inner, asked}.serve();
  }

  auto blocked_by(asked_path const& asked) -> std::optional<refusal> {
    auto const allowed = a_.node().check_not_blocked(asked.path);
    return allowed ? std::nullopt : std::optional{refusal_of(allowed.error())};
  }

  // What the site's file _redirects says of a path that is not there.
  auto by_rules(answer& inner, asked_path& asked, std::string const& site_root) -> std::optional<io_result<void>> {
    if (a_.node().walk(asked.path)) return std::nullopt;
    auto file = a_.node().open_entry(path_like{site_root + "/_redirects"});
    if (!file || file->type != content_entry::kind::file) return std::nullopt;
    auto const trouble = [&](unsigned status, std::string const& why) { return inner.refuse({status, "trouble processing _redirects file at " + go_quoted(site_root + "/_redirects") + ": " + why}); };
    if (file->size > redirects_file_max) return trouble(500, "could not parse _redirects: redirects file size cannot exceed " + std::to_string(redirects_file_max) + " bytes");
    auto text = std::string{};
    if (auto read = file->content->read(0, file->size, [&](bytes_view piece) -> io_result<void> { text += as_text(piece); return {}; }); !read)
      return inner.refuse(refusal_of(read.error()));
    auto rules = parse_redirects(text);
    if (!rules) return trouble(500, to_string(rules.error()));
    auto const path = asked.shown.substr(site_root.size());
    for (auto const& rule : *rules) {
      auto to = match_redirect(rule, path);
      if (!to) continue;
      if (rule.status >= 300 && rule.status < 400) {
        auto target = *to;
        if (auto const q = a_.head().query(); !q.empty()) target += (target.find('?') == std::string::npos ? "?" : "&") + std::string{q};
        return inner.redirect(rule.status, target);
      }
      auto page = read_path(site_root, *to);
      if (!page) return inner.refuse({400, to_string(page.error())});
      page->of_host = true;
      page->of_domain = asked.of_domain;
      page->host_url = asked.host_url;
      // a directory wants its slash at the address that was asked for
      page->address_path = asked.address_path;
      page->trailing_slash = asked.trailing_slash;
      if (rule.status == 200) {
        asked = *std::move(page);
        return std::nullopt;
      }
      auto entry = a_.node().open_entry(page->path);
      if (!entry) {
        auto const why = refusal_of(entry.error());
        return trouble(why.status, why.what);
      }
      if (entry->type != content_entry::kind::file) return trouble(500, "the page for status " + std::to_string(rule.status) + " is no file");
      auto body = std::string{};
      if (entry->size > 4 * limits::MiB) return inner.refuse({500, "the page of _redirects is larger than 4 MiB"});
      if (auto read = entry->content->read(0, entry->size, [&](bytes_view piece) -> io_result<void> { body += as_text(piece); return {}; }); !read)
        return inner.refuse(refusal_of(read.error()));
      auto type = type_by_name(*to);
      if (type.empty()) type = type_by_content(as_bytes(body));
      inner.fields.set("Etag", "\"" + to_string(entry->id) + "\"");
      if (std::holds_alternative<immutable_path>(asked.path)) inner.fields.set("Cache-Control", "public, max-age=29030400, immutable");
      return http::respond(a_.exchange(), rule.status, type, body, std::move(inner.fields));
    }
    return std::nullopt;
  }

  answer& a_;
  options const& settings_;
};

inline auto steady_seconds() -> std::int64_t {
  auto t = timespec{};
  ::clock_gettime(CLOCK_MONOTONIC_COARSE, &t);
  return t.tv_sec;
}

struct counted {
  std::atomic<std::uint64_t>& running;
  std::uint64_t now = running.fetch_add(1) + 1;
  ~counted() { running.fetch_sub(1); }
};

}  // namespace detail

CAIRN_DECL void site::serve(http::exchange& with) {
  auto const here = detail::counted{running_};
  if (settings_.max_concurrent != 0 && here.now > settings_.max_concurrent) {
    auto more = http::headers{};
    more.add("Retry-After", "60");
    more.add("Cache-Control", "no-store");
    more.add("X-Content-Type-Options", "nosniff");
    static_cast<void>(http::respond(with, 429, "text/plain; charset=utf-8", "too many requests: the gateway answers as many as it may (Gateway.MaxConcurrentRequests)\n", std::move(more)));
    return;
  }
  auto const query = http::parse_query(with.head().query()).value_or(detail::query_pairs{});
  // a request that takes too long ends as one whose client has gone: what was sent is cut short, or 504
  auto const until = settings_.max_duration == 0 ? INT64_MAX : detail::steady_seconds() + settings_.max_duration;
  auto const mine = node_.for_caller({.cancelled = [&with, until] { return with.cancelled() || detail::steady_seconds() > until; },
                                      .offline = settings_.no_fetch,
                                      .patience = settings_.retrieval_timeout});
  auto a = detail::answer{with, *mine, settings_, query};
  auto const done = detail::request_route{a, settings_}.run();
  if (!done && !with.begun()) static_cast<void>(a.refuse(detail::refusal_of(done.error())));
  else if (!done) with.abort();
}

}  // namespace cairn::service::gateway
