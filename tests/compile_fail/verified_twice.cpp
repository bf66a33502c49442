// expect: this store checks its blocks already
#include <cairn/blockstore/pipe.hpp>

#include "archetypes/raw_blockstore.hpp"

using namespace cairn;
using archetypes::raw_part;

#if CONTROL
auto store = raw_part{} | verified;
#else
auto store = raw_part{} | verified | verified;
#endif
