// expect: a layer stands behind its store
#include <cairn/blockstore/pipe.hpp>

#include "archetypes/raw_blockstore.hpp"

using namespace cairn;
using archetypes::raw_part;

#if CONTROL
auto store = raw_part{} | verified;
#else
auto store = verified | raw_part{};
#endif
