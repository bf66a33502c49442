#pragma once

#include <cairn/concept/base_codec.hpp>
#include <cairn/multiformats/multibase.hpp>

namespace cairn {

/// One base of the multibase table as a type, for code that is written against base_codec.
template <multibase Base>
struct base_of {
  using errc = multibase_errc;
  static auto prefix() -> std::string_view {
    for (auto const& row : multibase_table())
      if (row.base == Base) return row.prefix;
    return {};
  }
  static auto name() -> std::string_view { return to_string(Base); }
  static auto encode(bytes_view in) -> std::string { return encode_base(Base, in); }
  static auto decode(std::string_view text) -> result<bytes, errc> { return decode_base(Base, text); }
};

static_assert(base_codec<base_of<multibase::base32>>);

}  // namespace cairn
