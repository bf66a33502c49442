#pragma once

#include <cairn/core/error.hpp>
#include <cairn/multiformats/cid.hpp>

#include <optional>
#include <string>
#include <string_view>

namespace cairn {

/// Why a pin is not there, or cannot be.
enum class pin_errc : byte {
  not_pinned = 1,      ///< the CID is neither recursively nor directly pinned
  pinned_recursively,  ///< the CID is pinned recursively, and a direct pin was asked for
  bad_record,          ///< a record under /pins/pin is not the CBOR of a pin
  name_too_long,       ///< a pin's name is at most 255 bytes
  bad_name,            ///< a pin's name is UTF-8
  from_not_pinned,     ///< an update starts from a recursive pin
  to_already_pinned,   ///< an update ends in a CID that is not pinned yet
};

template <>
struct errc_traits<pin_errc> {
  static constexpr std::string_view module = "pin";
  static constexpr auto describe(pin_errc e) -> std::string_view {
    switch (e) {
      case pin_errc::not_pinned: return "not pinned or pinned indirectly";
      case pin_errc::pinned_recursively: return "already pinned recursively";
      case pin_errc::bad_record: return "pin: a record is not the CBOR of a pin";
      case pin_errc::name_too_long: return "pin: a name is at most 255 bytes";
      case pin_errc::bad_name: return "pin: a name is UTF-8";
      case pin_errc::from_not_pinned: return "'from' cid was not recursively pinned already";
      case pin_errc::to_already_pinned: return "'to' cid was already recursively pinned";
    }
    return "pin: unknown error";
  }
};

/// How much of a DAG a pin keeps. The values are those of the records.
enum class pin_mode : byte { recursive = 0, direct = 1 };

constexpr auto to_string(pin_mode mode) -> std::string_view { return mode == pin_mode::recursive ? "recursive" : "direct"; }

/// One pin: what, how, and under which name.
struct pin {
  cid id;
  pin_mode mode = pin_mode::recursive;
  std::string name;

  friend auto operator==(pin const&, pin const&) -> bool = default;
};

/// The record of a pin as Kubo's nodes write it: a CBOR map {cid: bytes, mode: int, name: text where there is one}.
CAIRN_DECL auto encode_pin(pin const& p) -> bytes;

/// errors    bad_record
/// cost      bounded by the record; unknown keys (metadata) are ignored
CAIRN_DECL auto decode_pin(bytes_view record) -> result<pin, pin_errc>;

}  // namespace cairn

#if CAIRN_HEADER_ONLY
#  include <cairn/pin/impl/pin.ipp>
#endif
