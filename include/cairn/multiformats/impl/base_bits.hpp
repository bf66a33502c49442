#pragma once
// Bases whose characters hold a whole number of bits: base2, 8, 16, 32, 64 and their kin (RFC 4648).

#include <cairn/multiformats/multibase.hpp>

#include <array>

namespace cairn::detail {

using base_values = std::array<byte, 256>;  // 0xff: not in the alphabet

template <unsigned Bits>
struct bit_group {
  static constexpr std::size_t octets = Bits == 5 ? 5 : Bits == 3 || Bits == 6 ? 3 : 1;
  static constexpr std::size_t characters = octets * 8 / Bits;
  // what padding completes: RFC 4648 pads base32 to 8 and base64 to 4
  static constexpr std::size_t padded = characters;
};

constexpr auto bits_encoded_size(unsigned bits, std::size_t octets) -> std::size_t {
  // octets * 8 does not overflow: no input has 2^61 octets
  return (octets * 8 + bits - 1) / bits;
}

template <unsigned Bits>
inline auto encode_bits(char const* alphabet, bytes_view in, char* out) -> char* {
  using group = bit_group<Bits>;
  constexpr auto mask = (1u << Bits) - 1;
  auto const* p = in.data();
  auto left = in.size();
  for (; left >= group::octets; left -= group::octets, p += group::octets) {
    std::uint64_t held = 0;
    for (std::size_t i = 0; i < group::octets; ++i) held = held << 8 | p[i];
    for (std::size_t i = 0; i < group::characters; ++i) out[i] = alphabet[held >> Bits * (group::characters - 1 - i) & mask];
    out += group::characters;
  }
  if (left > 0) {
    std::uint64_t held = 0;
    for (std::size_t i = 0; i < left; ++i) held = held << 8 | p[i];
    auto const n = bits_encoded_size(Bits, left);
    held <<= n * Bits - left * 8;
    for (std::size_t i = 0; i < n; ++i) *out++ = alphabet[held >> Bits * (n - 1 - i) & mask];
  }
  return out;
}

/// Four characters of base64 as three octets, each character's bits at their place already; the top bit marks a foreign one.
struct base64_quads {
  std::array<std::array<std::uint32_t, 256>, 4> at{};

  explicit base64_quads(base_values const& values) {
    for (auto c = 0uz; c < 256; ++c) {
      auto const v = std::uint32_t{values[c]};
      auto const foreign = (v & 0x80) << 24;
      at[0][c] = foreign | (v & 63) << 2;
      at[1][c] = foreign | (v & 63) >> 4 | (v & 15) << 12;
      at[2][c] = foreign | (v & 63) >> 2 << 8 | (v & 3) << 22;
      at[3][c] = foreign | (v & 63) << 16;
    }
  }

  /// As many as there are; returns the mark of what was foreign.
  auto decode(byte const*& p, std::size_t& left, byte*& to) const -> byte {
    std::uint32_t foreign = 0;
    for (; left >= 4; left -= 4, p += 4, to += 3) {
      auto const three = at[0][p[0]] | at[1][p[1]] | at[2][p[2]] | at[3][p[3]];
      foreign |= three;
      to[0] = static_cast<byte>(three), to[1] = static_cast<byte>(three >> 8), to[2] = static_cast<byte>(three >> 16);
    }
    return static_cast<byte>(foreign >> 24 & 0x80);
  }
};

template <unsigned Bits>
inline auto decode_bits(base_values const& values, std::string_view text, base64_quads const* quads = nullptr) -> result<bytes, multibase_errc> {
  using group = bit_group<Bits>;
  auto out = bytes(text.size() / group::characters * group::octets + text.size() % group::characters * Bits / 8);
  auto* to = out.data();
  auto const* p = reinterpret_cast<byte const*>(text.data());
  auto left = text.size();
  byte foreign = 0;  // values are below 0x80, the mark of a foreign character is not
  if (quads) foreign = quads->decode(p, left, to);
  for (; left >= group::characters; left -= group::characters, p += group::characters) {
    std::uint64_t held = 0;
    for (std::size_t i = 0; i < group::characters; ++i) {
      auto const v = values[p[i]];
      foreign |= v;
      held = held << Bits | v;
    }
    for (std::size_t i = 0; i < group::octets; ++i) to[i] = static_cast<byte>(held >> 8 * (group::octets - 1 - i));
    to += group::octets;
  }
  std::uint64_t held = 0;
  for (std::size_t i = 0; i < left; ++i) {
    auto const v = values[p[i]];
    foreign |= v;
    held = held << Bits | v;
  }
  if (foreign & 0x80) return std::unexpected(multibase_errc::bad_character);
  auto const spare = left * Bits % 8;
  if (spare >= Bits) return std::unexpected(multibase_errc::bad_length);
  if ((held & ((1u << spare) - 1)) != 0) return std::unexpected(multibase_errc::stray_bits);
  held >>= spare;
  auto const n = left * Bits / 8;
  for (std::size_t i = 0; i < n; ++i) to[i] = static_cast<byte>(held >> 8 * (n - 1 - i));
  return out;
}

// The size of a padded text without its padding; npos: it is not padded as it should be.
inline auto unpadded_size(std::string_view text, std::size_t group) -> std::size_t {
  if (text.size() % group != 0) return std::string_view::npos;
  auto kept = text.size();
  while (kept > 0 && text[kept - 1] == '=') --kept;
  return text.size() - kept < group ? kept : std::string_view::npos;
}

}  // namespace cairn::detail
