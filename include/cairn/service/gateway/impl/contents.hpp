#pragma once
// From a content path to a response.

#include <cairn/ipld/codec_set.hpp>
#include <cairn/multiformats/multicodec.hpp>
#include <cairn/naming/ipns_name.hpp>
#include <cairn/naming/ipns_record.hpp>
#include <cairn/service/gateway/impl/answer.hpp>

namespace cairn::service::gateway::detail {

inline auto hash_text(std::string_view a, std::string_view b = {}) -> std::string {
  auto h = std::uint64_t{14695981039346656037u};
  for (auto part : {a, std::string_view{"\0", 1}, b})
    for (auto c : part) h = (h ^ static_cast<unsigned char>(c)) * 1099511628211u;
  auto out = std::string{};
  for (; h != 0; h /= 32) out += "0123456789abcdefghijklmnopqrstuv"[h % 32];
  return out;
}

class contents {
public:
  contents(answer& a, asked_path const& asked) : a_{a}, asked_{asked} {}

  auto serve() -> io_result<void> {
    auto const wanted = wanted_format_of(a_.head(), a_.query());
    auto const trustless = wanted.which == response_format::raw || wanted.which == response_format::car || wanted.which == response_format::ipns_record;
    if (!a_.settings().deserialized && !trustless)
      return a_.refuse({406, "only trustless requests are accepted on this gateway: https://specs.ipfs.tech/http-gateways/trustless-gateway/"});
    if (wanted.which != response_format::usual) location_of(wanted);
    if (wanted.which == response_format::unknown) return a_.refuse({400, "unsupported response format requested"});
    if (wanted.which == response_format::ipns_record) return ipns_record();

    auto target = asked_.path;
    if (std::holds_alternative<mutable_path>(asked_.path)) {
      auto found = a_.node().resolve_name(asked_.path);
      if (!found) {
        auto r = unresolved(found.error());
        if (r.status == 404) r.status = 500;  // a name that leads nowhere is no content that is missing
        return a_.refuse(r);
      }
      ttl_ = found->ttl / 1'000'000'000;
      target = std::move(found->path);
    }
    fixed_ = std::get<immutable_path>(target);
    if (wanted.which == response_format::car) return car(wanted);

    auto entry = a_.node().open_entry(*fixed_);
    auto const only_cached = a_.field("Cache-Control").value_or("").find("only-if-cached") != std::string_view::npos;
    if (!entry) {
      if (only_cached) return a_.refuse({412, "\"" + asked_.shown + "\" not in local datastore"});
      return a_.refuse(unresolved(entry.error()));
    }
    if (only_cached && a_.head_only()) {
      a_.fields.remove("X-Ipfs-Path");
      return http::respond(a_.exchange(), 200, "", "", std::move(a_.fields));
    }
    roots(entry->roots);
    cache_control();
    entry_ = &*entry;
    switch (wanted.which) {
      case response_format::raw: return raw();
      case response_format::tar:
        if (entry->type == content_entry::kind::node) a_.fields.remove("Cache-Control"), a_.fields.remove("X-Ipfs-Roots");
        if (entry->type == content_entry::kind::node) return a_.refuse({500, "failed to resolve " + asked_.shown + ": unknown node type"});
        return tar();
      case response_format::usual: break;
      case response_format::json:
      case response_format::cbor:
        if (entry->type != content_entry::kind::node && entry->remainder.empty()) break;  // a file is as it is
        [[fallthrough]];
      default: return node_as(wanted.which);
    }
    if (!entry->remainder.empty() || entry->type == content_entry::kind::node) return node_as(response_format::usual);
    if (entry->type == content_entry::kind::directory) return directory();
    return file(*entry, file_name(), entry->id);
  }

