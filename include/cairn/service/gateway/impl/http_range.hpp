#pragma once
// The field Range, as Kubo serves it: the first range of several, one part.

#include <cairn/core/bytes.hpp>
#include <cairn/core/text.hpp>

#include <charconv>
#include <expected>
#include <optional>
#include <string_view>

namespace cairn::service::gateway::detail {

struct octet_range {
  std::uint64_t first = 0, length = 0;
};

enum class range_errc : byte {
  malformed = 1,  ///< "invalid range"
  no_overlap,     ///< "invalid range: failed to overlap"
};

/// The first range of a Range field for content of `size` octets, cut to it. The others must be well-formed too.
///
/// cost      O(field.size()), whatever the number of ranges
/// spec      RFC 9110, section 14.2
inline auto parse_range(std::string_view field, std::uint64_t size) -> std::expected<octet_range, range_errc> {
  if (!field.starts_with("bytes=")) return std::unexpected(range_errc::malformed);
  field.remove_prefix(6);
  auto found = std::optional<octet_range>{};
  auto missed = false;
  auto const trimmed = [](std::string_view t) {
    while (!t.empty() && (t.front() == ' ' || t.front() == '\t')) t.remove_prefix(1);
    while (!t.empty() && (t.back() == ' ' || t.back() == '\t')) t.remove_suffix(1);
    return t;
  };
  auto const number = [](std::string_view t) -> std::optional<std::uint64_t> {
    auto n = std::uint64_t{0};
    auto const [end, why] = std::from_chars(t.data(), t.data() + t.size(), n);
    if (t.empty() || why != std::errc{} || end != t.data() + t.size() || n > INT64_MAX) return std::nullopt;
    return n;
  };
  while (!field.empty()) {
    auto const comma = field.find(',');
    auto const one = trimmed(field.substr(0, comma));
    field = comma == std::string_view::npos ? std::string_view{} : field.substr(comma + 1);
    if (one.empty()) continue;
    auto const dash = one.find('-');
    if (dash == std::string_view::npos) return std::unexpected(range_errc::malformed);
    auto const left = trimmed(one.substr(0, dash)), right = trimmed(one.substr(dash + 1));
    auto r = octet_range{};
    if (left.empty()) {
      auto const last = number(right);
      if (!last) return std::unexpected(range_errc::malformed);
      r.length = *last < size ? *last : size;
      r.first = size - r.length;
      if (r.length == 0) {  // nothing of it can be sent
        missed = true;
        continue;
      }
    } else {
      auto const from = number(left);
      if (!from) return std::unexpected(range_errc::malformed);
      auto const to = right.empty() ? std::optional{size ? size - 1 : 0} : number(right);
      if (!to || (!right.empty() && *to < *from)) return std::unexpected(range_errc::malformed);
      if (*from >= size) {
        missed = true;
        continue;
      }
      r.first = *from;
      r.length = (*to < size ? *to : size - 1) - *from + 1;
    }
    if (!found) found = r;
  }
  if (found) return *found;
  return std::unexpected(missed ? range_errc::no_overlap : range_errc::malformed);
}

}  // namespace cairn::service::gateway::detail
