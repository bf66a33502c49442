// Who puts waits for no work that takes the disk long: not for a verification, nor for indexes, nor for what a sweep copies.
#include "packs/crash_history.hpp"

#include <catch2/catch.hpp>

#include <atomic>
#include <chrono>
#include <functional>
#include <future>
#include <memory>
#include <mutex>
#include <thread>

using namespace cairn;
using testing::crash_history;
using testing::simulated_disk;

namespace {

auto content(int i) -> block { return crash_history::content(i); }

/// A disk that tells of each read, and of each sync before it is done.
class watched_disk final : public file_system {
public:
  explicit watched_disk(std::shared_ptr<simulated_disk> below) : below_{std::move(below)} {}

  using listener = std::function<void(std::optional<sync_site>)>;  ///< nothing: a read

  /// Whom to tell from now on; a thread that is at work may still tell the one before.
  void tell_to(listener who) {
    auto fresh = std::make_shared<listener const>(std::move(who));
    auto const guard = std::lock_guard{lock_};
    who_ = std::move(fresh);
  }

  auto open(std::string const& path, open_mode mode) -> io_result<std::unique_ptr<open_file>> override {
    auto opened = below_->open(path, mode);
    if (!opened) return opened;
    return std::make_unique<file>(*this, std::move(*opened));
  }
  auto rename(std::string const& from, std::string const& to) -> io_result<void> override { return below_->rename(from, to); }
  auto unlink(std::string const& path) -> io_result<void> override { return below_->unlink(path); }
  auto exists(std::string const& path) -> bool override { return below_->exists(path); }
  auto list(std::string const& path) -> io_result<std::vector<std::string>> override { return below_->list(path); }
  auto make_folder(std::string const& path) -> io_result<void> override { return below_->make_folder(path); }
  auto sync_folder(std::string const& path, sync_site site) -> io_result<void> override { return below_->sync_folder(path, site); }
  auto lock(std::string const& path) -> io_result<std::unique_ptr<file_lock>> override { return below_->lock(path); }

private:
  struct file final : open_file {
    file(watched_disk& d, std::unique_ptr<open_file> f) : disk{d}, below{std::move(f)} {}
    auto pread(std::uint64_t offset, bytes_span out) -> io_result<std::size_t> override {
      disk.tell(std::nullopt);
      return below->pread(offset, out);
    }
    auto pwritev(std::uint64_t offset, std::span<bytes_view const> parts) -> io_result<void> override { return below->pwritev(offset, parts); }
    auto truncate(std::uint64_t size) -> io_result<void> override { return below->truncate(size); }
    auto allocate(std::uint64_t size) -> io_result<void> override { return below->allocate(size); }
    auto sync(sync_site site) -> io_result<void> override {
      disk.tell(site);
      return below->sync(site);
    }
    auto size() -> io_result<std::uint64_t> override { return below->size(); }
    watched_disk& disk;
    std::unique_ptr<open_file> below;
  };
  void tell(std::optional<sync_site> site) {
    auto who = std::shared_ptr<listener const>{};
    {
      auto const guard = std::lock_guard{lock_};
      who = who_;
    }
    if (who && *who) (*who)(site);
  }

  std::shared_ptr<simulated_disk> below_;
  std::mutex lock_;
  std::shared_ptr<listener const> who_;
};

/// A store in which another thread puts a block whenever the disk is at work of certain kinds; a put that does not come to its end
/// while that work waits for it is counted.
struct busy_store {
  explicit busy_store(bool background) {
    options = crash_history::options_on(nullptr);
    options.files = disk;
    options.background = background;
    options.segment_sections = 400;
    options.segment_bytes = 1 << 20;
    store.emplace(*packs::open(options));
  }

  void watch(std::set<sync_site> kinds, bool reads) {
    disk->tell_to([this, kinds = std::move(kinds), reads](std::optional<sync_site> site) {
      if (site ? !kinds.contains(*site) : !reads) return;
      if (inside.exchange(true)) return;
      auto put = std::async(std::launch::async, [this] { return store->put(content(next++)).has_value(); });
      if (put.wait_for(std::chrono::seconds{20}) != std::future_status::ready) ++stuck;
      else if (put.get()) ++puts;
      inside = false;
    });
  }

  std::shared_ptr<watched_disk> disk = std::make_shared<watched_disk>(std::make_shared<simulated_disk>());
  packs_options options;
  std::optional<packs> store;
  std::atomic<bool> inside = false;
  std::atomic<int> puts = 0, stuck = 0, next = 100000;
};

}  // namespace

TEST_CASE("a put waits for no verification") {
  auto busy = busy_store{false};
  for (auto i = 0; i < 1000; ++i) REQUIRE(busy.store->put(content(i)));
  busy.watch({}, true);
  auto const report = busy.store->verify();
  busy.disk->tell_to(nullptr);
  REQUIRE(report);
  CHECK(report->damage.empty());
  CHECK(report->blocks >= 1000);
  CHECK(busy.puts > 2);
  CHECK(busy.stuck == 0);
}

TEST_CASE("a put waits for no index and no copy of a sweep, and none is lost") {
  auto const background = GENERATE(false, true);
  auto busy = busy_store{background};
  for (auto i = 0; i < 1500; ++i) REQUIRE(busy.store->put(content(i)));
  auto live = std::set<multihash>{};
  for (auto i = 0; i < 1500; ++i)
    if (i % 6 == 0 || (i > 500 && i < 700)) live.insert(content(i).id().hash());
  busy.watch({sync_site::seal, sync_site::output, sync_site::index_table}, false);
  auto const swept = [&] {
    auto collection = busy.store->begin_collection();
    return collection.sweep([&](multihash const& h) { return live.contains(h); });
  }();
  REQUIRE(swept);
  CHECK(swept->rewritten_segments > 0);
  CHECK(busy.puts > 2);
  CHECK(busy.stuck == 0);
  busy.disk->tell_to(nullptr);
  auto const all_here = [&] {
    for (auto i = 0; i < 1500; ++i)
      if (live.contains(content(i).id().hash()) != *busy.store->has(content(i).id())) return false;
    for (auto i = 100000; i < busy.next; ++i)
      if (auto const got = busy.store->get(content(i).id()); !got || !equal(got->data, content(i).data())) return false;
    return true;
  };
  CHECK(all_here());
  CHECK(busy.store->verify()->damage.empty());
  REQUIRE(busy.store->close());
  busy.store.emplace(*packs::rebuild(busy.options));
  CHECK(all_here());
}
