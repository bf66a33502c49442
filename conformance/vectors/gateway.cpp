#include "areas.hpp"

#include "../../tests/support/recording_exchange.hpp"
#include "../../tests/support/temporary_folder.hpp"

#include <cairn/asio/http/url.hpp>
#include <cairn/car/reader.hpp>
#include <cairn/naming/ipns_name.hpp>
#include <cairn/naming/ipns_record.hpp>
#include <cairn/service/core_api.hpp>
#include <cairn/service/gateway/gateway.hpp>
#include <cairn/service/request.hpp>

#include <algorithm>
#include <regex>

// The gateway in process: a node with the fixtures, requests as an exchange records them.
namespace conformance {
namespace {

using namespace cairn;

constexpr auto gateway_host = "example.com";

class octets_source final : public service::input_source {
public:
  explicit octets_source(bytes_view in) : rest_{in} {}
  auto read(bytes_span into) -> io_result<std::size_t> override {
    auto const n = std::min(into.size(), rest_.size());
    std::copy_n(rest_.begin(), n, into.begin());
    rest_ = rest_.subspan(n);
    return n;
  }

private:
  bytes_view rest_;
};

template <class T>
auto or_throw(io_result<T> r, std::string_view doing) -> T {
  if (!r) throw bad_case{std::string{doing} + ": " + to_string(r.error())};
  if constexpr (!std::is_void_v<T>) return *std::move(r);
}

// "domain: X" and "path: Y" lines, in pairs, of the DNSLink fixtures
auto names_of(std::filesystem::path const& fixtures) -> std::string {
  auto out = std::string{}, domain = std::string{};
  for (auto const& entry : std::filesystem::recursive_directory_iterator{fixtures}) {
    if (entry.path().extension() != ".yml") continue;
    auto const text = read_text(entry.path());
    for (auto line : lines(text)) {
      auto const value = [&](std::string_view key) -> std::string {
        auto const at = line.find(key);
        if (at == line.npos || line.find('#') < at) return {};
        auto const from = line.find_first_not_of(' ', at + key.size());
        return from == line.npos ? std::string{} : std::string{line.substr(from, line.find(" #", from) - from)};
      };
      if (auto d = value("domain:"); !d.empty()) domain = d;
      if (auto p = value("path:"); !p.empty()) out += (out.empty() ? "" : ",") + domain + ":" + p;
    }
  }
  return out;
}

class node_with_fixtures {
public:
  explicit node_with_fixtures(std::filesystem::path const& fixtures) {
    auto const config = or_throw(service::core_api::new_config("ed25519", std::nullopt), "config");
    or_throw(service::core_api::create(repo_.path() / "repo", config), "repo");
    api_ = or_throw(service::core_api::open(repo_.path() / "repo", {.name_map = names_of(fixtures)}), "open");
    for (auto const& entry : std::filesystem::recursive_directory_iterator{fixtures}) {
      auto const name = entry.path().filename().string();
      if (!name.ends_with(".car") && !name.ends_with(".ipns-record")) continue;
      auto const whole = read_file(entry.path());
      if (name.ends_with(".car")) {
        auto source = octets_source{whole};
        auto sum = service::car_import_facts{};
        or_throw(api_->dag_import(source, true, sum), name);
      } else {
        // a record that is not valid is dropped
        static_cast<void>(api_->name_put(name.substr(0, name.find_first_of("_.")), whole));
      }
    }
    auto settings = service::gateway::options::of(config);
    settings.hosts.emplace(gateway_host, service::gateway::public_host{.use_subdomains = true, .inline_dnslink = true});
    site_.emplace(*api_, std::move(settings));
  }
  auto ask(http::request head) -> std::unique_ptr<cairn::testing::recording_exchange> {
    auto with = std::make_unique<cairn::testing::recording_exchange>(std::move(head));
    site_->serve(*with);
    return with;
  }

private:
  cairn::testing::temporary_folder repo_;
  std::unique_ptr<service::core_api> api_;
  std::optional<service::gateway::site> site_;
};

auto filled(std::string text) -> std::string {
  for (auto const& [name, value] : {std::pair{"${host}", gateway_host}, {"${scheme}", "http"}, {"${gateway_url}", "http://127.0.0.1:8080"}})
    for (auto at = text.find(name); at != text.npos; at = text.find(name)) text.replace(at, std::string_view{name}.size(), value);
  return text;
}

auto request_of(json::object const& r) -> http::request {
  auto out = http::request{.method = to_text(r.at("method")), .target = {}};
  for (auto const& c : filled(to_text(r.at("path")))) static_cast<unsigned char>(c) > 0x7e || c == ' ' ? out.target += http::percent_encoded({&c, 1}) : out.target += c;
  if (auto const* query = r.if_contains("query"))
    for (auto const& pair : query->as_array()) {
      out.target += out.target.find('?') == out.target.npos ? '?' : '&';
      out.target += http::percent_encoded(to_text(pair.at(0))) + "=" + http::percent_encoded(to_text(pair.at(1)));
    }
  auto const* fields = r.if_contains("headers");
  if (!fields || !fields->as_object().contains("Host")) out.fields.add("Host", "127.0.0.1:8080");
  if (fields)
    for (auto const& [name, value] : fields->as_object()) out.fields.add(std::string_view{name}, filled(to_text(value)));
  return out;
}

auto header_matches(http::headers const& fields, json::object const& want) -> answer {
  auto const name = to_text(want.at("name"));
  auto const all = fields.all(name);
  auto have = std::string{};
  for (auto v : all) (have += have.empty() ? "" : ", ") += v;
  auto const bad = [&](std::string_view what, std::string const& value) { return fail(name + ": \"" + have + "\" " + std::string{what} + " \"" + value + "\""); };
  for (auto const& [key, value] : want) {
    auto const text = value.is_string() ? filled(to_text(value)) : std::string{};
    if (key == "absent" && !all.empty()) return bad("is not", "absent");
    if (key == "present" && all.empty()) return bad("is not", "present");
    if (key == "equals" && have != text) return bad("is not", text);
    if (key == "contains" && have.find(text) == have.npos) return bad("does not contain", text);
    if (key == "regex" && !std::regex_search(have, std::regex{text})) return bad("does not match", text);
    if (key == "contains_all")
      for (auto const& one : value.as_array())
        if (have.find(to_text(one)) == have.npos) return bad("does not contain", to_text(one));
    if (key == "not") {
      auto inner = value.as_object();
      inner["name"] = name;
      if (header_matches(fields, inner).outcome == verdict::pass) return bad("is", json::serialize(value));
    }
    if (key == "cache_control") {
      auto const& rule = value.as_object();
      if (have.find("public") == have.npos || have.find("immutable") == have.npos) return bad("is not", json::serialize(value));
      auto const at = have.find("max-age=");
      if (at == have.npos || std::stoll(have.substr(at + 8)) < rule.at("max_age_min").to_number<std::int64_t>()) return bad("is not", json::serialize(value));
    }
  }
  return pass();
}

struct span_source {
  bytes_view rest;
  auto read(bytes_span into) -> io_result<std::size_t> {
    auto const n = std::min(into.size(), rest.size());
    std::copy_n(rest.begin(), n, into.begin());
    rest = rest.subspan(n);
    return n;
  }
};

auto car_matches(std::string const& body, json::object const& want) -> answer {
  auto source = span_source{as_bytes(body)};
  auto reader = car_reader::open(source);
  if (!reader) return fail("CAR: " + to_string(reader.error()));
  auto have = std::vector<std::string>{};
  for (;;) {
    auto b = reader->next();
    if (!b) return fail("CAR: " + to_string(b.error()));
    if (!*b) break;
    have.push_back(to_string((*b)->id()));
  }
  auto expected = std::vector<std::string>{};
  for (auto const& id : want.at("blocks").as_array()) expected.push_back(to_text(id));
  auto const flag = [&](std::string_view name) { return want.contains(name) && want.at(name).as_bool(); };
  auto const shown = [](std::vector<std::string> const& l) { auto out = std::string{}; for (auto const& s : l) out += s + " "; return out; };
  if (flag("ordered") && flag("exact")) return same("blocks", shown(have), shown(expected));
  std::sort(have.begin(), have.end());
  std::sort(expected.begin(), expected.end());
  if (flag("exact")) return same("blocks", shown(have), shown(expected));
  have.erase(std::unique(have.begin(), have.end()), have.end());
  expected.erase(std::unique(expected.begin(), expected.end()), expected.end());
  return std::includes(have.begin(), have.end(), expected.begin(), expected.end()) ? pass() : fail("blocks " + shown(have) + "are missing some of " + shown(expected));
}

// The files of a TAR archive with their content; names in PAX records count.
auto tar_matches(std::string const& body, json::object const& want) -> answer {
  auto files = std::vector<std::pair<std::string, std::string>>{};
  auto long_name = std::string{};
  for (auto at = std::size_t{0}; at + 512 <= body.size() && body[at] != '\0';) {
    auto const field = [&](std::size_t from, std::size_t n) { return std::string{body.substr(at + from, n).c_str()}; };
    auto const size = std::stoull(field(124, 12), nullptr, 8);
    auto const content = body.substr(at + 512, size);
    if (auto const prefix = field(345, 155); body[at + 156] == 'x') {
      auto const path = content.find(" path=");
      long_name = path == content.npos ? std::string{} : content.substr(path + 6, content.find('\n', path) - path - 6);
    } else {
      files.emplace_back(!long_name.empty() ? long_name : prefix.empty() ? field(0, 100) : prefix + "/" + field(0, 100), content);
      long_name.clear();
    }
    at += 512 + (size + 511) / 512 * 512;
  }
  for (auto const& f : want.at("files").as_array()) {
    auto const wanted = std::pair{to_text(f.at("name")), to_text(f.at("text"))};
    if (std::find(files.begin(), files.end(), wanted) == files.end()) return fail("the archive has no " + wanted.first + " with that content");
  }
  return files.empty() ? fail("an empty archive") : pass();
}

auto record_matches(std::string const& body, json::object const& want) -> answer {
  auto const name = parse_ipns_name(to_text(want.at("name")));
  auto const record = decode_ipns_record(as_bytes(body));
  if (!name || !record) return fail("not a record");
  if (validate(*record, *name, {1'700'000'000, 0}).has_value() != want.at("valid").as_bool()) return fail("validity");
  return same("value", as_text(record->value), to_text(want.at("value")));
}

auto body_matches(std::string const& body, json::object const& want) -> answer {
  for (auto const& [key, value] : want) {
    auto a = pass();
    if (key == "equals_text") a = same("body", body, filled(to_text(value)));
    else if (key == "equals_hex") a = same("body", as_bytes(body), unhex(to_text(value)));
    else if (key == "contains") a = body.find(filled(to_text(value))) != body.npos ? pass() : fail("the body does not contain \"" + filled(to_text(value)) + "\"");
    else if (key == "json_equals") a = parse_json(body) == value ? pass() : fail("another JSON: " + body);
    else if (key == "car") a = car_matches(body, value.as_object());
    else if (key == "tar") a = tar_matches(body, value.as_object());
    else if (key == "ipns_record") a = record_matches(body, value.as_object());
    else if (key == "not") a = body_matches(body, value.as_object()).outcome == verdict::pass ? fail("the body matches " + json::serialize(value)) : pass();
    else if (key == "and") {
      for (auto const& one : value.as_array())
        if (a.outcome == verdict::pass) a = body_matches(body, one.as_object());
    } else return unsupported("body." + std::string{key});
    if (a.outcome != verdict::pass) return a;
  }
  return pass();
}

auto matches(cairn::testing::recording_exchange const& got, json::object const& want) -> answer {
  for (auto const& [key, value] : want) {
    auto a = pass();
    if (key == "status") a = same("status", std::to_string(got.answer.status), std::to_string(value.to_number<int>()));
    else if (key == "status_between")
      a = got.answer.status >= value.at(0).to_number<unsigned>() && got.answer.status <= value.at(1).to_number<unsigned>() ? pass() : fail("status " + std::to_string(got.answer.status));
    else if (key == "body") a = body_matches(got.body, value.as_object());
    else if (key == "headers") {
      for (auto const& h : value.as_array()) {
        if (to_text(h.at("name")) == "Date") continue;  // the server's
        auto fields = got.answer.fields;
        if (got.answer.length) fields.set("Content-Length", std::to_string(*got.answer.length));
        if (a.outcome == verdict::pass) a = header_matches(fields, h.as_object());
      }
    } else if (key == "all_of") {
      for (auto const& one : value.as_array())
        if (a.outcome == verdict::pass) a = matches(got, one.as_object());
    } else if (key == "any_of") {
      a = fail("none of several answers");
      for (auto const& one : value.as_array()) {
        auto b = matches(got, one.as_object());
        if (b.outcome == verdict::pass) return b;
        a.reason += "; " + b.reason;
      }
    } else return unsupported("expect." + std::string{key});
    if (a.outcome != verdict::pass) return a;
  }
  return pass();
}

auto node(std::filesystem::path const& folder) -> node_with_fixtures& {
  static auto one = node_with_fixtures{folder / "fixtures"};
  return one;
}

auto run_http(test_case const& c) -> answer {
  auto const& expect = c.object("expect");
  if (c.has("requests")) {
    auto bodies = std::vector<std::string>{};
    for (auto const& r : c.array("requests")) bodies.push_back(node(c.folder).ask(request_of(r.as_object()))->body);
    return !bodies[0].empty() && bodies[0] == bodies[1] ? pass() : fail("two payloads");
  }
  auto const& request = c.object("request");
  if (request.contains("proxy_tunnel")) return unsupported("CONNECT is the server's, not the handler's");
  auto head = request_of(request);
  // an unresolved placeholder names the answer of another case
  if (head.target.find("${") != head.target.npos) return unsupported("a value of an earlier case");
  auto a = matches(*node(c.folder).ask(std::move(head)), expect);
  // what is one implementation's own is compared, but nobody has to agree
  if (a.outcome == verdict::fail && c.text_or("status", "") == "implementation-specific") return unsupported(a.reason);
  return a;
}

auto run_parameter(test_case const& c) -> answer {
  auto const ask = [&](std::string const& query) {
    auto head = http::request{.method = "GET", .target = "/ipfs/bafkqabtimvwgy3yk?format=car&" + query};
    head.fields.add("Host", "127.0.0.1:8080");
    return node(c.folder).ask(std::move(head))->answer.status;
  };
  auto const text = http::percent_encoded(c.text_or("text", ""));
  // an empty parameter is one that is not given
  if (c.op == "trustless.dag_scope") return text.empty() ? unsupported("an empty dag-scope counts as none, as in Boxo") : expect_error(c.expects_error(), ask("dag-scope=" + text) != 200, "dag-scope " + text);
  if (c.op == "trustless.entity_bytes") return expect_error(c.expects_error(), ask("dag-scope=entity&entity-bytes=" + text) != 200, "entity-bytes " + text);
  if (c.op == "trustless.car_etag") return unsupported("tags of CARs are our own");
  return unsupported("the DAG of 20 MB is not among the fixtures");
}

auto run_gateway(test_case const& c) -> answer { return c.op.empty() ? run_http(c) : run_parameter(c); }

}  // namespace

auto gateway_area() -> area { return {"gateway", run_gateway, nullptr, false}; }

}  // namespace conformance
