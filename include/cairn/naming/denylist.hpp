#pragma once

#include <cairn/core/config.hpp>
#include <cairn/core/error.hpp>
#include <cairn/ipld/path.hpp>

#include <cstdint>
#include <map>
#include <string>
#include <string_view>
#include <vector>

namespace cairn {

/// Why a text is no denylist.
enum class denylist_errc : byte {
  unsupported_version = 1,  ///< the version in the header is not 1                      (IPIP-383, "Header")
  line_too_long,            ///< a line has more than 2 MiB                              (IPIP-383, "File syntax")
  bad_header,               ///< the header is not the YAML of fields and hints          (IPIP-383, "Header", 2)
  too_many_rules,           ///< more rules than limits::denylist_rules
};

template <>
struct errc_traits<denylist_errc> {
  static constexpr std::string_view module = "denylist";
  static constexpr auto describe(denylist_errc e) -> std::string_view {
    switch (e) {
      case denylist_errc::unsupported_version: return "unsupported denylist version";
      case denylist_errc::line_too_long: return "a line of the denylist is longer than 2 MiB";
      case denylist_errc::bad_header: return "the header of the denylist is not lines of 'field: value'";
      case denylist_errc::too_many_rules: return "the denylists have too many rules";
    }
    return "denylist: unknown error";
  }
};

/// What stands before the rules.
struct denylist_header {
  std::string name{}, description{}, author{};
  std::map<std::string, std::string, std::less<>> hints{};
};

/// Rules of compact denylists that say what is not to be read, in the order in which they were added: of those that match, the
/// last one decides.
///
/// Rules: /ipfs/CID, /ipfs/CID/PATH, /ipfs/CID/PATH*, the same of /ipns/NAME, //DOUBLE-HASH, and ! before a rule for what is allowed.
/// A CID stands for its multihash, whatever its codec and base; a PATH is percent-encoded. Lines that are no rule are left out.
/// The empty file, block and directory are never blocked.
///
/// memory    32 octets a rule and the octets of its key and path
/// cost      a search among the sorted rules, and one hash for each function that double hashes use
/// spec      IPIP-383   tests  conformance area denylist
class denylist {
public:
  /// Add the rules of a file, behind those that are here.
  ///
  /// errors    unsupported_version · line_too_long · bad_header · too_many_rules; then the rules are as they were
  CAIRN_DECL auto add(std::string_view file) -> result<denylist_header, denylist_errc>;

  /// Whether that path, as it was asked for, is blocked; a path without segments also by rules for its CID or name.
  CAIRN_DECL auto blocks(content_path const& path) const -> bool;
  /// Whether a block is.
  CAIRN_DECL auto blocks(cid const& id) const -> bool;

  auto size() const -> std::size_t { return rules_.size(); }
  auto empty() const -> bool { return rules_.empty(); }

private:
  struct rule {
    std::uint64_t hash;  // of the key
    std::uint64_t at;    // of its octets, then those of the path, in text_
    std::uint32_t order, path_size;
    std::uint16_t key_size;
    bool prefix, allow;
  };
  struct questions;
  CAIRN_DECL void add_line(std::string_view line);
  CAIRN_DECL void add_rule(std::string_view key, std::string_view path, bool prefix, bool allow);
  CAIRN_DECL auto answer(questions const& asked) const -> bool;

  std::string text_;
  std::vector<rule> rules_;                 // sorted by hash
  std::vector<std::uint64_t> functions_{};  // of double hashes
  bool legacy_ = false;                     // there are double hashes in hexadecimal
};

/// The error of what is blocked, in Kubo's words: "/ipfs/... is blocked and cannot be provided".
CAIRN_DECL auto blocked_error(std::string_view what) -> error;
/// Whether an error is that one: a gateway answers 410.
CAIRN_DECL auto is_blocked_error(error const& e) -> bool;

}  // namespace cairn

#if CAIRN_HEADER_ONLY
#  include <cairn/naming/impl/denylist.ipp>
#endif
