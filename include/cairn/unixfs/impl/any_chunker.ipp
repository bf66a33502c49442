#pragma once

#include <cairn/core/text.hpp>
#include <cairn/core/try.hpp>
#include <cairn/unixfs/any_chunker.hpp>

namespace cairn {
namespace detail {

// A decimal number with an optional sign, as Go's Atoi reads it; what does not fit 63 bits is no number.
inline auto parse_chunker_number(std::string_view text) -> result<std::int64_t, chunker_errc> {
  auto const negative = text.starts_with('-');
  if (negative || text.starts_with('+')) text.remove_prefix(1);
  auto const n = parse_decimal(text);
  if (!n || *n > static_cast<std::uint64_t>(INT64_MAX)) return std::unexpected(chunker_errc::not_a_number);
  return negative ? -static_cast<std::int64_t>(*n) : static_cast<std::int64_t>(*n);
}

// "min:18" or "18"
inline auto parse_chunker_labelled(std::string_view text, std::string_view label, chunker_errc wrong) -> result<std::int64_t, chunker_errc> {
  if (auto const first = text.find(':'); first != text.npos) {
    if (text.substr(0, first) != label) return std::unexpected(wrong);
    text.remove_prefix(text.rfind(':') + 1);
  }
  return parse_chunker_number(text);
}

inline auto parse_rabin(std::string_view const (&part)[4], std::size_t parts) -> result<any_chunker, chunker_errc> {
  constexpr auto limit = static_cast<std::int64_t>(chunk_size_limit);
  if (parts == 1) return any_chunker{rabin_chunker{}};
  if (parts == 2) {
    CAIRN_TRY(auto avg, parse_chunker_number(part[1]));
    // Kubo compares in single precision; beyond 2^24 it makes no difference for the verdict
    if (avg < 0 || avg > limit || static_cast<std::int64_t>(static_cast<float>(avg) * 1.5f) > limit)
      return std::unexpected(chunker_errc::too_big);
    return any_chunker{rabin_chunker{static_cast<std::uint64_t>(avg)}};
  }
  if (parts != 4) return std::unexpected(chunker_errc::bad_rabin_format);
  CAIRN_TRY(auto min, parse_chunker_labelled(part[1], "min", chunker_errc::first_label));
  if (min < 16) return std::unexpected(chunker_errc::rabin_min);
  CAIRN_TRY(auto avg, parse_chunker_labelled(part[2], "avg", chunker_errc::second_label));
  CAIRN_TRY(auto max, parse_chunker_labelled(part[3], "max", chunker_errc::final_label));
  if (min >= avg) return std::unexpected(chunker_errc::min_above_avg);
  if (avg >= max) return std::unexpected(chunker_errc::avg_above_max);
  if (max > limit) return std::unexpected(chunker_errc::too_big);
  return any_chunker{rabin_chunker{static_cast<std::uint64_t>(min), static_cast<std::uint64_t>(avg), static_cast<std::uint64_t>(max)}};
}

}  // namespace detail

CAIRN_DECL auto parse_chunker(std::string_view text) -> result<any_chunker, chunker_errc> {
  if (text.empty() || text == "default") return any_chunker{};
  std::string_view part[4];
  auto parts = 0uz;
  for (auto rest = text;; ++parts) {
    auto const dash = rest.find('-');
    if (parts < 4) part[parts] = rest.substr(0, dash);
    if (dash == rest.npos) break;
    rest.remove_prefix(dash + 1);
  }
  ++parts;
  if (part[0] == "buzhash") return any_chunker{buzhash_chunker{}};
  if (part[0] == "rabin") return detail::parse_rabin(part, parts);
  if (part[0] != "size") return std::unexpected(chunker_errc::unrecognized);
  if (parts != 2) return std::unexpected(chunker_errc::bad_size_format);
  CAIRN_TRY(auto size, detail::parse_chunker_number(part[1]));
  if (size <= 0) return std::unexpected(chunker_errc::zero_size);
  if (size > static_cast<std::int64_t>(chunk_size_limit)) return std::unexpected(chunker_errc::too_big);
  return any_chunker{size_chunker{static_cast<std::size_t>(size)}};
}

}  // namespace cairn
