#pragma once
// A reader's own hash function: FNV-1a run four times with other starts. For play, not for trust.

#include <cairn/concept/multihasher.hpp>

// [hash]
struct toy_hash {
  static constexpr std::uint64_t code = 0x300002;  // private use
  static constexpr std::string_view name = "toy-fnv1a-256";
  static constexpr std::size_t digest_size = 32;
  static constexpr bool cryptographic = false;

  static auto hash(cairn::bytes_view data) -> cairn::digest<32> {
    auto out = cairn::digest<32>{};
    for (std::uint64_t round = 0; round < 4; ++round) {
      auto state = 0xcbf29ce484222325u + round * 0x9e3779b97f4a7c15u;
      for (auto octet : data) state = (state ^ octet) * 0x100000001b3u;
      state = (state ^ data.size()) * 0x100000001b3u;
      for (int i = 0; i < 8; ++i) out[8 * round + static_cast<std::size_t>(i)] = static_cast<cairn::byte>(state >> (56 - 8 * i));
    }
    return out;
  }
};
static_assert(cairn::multihasher<toy_hash>);
// [/hash]
