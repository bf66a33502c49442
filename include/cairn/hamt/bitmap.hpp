#pragma once

#include <cairn/core/limits.hpp>
#include <cairn/core/result.hpp>
#include <cairn/hamt/errc.hpp>

#include <bit>

namespace cairn {

/// Which positions of a node are taken: at most 1024 bits, inline.
///
/// Bytes are big-endian, position 0 is the lowest bit of the last byte, leading zero bytes are left out (IX-21).
class hamt_bitmap {
public:
  constexpr auto test(unsigned at) const -> bool { return words_[at / 64] >> at % 64 & 1; }
  constexpr void set(unsigned at) { words_[at / 64] |= std::uint64_t{1} << at % 64; }
  constexpr void reset(unsigned at) { words_[at / 64] &= ~(std::uint64_t{1} << at % 64); }

  /// How many positions are taken.
  constexpr auto count() const -> unsigned {
    auto n = 0;
    for (auto w : words_) n += std::popcount(w);
    return static_cast<unsigned>(n);
  }

  /// How many positions below `at` are taken: where the content of `at` stands among the links.
  constexpr auto rank(unsigned at) const -> unsigned {
    auto n = 0;
    for (unsigned w = 0; w < at / 64; ++w) n += std::popcount(words_[w]);
    if (at % 64) n += std::popcount(words_[at / 64] << (64 - at % 64));
    return static_cast<unsigned>(n);
  }

  /// The first taken position from `at` on; 1024 where there is none.
  constexpr auto next(unsigned at) const -> unsigned {
    for (; at < 1024; at = (at / 64 + 1) * 64)
      if (auto const rest = words_[at / 64] >> at % 64) return at + static_cast<unsigned>(std::countr_zero(rest));
    return 1024;
  }

  /// errors    bitmap_too_wide
  static constexpr auto read(bytes_view in, std::size_t fanout) -> result<hamt_bitmap, hamt_errc> {
    if (in.size() > fanout / 8 || in.size() > limits::hamt_fanout / 8) return std::unexpected(hamt_errc::bitmap_too_wide);
    auto out = hamt_bitmap{};
    for (std::size_t i = 0; i < in.size(); ++i) out.words_[i / 8] |= std::uint64_t{in[in.size() - 1 - i]} << 8 * (i % 8);
    return out;
  }

  constexpr void append_to(bytes& out) const {
    auto started = false;
    for (auto i = limits::hamt_fanout / 8; i-- > 0;) {
      auto const b = static_cast<byte>(words_[i / 8] >> 8 * (i % 8));
      started = started || b != 0;
      if (started) out.push_back(b);
    }
  }

  /// The other order, of IPLD's HashMap: position i is bit i % 8 of byte i / 8, and every byte is there.
  ///
  /// errors    bad_fanout
  static constexpr auto read_little(bytes_view in) -> result<hamt_bitmap, hamt_errc> {
    if (in.size() > limits::hamt_fanout / 8 || !std::has_single_bit(in.size())) return std::unexpected(hamt_errc::bad_fanout);
    auto out = hamt_bitmap{};
    for (std::size_t i = 0; i < in.size(); ++i) out.words_[i / 8] |= std::uint64_t{in[i]} << 8 * (i % 8);
    return out;
  }

  constexpr void append_little(bytes& out, std::size_t fanout) const {
    for (std::size_t i = 0; i < fanout / 8; ++i) out.push_back(static_cast<byte>(words_[i / 8] >> 8 * (i % 8)));
  }

private:
  std::array<std::uint64_t, limits::hamt_fanout / 64> words_{};
};

}  // namespace cairn
