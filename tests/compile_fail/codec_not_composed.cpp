// expect: this codec is not in node.codecs
#include <cairn/node.hpp>

using namespace cairn;

#if CONTROL
auto use() { return open(node{.codecs = codec_set<dag_cbor>{}})->put<dag_cbor>(ipld::node{}); }
#else
auto use() { return open(node{.codecs = codec_set<raw>{}})->put<dag_cbor>(ipld::node{}); }
#endif
