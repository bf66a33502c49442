// cairn-vectors [DIR] [--area NAME]... [--require NAME]... [--verbose]
//
// Runs a folder of conformance cases against this build, prints one line per area and a total, and lists every failure.
// Ends with 1 where a case failed, or where fewer cases of a required area ran than the folder's index counts.

#include "areas.hpp"

#include <cairn/core/text.hpp>

#include <cstdio>
#include <cstdlib>
#include <set>

namespace {

namespace fs = std::filesystem;
namespace json = boost::json;
using namespace conformance;

struct tally {
  std::size_t counted = 0, passed = 0, failed = 0, disputed = 0, optional = 0, unsupported = 0;
  auto ran() const -> std::size_t { return passed + failed + disputed + optional; }
  void operator+=(tally const& t) {
    counted += t.counted, passed += t.passed, failed += t.failed;
    disputed += t.disputed, optional += t.optional, unsupported += t.unsupported;
  }
};

struct options {
  fs::path folder;
  std::set<std::string, std::less<>> areas, required;
  bool verbose = false;
};

auto field(json::object const& o, std::string_view name) -> std::string {
  auto const* const v = o.if_contains(name);
  return v ? to_text(*v) : std::string{};
}

auto answer_case(area const& a, test_case const& c) -> answer {
  try {
    return a.run(c);
  } catch (std::exception const& e) {
    return fail(std::string{"the runner threw: "} + e.what());
  }
}

void run_case(area const& a, json::object const& body, json::object const& document, fs::path const& folder, tally& t, bool verbose) {
  auto const c = test_case{body, document, folder, field(body, "id"), field(body, "op")};
  auto const got = answer_case(a, c);
  auto const status = field(body, "status");
  auto const listed = status == "disputed" || status == "optional";
  if (got.outcome == verdict::unsupported && status != "optional")  // declining what is optional is an answer
    ++t.unsupported;
  else if (status == "disputed")
    ++t.disputed;
  else if (status == "optional")
    ++t.optional;
  else
    ++(got.outcome == verdict::pass ? t.passed : t.failed);
  auto const* const word = got.outcome == verdict::pass          ? "pass"
                           : got.outcome == verdict::unsupported ? "not run"
                           : listed                              ? "differs"
                                                                 : "FAIL";
  if (verbose || (got.outcome == verdict::fail))
    std::printf("  %-7s %s %s%s%s%s\n", word, c.id.c_str(), listed ? ("(" + status + ") ").c_str() : "", c.op.c_str(),
                got.reason.empty() ? "" : ": ", cairn::printable(got.reason).c_str());
}

auto run_area(area const& a, fs::path const& folder, std::size_t counted, bool verbose) -> tally {
  auto t = tally{.counted = counted};
  auto const manifest = parse_json(read_text(folder / "MANIFEST.json"));
  for (auto const& entry : manifest.at("files").as_array()) {
    auto const& file = entry.as_object();
    if (field(file, "role") != "cases") continue;
    auto const name = field(file, "file");
    if (name.ends_with(".json")) {
      auto const value = parse_json(read_text(folder / name));
      auto const* const document = value.if_object();
      if (document && field(*document, "format") == "ipfs-vectors/1") {
        for (auto const& body : document->at("cases").as_array()) run_case(a, body.as_object(), *document, folder, t, verbose);
        continue;
      }
    }
    auto const many = file.at("cases").to_number<std::size_t>();
    if (!a.expand) {
      t.unsupported += many;
      continue;
    }
    auto const bodies = a.expand({folder, name, many});
    auto const none = json::object{};
    for (auto const& body : bodies) run_case(a, body, none, folder, t, verbose);
    if (bodies.size() < many) t.unsupported += many - bodies.size();
  }
  return t;
}

void print(std::string_view name, tally const& t) {
  std::printf("%-18.*s %5zu passed %4zu failed %4zu disputed %4zu optional %5zu not run\n", static_cast<int>(name.size()), name.data(),
              t.passed, t.failed, t.disputed, t.optional, t.counted > t.ran() ? t.counted - t.ran() : 0);
}

auto run(options const& o) -> int {
  auto const index = parse_json(read_text(o.folder / "INDEX.json"));
  auto const known = all_areas();
  auto total = tally{};
  auto complete = true;
  auto without_runner = std::string{};
  for (auto const& [key, value] : index.at("areas").as_object()) {
    auto const name = std::string_view{key};
    if (!o.areas.empty() && !o.areas.contains(name)) continue;
    auto const counted = value.at("cases").to_number<std::size_t>();
    auto const* a = static_cast<area const*>(nullptr);
    for (auto const& one : known)
      if (one.name == name) a = &one;
    auto t = tally{.counted = counted};
    if (a) {
      t = run_area(*a, o.folder / name, counted, o.verbose);
      print(name, t);
    } else {
      (without_runner += without_runner.empty() ? "" : ", ") += name;
    }
    auto const required = o.required.empty() ? a && a->required : o.required.contains(name);
    if (required && t.ran() < counted) {
      std::printf("  %zu of %zu cases ran\n", t.ran(), counted);
      complete = false;
    }
    total += t;
  }
  print("total", total);
  if (!without_runner.empty()) std::printf("no runner: %s\n", without_runner.c_str());
  return total.failed == 0 && complete ? 0 : 1;
}

auto usage(char const* why) -> int {
  std::fprintf(stderr, "%s\nusage: cairn-vectors [DIR] [--area NAME]... [--require NAME]... [--verbose]\n"
               "DIR holds INDEX.json and a folder per area; without it the variable CAIRN_VECTORS names it\n", why);
  return 2;
}

}  // namespace

auto main(int argc, char** argv) -> int {
  auto o = options{};
  if (auto const* const folder = std::getenv("CAIRN_VECTORS")) o.folder = folder;
  for (int i = 1; i < argc; ++i) {
    auto const word = std::string_view{argv[i]};
    if (word == "--verbose")
      o.verbose = true;
    else if ((word == "--area" || word == "--require") && i + 1 < argc)
      (word == "--area" ? o.areas : o.required).insert(argv[++i]);
    else if (word.starts_with("-"))
      return usage(("unknown option " + std::string{word}).c_str());
    else
      o.folder = word;
  }
  if (o.folder.empty()) return usage("no folder of vectors given");
  try {
    return run(o);
  } catch (std::exception const& e) {
    std::fprintf(stderr, "cairn-vectors: %s\n", e.what());
    return 2;
  }
}
