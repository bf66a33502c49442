// expect: private|calling a private constructor
#include <cairn/block/verify.hpp>

// only verify and hash_block make a block
auto forge(cairn::unverified_block b) {
#if CONTROL
  return cairn::verify(std::move(b));
#else
  return cairn::block{b.id, b.data};
#endif
}
