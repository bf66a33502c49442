#pragma once
// The mode of a file as Go prints it.

#include <cstdint>
#include <string>
#include <string_view>
#include <sys/stat.h>

namespace cairn::service::detail {

/// "-rw-r--r--", "prw-r--r--", "Dcrw-rw-rw-"; `mode` as stat gives it.
inline auto go_file_mode(std::uint32_t mode) -> std::string {
  constexpr struct { std::uint32_t kind; std::string_view letters; } kinds[]{
      {S_IFDIR, "d"}, {S_IFLNK, "L"}, {S_IFIFO, "p"}, {S_IFSOCK, "S"}, {S_IFBLK, "D"}, {S_IFCHR, "Dc"}};
  auto out = std::string{};
  for (auto const& k : kinds)
    if ((mode & S_IFMT) == k.kind) out = k.letters;
  if (mode & S_ISUID) out += 'u';
  if (mode & S_ISGID) out += 'g';
  if (mode & S_ISVTX) out += 't';
  if (out.empty()) out = "-";
  for (auto bit = 0; bit < 9; ++bit) out += mode & (0400u >> bit) ? "rwxrwxrwx"[bit] : '-';
  return out;
}

}  // namespace cairn::service::detail
