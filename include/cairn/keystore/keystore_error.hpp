#pragma once

#include <cairn/core/error.hpp>

namespace cairn {

/// Why a keystore refused. The sentences are Kubo's, which scripts look for.
enum class keystore_errc : byte {
  empty_name = 1,  ///< the name of a key has at least one octet
  name_too_long,   ///< more than 156 octets: the file name would be longer than 255
  already_exists,  ///< put never replaces
  no_such_key,     ///< no key has the name
  not_a_key,       ///< the file is no libp2p private key
};

template <>
struct errc_traits<keystore_errc> {
  static constexpr std::string_view module = "keystore";
  static constexpr auto describe(keystore_errc e) -> std::string_view {
    switch (e) {
      case keystore_errc::empty_name: return "key name must be at least one character";
      case keystore_errc::name_too_long: return "key name must be at most 156 bytes";
      case keystore_errc::already_exists: return "key by that name already exists, refusing to overwrite";
      case keystore_errc::no_such_key: return "no key by the given name was found";
      case keystore_errc::not_a_key: return "cannot deserialize private key file";
    }
    return "keystore: unknown error";
  }
};

inline constexpr std::size_t key_name_limit = 156;

/// errors    empty_name · name_too_long
constexpr auto check_key_name(std::string_view name) -> result<void, keystore_errc> {
  if (name.empty()) return std::unexpected(keystore_errc::empty_name);
  if (name.size() > key_name_limit) return std::unexpected(keystore_errc::name_too_long);
  return {};
}

}  // namespace cairn
