#include <cairn/core/bulk_write.hpp>

#include <cairn/core/try.hpp>

#include "support/property.hpp"
#include "support/temporary_folder.hpp"

#include <array>
#include <atomic>
#include <memory>
#include <random>
#include <thread>

#include <fcntl.h>
#include <sched.h>
#include <sys/stat.h>
#include <sys/vfs.h>
#include <unistd.h>

using namespace cairn;

namespace {

std::int64_t now = 0;
auto ticks() -> std::int64_t { return now; }

auto octets(std::size_t size, unsigned seed) -> bytes {
  auto out = bytes(size);
  for (std::size_t i = 0; i < size; ++i) out[i] = static_cast<byte>(i * 31 + (i >> 9) + seed);
  return out;
}

struct file {
  explicit file(std::string const& path, int flags = 0) : fd{::open(path.c_str(), O_RDWR | O_CREAT | flags, 0644)} { REQUIRE(fd >= 0); }
  ~file() { ::close(fd); }
  auto whole() const -> bytes {
    auto out = bytes(static_cast<std::size_t>(::lseek(fd, 0, SEEK_END)));
    REQUIRE(::pread(fd, out.data(), out.size(), 0) == static_cast<ssize_t>(out.size()));
    return out;
  }
  int fd;
};

}  // namespace

