#pragma once

#include <cstddef>
#include <cstdint>
#include <limits>
#include <map>
#include <string>
#include <utility>

namespace cairn::libp2p {

inline constexpr std::uint64_t unlimited = std::numeric_limits<std::uint64_t>::max();

/// Something of which there is so much and no more.
struct resource {
  std::uint64_t limit = unlimited, used = 0;
  auto has(std::uint64_t n) const -> bool { return used <= limit && limit - used >= n; }
};

/// A part of a resource that is in use; given back when it goes out of scope.
///
/// lifetime  the resource outlives it
class resource_share {
public:
  resource_share() = default;
  explicit resource_share(resource& of) : of_{&of} {}
  resource_share(resource_share&& o) noexcept : of_{o.of_}, n_{std::exchange(o.n_, 0)} {}
  auto operator=(resource_share&& o) noexcept -> resource_share& {
    std::swap(of_, o.of_);
    std::swap(n_, o.n_);
    return *this;
  }
  ~resource_share() { shrink(n_); }

  /// False: there is not so much left, and nothing has changed.
  [[nodiscard]] auto grow(std::uint64_t n) -> bool {
    if (!of_ || !of_->has(n)) return !of_;
    of_->used += n, n_ += n;
    return true;
  }
  void shrink(std::uint64_t n) {
    if (!of_) return;
    n = n < n_ ? n : n_;
    of_->used -= n, n_ -= n;
  }

private:
  resource* of_ = nullptr;
  std::uint64_t n_ = 0;
};

/// Streams of one protocol, by who opened them.
struct stream_limits {
  std::uint64_t inbound = unlimited, outbound = unlimited, all = unlimited;
};

/// Hard bounds of a host. What would go above one of them is not begun, or ends.
struct resource_limits {
  std::uint64_t memory = unlimited;             ///< octets: [connection_memory] for each connection, and what its readers have not read
  std::uint64_t descriptors = unlimited;        ///< of connections over TCP
  std::uint64_t transient_memory = unlimited, transient_descriptors = unlimited;  ///< of connections that are not proven yet
  std::map<std::string, stream_limits> streams{};  ///< by protocol

  static constexpr std::uint64_t connection_memory = 64 * 1024;
};

/// How much of it is in use.
struct resource_usage {
  std::uint64_t memory = 0, descriptors = 0, inbound = 0, outbound = 0, streams_inbound = 0, streams_outbound = 0;
  std::uint64_t transient_memory = 0, transient_descriptors = 0, transient_inbound = 0, transient_outbound = 0;
  std::map<std::string, std::pair<std::uint64_t, std::uint64_t>> streams{};  ///< by protocol that has a limit: inbound, outbound
};

}  // namespace cairn::libp2p
