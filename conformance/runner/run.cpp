#include "run.hpp"

#include "suite.hpp"
#include "verdict.hpp"
#include "worker.hpp"

#include <algorithm>
#include <deque>
#include <list>

namespace kit {
namespace {

using clock = std::chrono::steady_clock;

auto seconds(double s) { return std::chrono::duration_cast<clock::duration>(std::chrono::duration<double>{s}); }

/// The processes of one implementation, and what is left to ask them.
class crew {
public:
  crew(suite const& s, implementation& it, run_options const& o) : suite_{s}, it_{it}, options_{o} {
    it_.results.assign(s.cases.size(), {});
    begun_ = clock::now();
    start();
  }

  auto is_done() const -> bool { return workers_.empty(); }
  auto done() const -> std::size_t { return done_; }
  void fill(std::vector<pollfd>& fds) const {
    for (auto const& w : workers_) w.fill(fds);
  }

  void turn(bool look_at_memory) {
    for (auto at = workers_.begin(); at != workers_.end();) {
      at->pump(options_.limits.line);
      if (step(*at, look_at_memory)) {
        ++at;
        continue;
      }
      at = workers_.erase(at);
      if (it_.unusable.empty() && !todo_.empty()) ++it_.restarts, start();
    }
    for (; more_ > 0; --more_) start();
    if (workers_.empty() && it_.seconds == 0) it_.seconds = std::chrono::duration<double>(clock::now() - begun_).count();
  }

private:
  void start() {
    workers_.emplace_back(it_.command);
    auto& w = workers_.back();
    w.since = clock::now();
    w.deadline = w.since + seconds(options_.limits.start_seconds);
    w.send(R"({"op":"hello","protocol":1})");
  }

  /// Whether the process goes on.
  auto step(worker& w, bool look_at_memory) -> bool {
    while (auto line = w.next_line()) {
      if (!w.ready) {
        if (!hello(w, *line)) return false;
      } else if (!w.current) {
        it_.unusable = it_.unusable.empty() ? "an answer that nobody asked for: " + line->substr(0, 200) : it_.unusable;
        return false;
      } else if (!take(w, *line)) {
        return false;
      }
      if (!w.current && !next(w)) return false;
    }
    if (w.is_closed()) return lost(w, outcome::crash, w.end());
    if (w.is_too_long()) return lost(w, outcome::error, "an answer without end");
    if (clock::now() > w.deadline) return lost(w, outcome::timeout, w.ready ? "no answer in time" : "no answer to hello");
    if (look_at_memory && w.current && w.resident() > options_.limits.memory) return lost(w, outcome::limit, "more memory than allowed");
    return true;
  }

  auto hello(worker& w, std::string const& line) -> bool {
    auto why = boost::system::error_code{};
    auto const v = json::parse(line, why);
    auto const* const o = why ? nullptr : v.if_object();
    auto const* const ops = o ? o->if_contains("ops") : nullptr;
    if (!ops || !ops->is_array()) return unusable("no answer to hello: " + line.substr(0, 200));
    w.ready = true;
    if (!planned_) {
      auto const word = [&](char const* name) {
        auto const* const f = o->if_contains(name);
        return f ? to_text(*f) : std::string{};
      };
      it_.name = word("name"), it_.version = word("version"), it_.language = word("language");
      for (auto const& op : ops->get_array()) it_.ops.insert(to_text(op));
      if (auto const* f = o->if_contains("features"))
        for (auto const& one : f->as_array()) it_.features.insert(to_text(one));
      plan();
      more_ = std::min(options_.processes, todo_.size() / 50 + 1) - 1;
    }
    return true;
  }

  void plan() {
    planned_ = true;
    for (std::size_t i = 0; i < suite_.cases.size(); ++i) {
      auto const& c = suite_.cases[i];
      auto const able = it_.ops.contains(c.op) && std::ranges::all_of(c.features, [&](auto const& f) { return it_.features.contains(f); });
      if (able) {
        todo_.push_back(i);
      } else {
        it_.results[i].outcome = outcome::unsupported;
        ++done_;
      }
    }
    it_.planned = todo_.size();
  }

  auto unusable(std::string why) -> bool {
    it_.unusable = std::move(why);
    if (!planned_)
      for (std::size_t i = 0; i < suite_.cases.size(); ++i) todo_.push_back(i);
    for (; !todo_.empty(); todo_.pop_front()) settle(todo_.front(), {outcome::error, "the adapter is unusable: " + it_.unusable, {}, 0, {}});
    return false;
  }

  void settle(std::size_t i, result r) {
    it_.results[i] = std::move(r);
    ++done_;
  }

  auto lost(worker& w, outcome what, std::string why) -> bool {
    if (what != outcome::crash) (void)w.end();
    if (!w.ready) {
      ++failed_starts_;
      if (!planned_ || failed_starts_ > 3) return unusable(std::move(why));
      return false;
    }
    if (w.current) settle(*w.current, {what, std::move(why), {}, std::chrono::duration<double>(clock::now() - w.since).count(), {}});
    return false;
  }

  auto take(worker& w, std::string const& line) -> bool {
    auto const i = *w.current;
    auto options = json::parse_options{};
    options.max_depth = 8192;
    options.allow_invalid_utf8 = true;
    auto why = boost::system::error_code{};
    auto const v = json::parse(line, why, {}, options);
    if (why) return lost(w, outcome::error, "the answer is not JSON: " + line.substr(0, 200));
    auto const* const o = v.if_object();
    auto const* const id = o ? o->if_contains("id") : nullptr;
    if (!id || !id->is_int64() || id->get_int64() != static_cast<std::int64_t>(i)) return lost(w, outcome::error, "the answer has another id: " + line.substr(0, 200));
    ++it_.answered;
    auto r = judge(suite_.cases[i], v);
    r.answer = line.size() > 2000 ? line.substr(0, 2000) + "..." : line;
    r.seconds = std::chrono::duration<double>(clock::now() - w.since).count();
    settle(i, std::move(r));
    w.current.reset();
    return true;
  }

  /// Gives it the next case; none left: ends it.
  auto next(worker& w) -> bool {
    if (todo_.empty()) {
      w.finish();
      return false;
    }
    auto const i = todo_.front();
    todo_.pop_front();
    auto const& c = suite_.cases[i];
    auto const line = json::serialize(json::object{{"id", i}, {"op", c.op}, {"in", expand_input(c.in, options_.work)}});
    w.current = i;
    w.since = clock::now();
    w.deadline = w.since + seconds(options_.limits.seconds);
    ++it_.sent;
    w.send(line);
    return true;
  }

  suite const& suite_;
  implementation& it_;
  run_options const& options_;
  std::list<worker> workers_;
  std::deque<std::size_t> todo_;
  std::size_t done_ = 0, more_ = 0;
  int failed_starts_ = 0;
  bool planned_ = false;
  time_point begun_;
};

}  // namespace

void run_suite(suite const& s, std::vector<implementation>& all, run_options const& options) {
  auto crews = std::deque<crew>{};
  for (auto& it : all) crews.emplace_back(s, it, options);
  auto looked = clock::now();
  for (;;) {
    auto fds = std::vector<pollfd>{};
    auto working = false;
    for (auto const& c : crews) c.fill(fds), working = working || !c.is_done();
    if (!working) return;
    ::poll(fds.data(), fds.size(), 20);
    auto const look = clock::now() - looked > std::chrono::milliseconds{20};
    if (look) looked = clock::now();
    std::size_t done = 0;
    for (auto& c : crews) c.turn(look), done += c.done();
    if (options.progress) options.progress(done, s.cases.size() * all.size());
  }
}

}  // namespace kit
