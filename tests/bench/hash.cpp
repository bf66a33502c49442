// Speed of the hash functions on one core: GB/s per function and message size, best of several runs.
#include <cairn/crypto/hash.hpp>

#include <chrono>
#include <cstdio>
#include <cstring>

using namespace cairn;

namespace {

template <class Work>
auto best_gigabytes_per_second(std::size_t bytes_per_round, Work work) -> double {
  using clock = std::chrono::steady_clock;
  auto best = 0.0;
  for (int run = 0; run < 7; ++run) {
    auto const start = clock::now();
    auto rounds = 0uz;
    auto seconds = 0.0;
    do {
      work();
      ++rounds;
      seconds = std::chrono::duration<double>(clock::now() - start).count();
    } while (seconds < 0.05);
    best = std::max(best, static_cast<double>(rounds * bytes_per_round) / seconds / 1e9);
  }
  return best;
}

auto test_data(std::size_t size) -> bytes {
  auto data = bytes(size);
  std::uint64_t x = 88172645463325252u;
  for (auto& b : data) {
    x ^= x << 13;
    x ^= x >> 7;
    x ^= x << 17;
    b = static_cast<byte>(x);
  }
  return data;
}

}  // namespace

int main(int argc, char** argv) {
  auto const data = test_data(16 << 20);
  auto volatile sink = 0;
  for (auto count : {1uz, 2uz, 4uz, 8uz, 9uz, 12uz, 16uz, 32uz, 64uz})
    for (auto size : {64uz, 1024uz, 4096uz, 262144uz}) {
      if (count * size > data.size()) continue;
      auto in = std::vector<bytes_view>{};
      for (std::size_t i = 0; i < count; ++i) in.push_back(bytes_view{data}.subspan(i * size, size));
      auto out = std::vector<digest<32>>(count);
      auto const speed = best_gigabytes_per_second(count * size, [&] { sha256_many(in, out.data()); sink = sink + out[0][0]; });
      std::printf("sha256_many %3zu x %7zu  %6.2f GB/s  %8.2f M/s\n", count, size, speed, speed * 1e3 / static_cast<double>(size));
    }
  {
    auto in = std::vector<bytes_view>{};
    auto total = 0uz;
    for (std::size_t i = 0; i < 200; ++i) {
      auto const size = (i * 7919) % 100000;
      in.push_back(bytes_view{data}.subspan(i * 64, size));
      total += size;
    }
    auto out = std::vector<digest<32>>(in.size());
    auto const speed = best_gigabytes_per_second(total, [&] { sha256_many(in, out.data()); sink = sink + out[0][0]; });
    std::printf("sha256_many 200 of 0..100000 bytes  %6.2f GB/s\n", speed);
  }
  for (auto const& row : hash_functions()) {
    if (argc > 1 && row.name.find(argv[1]) == row.name.npos) continue;
    if (row.digest_size == 0) continue;
    for (auto size : {64uz, 1024uz, 16384uz, 1048576uz}) {
      auto const speed = best_gigabytes_per_second(size, [&] { sink = sink + hash_bytes(row.code, bytes_view{data}.first(size))->digest()[0]; });
      std::printf("%-16s %8zu  %6.3f GB/s\n", std::string{row.name}.c_str(), size, speed);
    }
  }
}
