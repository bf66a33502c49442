// dag-jose: what decodes is written, and read back as the same node; its links are those of the node.
#include <cairn/ipld/codec/dag_jose.hpp>
#include <cairn/ipld/codec/dag_json.hpp>

#include "codec_law.hpp"

using namespace cairn;

extern "C" int LLVMFuzzerTestOneInput(byte const* data, std::size_t size) {
  auto const in = bytes_view{data, size};
  auto const ignore = [](cid const&) {};
  auto const n = dag_jose::decode(in);
  CAIRN_LAW(n.has_value() == dag_jose::links(in, link_sink{ignore}).has_value());
  if (n) {
    fuzz::same_links<dag_jose>(in, *n);
    auto out = bytes{};
    CAIRN_LAW(dag_jose::encode(*n, out));
    auto const back = dag_jose::decode(out);
    CAIRN_LAW(back && *back == *n);
  }
  // a node from anywhere is refused, or becomes a block that decodes
  if (auto const any = dag_json::decode(in, codec_mode::lax)) {
    auto out = bytes{};
    if (dag_jose::encode(*any, out)) CAIRN_LAW(dag_jose::decode(out));
  }
  return 0;
}