TEST_CASE("the faster way is taken, and the other one looked at again, ever more rarely") {
  auto pace = write_pace{ticks};
  auto const write = [&](std::int64_t cached, std::int64_t direct) {
    auto const around = pace.around();
    pace.took(around, limits::MiB, 100'000 * (around ? direct : cached));
    return around;
  };
  for (auto i = 0; i < 200; ++i) CHECK_FALSE(write(3, 1));  // fast enough: nothing else is tried
  pace.took(false, limits::MiB, 1'000'000'000);
  CHECK(write(10, 2));  // both are tried, this one twice, since its first time is no measure
  CHECK(write(10, 2));
  auto until_doubt = 0;
  while (write(10, 2)) ++until_doubt;
  CHECK(until_doubt <= 64);  // MiB
  auto others = 0;
  for (auto i = 0; i < 128 + 256; ++i) others += !write(10, 2);
  CHECK(others == 2);
  // the way in use becomes slow: it changes without waiting
  auto until = 0;
  while (write(10, 100)) ++until;
  CHECK(until < 3);
  // a little faster is not enough: who reads it next pays
  for (auto i = 0; i < 100; ++i) CHECK_FALSE(write(10, 6));
  for (auto i = 0; i < 100; ++i) CHECK_FALSE(write(10, 100));
  pace.refuse();
  for (auto i = 0; i < 5000; ++i) CHECK_FALSE(write(100, 1));
  auto always = write_pace{};
  CHECK(always.around());
}

TEST_CASE("what a thread waits for a processor is no cost of either way") {
  static auto waits = std::int64_t{0};
  auto const pace = write_pace{ticks, 1, [] { return waits; }};
  auto const begin = pace.now();
  waits = 1'000'000;
  CHECK(pace.now() - begin < 1'000'000 - 1000);

  // two threads on one processor: one of them waits at any time
  if (::access("/proc/thread-self/schedstat", R_OK) != 0) return;
  cpu_set_t all, one;
  REQUIRE(::sched_getaffinity(0, sizeof all, &all) == 0);
  CPU_ZERO(&one);
  CPU_SET(static_cast<std::size_t>(::sched_getcpu()), &one);
  REQUIRE(::sched_setaffinity(0, sizeof one, &one) == 0);
  auto waited = std::array<std::atomic<bool>, 2>{};
  auto const spin = [&](std::size_t mine) {
    auto const before = waited_for_processor();
    while (!waited[0] || !waited[1])
      if (waited_for_processor() - before > 1'000'000) waited[mine] = true;
  };
  auto second = std::thread{spin, 1};
  spin(0);
  second.join();
  REQUIRE(::sched_setaffinity(0, sizeof all, &all) == 0);
  CHECK(waited_for_processor() > 1'000'000);
}

TEST_CASE("large writes are the same bytes at the same place, whichever way they took") {
  auto folder = testing::temporary_folder{};
  auto count = 0;
  testing::check_property("pieces at any offset", [&](std::uint64_t seed) {
    auto random = std::mt19937_64{seed};
    auto const path = folder / std::to_string(count++);
    auto f = file{path};
    auto expected = bytes{};
    for (auto pace : {std::make_shared<write_pace>(), std::shared_ptr<write_pace>{}, std::make_shared<write_pace>(ticks)}) {
      auto out = bulk_file{f.fd, pace.get()};
      for (auto turn = 0; turn < 3; ++turn) {
        auto pieces = std::vector<bytes>{};
        for (auto n = random() % 6; n > 0; --n) pieces.push_back(octets(random() % 3 ? random() % 900'000 : random() % 5000, static_cast<unsigned>(random())));
        auto parts = std::vector<bytes_view>(pieces.begin(), pieces.end());
        auto const offset = random() % 2 ? expected.size() : random() % (expected.size() + 1);
        RC_ASSERT(out.write(offset, parts) == 0);
        auto at = offset;
        for (auto const& p : pieces) {
          if (expected.size() < at + p.size()) expected.resize(at + p.size());
          std::copy(p.begin(), p.end(), expected.begin() + static_cast<std::ptrdiff_t>(at));
          at += p.size();
        }
      }
    }
    RC_ASSERT(f.whole() == expected);
    ::unlink(path.c_str());
  });
}

TEST_CASE("a file written from front to back is whole when it is finished, wherever it began") {
  auto folder = testing::temporary_folder{};
  auto always = write_pace{};
  auto measured = write_pace{ticks};
  auto count = 0;
  for (auto* pace : {&always, &measured, static_cast<write_pace*>(nullptr)}) {
    for (auto begin : {0uz, 1uz, 4095uz, 4096uz, 70'000uz}) {
      for (auto size : {0uz, 1uz, 4096uz, 2'097'152uz, 5'000'001uz}) {
        for (auto piece : {50uz, 262'144uz, 3'000'000uz}) {
          if (size / piece > 20'000) continue;
          CAPTURE(begin, size, piece, pace == nullptr);
          auto f = file{folder / std::to_string(count++), begin == 1 ? O_APPEND : 0};
          auto expected = octets(begin, 1);
          REQUIRE(::write(f.fd, expected.data(), begin) == static_cast<ssize_t>(begin));
          auto sink = bulk_sink{f.fd, "f", pace};
          auto const content = octets(size, 7);
          for (auto rest = bytes_view{content}; !rest.empty();) {
            auto const n = std::min(piece, rest.size());
            now += static_cast<std::int64_t>(count % 3) * 1'000'000;
            REQUIRE(sink.write(rest.first(n)));
            rest = rest.subspan(n);
          }
          REQUIRE(sink.finish());
          append(expected, content);
          // who writes next goes on behind it
          REQUIRE(::write(f.fd, "end", 3) == 3);
          append(expected, as_bytes("end"));
          CHECK(f.whole() == expected);
        }
      }
    }
  }
}

TEST_CASE("a large file is given room ahead, which goes back when it is finished") {
  auto folder = testing::temporary_folder{};
  auto const on_disk = [](int fd) {
    struct stat facts {};
    REQUIRE(::fstat(fd, &facts) == 0);
    return std::pair{static_cast<std::uint64_t>(facts.st_size), static_cast<std::uint64_t>(facts.st_blocks) * 512};
  };
  auto const piece = octets(2 * limits::MiB, 1);
  auto const part = bytes_view{piece};
  struct statfs facts {};
  REQUIRE(::statfs(folder.path().c_str(), &facts) == 0);
  auto const ext4 = facts.f_type == 0xEF53 && facts.f_bavail * static_cast<std::uint64_t>(facts.f_bsize) > limits::GiB;
  auto pace = write_pace{ticks};
  auto f = file{folder / "pieces"};
  auto out = bulk_file{f.fd, &pace};
  for (std::uint64_t i = 0; i < 3; ++i) REQUIRE(out.write(i * piece.size(), {&part, 1}) == 0);
  REQUIRE(::fsync(f.fd) == 0);
  CHECK(on_disk(f.fd).second <= 3 * piece.size() + 65536);  // a small one is not
  for (std::uint64_t i = 3; i < 7; ++i) REQUIRE(out.write(i * piece.size(), {&part, 1}) == 0);
  auto const [size, held] = on_disk(f.fd);
  CHECK(size == 7 * piece.size());
  if (ext4) CHECK(held > size + limits::MiB);
  CHECK(held <= 2 * size + 65536);
  out.release();
  REQUIRE(::fsync(f.fd) == 0);
  CHECK(on_disk(f.fd).first == size);
  CHECK(on_disk(f.fd).second <= size + 65536);

  // a process that is killed gives nothing back; who opens the file next does
  REQUIRE(::fallocate(f.fd, FALLOC_FL_KEEP_SIZE, static_cast<off_t>(size), 32 << 20) == 0);
  CHECK(on_disk(f.fd).second >= size + (32 << 20));
  detail::give_back_room(f.fd);
  CHECK(on_disk(f.fd).first == size);
  CHECK(on_disk(f.fd).second <= size + 65536);

  auto g = file{folder / "sink"};
  auto sink = bulk_sink{g.fd, "sink", &pace};
  for (auto i = 0; i < 7; ++i) REQUIRE(sink.write(piece));
  REQUIRE(sink.finish());
  REQUIRE(::fsync(g.fd) == 0);
  CHECK(on_disk(g.fd).first == size);
  CHECK(on_disk(g.fd).second <= size + 65536);
}

TEST_CASE("a disk that takes no more is an error of the system, and names the file") {
  auto full = ::open("/dev/full", O_WRONLY);
  REQUIRE(full >= 0);
  auto sink = bulk_sink{full, "/dev/full", nullptr};
  auto const done = sink.write(octets(10, 0));
  REQUIRE_FALSE(done);
  CHECK(done.error().is_system(ENOSPC));
  CHECK(done.error().subject() == "/dev/full");
  auto out = bulk_file{full, nullptr};
  auto const data = octets(10, 0);
  auto const part = bytes_view{data};
  CHECK(out.write(0, {&part, 1}) == ENOSPC);
  ::close(full);
}
