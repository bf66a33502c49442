// dag-pb: the reader, the owning form and the node agree; blocks with links before data are written back byte for byte.
#include <cairn/ipld/codec/dag_pb.hpp>

#include "codec_law.hpp"

using namespace cairn;

extern "C" int LLVMFuzzerTestOneInput(byte const* data, std::size_t size) {
  auto const in = bytes_view{data, size};
  auto const view = read_dag_pb(in);
  auto const pb = decode_dag_pb(in);
  auto const n = dag_pb::decode(in);
  CAIRN_LAW(view.has_value() == pb.has_value() && pb.has_value() == n.has_value());
  if (!pb) return 0;
  CAIRN_LAW(view->link_count() == pb->links.size());
  CAIRN_LAW(*n == to_node(*pb) && to_pb_node(*n).value() == *pb);
  fuzz::same_links<dag_pb>(in, *n);
  auto const out = encode_dag_pb(*pb);
  CAIRN_LAW(out.size() == size);
  if (size == 0 || data[0] == 0x12 || pb->links.empty()) CAIRN_LAW(equal(out, in));
  auto canonical = bytes{}, again = bytes{};
  CAIRN_LAW(dag_pb::encode(*n, canonical));
  CAIRN_LAW(dag_pb::encode(dag_pb::decode(canonical).value(), again) && again == canonical);
  return 0;
}
