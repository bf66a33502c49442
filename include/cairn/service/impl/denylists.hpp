#pragma once
// The denylists of this machine, as the node holds them: read when the first path is asked for, and again after they changed.

#include <cairn/core/try.hpp>
#include <cairn/naming/denylist.hpp>
#include <cairn/repo/files.hpp>

#include <algorithm>
#include <chrono>
#include <cstdlib>
#include <dirent.h>
#include <memory>
#include <mutex>
#include <sys/stat.h>

namespace cairn::service::detail {

class node_denylists {
public:
  /// The rules as they are now; they are looked for once a second at most.
  ///
  /// errors    a list that cannot be read, or is none: then nothing is read at all, rather than what should be blocked
  auto current(std::string const& repo_folder) -> io_result<std::shared_ptr<denylist const>> {
    auto const lock = std::lock_guard{guard_};
    auto const now = std::chrono::steady_clock::now();
    if (now < look_again_) {
      if (failed_) return std::unexpected(*failed_);
      return rules_;
    }
    auto read = renew(repo_folder);
    look_again_ = now + std::chrono::seconds{1};
    failed_ = read ? std::nullopt : std::optional{std::move(read).error()};
    if (failed_) return std::unexpected(*failed_);
    return rules_;
  }

private:
  auto renew(std::string const& repo_folder) -> io_result<void> {
    auto const found = files(repo_folder);
    if (!rules_ || found != seen_) {
      auto fresh = std::make_shared<denylist>();
      for (auto const& f : found) {
        CAIRN_TRY(auto const text, read_text_file(f.path, limits::denylist_file));
        if (!text) continue;
        auto const added = fresh->add(*text);
        if (!added) return std::unexpected(error{added.error()}.about(f.path));
      }
      rules_ = std::move(fresh);
      seen_ = found;
    }
    return {};
  }

  struct file {
    std::string path;
    std::int64_t size, seconds, nanos;
    friend auto operator==(file const&, file const&) -> bool = default;
  };

  // The machine's, the user's, the repo's, each by name: what comes later decides.
  static auto files(std::string const& repo_folder) -> std::vector<file> {
    auto folders = std::vector<std::string>{"/etc/ipfs/denylists"};
    auto const* const config = std::getenv("XDG_CONFIG_HOME");
    auto const* const home = std::getenv("HOME");
    if (config && *config) folders.push_back(std::string{config} + "/ipfs/denylists");
    else if (home) folders.push_back(std::string{home} + "/.config/ipfs/denylists");
    folders.push_back(repo_folder + "/denylists");
    auto out = std::vector<file>{};
    for (auto const& folder : folders) {
      auto const open = std::unique_ptr<DIR, int (*)(DIR*)>{::opendir(folder.c_str()), ::closedir};
      if (!open) continue;
      auto const first = out.size();
      while (auto const* entry = ::readdir(open.get())) {
        auto const name = std::string_view{entry->d_name};
        struct stat facts {};
        auto path = folder + "/" + std::string{name};
        if (!name.ends_with(".deny") || ::stat(path.c_str(), &facts) != 0 || !S_ISREG(facts.st_mode)) continue;
        out.push_back({std::move(path), facts.st_size, facts.st_mtim.tv_sec, facts.st_mtim.tv_nsec});
      }
      std::sort(out.begin() + static_cast<std::ptrdiff_t>(first), out.end(), [](file const& a, file const& b) { return a.path < b.path; });
    }
    return out;
  }

  std::mutex guard_;
  std::shared_ptr<denylist const> rules_;
  std::vector<file> seen_;
  std::chrono::steady_clock::time_point look_again_{};
  std::optional<error> failed_{};
};

}  // namespace cairn::service::detail
