// expect: node.host must be a whole stack
#include <cairn/node/node.hpp>

#include "archetypes/wire.hpp"

using namespace cairn::archetypes;

#if CONTROL
auto recipe = cairn::node{.host = stream_transport{} | channel{} | muxer{}};
#else
auto recipe = cairn::node{.host = stream_transport{}};
#endif
