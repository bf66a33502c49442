#pragma once

#include <cairn/asio/http/server.hpp>
#include <cairn/core/try.hpp>
#include <cairn/service/impl/debug_pages.hpp>
#include <cairn/service/impl/redirect.hpp>
#include <cairn/service/node_log.hpp>
#include <cairn/service/cli/terminal.hpp>
#include <cairn/service/config_text.hpp>
#include <cairn/service/core_api.hpp>
#include <cairn/service/daemon.hpp>
#include <cairn/service/kubo_text.hpp>
#include <cairn/service/metrics_text.hpp>
#include <cairn/service/name_renewal.hpp>
#include <cairn/service/network.hpp>
#include <cairn/service/output.hpp>
#include <cairn/service/rpc/rpc.hpp>
#include <cairn/service/rpc/rules.hpp>
#include <cairn/service/version.hpp>
#include <cairn/service/gateway/gateway.hpp>
#include <cairn/service/webui/webui.hpp>

#if CAIRN_HEADER_ONLY
#  include <cairn/service/impl/swarm_answers.ipp>
#endif

#include <atomic>
#include <condition_variable>
#include <cerrno>
#include <csignal>
#include <cstdlib>
#include <malloc.h>
#include <sys/resource.h>
#include <thread>
#include <unistd.h>

namespace cairn::service {
namespace detail {

class node_control final : public running_node {
public:
  explicit node_control(rpc::request_log& log) : log_{log} {}

  static auto now() -> std::int64_t {
    timespec t{};
    ::clock_gettime(CLOCK_REALTIME, &t);
    return t.tv_sec * 1'000'000'000 + t.tv_nsec;
  }
  static auto steady_now() -> std::int64_t { return std::chrono::duration_cast<std::chrono::nanoseconds>(std::chrono::steady_clock::now().time_since_epoch()).count(); }

  void stop() override {
    asked_ = true;
    ::kill(::getpid(), SIGUSR1);
  }
  auto requests() -> std::vector<request_entry> override { return log_.list(now()); }
  void forget_requests() override { log_.forget(); }
  void keep_requests(std::int64_t nanoseconds) override { log_.keep(nanoseconds); }
  auto traffic() -> std::pair<std::uint64_t, std::uint64_t> override {
    auto c = http::server_counts{};
    for (auto const* s : {api_server, gateway_server}) {
      if (!s) continue;
      auto const one = s->counts();
      c.received += one.received;
      c.sent += one.sent;
    }
    return {c.received, c.sent};
  }
  auto asked_to_stop() const -> bool { return asked_; }
  auto ending() const -> bool override { return ending_; }
  auto log() -> node_log& override { return lines_; }
  void end() { ending_ = true; }

