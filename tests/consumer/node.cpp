// A custom node in fifteen lines, outside the project.
#include <cairn/node.hpp>

#include <cstdio>

using namespace cairn;

int main() {
  auto n = open(node{.codecs = codec_set<raw, dag_pb, dag_cbor>{}, .hashes = hash_set<sha2_256, blake3>{}, .blocks = memory{}});
  if (!n) return 1;
  auto const file = n->add(as_bytes("moby-dick"));
  auto const entry = n->put<dag_cbor>(ipld::map{{"book", file->root}});
  std::puts(to_string(*entry).c_str());
  return n->get(*entry) ? 0 : 1;
}
