#pragma once

#include <cairn/core/error.hpp>

namespace cairn {

/// Why a repo cannot be made or opened.
enum class repo_errc : byte {
  no_repo = 1,        ///< a repo has a file `config`
  exists,             ///< `init` makes repos, it does not change them
  no_version,         ///< a repo has a file `version` with one number
  older,              ///< the version is below 18: Kubo migrates it
  newer,              ///< the version is above 18: this build does not know it
  locked,             ///< another process has `repo.lock`
  bad_config,         ///< `config` is a JSON object
  bad_spec,           ///< Datastore.Spec mounts a store of blocks at /blocks and LevelDB at /
  unsupported_store,  ///< Datastore.Spec asks for a store that this build does not have
  spec_mismatch,      ///< Datastore.Spec is what the file datastore_spec says
  converting,         ///< a conversion was interrupted
};

template <>
struct errc_traits<repo_errc> {
  static constexpr std::string_view module = "repo";
  static constexpr auto describe(repo_errc e) -> std::string_view {
    switch (e) {
      case repo_errc::no_repo: return "no IPFS repo found";
      case repo_errc::exists: return "ipfs configuration file already exists";
      case repo_errc::no_version: return "repo: the file version is missing or is no number";
      case repo_errc::older: return "ipfs repo needs migration";
      case repo_errc::newer: return "the repo was made by a newer program";
      case repo_errc::locked: return "someone else has the lock";
      case repo_errc::bad_config: return "repo: the config is not a JSON object";
      case repo_errc::bad_spec: return "repo: Datastore.Spec is not a mount of a block store at /blocks and of levelds at /";
      case repo_errc::unsupported_store: return "repo: Datastore.Spec names a store that this build does not have";
      case repo_errc::spec_mismatch: return "repo: Datastore.Spec of the config does not match the file datastore_spec";
      case repo_errc::converting: return "repo: a conversion was interrupted";
    }
    return "repo: unknown error";
  }
};

}  // namespace cairn
