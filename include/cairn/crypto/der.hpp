#pragma once

#include <cairn/core/result.hpp>
#include <cairn/crypto/key_error.hpp>

#include <initializer_list>
#include <optional>

// The few shapes of DER (X.690) that keys are made of: definite, shortest lengths; nothing else is read or written.

namespace cairn {

inline constexpr byte der_integer = 0x02, der_bits = 0x03, der_octets = 0x04, der_null = 0x05, der_oid = 0x06, der_sequence = 0x30;

inline constexpr byte oid_rsa[]{0x2a, 0x86, 0x48, 0x86, 0xf7, 0x0d, 0x01, 0x01, 0x01}, oid_ed25519[]{0x2b, 0x65, 0x70},
    oid_ec[]{0x2a, 0x86, 0x48, 0xce, 0x3d, 0x02, 0x01}, oid_p256[]{0x2a, 0x86, 0x48, 0xce, 0x3d, 0x03, 0x01, 0x07},
    oid_p384[]{0x2b, 0x81, 0x04, 0x00, 0x22}, oid_p521[]{0x2b, 0x81, 0x04, 0x00, 0x23}, oid_secp256k1[]{0x2b, 0x81, 0x04, 0x00, 0x0a};

struct der_reader {
  bytes_view rest;

  auto at_end() const -> bool { return rest.empty(); }
  auto next_is(byte tag) const -> bool { return !rest.empty() && rest[0] == tag; }

  // The content of the next element, which has that tag.
  auto take(byte tag) -> result<bytes_view, key_errc> {
    if (rest.size() < 2 || rest[0] != tag) return std::unexpected(key_errc::bad_der);
    std::size_t size = rest[1], head = 2;
    if (size >= 0x80) {
      auto const octets = size & 0x7f;
      if (octets == 0 || octets > 3 || rest.size() < 2 + octets) return std::unexpected(key_errc::bad_der);
      size = 0;
      for (std::size_t i = 0; i < octets; ++i) size = size << 8 | rest[2 + i];
      if (rest[2] == 0 || size < 0x80) return std::unexpected(key_errc::bad_der);
      head += octets;
    }
    if (size > rest.size() - head) return std::unexpected(key_errc::bad_der);
    auto const content = rest.subspan(head, size);
    rest = rest.subspan(head + size);
    return content;
  }
  auto enter(byte tag) -> result<der_reader, key_errc> {
    auto const content = take(tag);
    if (!content) return std::unexpected(content.error());
    return der_reader{*content};
  }
  // A non-negative integer in its shortest form, without the octet of its sign.
  auto take_number() -> result<bytes_view, key_errc> {
    auto const n = take(der_integer);
    if (!n) return n;
    if (n->empty() || ((*n)[0] & 0x80) != 0) return std::unexpected(key_errc::bad_der);
    if ((*n)[0] != 0) return n;
    if (n->size() > 1 && ((*n)[1] & 0x80) == 0) return std::unexpected(key_errc::bad_der);
    return n->subspan(1);
  }
  // A bit string of whole octets.
  auto take_bits() -> result<bytes_view, key_errc> {
    auto const b = take(der_bits);
    if (!b) return b;
    if (b->empty() || (*b)[0] != 0) return std::unexpected(key_errc::bad_der);
    return b->subspan(1);
  }
  auto take_small(byte want) -> result<void, key_errc> {
    auto const n = take(der_integer);
    if (!n || n->size() != 1 || (*n)[0] != want) return std::unexpected(key_errc::bad_der);
    return {};
  }
  auto take_end() const -> result<void, key_errc> {
    if (!at_end()) return std::unexpected(key_errc::bad_der);
    return {};
  }
};

// One whole sequence and nothing behind it.
inline auto der_whole_sequence(bytes_view in) -> result<der_reader, key_errc> {
  auto outer = der_reader{in};
  auto inner = outer.enter(der_sequence);
  if (!inner) return inner;
  if (!outer.at_end()) return std::unexpected(key_errc::bad_der);
  return inner;
}

// The buffers of private keys are reserved in advance and wiped: no copy stays behind where a vector grew.
inline auto der_element(byte tag, std::initializer_list<bytes_view> parts) -> bytes {
  std::size_t size = 0;
  for (auto p : parts) size += p.size();
  auto out = bytes{};
  out.reserve(size + 5);
  out.push_back(tag);
  if (size >= 0x10000) out.insert(out.end(), {byte{0x83}, static_cast<byte>(size >> 16), static_cast<byte>(size >> 8), static_cast<byte>(size)});
  else if (size >= 0x100) out.insert(out.end(), {byte{0x82}, static_cast<byte>(size >> 8), static_cast<byte>(size)});
  else if (size >= 0x80) out.insert(out.end(), {byte{0x81}, static_cast<byte>(size)});
  else out.push_back(static_cast<byte>(size));
  for (auto p : parts) append(out, p);
  return out;
}

inline auto der_number(bytes_view magnitude) -> bytes {
  while (!magnitude.empty() && magnitude[0] == 0) magnitude = magnitude.subspan(1);
  byte const zero[]{0};
  auto const sign = magnitude.empty() || (magnitude[0] & 0x80) != 0;
  return der_element(der_integer, {sign ? bytes_view{zero} : bytes_view{}, magnitude});
}

inline auto der_bit_string(bytes_view octets) -> bytes {
  byte const unused[]{0};
  return der_element(der_bits, {unused, octets});
}

inline auto der_small(byte n) -> bytes { return der_element(der_integer, {bytes_view{&n, 1}}); }

}  // namespace cairn
