// expect: node.exchange speaks to peers over streams: compose node.host too
#include <cairn/node/node.hpp>

#include "archetypes/wire.hpp"

using namespace cairn::archetypes;

#if CONTROL
auto recipe = cairn::node{.host = stream_transport{} | channel{} | muxer{}, .exchange = exchange{}};
#else
auto recipe = cairn::node{.exchange = exchange{}};
#endif
