// expect: this transport is secure by itself
#include <cairn/node/host.hpp>

#include "archetypes/wire.hpp"

using namespace cairn::archetypes;

#if CONTROL
auto stack = cairn::any_of(whole_transport{}, stream_transport{} | cairn::secured(channel{}) | cairn::muxed(muxer{}));
#else
auto stack = whole_transport{} | channel{};
#endif
