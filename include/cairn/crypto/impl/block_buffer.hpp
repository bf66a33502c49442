#pragma once

#include <cairn/core/bytes.hpp>

#include <cstring>

namespace cairn::detail {

// Cuts a stream of updates into blocks. With KeepLast the final block of the message stays here until the end, because
// some functions (BLAKE2, BLAKE3) treat it specially; otherwise a full block goes on at once.
template <std::size_t Block, bool KeepLast = false>
struct block_buffer {
  byte held[Block];
  std::size_t used = 0;

  // blocks(byte const* data, std::size_t count)
  template <class Blocks>
  void feed(bytes_view in, Blocks&& blocks) {
    if (in.empty()) return;
    if (used > 0) {
      auto const take = in.size() < Block - used ? in.size() : Block - used;
      std::memcpy(held + used, in.data(), take);
      used += take;
      in = in.subspan(take);
      if (used < Block || (KeepLast && in.empty())) return;
      blocks(static_cast<byte const*>(held), std::size_t{1});
      used = 0;
    }
    auto const whole = (KeepLast && !in.empty() ? in.size() - 1 : in.size()) / Block;
    if (whole > 0) blocks(in.data(), whole);
    in = in.subspan(whole * Block);
    if (!in.empty()) std::memcpy(held, in.data(), in.size());
    used = in.size();
  }
};

template <class Word>
inline auto load_little(byte const* in) -> Word {
  Word v = 0;
  for (std::size_t i = 0; i < sizeof(Word); ++i) v |= static_cast<Word>(in[i]) << (8 * i);
  return v;
}

template <class Word>
inline void store_little(byte* out, Word v) {
  for (std::size_t i = 0; i < sizeof(Word); ++i) out[i] = static_cast<byte>(v >> (8 * i));
}

template <class Word>
inline void store_big(byte* out, Word v) {
  for (std::size_t i = 0; i < sizeof(Word); ++i) out[i] = static_cast<byte>(v >> (8 * (sizeof(Word) - 1 - i)));
}

}  // namespace cairn::detail
