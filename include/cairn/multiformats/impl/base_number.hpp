#pragma once
// Bases that write the octets as one big number: base10, base36, base58. Each leading zero octet is one leading zero digit.
// The number is kept in limbs: 32 bits of it, or as many digits as fit 32 bits, so that each step is one multiplication or
// one division by a constant.

#include <cairn/multiformats/impl/base_bits.hpp>

namespace cairn::detail {

template <std::uint32_t Base>
struct digit_limb {
  static constexpr std::size_t digits = Base == 10 ? 9 : Base == 36 ? 6 : 5;
  static constexpr std::uint32_t one = [] {
    std::uint32_t value = 1;
    for (std::size_t i = 0; i < digits; ++i) value *= Base;
    return value;
  }();
};
static_assert(digit_limb<58>::one == 656356768 && digit_limb<36>::one == 2176782336 && digit_limb<10>::one == 1000000000);

// Room for limbs: on the stack for what identifiers need.
class limb_space {
public:
  explicit limb_space(std::size_t n) : large_{n > std::size(small_) ? new std::uint32_t[n] : nullptr} {}
  limb_space(limb_space const&) = delete;
  auto operator=(limb_space const&) -> limb_space& = delete;
  ~limb_space() { delete[] large_; }
  auto data() -> std::uint32_t* { return large_ ? large_ : small_; }

private:
  std::uint32_t small_[96];
  std::uint32_t* large_;
};

template <std::uint32_t Base>
inline void encode_number(char const* alphabet, bytes_view in, std::string& out) {
  using limb = digit_limb<Base>;
  std::size_t zeros = 0;
  while (zeros < in.size() && in[zeros] == 0) ++zeros;
  auto const* p = in.data() + zeros;
  auto left = in.size() - zeros;
  // one digit limb holds at least 29 of the bits that came
  auto space = limb_space{left * 8 / 29 + 2};
  auto* const limbs = space.data();  // least significant first
  std::size_t count = 0;
  while (left > 0) {
    auto const take = left % 4 == 0 ? 4 : left % 4;
    std::uint64_t carry = 0;
    for (std::size_t i = 0; i < take; ++i) carry = carry << 8 | p[i];
    p += take, left -= take;
    for (std::size_t i = 0; i < count; ++i) {
      auto const wide = static_cast<std::uint64_t>(limbs[i]) << 8 * take | carry;
      limbs[i] = static_cast<std::uint32_t>(wide % limb::one);
      carry = wide / limb::one;
    }
    for (; carry > 0; carry /= limb::one) limbs[count++] = static_cast<std::uint32_t>(carry % limb::one);
  }
  auto const start = out.size();
  out.resize(start + zeros + count * limb::digits, alphabet[0]);
  auto* end = out.data() + out.size();
  for (std::size_t i = 0; i < count; ++i) {
    auto value = limbs[i];
    for (std::size_t k = 0; k < limb::digits; ++k, value /= Base) *--end = alphabet[value % Base];
  }
  // the most significant limb has zeros in front that are not digits of the number
  std::size_t spare = 0;
  if (count > 0)
    for (auto top = limbs[count - 1]; top * static_cast<std::uint64_t>(Base) < limb::one; top *= Base) ++spare;
  if (spare > 0) out.erase(start, spare);
}

template <std::uint32_t Base>
inline auto decode_number(base_values const& values, char zero, std::string_view text) -> result<bytes, multibase_errc> {
  using limb = digit_limb<Base>;
  std::size_t zeros = 0;
  while (zeros < text.size() && text[zeros] == zero) ++zeros;
  auto const* p = reinterpret_cast<byte const*>(text.data()) + zeros;
  auto left = text.size() - zeros;
  auto space = limb_space{left / limb::digits + 2};
  auto* const limbs = space.data();  // 32 bits each, least significant first
  std::size_t count = 0;
  while (left > 0) {
    auto const take = left % limb::digits == 0 ? limb::digits : left % limb::digits;
    std::uint64_t carry = 0, one = 1;
    byte foreign = 0;
    for (std::size_t i = 0; i < take; ++i) {
      auto const v = values[p[i]];
      foreign |= v;
      carry = carry * Base + v;
      one *= Base;
    }
    if (foreign & 0x80) return std::unexpected(multibase_errc::bad_character);
    p += take, left -= take;
    for (std::size_t i = 0; i < count; ++i) {
      auto const wide = limbs[i] * one + carry;
      limbs[i] = static_cast<std::uint32_t>(wide);
      carry = wide >> 32;
    }
    if (carry > 0) limbs[count++] = static_cast<std::uint32_t>(carry);
  }
  std::size_t size = count * 4;
  if (count > 0)
    for (auto top = limbs[count - 1]; top < 0x1000000; top <<= 8) --size;
  auto out = bytes(zeros + size);
  for (std::size_t i = 0; i < size; ++i) out[out.size() - 1 - i] = static_cast<byte>(limbs[i / 4] >> 8 * (i % 4));
  return out;
}

}  // namespace cairn::detail
