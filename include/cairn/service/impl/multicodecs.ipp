#pragma once

#include <cairn/core/try.hpp>
#include <cairn/repo/files.hpp>
#include <cairn/service/multicodecs.hpp>

#include <algorithm>
#include <dirent.h>
#include <memory>
#include <string>
#include <vector>

namespace cairn::service {

CAIRN_DECL auto multicodecs_of(std::string const& repo_folder) -> io_result<multicodec_overlay> {
  auto out = multicodec_overlay{};
  auto const folder = repo_folder + "/multicodec";
  auto const open = std::unique_ptr<DIR, int (*)(DIR*)>{::opendir(folder.c_str()), ::closedir};
  if (!open) return out;
  auto names = std::vector<std::string>{};
  while (auto const* entry = ::readdir(open.get()))
    if (std::string_view{entry->d_name}.ends_with(".csv")) names.emplace_back(entry->d_name);
  std::sort(names.begin(), names.end());
  for (auto const& name : names) {
    auto const path = folder + "/" + name;
    CAIRN_TRY(auto const text, read_text_file(path, limits::registry_text));
    if (!text) continue;
    auto taken = out.load(*text);
    if (!taken) {
      auto const line = taken.error().subject();
      return std::unexpected(std::move(taken).error().about(path + ": " + line));
    }
  }
  return out;
}

}  // namespace cairn::service