  /// What every answer to a path says of it: X-Ipfs-Path, Ipfs-Uri.
  static void name_it(http::headers& fields, asked_path const& asked) {
    auto const& text = asked.shown;
    fields.set("X-Ipfs-Path", header_safe(text));
    auto const second = text.find('/', 1), third = text.find('/', second + 1);
    auto const root = text.substr(second + 1, third == std::string::npos ? third : third - second - 1);
    auto const rest = third == std::string::npos ? std::string{} : encoded_path(text.substr(third));
    auto const slash = asked.trailing_slash && !rest.ends_with('/') ? "/" : "";
    if (text.starts_with("/ipns/") && parse_cid(root) && !parse_ipns_name(root)) return;  // a CID of no key is no host of that scheme
    if (text.starts_with("/ipns/")) return fields.set("Ipfs-Uri", "ipns://" + header_safe(root) + rest + slash);
    auto const id = parse_cid(root);
    fields.set("Ipfs-Uri", "ipfs://" + (id ? base32_of(*id) : root) + rest + slash);
  }

private:
  auto unresolved(error const& e) const -> refusal {
    auto r = refusal_of(e);
    r.what = "failed to resolve " + asked_.shown + ": " + r.what;
    return r;
  }

  static auto header_safe(std::string_view in) -> std::string {
    auto out = std::string{};
    for (auto c : in) static_cast<unsigned char>(c) < 0x20 || c == 0x7f ? out += http::percent_encoded({&c, 1}) : out += c;
    return out;
  }
  void location_of(wanted_format const& wanted) {
    auto const name = row_of(wanted.which).name;
    if (auto const asked = in_query(a_.query(), "format"); asked && !asked->empty() && *asked == name) return;
    auto pairs = a_.query();
    std::erase_if(pairs, [](auto const& pair) { return pair.first == "format"; });
    pairs.emplace_back("format", name);
    if (wanted.which == response_format::car)
      for (auto const& [name, value] : wanted.parameters)
        if (!in_query(a_.query(), "car-" + name)) pairs.emplace_back("car-" + name, value);
    std::sort(pairs.begin(), pairs.end());
    auto text = asked_.address_path;
    auto join = '?';
    for (auto const& [name, value] : pairs) {
      text += join + http::percent_encoded(name) + "=" + http::percent_encoded(value);
      join = '&';
    }
    a_.fields.set("Content-Location", text);
  }
  void roots(std::vector<cid> const& ids) {
    auto text = std::string{};
    for (auto const& id : ids) text += (text.empty() ? "" : ",") + to_string(id);
    a_.fields.set("X-Ipfs-Roots", text);
  }
  void cache_control(bool generated = false) {
    if (std::holds_alternative<immutable_path>(asked_.path))
      return a_.fields.set("Cache-Control", generated ? "public, max-age=604800, stale-while-revalidate=2678400" : "public, max-age=29030400, immutable");
    if (ttl_ > 0) a_.fields.set("Cache-Control", "public, max-age=" + std::to_string(ttl_) + (generated ? ", stale-while-revalidate=2678400" : ""));
    else a_.fields.remove("Cache-Control");
  }

  // The name that a person sees: the last segment of the path.
  auto file_name() const -> std::string {
    auto const* segments = std::get_if<immutable_path>(&asked_.path);
    auto const& names = segments ? segments->segments : std::get<mutable_path>(asked_.path).segments;
    return names.empty() ? std::string{} : names.back();
  }
  auto named(std::string fallback, std::string_view kind) -> std::string {
    auto const given = in_query(a_.query(), "filename");
    auto name = given && !given->empty() ? std::string{*given} : std::move(fallback);
    a_.fields.set("Content-Disposition", disposition(kind, name));
    return name;
  }

  // `tagged` is what the path names: a directory, where its index.html is sent
  auto file(content_entry& entry, std::string name, cid const& tagged) -> io_result<void> {
    auto const tag = "\"" + to_string(tagged) + "\"";
    a_.fields.set("Etag", tag);
    if (a_.is_known(tag)) return a_.not_modified(tag);
    if (auto const given = in_query(a_.query(), "filename"); given && !given->empty())
      name = named({}, in_query(a_.query(), "download") == "true" ? "attachment" : "inline");
    if (std::holds_alternative<mutable_path>(asked_.path) && !entry.mtime) a_.fields.set("Last-Modified", http_date(std::time(nullptr)));
    if (entry.mtime) a_.fields.set("Last-Modified", http_date(*entry.mtime));
    auto type = std::string{};
    if (entry.type == content_entry::kind::symlink) type = "inode/symlink";
    if (type.empty()) type = type_by_name(name);
    if (type.empty()) {
      auto front = bytes{};
      // what can be read of it tells; whether the rest can be read is seen when it is sent
      static_cast<void>(entry.content->read(0, 3072, [&](bytes_view piece) -> io_result<void> { append(front, piece); return {}; }));
      type = type_by_content(front);
    }
    a_.fields.set("Content-Type", type);
    return a_.octets(entry.size, tag, [&](std::uint64_t from, std::uint64_t length, byte_sink const& sink) { return entry.content->read(from, length, sink); });
  }

