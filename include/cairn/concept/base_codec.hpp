#pragma once

#include <cairn/core/error.hpp>
#include <cairn/core/result.hpp>

#include <concepts>
#include <string>
#include <string_view>

/// Octets as text in one base, without the multibase prefix.
///
/// Laws (tests/laws/base_codec.hpp)
///   L1  decode(encode(b)) is b, for all octets
///   L2  octets have one text: where decode(t) succeeds, encode(decode(t)) is t but for the case of letters
///   L3  encode(b) of longer octets of the same beginning is not shorter
///
/// Models: base_of<multibase::base32>, and so for each row of the multibase table
namespace cairn {

template <class B>
concept base_codec = module_errc<typename B::errc> && requires(bytes_view in, std::string_view text) {
  { B::prefix() } -> std::convertible_to<std::string_view>;  ///< of the multibase table, UTF-8
  { B::name() } -> std::convertible_to<std::string_view>;    ///< of the multibase table
  { B::encode(in) } -> std::same_as<std::string>;
  { B::decode(text) } -> std::same_as<result<bytes, typename B::errc>>;
};

}  // namespace cairn
