#pragma once
// The denylists of this machine, as the node holds them: read when the first path is asked for, and again after they changed.

#include <cairn/core/try.hpp>
#include <cairn/naming/denylist.hpp>
#include <cairn/repo/files.hpp>

#include <algorithm>
#include <atomic>
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
  ///
  /// cost      no lock where there are no rules; nobody waits for who looks, but before the first look has ended
  auto current(std::string const& repo_folder) -> io_result<std::shared_ptr<denylist const>> {
    auto const now = std::chrono::steady_clock::now().time_since_epoch().count();
    if (now >= look_again_.load(std::memory_order_acquire)) {
      auto looking = std::unique_lock{looking_, std::try_to_lock};
      if (!looking.owns_lock() && look_again_ == 0) looking.lock();
      if (looking.owns_lock() && now >= look_again_) {
        auto read = renew(repo_folder);
        {
          auto const lock = std::lock_guard{guard_};
          if (read) rules_ = *std::move(read), failed_.reset();
          else failed_ = std::move(read).error();
        }
        nothing_ = !failed_ && rules_->empty();
        look_again_.store(now + std::chrono::steady_clock::duration{std::chrono::seconds{1}}.count(), std::memory_order_release);
      }
    }
    if (nothing_) return none_;
    auto const lock = std::lock_guard{guard_};
    if (failed_) return std::unexpected(*failed_);
    return rules_;
  }

private:
  // by who looks
  auto renew(std::string const& repo_folder) -> io_result<std::shared_ptr<denylist const>> {
    auto const found = files(repo_folder);
    if (!rules_ || found != seen_) {
      auto fresh = std::make_shared<denylist>();
      for (auto const& f : found) {
        CAIRN_TRY(auto const text, read_text_file(f.path, limits::denylist_file));
        if (!text) continue;
        auto const added = fresh->add(*text);
        if (!added) return std::unexpected(error{added.error()}.about(f.path));
      }
      seen_ = found;
      return fresh;
    }
    return rules_;
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

  std::mutex looking_;  // held by who looks; guards the next, and `rules_` and `failed_` change only with it
  std::vector<file> seen_;
  std::mutex guard_;  // guards two pointers' worth, for a moment
  std::shared_ptr<denylist const> rules_;
  std::optional<error> failed_{};
  std::shared_ptr<denylist const> const none_ = std::make_shared<denylist const>();
  std::atomic<bool> nothing_ = false;
  std::atomic<std::int64_t> look_again_ = 0;
};

}  // namespace cairn::service::detail
