#pragma once

#include <cairn/core/limits.hpp>

#include <atomic>
#include <cstddef>
#include <utility>

namespace cairn {

/// How far one reader of a file or a DAG reads ahead of who takes its octets.
struct read_ahead {
  std::size_t bytes = 6 * limits::MiB;  ///< read, and not yet taken; at least a block is
  unsigned helpers = 1;                  ///< threads that read and check beside the caller's

  /// Of one that has no helper: the caches of a core hold it.
  static constexpr std::size_t alone = 2 * limits::MiB;
};

/// The read-ahead of all readers of a node together: the first ones read far ahead with a helper, the others a little, so a thousand
/// clients that take nothing hold little memory.
///
/// threads   any number
class read_ahead_budget {
public:
  explicit read_ahead_budget(std::size_t bytes) : left_{bytes} {}

  /// What one reader has until it is destroyed.
  class share {
  public:
    share(share&& other) noexcept : of_{std::exchange(other.of_, nullptr)}, ahead{other.ahead} {}
    ~share() {
      if (of_) of_->left_ += ahead.bytes;
    }

  private:
    friend class read_ahead_budget;
    share(read_ahead_budget* of, read_ahead a) : of_{of}, ahead{a} {}
    read_ahead_budget* of_;

  public:
    read_ahead ahead;
  };

  /// The whole of `wanted`, or, where that is not left, some and no helper; at least so much that one block is read at a time.
  auto take(read_ahead wanted = {}) -> share {
    if (take(wanted.bytes)) return {this, wanted};
    if (take(some)) return {this, {.bytes = some, .helpers = 0}};
    return {nullptr, {.bytes = 1, .helpers = 0}};
  }

private:
  static constexpr std::size_t some = 1 * limits::MiB;

  auto take(std::size_t bytes) -> bool {
    for (auto left = left_.load(); left >= bytes;)
      if (left_.compare_exchange_weak(left, left - bytes)) return true;
    return false;
  }

  std::atomic<std::size_t> left_;
};

}  // namespace cairn
