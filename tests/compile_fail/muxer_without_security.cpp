// expect: a secure channel must come between
#include <cairn/node/host.hpp>

#include "archetypes/wire.hpp"

using namespace cairn::archetypes;

#if CONTROL
auto stack = stream_transport{} | channel{} | muxer{};
#else
auto stack = stream_transport{} | muxer{};
#endif
