#pragma once
// The smallest model of multihasher: a reader's own hash function, Fletcher's checksum under a code for private use.

#include <cairn/concept/multihasher.hpp>

namespace archetypes {

struct toy_hash {
  static constexpr std::uint64_t code = 0x300042;
  static constexpr std::string_view name = "toy-fletcher-32";
  static constexpr std::size_t digest_size = 4;
  static constexpr bool cryptographic = false;

  static constexpr auto hash(cairn::bytes_view data) -> cairn::digest<4> {
    std::uint32_t a = 1, b = 0;
    for (auto octet : data) {
      a = (a + octet) % 65521;
      b = (b + a) % 65521;
    }
    return {static_cast<cairn::byte>(b >> 8), static_cast<cairn::byte>(b), static_cast<cairn::byte>(a >> 8), static_cast<cairn::byte>(a)};
  }
};

static_assert(cairn::multihasher<toy_hash>);
static_assert(toy_hash::hash({}) == cairn::digest<4>{0, 0, 0, 1});

}  // namespace archetypes
