#pragma once

#include <cairn/core/text.hpp>
#include <cairn/ipld/integer.hpp>

namespace cairn::ipld {

CAIRN_DECL auto to_string(integer i) -> std::string {
  if (!i.is_negative()) return std::to_string(i.rank());
  if (i.rank() == std::numeric_limits<std::uint64_t>::max()) return "-18446744073709551616";
  return "-" + std::to_string(i.rank() + 1);
}

CAIRN_DECL auto parse_integer(std::string_view text) -> std::optional<integer> {
  auto const negative = text.starts_with('-');
  if (negative) text.remove_prefix(1);
  if (negative && text == "18446744073709551616") return integer::below_zero(std::numeric_limits<std::uint64_t>::max());
  auto const magnitude = parse_decimal(text);
  if (!magnitude) return std::nullopt;
  if (negative && *magnitude != 0) return integer::below_zero(*magnitude - 1);
  return integer{*magnitude};
}

}  // namespace cairn::ipld
