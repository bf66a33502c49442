// expect: any_of takes whole stacks
#include <cairn/node/host.hpp>

#include "archetypes/wire.hpp"

using namespace cairn::archetypes;

#if CONTROL
auto hosts = cairn::any_of(stream_transport{} | channel{} | muxer{});
#else
auto hosts = cairn::any_of(stream_transport{} | channel{});
#endif