  auto directory() -> io_result<void> {
    if (!asked_.trailing_slash && in_query(a_.query(), "go-get") != "1") {
      auto to = asked_.address_path + "/";
      // a path that begins with two slashes would lead to another host
      if (to.starts_with("//")) to.insert(1, ".");
      if (auto const query = a_.head().query(); !query.empty()) to += "?" + std::string{query};
      a_.fields.remove("Cache-Control");
      return a_.redirect(301, to);
    }
    auto const index = a_.node().find_entry(entry_->id, "index.html");
    if (!index) return a_.refuse(refusal_of(index.error()));
    if (*index) {
      auto below = *fixed_;
      below.segments.push_back("index.html");
      auto page = a_.node().open_entry(below);
      if (!page) return a_.refuse(unresolved(page.error()));
      if (page->type == content_entry::kind::file) return file(*page, "index.html", entry_->id);
    }
    auto const tag = "\"DirIndex-" + hash_text(page_style) + "_CID-" + to_string(entry_->id) + "\"";
    if (auto const whole = "\"" + to_string(entry_->id) + "\""; a_.is_known(whole)) return a_.not_modified(whole);
    cache_control(true);
    if (a_.is_known(tag)) return a_.not_modified(tag);
    a_.fields.set("Etag", tag);
    a_.fields.set("Content-Type", "text/html");
    return a_.stream([&](byte_sink const& sink) { return listing(sink); });
  }

