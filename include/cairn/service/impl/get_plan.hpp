#pragma once
// What `get` writes, and where: for the command and for the command line that lets a node run it.

#include <cairn/core/try.hpp>
#include <cairn/service/core_types.hpp>
#include <cairn/service/impl/handler.hpp>
#include <cairn/service/request.hpp>

#include <ctime>
#include <string>

namespace cairn::service::detail {

struct get_plan {
  path_like path;
  std::string target;     ///< file or folder of this machine
  std::string name;       ///< of the archive's root
  bool archive, compress;
  std::optional<int> level{};

  /// Neither: the tree itself.
  auto plain() const -> bool { return !archive && !compress; }
  auto options() const -> archive_options { return {.tar = archive || !compress, .gzip = level, .now = static_cast<std::int64_t>(std::time(nullptr))}; }
};

// The last name of what the user asked for.
inline auto default_target(std::string path) -> std::string {
  while (path.ends_with('/')) path.pop_back();
  path = path.substr(path.rfind('/') + 1);
  return path.empty() ? "." : path;
}

inline auto get_plan_of(request& in, std::string const& path) -> io_result<get_plan> {
  auto const parsed = path_like{path};
  // the root of an archive has the last name of the path, as it was resolved: "ipfs://x/y" names y
  auto plan = get_plan{parsed, std::string{in.text("output").value_or("")}, default_target(parsed.path() ? to_string(*parsed.path()) : path), in.flag("archive"), in.flag("compress")};
  if (plan.compress) {
    auto const wanted = in.number("compression-level");
    if (wanted && (*wanted < 1 || *wanted > 9)) return fail("compression level must be between 1 and 9");
    plan.level = static_cast<int>(wanted.value_or(-1));
  }
  if (plan.target.empty()) plan.target = default_target(path);
  auto const ends_with = [&](std::string_view end) { return plan.target.ends_with(end); };
  if (plan.archive && !ends_with(".tar") && !ends_with(".tar.gz")) plan.target += ".tar";
  if (plan.compress && !ends_with(".gz")) plan.target += ".gz";
  return plan;
}

}  // namespace cairn::service::detail
