// Speed of the codecs on one core, best of several runs: a directory of 10,000 links, dag-cbor of 1 MiB with 10,000 links, its dag-json.
#include <cairn/block.hpp>
#include <cairn/ipld/codec_set.hpp>
#include <cairn/ipld/links.hpp>

#include <algorithm>
#include <chrono>
#include <cstdio>

using namespace cairn;

namespace {

template <class Work>
void report(char const* name, std::size_t bytes_per_round, std::size_t items, Work work) {
  using clock = std::chrono::steady_clock;
  auto best = 1e9;
  for (int run = 0; run < 15; ++run) {
    auto const start = clock::now();
    for (int i = 0; i < 4; ++i) work();
    best = std::min(best, std::chrono::duration<double>(clock::now() - start).count() / 4);
  }
  std::printf("%-28s %8.3f ms  %8.2f MB/s  %7.1f ns an item\n", name, best * 1e3, static_cast<double>(bytes_per_round) / best / 1e6,
              best * 1e9 / static_cast<double>(items));
}

auto link(std::size_t i, std::uint64_t codec) -> cid {
  byte data[8]{static_cast<byte>(i), static_cast<byte>(i >> 8), static_cast<byte>(i >> 16)};
  return hash_cid({.codec = codec}, data).value();
}

}  // namespace

int main() {
  constexpr auto n = 10'000uz;
  auto pb = pb_node{{}, bytes{8, 1}};
  for (auto i = 0uz; i < n; ++i) pb.links.push_back({link(i, code::raw), "file-" + std::to_string(n + i) + ".txt", 4096});
  auto const directory = encode_dag_pb(pb);
  auto volatile sink = 0uz;
  auto const count = [&](cid const& id) { sink = sink + id.hash().digest()[0]; };
  report("dag-pb write", directory.size(), n, [&] { sink = sink + encode_dag_pb(pb).size(); });
  report("dag-pb check and borrow", directory.size(), n, [&] { sink = sink + read_dag_pb(directory)->link_count(); });
  report("dag-pb links", directory.size(), n, [&] { (void)for_each_link(code::dag_pb, directory, count); });
  report("dag-pb owned", directory.size(), n, [&] { sink = sink + decode_dag_pb(directory)->links.size(); });
  report("dag-pb node", directory.size(), n, [&] { sink = sink + dag_pb::decode(directory)->as_map()->size(); });

  auto list = ipld::list{};
  for (auto i = 0uz; i < n; ++i) list.push_back(ipld::map{{"link", link(i, code::dag_cbor)}, {"name", std::string(48, 'x')}});
  auto const tree = ipld::node{std::move(list)};
  auto cbor = bytes{}, json = bytes{};
  if (!dag_cbor::encode(tree, cbor) || !dag_json::encode(tree, json)) return 1;
  report("dag-cbor links", cbor.size(), n, [&] { (void)for_each_link(code::dag_cbor, cbor, count); });
  report("dag-cbor node", cbor.size(), n, [&] { sink = sink + dag_cbor::decode(cbor)->as_list()->size(); });
  report("dag-cbor write", cbor.size(), n, [&] { auto out = bytes{}; (void)dag_cbor::encode(tree, out); sink = sink + out.size(); });
  report("dag-json links", json.size(), n, [&] { (void)for_each_link(code::dag_json, json, count); });
  report("dag-json node", json.size(), n, [&] { sink = sink + dag_json::decode(json)->as_list()->size(); });
  report("dag-json write", json.size(), n, [&] { auto out = bytes{}; (void)dag_json::encode(tree, out); sink = sink + out.size(); });

  auto text = bytes{};
  auto strings = ipld::list{};
  for (auto i = 0uz; i < 1000; ++i) strings.push_back(std::string(1000, 'y'));
  if (!dag_cbor::encode(strings, text)) return 1;
  report("dag-cbor links, long texts", text.size(), 1000, [&] { (void)for_each_link(code::dag_cbor, text, count); });
  report("dag-cbor node, long texts", text.size(), 1000, [&] { sink = sink + dag_cbor::decode(text)->as_list()->size(); });
}
