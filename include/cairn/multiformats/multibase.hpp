#pragma once

#include <cairn/core/config.hpp>
#include <cairn/core/errc.hpp>
#include <cairn/core/limits.hpp>
#include <cairn/core/result.hpp>

#include <array>
#include <optional>
#include <string>
#include <string_view>
#include <utility>

namespace cairn {

/// Why a text is not in a base.
enum class multibase_errc : byte {
  empty = 1,       ///< a multibase text has at least its prefix
  unknown_prefix,  ///< the prefix is in no row of the multibase table
  bad_character,   ///< a character outside the base's alphabet
  bad_padding,     ///< padding where the base has none, or missing, or in excess      (RFC 4648, 3.2)
  stray_bits,      ///< bits left over that are not zero                               (RFC 4648, 3.5)
  bad_length,      ///< no octets encode to that many characters
  too_long,        ///< a text in positional notation longer than the cap: decoding it takes quadratic time
  out_of_range,    ///< three characters stand for more than 65535, two for more than 255       (RFC 9285, 4.2)
};

template <>
struct errc_traits<multibase_errc> {
  static constexpr std::string_view module = "multibase";
  static constexpr auto describe(multibase_errc e) -> std::string_view {
    switch (e) {
      case multibase_errc::empty: return "multibase: empty text";
      case multibase_errc::unknown_prefix: return "multibase: unknown prefix";
      case multibase_errc::bad_character: return "multibase: character outside the base's alphabet";
      case multibase_errc::bad_padding: return "multibase: wrong padding";
      case multibase_errc::stray_bits: return "multibase: left-over bits are not zero";
      case multibase_errc::bad_length: return "multibase: impossible length";
      case multibase_errc::too_long: return "multibase: text in positional notation is too long";
      case multibase_errc::out_of_range: return "multibase: characters stand for a number that is out of range";
    }
    return "multibase: unknown error";
  }
};

/// The bases of the multibase table; the value is the prefix's code point. Proquint is not among them: nothing says how it
/// writes an odd number of octets.
enum class multibase : char32_t {
  identity = 0x00,
  base2 = U'0',
  base8 = U'7',
  base10 = U'9',
  base16 = U'f',
  base16upper = U'F',
  base32hex = U'v',
  base32hexupper = U'V',
  base32hexpad = U't',
  base32hexpadupper = U'T',
  base32 = U'b',
  base32upper = U'B',
  base32pad = U'c',
  base32padupper = U'C',
  base32z = U'h',
  base36 = U'k',
  base36upper = U'K',
  base45 = U'R',
  base58btc = U'z',
  base58flickr = U'Z',
  base64 = U'm',
  base64pad = U'M',
  base64url = U'u',
  base64urlpad = U'U',
  base256emoji = U'\U0001F680',
};

/// One row of the multibase table.
struct multibase_row {
  multibase base;
  std::string_view name;
  std::string_view prefix;  // UTF-8
};

/// All rows, in the order of their prefixes. base45 is in the registry but not in Kubo.
CAIRN_DECL auto multibase_table() -> std::array<multibase_row, 25> const&;

/// The table's name of a base: "base58btc".
CAIRN_DECL auto to_string(multibase base) -> std::string_view;

/// A base by its table's name.
CAIRN_DECL auto parse_multibase_name(std::string_view name) -> std::optional<multibase>;

/// The base that a prefix names; `text` may go on behind the prefix.
CAIRN_DECL auto read_multibase_prefix(std::string_view text) -> std::optional<multibase>;

/// Text without prefix.
///
/// cost      O(n), one allocation; base10, base36 and base58 O(n^2): 40 octets take 100 ns, 48 KiB a tenth of a second
CAIRN_DECL auto encode_base(multibase base, bytes_view in) -> std::string;

/// Octets of a text without prefix. Bases of one case accept either case, as deployed decoders do (IX-03).
///
/// max_positional  the longest text that is decoded in base10, base36 and base58, in characters
/// errors    bad_character · bad_padding · stray_bits · bad_length · too_long · out_of_range
CAIRN_DECL auto decode_base(multibase base, std::string_view text, std::size_t max_positional = limits::positional_text)
    -> result<bytes, multibase_errc>;

/// Prefix and text.
CAIRN_DECL auto encode_multibase(multibase base, bytes_view in) -> std::string;

/// Base and octets of a text with prefix.
///
/// errors    empty · unknown_prefix · those of decode_base
CAIRN_DECL auto decode_multibase(std::string_view text, std::size_t max_positional = limits::positional_text)
    -> result<std::pair<multibase, bytes>, multibase_errc>;

}  // namespace cairn

#if CAIRN_HEADER_ONLY
#  include <cairn/multiformats/impl/multibase.ipp>
#endif