  http::server const* api_server = nullptr;
  http::server const* gateway_server = nullptr;

private:
  rpc::request_log& log_;
  node_log lines_;
  std::atomic<bool> asked_ = false, ending_ = false;
};

// A text, or a list of texts, of the config.
inline auto addresses_of(ipld::node const& config, std::string_view key) -> io_result<std::vector<http::endpoint>> {
  auto out = std::vector<http::endpoint>{};
  auto const found = config_value(config, key);
  if (!found) return out;
  auto const add = [&](ipld::node const& value) -> io_result<void> {
    auto const* text = value.as_string();
    if (!text || text->empty()) return {};
    auto at = http::endpoint::parse(*text);
    if (!at) return std::unexpected(error::message("daemon", std::string{key} + ": " + to_string(at.error())));
    if (at->tls) return std::unexpected(error::message("daemon", std::string{key} + ": this node serves HTTP only: give it an address without TLS, behind a proxy that has it"));
    out.push_back(*std::move(at));
    return {};
  };
  if (auto const* list = (*found)->as_list()) {
    for (auto const& v : *list) CAIRN_TRY(add(v));
  } else {
    CAIRN_TRY(add(**found));
  }
  return out;
}

// Sockets that a service manager opened for us, by their names.
struct given_socket {
  int descriptor;
  std::string name;
};
inline auto given_sockets() -> std::vector<given_socket> {
  auto out = std::vector<given_socket>{};
  auto const* pid = std::getenv("LISTEN_PID");
  auto const* count = std::getenv("LISTEN_FDS");
  if (!pid || !count || std::atoi(pid) != ::getpid()) return out;
  auto const* given = std::getenv("LISTEN_FDNAMES");
  auto names = std::string_view{given ? given : ""};
  for (auto i = 0; i < std::atoi(count); ++i) {
    auto const colon = names.find(':');
    out.push_back({3 + i, std::string{names.substr(0, colon)}});
    names = colon == std::string_view::npos ? std::string_view{} : names.substr(colon + 1);
  }
  ::unsetenv("LISTEN_PID");
  ::unsetenv("LISTEN_FDS");
  ::unsetenv("LISTEN_FDNAMES");
  return out;
}

inline void not_found(http::exchange& with) {
  auto more = http::headers{};
  more.add("Content-Type", "text/plain; charset=utf-8");
  more.add("X-Content-Type-Options", "nosniff");
  static_cast<void>(http::respond(with, 404, "", "404 page not found\n", std::move(more)));
}

// What the API's listener serves beside the API.
inline void serve_api_port(http::exchange& with, rpc::served_node const& from, webui::manifest const& facts) {
  if (!rpc::admits(with, from.rules)) return;
  auto const path = with.head().path();
  if (auto const clean = cleaned_target(with.head())) return static_cast<void>(redirect(with, 307, *clean, {}));
  if (path == "/api/v0" || path.starts_with("/api/v0/")) return rpc::serve(with, from);
  if (path == "/webui" || path.starts_with("/webui/")) return static_cast<void>(webui::serve(with, facts));
  if (path == "/") {
    auto more = http::headers{};
    more.add("Location", "/webui/");
    return static_cast<void>(http::respond(with, 302, "text/plain; charset=utf-8", "the page of this node is at /webui/\n", std::move(more)));
  }
  if (path == "/version")
    return static_cast<void>(http::respond(with, 200, "text/plain; charset=utf-8", "Commit: " + std::string{commit_name} + "\nClient Version: kubo/" + std::string{kubo_version} + "\n"));
  if (path.starts_with("/debug/") && serve_debug(with, from.rules)) return;
  if (path == "/debug/metrics/prometheus") return static_cast<void>(http::respond(with, 200, metrics_text::media_type, from.api.metrics()));
  not_found(with);
}

// Collects when the store is nearly full, now and then; ends with its owner.
class collector {
public:
  collector(core_api& api, std::chrono::nanoseconds period)
      : api_{api.for_caller({.cancelled = [this] { return ended_.load(); }})}, period_{period}, thread_{[this] { run(); }} {}
  ~collector() {
    {
      auto const lock = std::lock_guard{mutex_};
      ended_ = true;
    }
    changed_.notify_all();
    thread_.join();
  }

private:
  void run() {
    auto lock = std::unique_lock{mutex_};
    while (!changed_.wait_for(lock, period_, [&] { return ended_.load(); })) {
      lock.unlock();
      if (auto const done = api_->collect_when_full(); !done && !ended_) {
        auto const line = "garbage collection: " + to_string(done.error()) + "\n";
        static_cast<void>(cli::write_fully(2, as_bytes(line)));
      }
      lock.lock();
    }
  }

  std::atomic<bool> ended_ = false;
  std::mutex mutex_;
  std::condition_variable changed_;
  std::unique_ptr<core_api> api_;
  std::chrono::nanoseconds period_;
  std::thread thread_;
};

inline constexpr std::uint64_t cache_bytes = 12 * limits::MiB;

// Memory that was needed for an answer goes back to the system soon, and what is kept for others when nothing has been asked for a while.
class resting {
public:
  resting(core_api& api, node_control& control) : api_{api}, control_{control} {}
  // once a second
  void look() {
    auto const now = control_.traffic();
    quiet_ = now == seen_ ? quiet_ + 1 : 0;
    seen_ = now;
    if (quiet_ == quiet_seconds) api_.rest();
    if (quiet_ <= quiet_seconds && (quiet_ == quiet_seconds || ::mallinfo2().fordblks > free_most)) ::malloc_trim(0);
  }

private:
  static constexpr unsigned quiet_seconds = 30;
  static constexpr std::size_t free_most = 8 * limits::MiB;
  core_api& api_;
  node_control& control_;
  std::pair<std::uint64_t, std::uint64_t> seen_{};
  unsigned quiet_ = quiet_seconds + 1;
};

// Once a second: names that it is time for are signed again.
inline void renew_names(name_renewal& names, node_control& control) {
  auto const now = control.now();
  auto const done = names.look(control.steady_now(), {now / 1'000'000'000, static_cast<std::uint32_t>(now % 1'000'000'000)});
  if (!done) control.log().note("core", log_level::error, now, "names could not be renewed: " + to_string(done.error()));
}

inline auto wait_for_end(node_control& control, core_api& api, std::optional<name_renewal> names) -> bool {
  constexpr auto between = timespec{.tv_sec = 1, .tv_nsec = 0};
  auto rest = resting{api, control};
  auto wanted = sigset_t{};
  ::sigemptyset(&wanted);
  for (auto s : {SIGINT, SIGTERM, SIGHUP, SIGUSR1}) ::sigaddset(&wanted, s);
  for (;;) {
    auto const signal = ::sigtimedwait(&wanted, nullptr, &between);
    if (signal < 0) {
      if (errno != EAGAIN) continue;
      rest.look();
      if (names) renew_names(*names, control);
      continue;
    }
    if (signal != SIGUSR1) return true;
    if (control.asked_to_stop()) return false;
  }
}

}  // namespace detail

