#pragma once

#include <cairn/concept/keystore.hpp>
#include <cairn/core/config.hpp>
#include <cairn/crypto/key.hpp>
#include <cairn/keystore/keystore_error.hpp>

#include <optional>

namespace cairn {

/// Keys as files, with Kubo's names and bytes: `key_<lower-case unpadded base32 of the name>`, mode 0400, each the protobuf of a
/// libp2p private key. Both programs may use one folder.
///
/// A key is written to a file without a name, synced, and then linked: a crash leaves it whole or not there, and never replaces.
/// cost      one file operation each; list reads the folder
/// threads   distinct processes and threads may share a folder
class fs_keystore {
public:
  /// Make the folder (mode 0700) where it is missing; its parent must exist.
  ///
  /// errors    system
  CAIRN_DECL static auto open(std::string folder) -> io_result<fs_keystore>;

  /// errors    empty_name · name_too_long · no_such_key · not_a_key · system
  CAIRN_DECL auto get(std::string_view name) const -> io_result<private_key>;
  CAIRN_DECL auto has(std::string_view name) const -> io_result<bool>;
  /// Files whose names are no key's are skipped, as Kubo does.
  CAIRN_DECL auto list() const -> io_result<std::vector<std::string>>;
  /// errors    empty_name · name_too_long · already_exists · system
  CAIRN_DECL auto put(std::string_view name, private_key const& key) -> io_result<void>;
  /// errors    empty_name · name_too_long · no_such_key · system
  CAIRN_DECL auto remove(std::string_view name) -> io_result<void>;
  /// errors    empty_name · name_too_long · no_such_key · already_exists · system
  CAIRN_DECL auto rename(std::string_view from, std::string_view to, bool replace = false) -> io_result<void>;

  auto folder() const -> std::string const& { return folder_; }

private:
  explicit fs_keystore(std::string folder) : folder_{std::move(folder)} {}

  std::string folder_;
};

static_assert(keystore<fs_keystore>);

/// "foo" -> "key_mzxw6".
CAIRN_DECL auto key_file_name(std::string_view key_name) -> std::string;

/// "key_mzxw6" -> "foo"; nothing where the file name is no key's.
CAIRN_DECL auto parse_key_file_name(std::string_view file_name) -> std::optional<std::string>;

}  // namespace cairn

#if CAIRN_HEADER_ONLY
#  include <cairn/keystore/impl/fs.ipp>
#endif
