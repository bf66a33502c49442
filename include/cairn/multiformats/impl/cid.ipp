#pragma once

#include <cairn/multiformats/cid.hpp>
#include <cairn/multiformats/impl/multibase.ipp>

namespace cairn {
namespace detail {

// version, codec and code of ten bytes, a length of two, the digest
inline constexpr std::size_t cid_bytes_max = 32 + limits::digest;
// base2 has eight characters for a byte
inline constexpr std::size_t cid_text_max = 1 + 8 * cid_bytes_max;

struct cid_octets {
  explicit cid_octets(cid const& c) : size{write_cid(octets, c)} {}
  auto view() const -> bytes_view { return {octets, size}; }
  byte octets[cid_bytes_max];
  std::size_t size;
};

}  // namespace detail

CAIRN_DECL auto parse_cid(std::string_view text) -> result<cid, cid_errc> {
  if (text.size() < 2) return std::unexpected(cid_errc::too_short);
  if (text.size() > detail::cid_text_max) return std::unexpected(cid_errc::too_long);
  auto const is_v0 = text.size() == 46 && text[0] == 'Q' && text[1] == 'm';
  auto base = multibase::base58btc;
  auto const raw = is_v0 ? decode_base(base, text) : detail::decode_prefixed(text, base, limits::positional_text);
  if (!raw) return std::unexpected(cid_errc::bad_base);
  if (!is_v0 && raw->size() >= 2 && (*raw)[0] == 0x12 && (*raw)[1] == 0x20) return std::unexpected(cid_errc::v0_in_multibase);
  return decode_cid({raw->data(), raw->size()});
}

CAIRN_DECL auto to_string(cid const& c) -> std::string {
  auto const raw = detail::cid_octets{c};
  return c.version() == 0 ? encode_base(multibase::base58btc, raw.view()) : encode_multibase(multibase::base32, raw.view());
}

CAIRN_DECL auto to_string(cid const& c, multibase base) -> result<std::string, cid_errc> {
  if (c.version() != 0) return encode_multibase(base, detail::cid_octets{c}.view());
  if (base != multibase::base58btc) return std::unexpected(cid_errc::v0_only_base58);
  return to_string(c);
}

}  // namespace cairn
