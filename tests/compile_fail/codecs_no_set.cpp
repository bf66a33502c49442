// expect: node.codecs must be a codec_set
#include <cairn/node/node.hpp>

using namespace cairn;

#if CONTROL
auto recipe = node{.codecs = codec_set<raw>{}, .hashes = hash_set<sha2_256>{}};
#else
auto recipe = node{.codecs = raw{}};
#endif
