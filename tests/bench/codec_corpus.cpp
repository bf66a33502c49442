// bench_codec_corpus FOLDER: decode and encode of each block in a folder, SHAPE.cbor and SHAPE.json, as tests/bench/versus_codecs asks
// every implementation: a line for each, "shape codec operation nanoseconds", the best of several runs on one core.
#include <cairn/ipld/codec/dag_cbor.hpp>
#include <cairn/ipld/codec/dag_json.hpp>

#include <algorithm>
#include <chrono>
#include <cstdio>
#include <filesystem>
#include <fstream>
#include <iterator>

using namespace cairn;

namespace {

template <class Work>
auto best_of(Work work) -> double {
  using clock = std::chrono::steady_clock;
  auto best = 1e18, spent = 0.0;
  for (int run = 0; run < 5 || (spent < 0.5e9 && run < 1000); ++run) {
    auto const start = clock::now();
    work();
    auto const took = std::chrono::duration<double, std::nano>(clock::now() - start).count();
    best = std::min(best, took);
    spent += took;
  }
  return best;
}

template <class Codec>
void measure(std::string const& shape, char const* name, bytes const& in) {
  auto const n = Codec::decode(in);
  if (!n) {
    std::fprintf(stderr, "%s.%s: %s\n", shape.c_str(), name, std::string{describe(n.error())}.c_str());
    std::exit(1);
  }
  auto volatile sink = 0uz;
  std::printf("%s %s decode %.0f\n", shape.c_str(), name, best_of([&] { sink = sink + static_cast<std::size_t>(Codec::decode(in)->kind()); }));
  std::printf("%s %s encode %.0f\n", shape.c_str(), name, best_of([&] {
                auto out = bytes{};
                (void)Codec::encode(*n, out);
                sink = sink + out.size();
              }));
  auto const count = [&](cid const&) { sink = sink + 1; };
  std::printf("%s %s links %.0f\n", shape.c_str(), name, best_of([&] { (void)Codec::links(in, link_sink{count}); }));
}

}  // namespace

int main(int argc, char** argv) {
  if (argc != 2) return 2;
  auto files = std::vector<std::filesystem::path>{};
  for (auto const& f : std::filesystem::directory_iterator{argv[1]}) files.push_back(f.path());
  std::sort(files.begin(), files.end());
  for (auto const& f : files) {
    auto file = std::ifstream{f, std::ios::binary};
    auto const in = bytes{std::istreambuf_iterator<char>{file}, {}};
    if (f.extension() == ".cbor") measure<dag_cbor>(f.stem().string(), "cbor", in);
    if (f.extension() == ".json") measure<dag_json>(f.stem().string(), "json", in);
  }
}
