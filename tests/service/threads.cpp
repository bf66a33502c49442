// The core API called by many threads at once. The names of these cases are run under ThreadSanitizer too.

#include <cairn/service.hpp>

#include <cairn/repo/config.hpp>
#include <cairn/service/request.hpp>

#include "support/keystream.hpp"
#include "support/temporary_folder.hpp"

#include <catch2/catch.hpp>

#include <atomic>
#include <filesystem>
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

/// The same as an upload of one file.
struct one_file final : upload_source {
  explicit one_file(bytes_view in) : octets{in} { entry.path = "file"; }
  auto next() -> io_result<std::optional<upload_entry>> override {
    if (std::exchange(given, true)) return std::nullopt;
    return entry;
  }
  auto top() const -> upload_entry const& override { return entry; }
  auto read(bytes_span out) -> io_result<std::size_t> override { return octets.read(out); }
  octets_source octets;
  upload_entry entry{};
  bool given = false;
};
auto upload(core_api& api, bytes_view data) -> io_result<cid> {
  auto source = one_file{data};
  auto request = add_request{};
  request.chunker = "size-4096";
  auto nobody = silent{};
  auto roots = api.add(request, source, nobody);
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
  explicit node_here(std::string_view profiles) {
    auto config = *core_api::new_config("ed25519", {});
    while (!profiles.empty()) {
      auto const comma = profiles.find(',');
      REQUIRE(core_api::apply_first_profile(config, profiles.substr(0, comma)));
      profiles.remove_prefix(comma == profiles.npos ? profiles.size() : comma + 1);
    }
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

TEST_CASE("SEC-51 threads: four writers add and pin 2,000 files while collections go on; every acknowledged file reads back") {
  auto const engine = GENERATE("packs,nosync", "flatfs,nosync");
  auto node = node_here{engine};
  constexpr auto writers = 4u, files = 500u;
  auto const text_of = [](unsigned t, unsigned n) { return keystream("writer " + std::to_string(t) + " file " + std::to_string(n), 100 + (n * 37) % 12'000); };
  struct acknowledged {
    std::mutex guard;
    std::map<unsigned, cid> files;
  };
  auto said = std::vector<acknowledged>(writers);
  auto writing = std::atomic<unsigned>{writers};
  auto collections = 0u;
  auto const failure = all_at_once(writers + 2, [&](unsigned t) -> std::string {
    auto const mine = node.api->for_caller({});
    if (t == writers) {
      while (collections < 50 || writing != 0) {
        SAY(mine->collect([](cid const&) { return io_result<void>{}; }, [](std::string const&) {}));
        ++collections;
      }
      return {};
    }
    if (t == writers + 1) {
      // a reader: what is acknowledged can be read at any time
      for (auto n = 0u; writing != 0; ++n) {
        auto& from = said[n % writers];
        auto which = std::optional<std::pair<unsigned, cid>>{};
        {
          auto const lock = std::lock_guard{from.guard};
          if (auto const at = from.files.upper_bound(n * 7 % files); at != from.files.end()) which.emplace(*at);
        }
        if (!which) continue;
        auto const held = mine->pin_of(which->second, pin_kinds::recursive, false);
        SAY(held);
        auto const back = cat(*mine, which->second);
        if (!back && *held && *mine->pin_of(which->second, pin_kinds::recursive, false)) return "a pinned file cannot be read: " + to_string(back.error());
      }
      return {};
    }
    struct leaving {
      std::atomic<unsigned>& count;
      ~leaving() { --count; }
    } const at_the_end{writing};
    auto const acknowledge = [&](unsigned n, cid const& id) {
      auto const lock = std::lock_guard{said[t].guard};
      said[t].files.insert_or_assign(n, id);
    };
    for (auto n = 0u; n < files; ++n) {
      auto const data = text_of(t, n);
      if (n % 3 == 0) {
        auto const root = n % 2 == 0 ? add(*mine, data) : upload(*mine, data);
        SAY(root);
        acknowledge(n, *root);
      } else if (n % 3 == 1) {
        // two calls: stored first, pinned after
        auto const until_pinned = mine->begin_work();
        auto const root = add(*mine, data, false);
        SAY(root);
        SAY(mine->pin_add(*root, true, ""));
        acknowledge(n, *root);
      } else {
        // pinned later, where it is still here
        auto const root = add(*mine, data, false);
        SAY(root);
        if (mine->pin_add(*root, true, "later")) acknowledge(n, *root);
      }
      if (n % 5 == 4) {
        // an older one goes and comes back: most of its blocks are here, and some of them are going
        auto const old = n - 4;
        auto id = std::optional<cid>{};
        {
          auto const lock = std::lock_guard{said[t].guard};
          if (auto const at = said[t].files.find(old); at != said[t].files.end()) {
            id = at->second;
            said[t].files.erase(at);
          }
        }
        if (id) SAY(mine->pin_remove(*id, true));
        if (n % 2 == 0) {
          auto const root = add(*mine, text_of(t, old));
          SAY(root);
          acknowledge(old, *root);
        }
      }
    }
    return {};
  });
  CHECK(failure == "");
  CHECK(collections >= 50);
  REQUIRE(node.api->close());
  node.api = *core_api::open(node.folder / "r", {});
  REQUIRE(node.api->collect([](cid const&) { return io_result<void>{}; }, [](std::string const&) {}));
  auto lost = 0u, kept = 0u;
  for (auto t = 0u; t < writers; ++t)
    for (auto const& [n, id] : said[t].files) {
      auto const back = cat(*node.api, id);
      if (back && *back == text_of(t, n)) ++kept;
      else ++lost;
    }
  CHECK(lost == 0);
  CHECK(kept > writers * files * 2 / 3);
  REQUIRE(node.api->pin_verify([](cid const&, std::vector<pin_fault> const& faults) -> io_result<void> {
    CHECK(faults.empty());
    return {};
  }));
}

TEST_CASE("metrics: three adds and two reads are seen under Kubo's names, and a read that fails as an error") {
  auto node = node_here{"flatfs-measure"};
  auto const value = [&](std::string const& name) {
    auto const text = node.api->metrics();
    auto const at = text.find("\n" + name + " ");
    return at == text.npos ? std::string{} : text.substr(at + name.size() + 2, text.find('\n', at + 1) - at - name.size() - 2);
  };
  auto ids = std::vector<cid>{};
  for (auto n = 0u; n < 3; ++n) ids.push_back(node.api->block_put(content_of(1, n), {.codec = code::raw}, false)->id);
  for (auto n = 0u; n < 2; ++n) REQUIRE(node.api->block_get(ids[n]));
  CHECK(value("flatfs_datastore_put_total") == "3");
  CHECK(value("flatfs_datastore_get_total") == "2");
  CHECK(value("flatfs_datastore_get_errors_total") == "0");
  CHECK(value("flatfs_datastore_put_size_bytes_count") == "3");
  CHECK(value("ipfs_fsrepo_datastore_put_total") == "3");
  CHECK(value("ipfs_fsrepo_datastore_put_size_bytes_bucket{le=\"1.6777216e+07\"}") == "3");
  CHECK(value("ipfs_fsrepo_datastore_get_latency_seconds_bucket{le=\"+Inf\"}") == "2");
  // a folder where a file should be
  for (auto const& e : std::filesystem::recursive_directory_iterator{node.folder / "r/blocks"})
    if (e.path().extension() == ".data" && e.file_size() == content_of(1, 2).size()) {
      std::filesystem::permissions(e.path(), std::filesystem::perms::none);
      std::filesystem::resize_file(e.path(), std::uintmax_t{1} << 30);  // larger than any block
    }
  CHECK_FALSE(node.api->block_get(ids[2]));
  CHECK(value("flatfs_datastore_get_errors_total") == "1");
}
