#pragma once

#include <cairn/blockstore/flatfs_shard.hpp>
#include <cairn/core/text.hpp>

namespace cairn {

namespace detail {
inline constexpr std::string_view flatfs_shard_head = "/repo/flatfs/shard/v1/";
inline constexpr std::array<std::string_view, 3> flatfs_shard_names{"prefix", "suffix", "next-to-last"};
}  // namespace detail

CAIRN_DECL void flatfs_shard::write(char* out, std::string_view key) const {
  auto const size = static_cast<std::ptrdiff_t>(key.size()), n = static_cast<std::ptrdiff_t>(letters);
  auto const start = which == kind::prefix ? 0 : which == kind::suffix ? size - n : size - n - 1;
  for (auto i = std::ptrdiff_t{0}; i < n; ++i) {
    auto const at = start + i;
    out[i] = at >= 0 && at < size ? key[static_cast<std::size_t>(at)] : '_';
  }
}

CAIRN_DECL auto parse_flatfs_shard(std::string_view text) -> result<flatfs_shard, flatfs_errc> {
  constexpr auto space = std::string_view{" \t\r\n"};
  while (!text.empty() && space.contains(text.back())) text.remove_suffix(1);
  while (!text.empty() && space.contains(text.front())) text.remove_prefix(1);
  if (!text.starts_with(detail::flatfs_shard_head)) return std::unexpected(flatfs_errc::bad_sharding);
  text.remove_prefix(detail::flatfs_shard_head.size());
  auto const slash = text.find('/');
  if (slash == text.npos) return std::unexpected(flatfs_errc::bad_sharding);
  auto const letters = parse_decimal(text.substr(slash + 1));
  if (!letters || *letters < 1 || *letters > 64) return std::unexpected(flatfs_errc::bad_sharding);
  for (std::size_t i = 0; i < detail::flatfs_shard_names.size(); ++i)
    if (text.substr(0, slash) == detail::flatfs_shard_names[i])
      return flatfs_shard{static_cast<flatfs_shard::kind>(i), static_cast<std::uint8_t>(*letters)};
  return std::unexpected(flatfs_errc::bad_sharding);
}

CAIRN_DECL auto to_string(flatfs_shard const& shard) -> std::string {
  return std::string{detail::flatfs_shard_head} + std::string{detail::flatfs_shard_names[static_cast<std::size_t>(shard.which)]} + "/" +
         std::to_string(shard.letters);
}

}  // namespace cairn
