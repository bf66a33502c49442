// cairn-conformance: sends cases to adapters, judges what they answer, and reports. See docs/conformance/adapter.md.

#include "report.hpp"
#include "run.hpp"
#include "suite.hpp"

#include <algorithm>
#include <chrono>
#include <cstdio>
#include <cstdlib>
#include <ctime>
#include <fstream>

#include <csignal>
#include <unistd.h>

namespace {

using namespace kit;

struct options {
  std::vector<fs::path> suites;
  std::vector<implementation> adapters;
  kit::filter filter;
  run_options run;
  std::string json, junit, html, diff, before, known, date;
  std::vector<std::string> judged, beside;
  bool verbose = false, list = false;
};

constexpr auto help = R"(cairn-conformance [PATH]... --adapter LABEL=COMMAND [--adapter ...]

PATH is a file of cases or a folder that holds folders named "vectors". Sends every case to every adapter (JSON lines on its
stdin and stdout), judges the answers, prints a table. Ends with 1 where an implementation breaks a case of level "must",
or where fewer cases were answered than planned; with 2 where something could not be run.

  --adapter LABEL=COMMAND  a program that answers; may be given many times
  --area A, --op O         only these; may be given many times
  --case PREFIX            only cases whose id begins so
  --processes N            of each adapter at once (default 1)
  --timeout SECONDS        per case (default 10)
  --memory MIB             resident, per process (default 2048)
  --json F --junit F --html F   write the results
  --beside F               the JSON of another run of the same cases: its implementations stand in the JSON and the HTML too
  --before F --diff F      compare with the JSON of an earlier run; writes Markdown
  --known F                known failures: [{"adapter", "case", "reason", "until": "YYYY-MM-DD"}]
  --judge LABEL            the exit status is of these alone (default: all)
  --date TEXT              stands in the reports (default: today)
  --list                   print the cases and end
  --verbose                print every outcome that is not a pass
)";

auto today() -> std::string {
  auto const now = std::time(nullptr);
  char text[16];
  std::strftime(text, sizeof text, "%Y-%m-%d", std::gmtime(&now));
  return text;
}

auto read_options(int argc, char** argv) -> options {
  auto o = options{};
  for (int i = 1; i < argc; ++i) {
    auto const word = std::string{argv[i]};
    auto const value = [&]() -> std::string {
      if (i + 1 == argc) throw usage_error{word + " needs a value"};
      return argv[++i];
    };
    if (word == "--adapter") {
      auto const text = value();
      auto const at = text.find('=');
      if (at == text.npos || at == 0) throw usage_error{"--adapter LABEL=COMMAND"};
      auto& a = o.adapters.emplace_back();
      a.label = text.substr(0, at), a.command = text.substr(at + 1);
    } else if (word == "--area") o.filter.areas.push_back(value());
    else if (word == "--op") o.filter.ops.push_back(value());
    else if (word == "--case") o.filter.ids.push_back(value());
    else if (word == "--processes") o.run.processes = std::max(1ul, std::stoul(value()));
    else if (word == "--timeout") o.run.limits.seconds = std::stod(value());
    else if (word == "--memory") o.run.limits.memory = std::stoull(value()) << 20;
    else if (word == "--json") o.json = value();
    else if (word == "--junit") o.junit = value();
    else if (word == "--html") o.html = value();
    else if (word == "--beside") o.beside.push_back(value());
    else if (word == "--before") o.before = value();
    else if (word == "--diff") o.diff = value();
    else if (word == "--known") o.known = value();
    else if (word == "--judge") o.judged.push_back(value());
    else if (word == "--date") o.date = value();
    else if (word == "--list") o.list = true;
    else if (word == "--verbose") o.verbose = true;
    else if (word == "--help") std::fputs(help, stdout), std::exit(0);
    else if (word.starts_with("-")) throw usage_error{"no such option: " + word};
    else o.suites.push_back(word);
  }
  if (o.suites.empty()) throw usage_error{"no cases given"};
  if (o.adapters.empty() && !o.list) throw usage_error{"no --adapter given"};
  if (o.diff.empty() != o.before.empty()) throw usage_error{"--before and --diff belong together"};
  if (o.date.empty()) o.date = today();
  return o;
}

