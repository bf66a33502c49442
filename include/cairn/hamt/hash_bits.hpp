#pragma once

#include <cairn/core/bytes.hpp>

#include <optional>

namespace cairn {

/// The hash of a key as a string of bits, taken from the front, most significant bit first (IX-22).
///
/// size      at most 64 bytes of digest; longer ones are cut
class hash_bits {
public:
  constexpr explicit hash_bits(bytes_view digest) : size_{digest.size() < 64 ? digest.size() : 64} {
    for (std::size_t i = 0; i < size_; ++i) digest_[i] = digest[i];
  }

  /// The number made of bits [at, at + count), count <= 16; nothing where the hash has not so many.
  constexpr auto take(std::size_t at, unsigned count) const -> std::optional<unsigned> {
    if (at + count > 8 * size_) return std::nullopt;
    auto value = 0u;
    for (auto bit = at; bit < at + count;) {
      auto const left = 8 - bit % 8;
      auto const n = at + count - bit < left ? at + count - bit : left;
      value = value << n | ((digest_[bit / 8] >> (left - n)) & ((1u << n) - 1));
      bit += n;
    }
    return value;
  }

  /// The first 64 bits as a number, short hashes filled up with zeros: it sorts keys as the trie does.
  constexpr auto prefix() const -> std::uint64_t {
    std::uint64_t value = 0;
    for (std::size_t i = 0; i < 8; ++i) value = value << 8 | (i < size_ ? digest_[i] : 0);
    return value;
  }

  constexpr auto digest() const -> bytes_view { return {digest_.data(), size_}; }

private:
  std::array<byte, 64> digest_{};
  std::size_t size_;
};

}  // namespace cairn
