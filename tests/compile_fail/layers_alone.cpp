// expect: a stack of layers begins with a store
#include <cairn/blockstore/pipe.hpp>

#include "archetypes/raw_blockstore.hpp"

using namespace cairn;
using archetypes::raw_part;

#if CONTROL
auto store = raw_part{} | verified | cached(8);
#else
auto store = verified | cached(8);
#endif
