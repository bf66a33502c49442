// The core API called by many threads at once. The names of these cases are run under ThreadSanitizer too.

#include <cairn/service.hpp>

#include <cairn/repo/config.hpp>
#include <cairn/service/request.hpp>

#include "support/keystream.hpp"
#include "support/temporary_folder.hpp"

#include <catch2/catch.hpp>

#include <atomic>
#include <map>
#include <mutex>
#include <set>
#include <thread>

using namespace cairn;
using namespace cairn::service;
using namespace cairn::testing;

namespace {

struct octets_source final : input_source {
  explicit octets_source(bytes_view in) : rest{in} {}
  auto read(bytes_span out) -> io_result<std::size_t> override {
    auto const n = std::min(out.size(), rest.size());
    std::copy_n(rest.begin(), n, out.begin());
    rest = rest.subspan(n);
    return n;
  }
  bytes_view rest;
};

struct silent final : add_events {
  void added(std::string_view, cid const&, std::uint64_t) override {}
};

auto content_of(unsigned thread, unsigned n) -> bytes { return keystream("thread " + std::to_string(thread) + " file " + std::to_string(n), 20'000 + n * 3001); }

auto add(core_api& api, bytes_view data, bool pin = true) -> io_result<cid> {
  auto source = octets_source{data};
  auto request = add_request{};
  request.items.push_back({"", "", &source});
  request.pin = pin;
  request.chunker = "size-4096";
  auto nobody = silent{};
  auto roots = api.add(request, nobody);
  if (!roots) return std::unexpected(std::move(roots).error());
  return roots->front();
}

auto cat(core_api& api, cid const& id) -> io_result<bytes> {
  auto content = api.open_content(id);
  if (!content) return std::unexpected(std::move(content).error());
  auto out = bytes{};
  auto done = (*content)->read(0, (*content)->size(), [&](bytes_view piece) -> io_result<void> {
    append(out, piece);
    return {};
  });
  if (!done) return std::unexpected(std::move(done).error());
  return out;
}

struct node_here {
  explicit node_here(std::string_view engine) {
    auto config = *core_api::new_config("ed25519", {});
    REQUIRE(core_api::apply_first_profile(config, engine));
    REQUIRE(core_api::create(folder / "r", config));
    api = *core_api::open(folder / "r", {});
  }
  temporary_folder folder;
  std::unique_ptr<core_api> api;
};

/// Runs `work(thread)` on so many threads; the first failure of any is given.
template <class F>
auto all_at_once(unsigned threads, F const& work) -> std::string {
  auto guard = std::mutex{};
  auto first = std::string{};
  auto running = std::vector<std::thread>{};
  for (auto t = 0u; t < threads; ++t)
    running.emplace_back([&, t] {
      auto const said = work(t);
      auto const lock = std::lock_guard{guard};
      if (first.empty()) first = said;
    });
  for (auto& t : running) t.join();
  return first;
}

#define SAY(expression)                                                    \
  do {                                                                     \
    if (auto said = (expression); !said) return #expression ": " + to_string(said.error()); \
  } while (false)

}  // namespace

TEST_CASE("threads: eight callers add, read, pin, list, stat, keep keys and change the config of one node") {
  auto const engine = GENERATE("packs", "flatfs");
  auto node = node_here{engine};
  auto const rounds = 6u;
  auto const failure = all_at_once(8, [&](unsigned t) -> std::string {
    auto const mine = node.api->for_caller({.cancelled = [] { return false; }});
    auto last = std::optional<cid>{};
    for (auto n = 0u; n < rounds; ++n) {
      auto const data = content_of(t, n);
      auto const root = add(*mine, data);
      SAY(root);
      // what two threads add at once is one
      auto const shared = add(*mine, content_of(99, n));
      SAY(shared);
      auto const back = cat(*mine, *root);
      SAY(back);
      if (*back != data) return "other bytes";
      SAY(mine->pin_add(*root, true, "thread " + std::to_string(t)));
      if (last) {
        SAY(mine->pin_remove(*last, true));
        SAY(mine->pin_add(*last, false, ""));
      }
      last = *root;
      auto seen = false;
      SAY(mine->pin_list(pin_kinds::all, true, [&](pin_facts const& p) -> io_result<void> {
        seen = seen || p.id == *root;
        return {};
      }));
      if (!seen) return "an own pin is not listed";
      auto listed = 0u;
      SAY(mine->each_block([&](cid const&) -> io_result<void> { return ++listed, io_result<void>{}; }));
      if (listed < 6) return "blocks are not listed";
      SAY(mine->repo_stat(false));
      SAY(mine->block_stat(*root));
      auto const name = "key " + std::to_string(t) + " " + std::to_string(n);
      SAY(mine->key_generate(name, "ed25519", {}));
      SAY(mine->key_list());
      SAY(mine->edit_config([&](ipld::node& config) { return set_config_value(config, "Mine." + name, ipld::node{true}); }));
      if (!config_value(*mine->config(), "Mine." + name)) return "an own change of the config is lost";
    }
    return {};
  });
  CHECK(failure == "");
  // no change of any thread was lost
  auto const config = node.api->config();
  CHECK(config->find("Mine")->as_map()->size() == 8 * rounds);
  CHECK(node.api->key_list()->size() == 8 * rounds + 1);
  REQUIRE(node.api->close());
  node.api = *core_api::open(node.folder / "r", {});
  auto pins = std::map<std::string, int>{};
  REQUIRE(node.api->pin_list(pin_kinds::all, false, [&](pin_facts const& p) -> io_result<void> {
    ++pins[p.mode];
    return {};
  }));
  CHECK(pins["recursive"] == static_cast<int>(8 + rounds + 1));  // the last of each, the shared ones, the empty directory
  CHECK(pins["direct"] == static_cast<int>(8 * (rounds - 1)));
  for (auto t = 0u; t < 8; ++t)
    for (auto n = 0u; n < rounds; ++n) {
      auto const root = add(*node.api, content_of(t, n), false);
      REQUIRE(root);
      CHECK(*cat(*node.api, *root) == content_of(t, n));
    }
}

TEST_CASE("threads: a pin of one CID changed by eight callers stays one pin with one record and one name") {
  auto node = node_here{"packs"};
  auto const root = *add(*node.api, content_of(1, 1), false);
  auto const failure = all_at_once(8, [&](unsigned t) -> std::string {
    for (auto n = 0u; n < 20; ++n) {
      SAY(node.api->pin_add(root, true, "name " + std::to_string(t) + "." + std::to_string(n)));
      auto const p = node.api->pin_of(root, pin_kinds::recursive, true);
      SAY(p);
      if (!*p) return "the pin is gone";
    }
    return {};
  });
  CHECK(failure == "");
  auto found = 0;
  REQUIRE(node.api->pin_list(pin_kinds::recursive, true, [&](pin_facts const& p) -> io_result<void> {
    found += p.id == root;
    return {};
  }));
  CHECK(found == 1);
  REQUIRE(node.api->pin_remove(root, true));
  CHECK_FALSE(*node.api->pin_of(root, pin_kinds::recursive, true));
}

TEST_CASE("threads: a caller that is gone ends its own work and nobody else's") {
  auto node = node_here{"packs"};
  auto const gone = node.api->for_caller({.cancelled = [] { return true; }});
  CHECK(add(*gone, content_of(1, 1)).error().clause() == "canceled");
  CHECK(add(*node.api, content_of(1, 1)));
}
