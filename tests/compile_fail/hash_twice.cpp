// expect: two hash functions have the same code
#include <cairn/crypto/hash_set.hpp>
#include <cairn/crypto/hash_types.hpp>

using namespace cairn;

#if CONTROL
auto const set = hash_set<sha2_256, blake3>{};
#else
auto const set = hash_set<sha2_256, blake3, sha2_256>{};
#endif
