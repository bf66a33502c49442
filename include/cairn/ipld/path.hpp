#pragma once

#include <cairn/core/config.hpp>
#include <cairn/core/error.hpp>
#include <cairn/multiformats/cid.hpp>

#include <span>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

namespace cairn {

/// Why a text is not a content path. The sentences are those that Boxo's users see.
enum class path_errc : byte {
  insufficient_components = 1,  ///< a path is /{namespace}/{root} at least
  unknown_namespace,            ///< the namespace is not ipfs, ipld or ipns
  bad_root,                     ///< the root of /ipfs or /ipld is no CID
  expected_immutable,           ///< /ipns needs a resolver first
  too_many_segments,            ///< more than limits::path_segments
  below_root,                   ///< a single CID is wanted, the path goes on below it
};

template <>
struct errc_traits<path_errc> {
  static constexpr std::string_view module = "path";
  static constexpr auto describe(path_errc e) -> std::string_view {
    switch (e) {
      case path_errc::insufficient_components: return "path does not have enough components";
      case path_errc::unknown_namespace: return "unknown namespace";
      case path_errc::bad_root: return "invalid cid";
      case path_errc::expected_immutable: return "path was expected to be immutable";
      case path_errc::too_many_segments: return "path has too many segments";
      case path_errc::below_root: return "points below a root CID, expected a single CID";
    }
    return "path: unknown error";
  }
};

enum class path_namespace : byte { ipfs, ipld, ipns };

/// "ipfs", "ipld", "ipns".
CAIRN_DECL auto to_string(path_namespace ns) -> std::string_view;

/// A path whose root is a CID: what it names never changes. Segments are the octets between slashes (IX-35).
struct immutable_path {
  cid root;
  std::vector<std::string> segments{};
  path_namespace ns = path_namespace::ipfs;  ///< ipfs: names of UnixFS; ipld: the data model as it is
  bool trailing_slash = false;
  std::string root_text{};  ///< the CID as it was written; empty: the usual text
};

/// A path whose root is a name (/ipns): it names something only when it has been resolved.
struct mutable_path {
  std::string name;  ///< a key's text or a domain
  std::vector<std::string> segments{};
  bool trailing_slash = false;
};

using content_path = std::variant<immutable_path, mutable_path>;

CAIRN_DECL auto to_string(immutable_path const& p) -> std::string;
CAIRN_DECL auto to_string(mutable_path const& p) -> std::string;
CAIRN_DECL auto to_string(content_path const& p) -> std::string;

/// The elements of a text between slashes, after "." and ".." and empty ones were dealt with as in a POSIX path.
CAIRN_DECL auto path_segments(std::string_view text) -> std::vector<std::string>;

/// Strictly /ipfs/..., /ipld/... or /ipns/...: for values that came from elsewhere, as DNSLink records.
///
/// errors    insufficient_components · unknown_namespace · bad_root · too_many_segments
CAIRN_DECL auto parse_path(std::string_view text) -> result<content_path, path_errc>;

/// The same, or a native URI: ipfs://CID/x, ipns:name; the scheme in either case, the rest as it is.
///
/// errors    those of parse_path
CAIRN_DECL auto parse_path_or_uri(std::string_view text) -> result<content_path, path_errc>;

/// What users type: a path, a URI, a CID, /CID.
///
/// errors    those of parse_path_or_uri
CAIRN_DECL auto parse_path_argument(std::string_view text) -> result<content_path, path_errc>;

/// A single CID: bare, or as a path or URI without segments.
///
/// errors    those of parse_path_or_uri · expected_immutable · below_root
CAIRN_DECL auto parse_cid_argument(std::string_view text) -> result<cid, path_errc>;

/// errors    expected_immutable
CAIRN_DECL auto to_immutable(content_path p) -> result<immutable_path, path_errc>;

/// The path with segments behind it, cleaned; each may have slashes of its own. What goes above the root is refused.
///
/// errors    those of parse_path
CAIRN_DECL auto join(content_path const& p, std::span<std::string_view const> segments) -> result<content_path, path_errc>;

/// The error as Boxo prints it: `invalid path "x": unknown namespace`.
CAIRN_DECL auto path_error(path_errc why, std::string_view text) -> error;

}  // namespace cairn

#if CAIRN_HEADER_ONLY
#  include <cairn/ipld/impl/path.ipp>
#endif