  auto listing(byte_sink const& sink) -> io_result<void> {
    auto shown = asked_.shown;
    while (shown.ends_with('/')) shown.pop_back();
    auto at = directory_place{.shown = shown, .here = {}, .host_url = asked_.host_url, .is_domain = asked_.of_domain,
                              .is_root = std::visit([](auto const& p) { return p.segments.empty(); }, asked_.path)};
    at.here = link_path(asked_.of_host ? shown.substr(std::min(shown.find('/', 6), shown.size())) : shown) + "/";
    auto out = directory_head(at);
    constexpr auto most = std::uint64_t{10'000};
    auto count = std::uint64_t{0};
    auto failed = a_.node().ls(path_like{entry_->id}, {}, [&](directory_link const& link) -> io_result<void> {
      if (++count > most) return std::unexpected(error::message("gateway", "enough"));
      append_row(out, at, link, to_string(link.id));
      if (out.size() > 64 * 1024) {
        CAIRN_TRY(sink(as_bytes(out)));
        out.clear();
      }
      return {};
    });
    if (!failed && count <= most) return failed;
    out += "</table>\n</div>\n";
    if (count > most) out += "<p>The first " + std::to_string(most) + " entries. The others can be reached by their names; <code>ipfs ls</code> lists all.</p>\n";
    out += page_end;
    return sink(as_bytes(out));
  }

  auto raw() -> io_result<void> {
    auto const id = to_string(entry_->id);
    auto const tag = "\"" + id + ".raw\"";
    a_.fields.set("Etag", tag);
    if (a_.is_known(tag)) return a_.not_modified(tag);
    named(id + ".bin", "attachment");
    a_.fields.set("Content-Type", "application/vnd.ipld.raw");
    a_.fields.set("X-Content-Type-Options", "nosniff");
    if (std::holds_alternative<mutable_path>(asked_.path)) a_.fields.set("Last-Modified", http_date(std::time(nullptr)));
    auto const b = a_.node().block_get(entry_->id);
    if (!b) return a_.refuse(refusal_of(b.error()));
    return a_.octets(b->data().size(), tag, [&](std::uint64_t from, std::uint64_t length, byte_sink const& sink) { return sink(b->data().subspan(from, length)); });
  }

  auto tar() -> io_result<void> {
    auto const id = to_string(entry_->id);
    auto const tag = "W/\"" + id + ".x-tar\"";
    a_.fields.set("Etag", tag);
    if (a_.is_known(tag)) return a_.not_modified(tag);
    named(id + ".tar", "attachment");
    a_.fields.set("Content-Type", "application/x-tar");
    a_.fields.set("X-Content-Type-Options", "nosniff");
    return a_.stream([&](byte_sink const& sink) { return a_.node().archive(*fixed_, id, {.tar = true, .now = std::time(nullptr)}, sink); });
  }

  auto car(wanted_format const& wanted) -> io_result<void> {
    auto const parameters = car_parameters_of(a_.query(), wanted);
    if (!parameters) return a_.refuse({400, to_string(parameters.error())});
    auto const& request = parameters->request;
    auto const root = to_string(fixed_->root);
    auto key = std::string{asked_.shown} + "|" + std::string{parameters->order} + (request.duplicates ? "|y" : "|n") + "|" + std::to_string(static_cast<int>(request.which));
    if (request.octets) key += "|" + std::to_string(request.octets->from) + ":" + (request.octets->to ? std::to_string(*request.octets->to) : "*");
    auto const tag = "W/\"" + root + ".car." + hash_text(key) + "\"";
    a_.fields.set("Etag", tag);
    auto name = root;
    if (!fixed_->segments.empty()) name += "_" + fixed_->segments.back();
    // where the path leads; a path that leads nowhere is proven by its blocks
    auto way = a_.node().walk(*fixed_);
    if (way) roots(way->roots);
    else roots({fixed_->root});
    cache_control();
    if (a_.is_known(tag)) return a_.not_modified(tag);
    named(name + ".car", "attachment");
    a_.fields.set("Content-Type", "application/vnd.ipld.car; version=1; order=" + std::string{parameters->order} + "; dups=" + (request.duplicates ? "y" : "n"));
    a_.fields.set("X-Content-Type-Options", "nosniff");
    a_.fields.set("Accept-Ranges", "none");
    if (a_.head_only()) {
      CAIRN_TRY(a_.exchange().begin({.status = 200, .fields = std::move(a_.fields)}));
      return a_.exchange().finish();
    }
    return a_.stream([&](byte_sink const& sink) -> io_result<void> { return a_.node().car_of(*fixed_, request, sink); });
  }

  // A block of another codec than UnixFS's, as itself or as another codec.
  auto node_as(response_format f) -> io_result<void> {
    auto const& at = *entry_;
    if (!at.remainder.empty()) {
      auto inside = std::string{};
      for (auto const& s : at.remainder) inside += "/" + s;
      auto const whole = asked_.shown.substr(0, asked_.shown.size() > inside.size() ? asked_.shown.rfind(inside) : std::string::npos);
      a_.fields.remove("Cache-Control");
      a_.fields.remove("Content-Disposition");
      return a_.refuse({501, "\"" + inside + "\" of \"" + asked_.shown + "\" could not be returned: reading IPLD Kinds other than Links (CBOR Tag 42) is not implemented: try reading \"" + whole + "\" instead"});
    }
    auto const codec = at.id.codec();
    if (f == response_format::usual) {
      f = codec == code::dag_cbor ? response_format::dag_cbor : codec == code::dag_json ? response_format::dag_json : codec == code::json ? response_format::json
          : codec == code::cbor   ? response_format::cbor
                                  : response_format::usual;
      if (f == response_format::usual) return a_.refuse({501, "data of codec \"" + std::string{multicodec_name(codec)} + "\" cannot be shown; fetch the block with ?format=raw"});
      if (a_.wants_html()) return node_page();
    }
    auto const& row = row_of(f);
    auto const id = to_string(at.id);
    auto const tag = "\"" + id + "." + std::string{row.name} + "\"";
    a_.fields.set("Etag", tag);
    if (a_.is_known(tag)) return a_.not_modified(tag);
    auto const text = f == response_format::dag_json || f == response_format::json;
    named(id + (text ? ".json" : ".cbor"), in_query(a_.query(), "download") == "true" || !text ? "attachment" : "inline");
    a_.fields.set("X-Content-Type-Options", "nosniff");
    auto const same = (f == response_format::dag_cbor && codec == code::dag_cbor) || (f == response_format::dag_json && codec == code::dag_json) ||
                      (f == response_format::cbor && (codec == code::cbor || codec == code::dag_cbor)) ||
                      (f == response_format::json && (codec == code::json || codec == code::dag_json));
    auto data = io_result<bytes>{};
    if (same) {
      auto const b = a_.node().block_get(at.id);
      if (!b) return a_.refuse(refusal_of(b.error()));
      data = bytes(b->data().begin(), b->data().end());
    } else if (!a_.settings().allow_codec_conversion) {
      if (f == response_format::json || f == response_format::cbor) return a_.refuse({400, "converting to requested format is not supported"});
      return a_.refuse({406, "format \"" + std::string{row.media_type} + "\" requested but block has codec \"" + std::string{multicodec_name(codec)} +
                                 "\": codec conversion is not supported, fetch raw block with ?format=raw and convert client-side"});
    } else {
      data = a_.node().dag_get(*fixed_, text ? code::dag_json : code::dag_cbor);
      if (!data) return a_.refuse(refusal_of(data.error()));
    }
    a_.fields.set("Content-Type", row.media_type);
    return a_.octets(data->size(), tag, [&](std::uint64_t from, std::uint64_t length, byte_sink const& sink) { return sink(bytes_view{*data}.subspan(from, length)); });
  }

  auto node_page() -> io_result<void> {
    if (!asked_.trailing_slash) return a_.redirect(301, asked_.address_path + "/");
    auto const id = to_string(entry_->id);
    a_.fields.remove("Cache-Control");
    auto const tag = "\"DagIndex-" + hash_text(page_style) + "_CID-" + id + "\"";
    a_.fields.set("Etag", tag);
    if (a_.is_known(tag)) return a_.not_modified(tag);
    auto json = a_.node().dag_get(*fixed_, code::dag_json);
    auto out = page_begin(asked_.shown);
    out += "<h1>" + std::string{multicodec_name(entry_->id.codec())} + " node <code>" + id + "</code></h1>\n<p><a href=\"?format=raw\">the block</a> · <a href=\"?format=dag-json\">dag-json</a> · <a href=\"?format=dag-cbor\">dag-cbor</a></p>\n<pre>";
    if (json) append_html(out, as_text(*json));
    else append_html(out, to_string(json.error()));
    out += "</pre>\n";
    out += page_end;
    a_.fields.set("X-Content-Type-Options", "nosniff");
    return http::respond(a_.exchange(), 200, "text/html", out, std::move(a_.fields));
  }

  auto ipns_record() -> io_result<void> {
    auto const* name = std::get_if<mutable_path>(&asked_.path);
    if (!name) return a_.refuse({400, asked_.shown + " is not an IPNS link"});
    if (!name->segments.empty()) return a_.refuse({400, "cannot find ipns key for subpath"});
    auto record = a_.node().name_record(name->name);
    if (!record) return a_.refuse({parse_ipns_name(name->name) ? 500u : 400u, to_string(record.error())});
    auto found = a_.node().resolve_name(asked_.path, false);
    if (found) ttl_ = found->ttl / 1'000'000'000;
    cache_control();
    auto const tag = "\"" + hash_text(as_text(*record)) + "\"";
    a_.fields.set("Etag", tag);
    if (a_.is_known(tag)) return a_.not_modified(tag);
    named(name->name + ".ipns-record", "attachment");
    a_.fields.set("X-Content-Type-Options", "nosniff");
    return http::respond(a_.exchange(), 200, "application/vnd.ipfs.ipns-record", as_text(*record), std::move(a_.fields));
  }

  answer& a_;
  asked_path const& asked_;
  std::optional<immutable_path> fixed_{};
  content_entry* entry_ = nullptr;
  std::int64_t ttl_ = 0;
};

}  // namespace cairn::service::gateway::detail
