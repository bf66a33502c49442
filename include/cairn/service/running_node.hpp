#pragma once

#include <cairn/core/error.hpp>

#include <cstdint>
#include <string>
#include <vector>

namespace cairn::service {

class node_log;

/// One request that a running node answers or has answered.
struct request_entry {
  std::uint64_t id = 0;
  std::string command;
  std::vector<std::string> arguments;
  std::vector<std::pair<std::string, std::string>> options;
  std::int64_t began = 0, ended = 0;  ///< nanoseconds since 1970; 0: not yet
};

/// What a running node offers to commands beyond its core API. Called by many threads at once.
class running_node {
public:
  virtual ~running_node() = default;

  /// End soon: the request that asks for it is still answered.
  virtual void stop() = 0;
  /// Whether it is ending: what listens to it ends too.
  virtual auto ending() const -> bool = 0;
  virtual auto log() -> node_log& = 0;
  /// The requests that run, and the latest ones.
  virtual auto requests() -> std::vector<request_entry> = 0;
  virtual void forget_requests() = 0;
  virtual void keep_requests(std::int64_t nanoseconds) = 0;
  /// Octets over the API and the gateway since the start.
  virtual auto traffic() -> std::pair<std::uint64_t, std::uint64_t> = 0;
};

}  // namespace cairn::service