CAIRN_DECL auto run_node(output& out, daemon_options const& options) -> io_result<void> {
  using namespace detail;
  // before any thread begins: the signals are for the one that waits for them, and memory is not kept by threads
  auto ended = sigset_t{};
  ::sigemptyset(&ended);
  for (auto s : {SIGINT, SIGTERM, SIGHUP, SIGUSR1}) ::sigaddset(&ended, s);
  ::pthread_sigmask(SIG_BLOCK, &ended, nullptr);
  ::signal(SIGPIPE, SIG_IGN);
  ::mallopt(M_ARENA_MAX, 2);
  ::mallopt(M_TRIM_THRESHOLD, 16 << 20);
  ::mallopt(M_MMAP_THRESHOLD, 4 << 20);  // blocks come and go: pages anew for each cost more than its copy
  if (auto limit = rlimit{}; ::getrlimit(RLIMIT_NOFILE, &limit) == 0 && limit.rlim_cur < limit.rlim_max) {
    limit.rlim_cur = limit.rlim_max;
    ::setrlimit(RLIMIT_NOFILE, &limit);
  }
  auto const say = [&](std::string const& line) -> io_result<void> {
    CAIRN_TRY(out.text(line + "\n"));
    return out.flush();
  };

  CAIRN_TRY(auto api, core_api::open(options.repo_path, {.online = !options.offline, .cache_bytes = cache_bytes}));
  CAIRN_TRY(api->check_config());
  auto const config = api->config();
  CAIRN_TRY(auto identity, api->identity());
  CAIRN_TRY(say("PeerID: " + peer_text(identity.id, std::nullopt)));

  CAIRN_TRY(auto api_at, addresses_of(*config, "Addresses.API"));
  CAIRN_TRY(auto gateway_at, addresses_of(*config, "Addresses.Gateway"));
  auto const settings = gateway::options::of(*config);
  auto site = gateway::site{*api, settings};
  auto log = rpc::request_log{};
  auto control = node_control{log};
  auto network = std::shared_ptr<node_network>{};
  auto const not_made = [](error const& e) { return std::unexpected(error::message("daemon", "constructing the node (see log for full detail): " + to_string(e))); };
  auto const renewal = renewal_terms::of(*config);
  if (!renewal && !options.offline) return not_made(renewal.error());
  if (options.offline) {
    CAIRN_TRY(say("Swarm not listening, running in offline mode."));
  } else {
    auto opened = open_network(*api, control.log());
    if (!opened) return not_made(opened.error());
    network = *std::move(opened);
    api->attach(network);
    for (auto const& line : network->greeting()) CAIRN_TRY(say(line));
  }
  auto rules = rpc::access_rules{};
  auto const served = rpc::served_node{*api, control, log, rules, options.repo_path};
  auto facts = webui::manifest{};
  // each with threads of its own: who fills the gateway does not lock out the node's owner
  auto server = http::server::make(), gateway_server = http::server::make({.max_threads = 64});
  control.api_server = server.get();
  control.gateway_server = gateway_server.get();
  auto const answer_api = [&](http::exchange& with) {
    auto const path = with.head().path();
    if (options.unrestricted_api && (path.starts_with("/ipfs/") || path.starts_with("/ipns/"))) return site.serve(with);
    serve_api_port(with, served, facts);
  };
  auto const answer_gateway = [&](http::exchange& with) { site.serve(with); };

  auto listening = std::vector<http::endpoint>{}, gateways = std::vector<http::endpoint>{};
  for (auto const& s : given_sockets()) {
    auto const is_api = s.name == "io.ipfs.api";
    if (!is_api && s.name != "io.ipfs.gateway") continue;
    CAIRN_TRY(auto at, is_api ? server->adopt(s.descriptor, answer_api) : gateway_server->adopt(s.descriptor, answer_gateway));
    (is_api ? listening : gateways).push_back(std::move(at));
  }
  if (listening.empty()) {
    auto const guarded = rpc::access_rules::of(*config, {}).guarded;
    for (auto const& at : api_at) {
      if (!at.is_loopback() && !guarded)
        return std::unexpected(error::message("daemon", "Addresses.API " + at.to_multiaddr() + " is open to everybody who reaches this machine, and the API can do everything with this node. "
                                                        "Ask for a secret with API.Authorizations, or listen on /ip4/127.0.0.1"));
      auto bound = server->listen(at, answer_api);
      if (!bound) return std::unexpected(error::message("daemon", "serveHTTPApi: manet.Listen(" + at.to_multiaddr() + ") failed: " + to_string(bound.error())));
      listening.push_back(*std::move(bound));
    }
  }
  rules = rpc::access_rules::of(*config, listening);
  auto shown = std::vector<std::string>{};
  for (auto const& at : listening) shown.push_back(at.to_multiaddr());
  facts = webui::manifest_of_build("", shown);
  CAIRN_TRY(server->start());
  for (auto const& at : listening) {
    auto line = "RPC API server listening on " + at.to_multiaddr();
    if (at.unix_path.empty()) line += "\nWebUI: http://" + at.to_authority() + "/webui";
    CAIRN_TRY(say(line));
  }
  if (gateways.empty())
    for (auto const& at : gateway_at) {
      auto bound = gateway_server->listen(at, answer_gateway);
      if (!bound) return std::unexpected(error::message("daemon", "serveHTTPGateway: manet.Listen(" + at.to_multiaddr() + ") failed: " + to_string(bound.error())));
      gateways.push_back(*std::move(bound));
    }
  if (!gateways.empty()) CAIRN_TRY(gateway_server->start());
  auto first_gateway = std::string{};
  for (auto const& at : gateways) {
    if (first_gateway.empty() && at.unix_path.empty()) first_gateway = "http://" + at.to_authority();
    CAIRN_TRY(say("Gateway server listening on " + at.to_multiaddr()));
    if (settings.expose_routing_api && at.unix_path.empty()) CAIRN_TRY(say("Routing V1 API exposed at http://" + at.to_authority() + "/routing/v1"));
  }
  CAIRN_TRY(api->announce(listening.empty() ? std::string{} : listening[0].to_multiaddr(), first_gateway));
  auto collecting = std::optional<collector>{};
  if (options.gc) {
    CAIRN_TRY(auto period, api->collection_period());
    if (period) collecting.emplace(*api, std::chrono::nanoseconds{*period});
  }
  auto names = std::optional<name_renewal>{};
  if (renewal) names.emplace(*api, *renewal, control.steady_now());
  else control.log().note("core", log_level::error, control.now(), "names are not renewed: " + to_string(renewal.error()));
  CAIRN_TRY(say("Daemon is ready"));
  ::malloc_trim(0);

  if (wait_for_end(control, *api, names)) {
    static_cast<void>(say("\nReceived interrupt signal, shutting down...\n(Hit ctrl-c again to force-shutdown the daemon.)"));
    // the second one ends it at once
    struct sigaction hard {};
    hard.sa_handler = [](int) { ::_exit(255); };
    for (auto s : {SIGINT, SIGTERM}) ::sigaction(s, &hard, nullptr);
    ::pthread_sigmask(SIG_UNBLOCK, &ended, nullptr);
  }
  control.end();
  collecting.reset();
  server->stop(5);
  gateway_server->stop(5);
  server.reset();
  gateway_server.reset();
  if (network) {
    network->close();
    api->attach(nullptr);
  }
  return api->close();
}

}  // namespace cairn::service
