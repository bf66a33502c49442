#pragma once

#include <array>
#include <condition_variable>
#include <cstdint>
#include <deque>
#include <functional>
#include <mutex>
#include <optional>
#include <string>
#include <string_view>

namespace cairn::service {

enum class log_level : std::uint8_t { debug, info, warn, error, dpanic, panic, fatal };

inline constexpr std::array<std::string_view, 7> log_level_names{"debug", "info", "warn", "error", "dpanic", "panic", "fatal"};

inline auto log_level_named(std::string_view name) -> std::optional<log_level> {
  for (std::size_t i = 0; i < log_level_names.size(); ++i)
    if (log_level_names[i] == name) return static_cast<log_level>(i);
  return std::nullopt;
}

/// What a running node tells of itself, by the parts of the node: levels change while it runs, and whoever wants to listens.
///
/// memory    the latest 256 lines
/// cost      a line below its part's level: one comparison under a lock
class node_log {
public:
  static constexpr std::array<std::string_view, 5> parts{"api", "core", "gateway", "gc", "swarm"};

  auto level(std::string_view part) -> std::optional<log_level> {
    auto const lock = std::lock_guard{mutex_};
    for (std::size_t i = 0; i < parts.size(); ++i)
      if (parts[i] == part) return levels_[i];
    return std::nullopt;
  }
  /// "*": all parts. What no part is called is accepted, as Kubo does: it says nothing.
  void set_level(std::string_view part, log_level level) {
    auto const lock = std::lock_guard{mutex_};
    for (std::size_t i = 0; i < parts.size(); ++i)
      if (part == "*" || parts[i] == part) levels_[i] = level;
  }

  /// One line; `time` in nanoseconds since 1970.
  void note(std::string_view part, log_level level, std::int64_t time, std::string_view message) {
    {
      auto const lock = std::lock_guard{mutex_};
      for (std::size_t i = 0; i < parts.size(); ++i)
        if (parts[i] == part && level < levels_[i]) return;
      lines_.push_back({next_++, std::string{part}, level, time, std::string{message}});
      if (lines_.size() > 256) lines_.pop_front();
    }
    more_.notify_all();
  }

  struct line {
    std::uint64_t id;
    std::string part;
    log_level level;
    std::int64_t time;
    std::string message;
  };
  /// The next line behind `after`, at most a tenth of a second from now.
  auto next(std::uint64_t after) -> std::optional<line> {
    auto lock = std::unique_lock{mutex_};
    auto const here = [&] { return !lines_.empty() && lines_.back().id >= after; };
    if (!more_.wait_for(lock, std::chrono::milliseconds{100}, here)) return std::nullopt;
    for (auto const& l : lines_)
      if (l.id >= after) return l;
    return std::nullopt;
  }
  auto end() -> std::uint64_t {
    auto const lock = std::lock_guard{mutex_};
    return next_;
  }

private:
  std::mutex mutex_;
  std::condition_variable more_;
  std::array<log_level, parts.size()> levels_{log_level::error, log_level::error, log_level::error, log_level::error, log_level::error};
  std::deque<line> lines_;
  std::uint64_t next_ = 0;
};

}  // namespace cairn::service
