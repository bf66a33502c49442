#pragma once

#include <string_view>

namespace cairn::service {

/// This program, and the Kubo whose commands, RPC and repo it speaks: clients compare the latter.
inline constexpr std::string_view program_version = "0.1.0", kubo_version = "0.43.1", commit_name = "cairn-0.1.0";
inline constexpr std::string_view repo_version_text = "18";

#if defined(__x86_64__)
inline constexpr std::string_view system_name = "amd64/linux";
#elif defined(__aarch64__)
inline constexpr std::string_view system_name = "arm64/linux";
#else
inline constexpr std::string_view system_name = "unknown/linux";
#endif

/// What stands where Kubo names its Go.
#if defined(__clang__)
inline constexpr std::string_view toolchain_name = "none; C++23 by clang " __clang_version__;
#else
inline constexpr std::string_view toolchain_name = "none; C++23 by gcc " __VERSION__;
#endif

}  // namespace cairn::service
