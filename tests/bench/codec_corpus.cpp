// bench_codec_corpus FOLDER: decode and encode of each block in a folder, SHAPE.cbor and SHAPE.json, as tests/bench/versus_codecs asks
// every implementation: a line for each, "shape codec operation nanoseconds", the best of several runs on one core. decode and encode are
// of a document, which borrows from the block; decode-node and encode-node are of a node, which owns all that is in it.
#include <cairn/ipld/codec/dag_cbor.hpp>
#include <cairn/ipld/codec/dag_json.hpp>
#include <cairn/ipld/document.hpp>

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
  auto const d = Codec::read(in).value();
  auto volatile sink = 0uz;
  auto const line = [&](char const* operation, auto work) { std::printf("%s %s %s %.0f\n", shape.c_str(), name, operation, best_of(work)); };
  auto const encode = [&](auto const& value) {
    auto out = bytes{};
    (void)Codec::encode(value, out);
    sink = sink + out.size();
  };
  line("decode", [&] { sink = sink + Codec::read(in)->root().size(); });
  line("encode", [&] { encode(d); });
  line("decode-node", [&] { sink = sink + static_cast<std::size_t>(Codec::decode(in)->kind()); });
  line("encode-node", [&] { encode(*n); });
  auto const count = [&](cid const&) { sink = sink + 1; };
  line("links", [&] { (void)Codec::links(in, link_sink{count}); });
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
