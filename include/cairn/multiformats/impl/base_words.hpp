#pragma once
// Bases that are neither bits nor one number: base45 (RFC 9285) and base256emoji (one code point per octet).

#include <cairn/multiformats/impl/base_bits.hpp>

namespace cairn::detail {

inline auto encode_base45(char const* alphabet, bytes_view in) -> std::string {
  auto out = std::string{};
  out.reserve(in.size() / 2 * 3 + 2);
  std::size_t i = 0;
  for (; i + 2 <= in.size(); i += 2) {
    auto const value = in[i] * 256u + in[i + 1];
    out += {alphabet[value % 45], alphabet[value / 45 % 45], alphabet[value / 2025]};
  }
  if (i < in.size()) out += {alphabet[in[i] % 45], alphabet[in[i] / 45]};
  return out;
}

inline auto decode_base45(base_values const& values, std::string_view text) -> result<bytes, multibase_errc> {
  for (auto c : text)
    if (values[static_cast<byte>(c)] == 0xff) return std::unexpected(multibase_errc::bad_character);
  if (text.size() % 3 == 1) return std::unexpected(multibase_errc::bad_length);
  auto const digit = [&](std::size_t at) { return static_cast<unsigned>(values[static_cast<byte>(text[at])]); };
  auto out = bytes(text.size() / 3 * 2 + (text.size() % 3 == 2 ? 1 : 0));
  auto* to = out.data();
  std::size_t i = 0;
  for (; i + 3 <= text.size(); i += 3) {
    auto const value = digit(i) + digit(i + 1) * 45 + digit(i + 2) * 2025;
    if (value > 0xffff) return std::unexpected(multibase_errc::out_of_range);
    *to++ = static_cast<byte>(value >> 8);
    *to++ = static_cast<byte>(value);
  }
  if (i < text.size()) {
    auto const value = digit(i) + digit(i + 1) * 45;
    if (value > 0xff) return std::unexpected(multibase_errc::out_of_range);
    *to = static_cast<byte>(value);
  }
  return out;
}

// The octet's code point, by octet.
inline constexpr std::uint32_t emoji_alphabet[256]{
    0x1f680, 0x1fa90, 0x02604, 0x1f6f0, 0x1f30c, 0x1f311, 0x1f312, 0x1f313, 0x1f314, 0x1f315, 0x1f316, 0x1f317, 0x1f318, 0x1f30d, 0x1f30f, 0x1f30e,
    0x1f409, 0x02600, 0x1f4bb, 0x1f5a5, 0x1f4be, 0x1f4bf, 0x1f602, 0x02764, 0x1f60d, 0x1f923, 0x1f60a, 0x1f64f, 0x1f495, 0x1f62d, 0x1f618, 0x1f44d,
    0x1f605, 0x1f44f, 0x1f601, 0x1f525, 0x1f970, 0x1f494, 0x1f496, 0x1f499, 0x1f622, 0x1f914, 0x1f606, 0x1f644, 0x1f4aa, 0x1f609, 0x0263a, 0x1f44c,
    0x1f917, 0x1f49c, 0x1f614, 0x1f60e, 0x1f607, 0x1f339, 0x1f926, 0x1f389, 0x1f49e, 0x0270c, 0x02728, 0x1f937, 0x1f631, 0x1f60c, 0x1f338, 0x1f64c,
    0x1f60b, 0x1f497, 0x1f49a, 0x1f60f, 0x1f49b, 0x1f642, 0x1f493, 0x1f929, 0x1f604, 0x1f600, 0x1f5a4, 0x1f603, 0x1f4af, 0x1f648, 0x1f447, 0x1f3b6,
    0x1f612, 0x1f92d, 0x02763, 0x1f61c, 0x1f48b, 0x1f440, 0x1f62a, 0x1f611, 0x1f4a5, 0x1f64b, 0x1f61e, 0x1f629, 0x1f621, 0x1f92a, 0x1f44a, 0x1f973,
    0x1f625, 0x1f924, 0x1f449, 0x1f483, 0x1f633, 0x0270b, 0x1f61a, 0x1f61d, 0x1f634, 0x1f31f, 0x1f62c, 0x1f643, 0x1f340, 0x1f337, 0x1f63b, 0x1f613,
    0x02b50, 0x02705, 0x1f97a, 0x1f308, 0x1f608, 0x1f918, 0x1f4a6, 0x02714, 0x1f623, 0x1f3c3, 0x1f490, 0x02639, 0x1f38a, 0x1f498, 0x1f620, 0x0261d,
    0x1f615, 0x1f33a, 0x1f382, 0x1f33b, 0x1f610, 0x1f595, 0x1f49d, 0x1f64a, 0x1f639, 0x1f5e3, 0x1f4ab, 0x1f480, 0x1f451, 0x1f3b5, 0x1f91e, 0x1f61b,
    0x1f534, 0x1f624, 0x1f33c, 0x1f62b, 0x026bd, 0x1f919, 0x02615, 0x1f3c6, 0x1f92b, 0x1f448, 0x1f62e, 0x1f646, 0x1f37b, 0x1f343, 0x1f436, 0x1f481,
    0x1f632, 0x1f33f, 0x1f9e1, 0x1f381, 0x026a1, 0x1f31e, 0x1f388, 0x0274c, 0x0270a, 0x1f44b, 0x1f630, 0x1f928, 0x1f636, 0x1f91d, 0x1f6b6, 0x1f4b0,
    0x1f353, 0x1f4a2, 0x1f91f, 0x1f641, 0x1f6a8, 0x1f4a8, 0x1f92c, 0x02708, 0x1f380, 0x1f37a, 0x1f913, 0x1f619, 0x1f49f, 0x1f331, 0x1f616, 0x1f476,
    0x1f974, 0x025b6, 0x027a1, 0x02753, 0x1f48e, 0x1f4b8, 0x02b07, 0x1f628, 0x1f31a, 0x1f98b, 0x1f637, 0x1f57a, 0x026a0, 0x1f645, 0x1f61f, 0x1f635,
    0x1f44e, 0x1f932, 0x1f920, 0x1f927, 0x1f4cc, 0x1f535, 0x1f485, 0x1f9d0, 0x1f43e, 0x1f352, 0x1f617, 0x1f911, 0x1f30a, 0x1f92f, 0x1f437, 0x0260e,
    0x1f4a7, 0x1f62f, 0x1f486, 0x1f446, 0x1f3a4, 0x1f647, 0x1f351, 0x02744, 0x1f334, 0x1f4a3, 0x1f438, 0x1f48c, 0x1f4cd, 0x1f940, 0x1f922, 0x1f445,
    0x1f4a1, 0x1f4a9, 0x1f450, 0x1f4f8, 0x1f47b, 0x1f910, 0x1f92e, 0x1f3bc, 0x1f975, 0x1f6a9, 0x1f34e, 0x1f34a, 0x1f47c, 0x1f48d, 0x1f4e3, 0x1f942,
};

// The octets in the order of their code points: written down, for sorting them took a fifth of a second of each compilation.
inline constexpr byte emoji_order[256]{
    193,  17,   2, 223, 150, 127, 123,  46, 204, 164, 148, 113, 183, 168, 101,  57, 119,  58, 231, 167, 195,  82,  23, 194,
    198, 112, 115, 220,   4,  13,  15,  14,   5,   6,   7,   8,   9,  10,  11,  12, 200, 165, 105, 189, 232, 109,  62,  53,
    129, 131, 146, 161, 108, 157, 251, 250, 230, 217, 176, 185, 156, 184, 163, 130, 166,  55, 124, 228, 141,  79, 247, 121,
    151,  16, 158, 222, 234, 216,  85, 239, 227,  78, 153,  98,  94, 169,  47,  31, 208,  33, 242, 140, 191, 244, 252, 139,
    159,  99, 214, 226,  84, 235, 253, 196, 122,  70,  37,  28,  38,  65, 125,  39,  66,  68,  49, 134,  56, 188, 240, 177,
    233,  88, 118, 224, 181, 241,  44, 138,  76, 175, 197,  18,  20,  21, 212, 236, 254, 243,  35, 144, 213, 203, 133,  74,
     19, 137,  73,  34,  22,  75,  72,  32,  42,  52, 116,  45,  26,  64,  61,  24,  51,  67, 132,  87,  80, 111,  50, 128,
    190, 218,  30, 187, 102, 143,  83, 103,  90, 206, 126,  92,  40, 120, 145,  96, 199,  91,  86, 147, 106,  29, 154, 225,
    170,  60, 160, 100, 104, 207, 172, 202, 136, 110, 179,  69, 107,  43, 205, 155, 229,  77, 135,  89,  63,  27,   0, 180,
    249, 174,   3, 245, 219, 186,  41,  48, 117, 149, 173, 142, 178, 210, 238,  25,  97,  54, 211, 171,  71,  93, 152, 182,
     81, 246, 221, 209,  59, 237, 255,  36,  95, 192, 248, 114, 201, 215, 162,   1,
};

inline auto encode_emoji(bytes_view in) -> std::string {
  auto out = std::string{};
  out.reserve(in.size() * 4);
  for (auto b : in) {
    auto const c = emoji_alphabet[b];  // three or four octets of UTF-8
    if (c >= 0x10000)
      out += {static_cast<char>(0xf0 | c >> 18), static_cast<char>(0x80 | (c >> 12 & 0x3f))};
    else
      out += static_cast<char>(0xe0 | c >> 12);
    out += {static_cast<char>(0x80 | (c >> 6 & 0x3f)), static_cast<char>(0x80 | (c & 0x3f))};
  }
  return out;
}

inline auto decode_emoji(std::string_view text) -> result<bytes, multibase_errc> {
  std::size_t size_of_out = 0;
  for (auto c : text) size_of_out += (static_cast<byte>(c) & 0xc0) != 0x80;
  auto out = bytes(size_of_out);
  auto* to = out.data();
  auto in = as_bytes(text);
  while (!in.empty()) {
    // only well-formed sequences of three or four octets can be in the alphabet
    auto const size = in[0] >= 0xf0 ? 4uz : 3uz;
    if (in[0] < 0xe0 || in[0] > 0xf4 || in.size() < size) return std::unexpected(multibase_errc::bad_character);
    std::uint32_t c = in[0] & (size == 4 ? 0x07u : 0x0fu);
    for (std::size_t i = 1; i < size; ++i) {
      if ((in[i] & 0xc0) != 0x80) return std::unexpected(multibase_errc::bad_character);
      c = c << 6 | (in[i] & 0x3fu);
    }
    if (c < (size == 4 ? 0x10000u : 0x800u)) return std::unexpected(multibase_errc::bad_character);
    std::size_t low = 0, high = std::size(emoji_order);
    while (low < high) {
      auto const middle = (low + high) / 2;
      if (emoji_alphabet[emoji_order[middle]] < c)
        low = middle + 1;
      else
        high = middle;
    }
    if (low == std::size(emoji_order) || emoji_alphabet[emoji_order[low]] != c) return std::unexpected(multibase_errc::bad_character);
    *to++ = emoji_order[low];
    in = in.subspan(size);
  }
  return out;
}

}  // namespace cairn::detail
