#pragma once

#include <cairn/service/core_api.hpp>

namespace cairn::service {

CAIRN_DECL auto core_api::open(std::string const& path, core_options) -> io_result<std::unique_ptr<core_api>> {
  return std::unexpected(error::message("core", "no IPFS repo found in " + path + ".\nplease run: 'ipfs init'"));
}
inline core_api::~core_api() = default;
inline auto core_api::close() -> io_result<void> { return {}; }

}  // namespace cairn::service
