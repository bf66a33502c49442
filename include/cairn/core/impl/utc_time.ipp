#pragma once

#include <cairn/core/utc_time.hpp>

#include <cstdio>
#include <limits>

namespace cairn {
namespace detail {

// Days since 1970 of a date of the Gregorian calendar, and back; years count from March, so that the leap day is the last one.
constexpr auto days_of(std::int64_t year, unsigned month, unsigned day) -> std::int64_t {
  year -= month <= 2;
  auto const era = (year >= 0 ? year : year - 399) / 400;
  auto const of_era = static_cast<unsigned>(year - era * 400);
  auto const of_year = (153 * (month > 2 ? month - 3 : month + 9) + 2) / 5 + day - 1;
  return era * 146097 + static_cast<std::int64_t>(of_era * 365 + of_era / 4 - of_era / 100 + of_year) - 719468;
}

struct calendar_date {
  std::int64_t year;
  unsigned month, day;
};

constexpr auto date_of(std::int64_t days) -> calendar_date {
  days += 719468;
  auto const era = (days >= 0 ? days : days - 146096) / 146097;
  auto const day = static_cast<unsigned>(days - era * 146097);
  auto const of_era = (day - day / 1460 + day / 36524 - day / 146096) / 365;
  auto const of_year = day - (365 * of_era + of_era / 4 - of_era / 100);
  auto const shifted = (5 * of_year + 2) / 153;
  auto const month = shifted < 10 ? shifted + 3 : shifted - 9;
  return {static_cast<std::int64_t>(of_era) + era * 400 + (month <= 2), month, of_year - (153 * shifted + 2) / 5 + 1};
}

constexpr auto days_in_month(std::int64_t year, unsigned month) -> unsigned {
  constexpr unsigned days[]{31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31};
  auto const leap = year % 4 == 0 && (year % 100 != 0 || year % 400 == 0);
  return days[month - 1] + (month == 2 && leap);
}

static_assert(days_of(1970, 1, 1) == 0 && days_of(2000, 3, 1) == 11017 && date_of(11016).day == 29);

}  // namespace detail

CAIRN_DECL auto utc_time::plus(std::int64_t nanoseconds) const -> utc_time {
  auto whole = nanoseconds / 1'000'000'000;
  auto part = static_cast<std::int64_t>(nanos) + nanoseconds % 1'000'000'000;
  if (part < 0) part += 1'000'000'000, --whole;
  if (part >= 1'000'000'000) part -= 1'000'000'000, ++whole;
  auto sum = std::int64_t{};
  if (__builtin_add_overflow(seconds, whole, &sum))
    return whole > 0 ? utc_time{std::numeric_limits<std::int64_t>::max(), 999'999'999} : utc_time{std::numeric_limits<std::int64_t>::min(), 0};
  return {sum, static_cast<std::uint32_t>(part)};
}

CAIRN_DECL auto utc_time::since(utc_time earlier) const -> std::int64_t {
  auto difference = std::int64_t{}, scaled = std::int64_t{};
  if (__builtin_sub_overflow(seconds, earlier.seconds, &difference) || __builtin_mul_overflow(difference, std::int64_t{1'000'000'000}, &scaled) ||
      __builtin_add_overflow(scaled, static_cast<std::int64_t>(nanos) - static_cast<std::int64_t>(earlier.nanos), &scaled))
    return seconds > earlier.seconds ? std::numeric_limits<std::int64_t>::max() : std::numeric_limits<std::int64_t>::min();
  return scaled;
}

CAIRN_DECL auto to_rfc3339(utc_time at) -> std::string {
  auto days = at.seconds / 86400, left = at.seconds % 86400;
  if (left < 0) left += 86400, --days;
  auto const date = detail::date_of(days);
  char text[64];
  std::snprintf(text, sizeof text, "%04lld-%02u-%02uT%02d:%02d:%02d", static_cast<long long>(date.year), date.month, date.day, static_cast<int>(left / 3600),
                static_cast<int>(left / 60 % 60), static_cast<int>(left % 60));
  auto out = std::string{text};
  if (at.nanos != 0) {
    std::snprintf(text, sizeof text, ".%09u", at.nanos);
    auto fraction = std::string_view{text};
    while (fraction.ends_with('0')) fraction.remove_suffix(1);
    out += fraction;
  }
  return out += 'Z';
}

CAIRN_DECL auto parse_rfc3339(std::string_view text) -> std::optional<utc_time> {
  auto const number = [&](std::size_t digits) -> std::optional<unsigned> {
    if (text.size() < digits) return std::nullopt;
    auto value = 0u;
    for (auto c : text.substr(0, digits)) {
      if (c < '0' || c > '9') return std::nullopt;
      value = value * 10 + static_cast<unsigned>(c - '0');
    }
    text.remove_prefix(digits);
    return value;
  };
  auto const mark = [&](char c) {
    if (!text.starts_with(c)) return false;
    text.remove_prefix(1);
    return true;
  };
  auto const year = number(4);
  if (!year || !mark('-')) return std::nullopt;
  auto const month = number(2);
  if (!month || *month < 1 || *month > 12 || !mark('-')) return std::nullopt;
  auto const day = number(2);
  if (!day || *day < 1 || *day > detail::days_in_month(*year, *month) || !mark('T')) return std::nullopt;
  auto const hour = number(2);
  if (!hour || *hour > 23 || !mark(':')) return std::nullopt;
  auto const minute = number(2);
  if (!minute || *minute > 59 || !mark(':')) return std::nullopt;
  auto const second = number(2);
  if (!second || *second > 59) return std::nullopt;
  auto at = utc_time{detail::days_of(*year, *month, *day) * 86400 + *hour * 3600 + *minute * 60 + *second, 0};
  if (mark('.')) {
    auto scale = 100'000'000u, digits = 0u;
    for (; !text.empty() && text[0] >= '0' && text[0] <= '9'; text.remove_prefix(1), ++digits) {
      at.nanos += static_cast<unsigned>(text[0] - '0') * scale;
      scale /= 10;
    }
    if (digits == 0) return std::nullopt;
  }
  if (mark('Z')) return text.empty() ? std::optional{at} : std::nullopt;
  auto const east = text.starts_with('+');
  if (!east && !text.starts_with('-')) return std::nullopt;
  text.remove_prefix(1);
  auto const hours = number(2);
  if (!hours || *hours > 23 || !mark(':')) return std::nullopt;
  auto const minutes = number(2);
  if (!minutes || *minutes > 59 || !text.empty()) return std::nullopt;
  auto const offset = static_cast<std::int64_t>(*hours * 3600 + *minutes * 60);
  at.seconds += east ? -offset : offset;
  return at;
}

}  // namespace cairn
