#pragma once

#include <cstddef>
#include <cstdint>

// 0: nothing counts octets, and nothing is kept for it
#if !defined(CAIRN_TRAFFIC)
#  define CAIRN_TRAFFIC 1
#endif

namespace cairn::libp2p {

/// Octets on the wire, with all that secures and multiplexes them; of a protocol: of its streams' content.
struct host_traffic {
  std::uint64_t in = 0, out = 0;
};

/// Where octets are counted, if anywhere.
class traffic_count {
public:
  traffic_count() = default;
#if CAIRN_TRAFFIC
  explicit traffic_count(host_traffic& to) : to_{&to} {}
  void in(std::size_t n) {
    if (to_) to_->in += n;
  }
  void out(std::size_t n) {
    if (to_) to_->out += n;
  }

private:
  host_traffic* to_ = nullptr;
#else
  explicit traffic_count(host_traffic&) {}
  void in(std::size_t) {}
  void out(std::size_t) {}
#endif
};

}  // namespace cairn::libp2p
