#pragma once

#include <cairn/core/config.hpp>
#include <cairn/core/error.hpp>
#include <cairn/core/limits.hpp>
#include <cairn/ipld/path.hpp>

#include <functional>
#include <optional>

namespace cairn {

/// Why a name leads to nothing. The sentences are those that Boxo's users see.
enum class name_errc : byte {
  not_found = 1,    ///< no valid record of the name is known
  too_many_hops,    ///< names led to names, more than limits::name_hops of them or in a circle (SEC-49)
  bad_map,          ///< a map of names is not "name:path,name:path"
};

template <>
struct errc_traits<name_errc> {
  static constexpr std::string_view module = "name";
  static constexpr auto describe(name_errc e) -> std::string_view {
    switch (e) {
      case name_errc::not_found: return "could not resolve name";
      case name_errc::too_many_hops: return "could not resolve name (recursion limit exceeded)";
      case name_errc::bad_map: return "a map of names has the form name:path,name:path";
    }
    return "name: unknown error";
  }
};

/// Where one name leads.
struct name_step {
  content_path path;
  std::int64_t ttl = 0;  ///< how long that may be kept, in nanoseconds
};
/// May end the walk at a path that must not be followed.
using path_screen = std::function<io_result<void>(content_path const& at)>;
using name_lookup_step = std::function<io_result<name_step>(std::string_view name)>;

struct resolved_name {
  content_path path;       ///< what the name, or the last one of the way, leads to, with the segments that were behind it
  std::int64_t ttl = 0;    ///< the shortest of the way, in nanoseconds; 0 where no name was on it
  unsigned hops = 0;
  bool is_final = true;    ///< false: the path still begins with a name, since no more hops were allowed
};

/// Follow names until the path is immutable, at most `max_hops` of them. Not being through is no error here.
///
/// screen    sees each path on the way, the first and the last one too
/// errors    those of `step` and of `screen` · those of parse_path, where segments cannot be joined
CAIRN_DECL auto follow_names(content_path path, unsigned max_hops, name_lookup_step const& step, path_screen const& screen = nullptr) -> io_result<resolved_name>;

/// The same; not being through is an error.
///
/// errors    too_many_hops · those of follow_names
CAIRN_DECL auto resolve_names(content_path path, name_lookup_step const& step, path_screen const& screen = nullptr) -> io_result<resolved_name>;

}  // namespace cairn

#if CAIRN_HEADER_ONLY
#  include <cairn/naming/impl/name_resolution.ipp>
#endif
