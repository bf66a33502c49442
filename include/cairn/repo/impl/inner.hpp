#pragma once
// What several bodies of this module share.

#include <string>
#include <string_view>

#include <unistd.h>

namespace cairn::detail {

struct repo_fd {
  int fd;
  ~repo_fd() {
    if (fd >= 0) ::close(fd);
  }
};

inline constexpr std::string_view conversion_file = "converting";  // names the spec that a conversion leads to

inline auto trim_repo_text(std::string_view text) -> std::string_view {
  constexpr auto space = std::string_view{" \t\r\n"};
  while (!text.empty() && space.contains(text.back())) text.remove_suffix(1);
  while (!text.empty() && space.contains(text.front())) text.remove_prefix(1);
  return text;
}

inline auto in_repo(std::string const& repo, std::string const& path) -> std::string { return path.starts_with('/') ? path : repo + "/" + path; }

}  // namespace cairn::detail