void write(std::string const& path, std::string_view text) {
  if (path.empty()) return;
  auto out = std::ofstream{path, std::ios::binary};
  out.write(text.data(), static_cast<std::streamsize>(text.size()));
  out.close();
  if (!out) throw usage_error{"cannot write " + path};
}

void mark_known(options const& o, suite const& s, std::vector<implementation>& all) {
  if (o.known.empty()) return;
  auto const list = parse_json(read_text(o.known));
  for (auto const& one : list.as_array()) {
    auto const until = to_text(one.at("until")), reason = to_text(one.at("reason")), adapter = to_text(one.at("adapter")), id = to_text(one.at("case"));
    if (reason.empty()) throw usage_error{o.known + ": no reason is given for " + adapter + " " + id};
    if (until < o.date) {
      std::fprintf(stderr, "known failure expired on %s: %s %s\n", until.c_str(), adapter.c_str(), id.c_str());
      continue;
    }
    for (auto& it : all)
      for (std::size_t i = 0; i < s.cases.size(); ++i) {
        if (it.label != adapter || s.cases[i].id != id) continue;
        auto& r = it.results[i];
        if (is_broken(r))
          r.known = reason;
        else
          std::printf("NOT BROKEN any more, to be taken from %s: %s %s\n", o.known.c_str(), adapter.c_str(), id.c_str());
      }
  }
}

auto printable(std::string text) -> std::string {
  for (auto& c : text)
    if (static_cast<unsigned char>(c) < 0x20 || c == 0x7f) c = ' ';
  return text;
}

void print_table(suite const& s, std::vector<implementation> const& all) {
  auto areas = std::vector<std::string>{};
  for (auto const& c : s.cases)
    if (std::ranges::find(areas, c.area) == areas.end()) areas.push_back(c.area);
  std::printf("%-18s", "passed/answerable");
  for (auto const& it : all) std::printf(" %14.14s", it.label.c_str());
  std::printf("\n");
  for (auto const& area : areas) {
    std::printf("%-18s", area.c_str());
    for (auto const& it : all) {
      auto const n = count(s, it, area);
      auto const judged = n[outcome::pass] + n.must_broken + n.should_broken + n.known;
      auto const text = judged == 0 ? (n[outcome::disputed] ? "(disputed)" : "-") : std::to_string(n[outcome::pass]) + "/" + std::to_string(judged);
      std::printf(" %14s", text.c_str());
    }
    std::printf("\n");
  }
  for (auto const& it : all) {
    auto const n = count(s, it);
    std::printf("%s (%s %s, %s): planned %zu sent %zu answered %zu", it.label.c_str(), it.name.c_str(), it.version.c_str(), it.language.c_str(), it.planned, it.sent, it.answered);
    for (auto const what : {outcome::pass, outcome::fail, outcome::unsupported, outcome::disputed, outcome::error, outcome::timeout, outcome::crash, outcome::limit})
      if (n[what]) std::printf(" · %zu %s", n[what], std::string{to_string(what)}.c_str());
    if (n.known) std::printf(" · %zu known", n.known);
    if (it.restarts) std::printf(" · restarted %zu times", it.restarts);
    std::printf(" · %.1f s\n", it.seconds);
    if (!it.unusable.empty()) std::printf("  UNUSABLE: %s\n", printable(it.unusable).c_str());
  }
}

void print_broken(suite const& s, std::vector<implementation> const& all) {
  for (auto const& it : all)
    for (std::size_t i = 0; i < s.cases.size(); ++i) {
      auto const& r = it.results[i];
      if (r.outcome == outcome::pass || r.outcome == outcome::unsupported) continue;
      std::printf("  %s %-9s %s (%s, %s) %s\n", it.label.c_str(), std::string{to_string(r.outcome)}.c_str(), s.cases[i].id.c_str(), s.cases[i].op.c_str(),
                  std::string{to_string(s.cases[i].level)}.c_str(), printable(r.detail).substr(0, 500).c_str());
    }
}

