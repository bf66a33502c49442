// expect: codec_set: two codecs have the same code or the same name
#include <cairn/node/node.hpp>

using namespace cairn;

#if CONTROL
auto recipe = node{.codecs = codec_set<raw, dag_pb>{}};
#else
auto recipe = node{.codecs = codec_set<raw, dag_pb, raw>{}};
#endif
