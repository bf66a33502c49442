#pragma once

#include <cairn/core/config.hpp>
#include <cairn/core/error.hpp>

#include <memory>
#include <string>

namespace cairn::service {

/// Whom a core API serves.
struct core_options {
  bool (*cancelled)() = nullptr;  ///< asked now and then by long work; true ends it with an error
};

/// What a node can do, for the command line, the RPC and the gateway; the only layer they know. One node, one thread.
class core_api {
public:
  /// Open the repo in that folder.
  CAIRN_DECL static auto open(std::string const& path, core_options options) -> io_result<std::unique_ptr<core_api>>;
  ~core_api();

  /// Sync and unlock.
  auto close() -> io_result<void>;

private:
  core_api() = default;
};

}  // namespace cairn::service

#if CAIRN_HEADER_ONLY
#  include <cairn/service/impl/core_api.ipp>
#endif
