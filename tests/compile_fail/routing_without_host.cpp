// expect: node.routing speaks to peers over streams: compose node.host too
#include <cairn/node/node.hpp>

#include "archetypes/wire.hpp"

using namespace cairn::archetypes;

#if CONTROL
auto recipe = cairn::node{.host = whole_transport{}, .routing = router{}};
#else
auto recipe = cairn::node{.routing = router{}};
#endif
