#pragma once
// One process of an adapter: JSON lines out and in, a deadline, a bound of memory. Never blocks.

#include "model.hpp"

#include <chrono>

#include <poll.h>
#include <sys/types.h>

namespace kit {

using time_point = std::chrono::steady_clock::time_point;

class worker {
public:
  /// Starts `sh -c "exec COMMAND"` in a process group of its own; throws usage_error where there is no room for it.
  explicit worker(std::string const& command);
  worker(worker const&) = delete;
  auto operator=(worker const&) -> worker& = delete;
  ~worker();  ///< kills the group

  void send(std::string_view line);
  void fill(std::vector<pollfd>& fds) const;
  /// Reads and writes what is ready.
  void pump(std::size_t longest_line);

  /// The next whole line that was read.
  auto next_line() -> std::optional<std::string>;
  auto is_closed() const -> bool { return closed_; }
  auto is_too_long() const -> bool { return too_long_; }
  auto resident() const -> std::uint64_t;
  /// Kills it if it lives, and says how it ended: "exit status 1", "signal 11 (Segmentation fault)", with the end of what it wrote to stderr.
  auto end() -> std::string;
  /// Closes its input and waits a moment for an orderly end.
  void finish();

  std::optional<std::size_t> current;  ///< the case that it works at
  bool ready = false;                  ///< it has answered "hello"
  time_point since{};
  time_point deadline{};

private:
  pid_t pid_ = -1;
  int in_ = -1, out_ = -1, err_ = -1;
  std::string to_write_, read_, stderr_;
  std::size_t searched_ = 0;
  bool closed_ = false, too_long_ = false;
};

}  // namespace kit
