#pragma once
// get

#include <cairn/core/try.hpp>
#include <cairn/service/command.hpp>
#include <cairn/service/core_api.hpp>
#include <cairn/service/impl/handler.hpp>
#include <cairn/service/output.hpp>
#include <cairn/service/request.hpp>

#include <cerrno>
#include <ctime>
#include <fcntl.h>
#include <unistd.h>

namespace cairn::service::detail {

// The last name of what the user asked for.
inline auto default_target(std::string path) -> std::string {
  while (path.ends_with('/')) path.pop_back();
  path = path.substr(path.rfind('/') + 1);
  return path.empty() ? "." : path;
}

inline auto run_get(request& in, output& out) -> io_result<void> {
  auto const compress = in.flag("compress");
  auto level = std::optional<int>{};
  if (compress) {
    auto const wanted = in.number("compression-level");
    if (wanted && (*wanted < 1 || *wanted > 9)) return fail("compression level must be between 1 and 9");
    level = static_cast<int>(wanted.value_or(-1));
  }
  CAIRN_TRY(auto path, first_argument(in, "ipfs-path"));
  auto const archive = in.flag("archive");
  auto target = std::string{in.text("output").value_or("")};
  if (target.empty()) target = default_target(path);
  // the root of an archive has the last name of the path, as it was resolved: "ipfs://x/y" names y
  auto const parsed = path_like{path};
  auto const name = default_target(parsed.path() ? to_string(*parsed.path()) : path);
  auto const show = wants_progress(in, out.messages_on_terminal());
  auto done = std::uint64_t{0};
  auto const wrote = [&](std::uint64_t n) {
    done += n;
    if (show) out.progress(done, 0);
  };
  CAIRN_TRY(auto* api, in.api());
  if (!archive && !compress) {
    CAIRN_TRY(api->resolve(parsed));  // what is not there is said before anything is
    CAIRN_TRY(out.text("Saving file(s) to " + (out.answer_on_terminal() ? escaped_name(target) : target) + "\n"));
    return api->get(parsed, target, name, wrote);
  }
  auto const ends_with = [&](std::string_view end) { return target.ends_with(end); };
  if (archive && !ends_with(".tar") && !ends_with(".tar.gz")) target += ".tar";
  if (compress && !ends_with(".gz")) target += ".gz";
  if (archive) {
    CAIRN_TRY(api->resolve(parsed));
  } else if (auto file = api->open_content(parsed); !file) {
    if (file.error().clause() == "this dag node is a directory") return fail("file is not regular");
    return std::unexpected(std::move(file).error());
  }
  // under another name until it is whole: a failure or Ctrl-C leaves no half of an archive
  auto const part = target + ".part";
  auto const to = ::open(part.c_str(), O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0644);
  if (to < 0) return std::unexpected(error::system(errno, "cannot create", target));
  auto pending = bytes{};
  auto const flush = [&]() -> io_result<void> {
    for (auto rest = bytes_view{pending}; !rest.empty();) {
      auto const n = ::write(to, rest.data(), rest.size());
      if (n < 0 && errno == EINTR) continue;
      if (n < 0) return std::unexpected(error::system(errno, "cannot write", target));
      rest = rest.subspan(static_cast<std::size_t>(n));
    }
    pending.clear();
    return {};
  };
  auto result = out.text("Saving archive to " + (out.answer_on_terminal() ? escaped_name(target) : target) + "\n");
  if (result)
    result = api->archive(parsed, name, {.tar = archive, .gzip = level, .now = static_cast<std::int64_t>(std::time(nullptr))}, [&](bytes_view piece) -> io_result<void> {
      append(pending, piece);
      wrote(piece.size());
      return pending.size() >= limits::MiB ? flush() : io_result<void>{};
    });
  if (result) result = flush();
  if (::close(to) != 0 && result) result = std::unexpected(error::system(errno, "cannot write", target));
  if (result && ::rename(part.c_str(), target.c_str()) != 0) result = std::unexpected(error::system(errno, "cannot create", target));
  if (!result) ::unlink(part.c_str());
  return result;
}

inline constexpr argument get_argument[]{{"ipfs-path", argument_type::text, true, false, "The path.", true}};
inline constexpr option get_options[]{
    {"output o", option_type::text, "Where to put it; without it, here, under its own name."},
    {"archive a", option_type::boolean, "Make a TAR archive of it."},
    {"compress C", option_type::boolean, "Compress it with GZIP."},
    {"compression-level l", option_type::int32, "From 1, fast, to 9, small."},
    {"progress p", option_type::boolean, "Show how much was written. Default: where stderr is a terminal"},
};

}  // namespace cairn::service::detail
