#include <cairn/pin.hpp>

#include <cairn/block.hpp>
#include <cairn/core/text.hpp>
#include <cairn/datastore/leveldb.hpp>

#include "support/temporary_folder.hpp"

#include <catch2/catch.hpp>

#include <csignal>
#include <map>
#include <random>
#include <set>

#include <sys/wait.h>
#include <unistd.h>

using namespace cairn;
using testing::temporary_folder;

namespace {

constexpr auto roots = 40u;

auto root(std::uint32_t i) -> cid {
  auto const name = "root " + std::to_string(i);
  return *hash_cid({}, as_bytes(name));
}

/// What the n-th step of a life does: the same in the process that is killed and in the one that looks.
struct step {
  std::uint32_t which;
  std::optional<pin> pinned;
};
auto step_of(std::uint32_t n) -> step {
  auto chance = std::mt19937{n};
  auto const i = static_cast<std::uint32_t>(chance() % roots);
  if (chance() % 3 == 0) return {i, std::nullopt};
  return {i, pin{root(i), chance() % 4 == 0 ? pin_mode::direct : pin_mode::recursive, chance() % 2 ? "name " + std::to_string(n % 7) : ""}};
}

void act(pinset& pins, step const& s) {
  if (!s.pinned) return static_cast<void>(pins.remove(root(s.which)));
  if (s.pinned->mode == pin_mode::direct) static_cast<void>(pins.remove(root(s.which)));
  if (!pins.add(*s.pinned)) ::_exit(3);
}

/// Pins and unpins from step `from` on, and tells each step that is done.
[[noreturn]] void live(std::string const& folder, std::uint32_t from, int told) {
  auto store = leveldb_datastore::open(folder);
  if (!store) ::_exit(2);
  auto pins = pinset::open(*store);
  if (!pins) ::_exit(2);
  for (auto n = from;; ++n) {
    act(*pins, step_of(n));
    if (::write(told, &n, sizeof n) != sizeof n) ::_exit(4);
  }
}

/// Every record has its index entries, and every index entry its record.
auto agree(leveldb_datastore const& store) -> bool {
  auto const keys_below = [&](std::string_view prefix) {
    auto out = std::set<std::string>{};
    auto at = store.scan(prefix);
    REQUIRE(at);
    while (*at->next()) out.emplace(at->key());
    return out;
  };
  auto wanted = std::set<std::string>{};
  auto records = store.scan("/pins/pin/");
  REQUIRE(records);
  while (*records->next()) {
    auto const p = decode_pin(records->value());
    REQUIRE(p);
    auto const id = records->key().substr(std::string_view{"/pins/pin/"}.size());
    auto const part = [](bytes_view in) { return encode_multibase(multibase::base64url, in); };
    wanted.insert(std::string{p->mode == pin_mode::recursive ? "/pins/index/cidRindex/" : "/pins/index/cidDindex/"} + part(to_bytes(p->id)) + "/" + part(as_bytes(id)));
    if (!p->name.empty()) wanted.insert("/pins/index/nameIndex/" + part(as_bytes(p->name)) + "/" + part(as_bytes(id)));
  }
  return keys_below("/pins/index/") == wanted;
}

}  // namespace

TEST_CASE("kill -9 at 200 points of a loop of pins and unpins: records and indexes agree, and what was acknowledged holds") {
  auto const folder = temporary_folder{};
  auto const path = folder / "datastore";
  auto chance = std::mt19937{7};
  auto done = std::uint32_t{0};  // steps that were acknowledged
  auto truth = std::map<std::uint32_t, std::optional<pin>>{};
  for (auto round = 0; round < 200; ++round) {
    int ends[2];
    REQUIRE(::pipe(ends) == 0);
    auto const child = ::fork();
    if (child == 0) {
      ::close(ends[0]);
      live(path, done, ends[1]);
    }
    ::close(ends[1]);
    // it dies between the telling of one step and that of a later one
    for (auto left = chance() % 60; left > 0; --left) {
      auto n = std::uint32_t{0};
      REQUIRE(::read(ends[0], &n, sizeof n) == sizeof n);
      auto const s = step_of(n);
      truth[s.which] = s.pinned;
      done = n + 1;
    }
    ::usleep(static_cast<useconds_t>(chance() % 300));
    ::kill(child, SIGKILL);
    for (auto n = std::uint32_t{0}; ::read(ends[0], &n, sizeof n) == sizeof n;) {
      auto const s = step_of(n);
      truth[s.which] = s.pinned;
      done = n + 1;
    }
    ::close(ends[0]);
    auto status = 0;
    REQUIRE(::waitpid(child, &status, 0) == child);
    REQUIRE(WIFSIGNALED(status));

    auto store = leveldb_datastore::open(path);
    REQUIRE(store);
    auto pins = pinset::open(*store);
    REQUIRE(pins);
    REQUIRE(agree(*store));
    auto const under_way = step_of(done);
    for (auto i = 0u; i < roots; ++i) {
      auto const found = pins->find(root(i));
      REQUIRE(found);
      // the step that was under way is done, or is not, or a direct pin has only taken the older one away
      auto const in_between = !*found && under_way.pinned && under_way.pinned->mode == pin_mode::direct;
      if (i == under_way.which && (*found == under_way.pinned || in_between)) truth[i] = *found;
      INFO("round " << round << ", root " << i << ", step " << done);
      REQUIRE(*found == truth[i]);
    }
  }
  CHECK(done > 200);
}