// Implementations of an earlier run, as far as this one has none of their name.
void put_beside(json::object& results, std::vector<std::string> const& files) {
  auto& mine = results.at("implementations").as_array();
  for (auto const& file : files) {
    auto const other = parse_json(read_text(file));
    if (other.at("suite") != results.at("suite") || other.at("cases") != results.at("cases")) throw usage_error{file + " is of other cases"};
    for (auto const& one : other.at("implementations").as_array())
      if (std::ranges::none_of(mine, [&](auto const& m) { return m.at("label") == one.at("label"); })) mine.push_back(one);
  }
}

// Those that do not count, with the reason that each of them has.
void print_known(suite const& s, std::vector<implementation> const& all) {
  for (auto const& it : all)
    for (std::size_t i = 0; i < s.cases.size(); ++i)
      if (auto const& r = it.results[i]; !r.known.empty())
        std::printf("KNOWN: %s %s (%s): %s\n", it.label.c_str(), s.cases[i].id.c_str(), std::string{to_string(s.cases[i].level)}.c_str(), printable(r.known).c_str());
}

auto is_complete(implementation const& it) -> bool {
  std::size_t settled = 0;
  for (auto const& r : it.results) settled += r.outcome != outcome::not_run;
  auto const ended = std::ranges::count_if(it.results, [](auto const& r) {
    return r.outcome == outcome::error || r.outcome == outcome::timeout || r.outcome == outcome::crash || r.outcome == outcome::limit;
  });
  return it.unusable.empty() && settled == it.results.size() && it.sent == it.planned && it.answered + static_cast<std::size_t>(ended) >= it.sent;
}

auto run(options& o) -> int {
  auto const s = load_suite(o.suites, o.filter);
  if (o.list) {
    for (auto const& c : s.cases) std::printf("%s\t%s\t%s\t%s\t%s\n", c.area.c_str(), c.id.c_str(), c.op.c_str(), c.clause.c_str(), std::string{to_string(c.level)}.c_str());
    return 0;
  }
  if (s.cases.empty()) throw usage_error{"no case is left to run"};
  char folder[] = "/tmp/cairn-conformance-XXXXXX";
  if (!::mkdtemp(folder)) throw usage_error{"no temporary folder"};
  o.run.work = folder;
  if (::isatty(2))
    o.run.progress = [last = std::size_t{0}](std::size_t done, std::size_t of) mutable {
      auto const part = of ? done * 40 / of : 40;
      if (done == last) return;
      last = done;
      std::fprintf(stderr, "\r[%s%s] %zu/%zu%s", std::string(part, '#').c_str(), std::string(40 - part, ' ').c_str(), done, of, done == of ? "\r\033[K" : "");
    };
  auto const begun = std::chrono::steady_clock::now();
  run_suite(s, o.adapters, o.run);
  fs::remove_all(o.run.work);
  auto facts = run_facts{.date = o.date, .seconds = std::chrono::duration<double>(std::chrono::steady_clock::now() - begun).count()};
  mark_known(o, s, o.adapters);

  if (o.verbose) print_broken(s, o.adapters);
  print_table(s, o.adapters);
  print_known(s, o.adapters);
  auto results = to_json(s, o.adapters, facts);
  put_beside(results, o.beside);
  write(o.json, json::serialize(results));
  write(o.junit, to_junit(s, o.adapters));
  write(o.html, to_html(results));
  if (!o.diff.empty()) write(o.diff, markdown_diff(parse_json(read_text(o.before)).as_object(), results));

  auto status = 0;
  for (auto const& it : o.adapters) {
    if (!o.judged.empty() && std::ranges::find(o.judged, it.label) == o.judged.end()) continue;
    if (!is_complete(it)) std::printf("%s: not every case was run\n", it.label.c_str()), status = std::max(status, 2);
    if (count(s, it).must_broken) status = std::max(status, 1);
  }
  return status;
}

}  // namespace

auto main(int argc, char** argv) -> int {
  std::signal(SIGPIPE, SIG_IGN);
  try {
    auto o = read_options(argc, argv);
    return run(o);
  } catch (std::exception const& e) {
    std::fprintf(stderr, "cairn-conformance: %s\n", e.what());
    return 2;
  }
}
