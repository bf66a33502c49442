#pragma once
// get

#include <cairn/core/try.hpp>
#include <cairn/service/command.hpp>
#include <cairn/service/core_api.hpp>
#include <cairn/service/impl/archive_file.hpp>
#include <cairn/service/impl/get_plan.hpp>
#include <cairn/service/impl/handler.hpp>
#include <cairn/service/output.hpp>
#include <cairn/service/request.hpp>

namespace cairn::service::detail {

inline auto run_get(request& in, output& out) -> io_result<void> {
  CAIRN_TRY(auto path, first_argument(in, "ipfs-path"));
  CAIRN_TRY(auto plan, get_plan_of(in, path));
  CAIRN_TRY(auto* api, in.api());
  if (plan.plain() || plan.archive) {
    CAIRN_TRY(auto const entry, api->open_entry(plan.path));  // what is not there, or no file, is said before anything is
    if (!entry.remainder.empty() || (entry.type == content_entry::kind::node && entry.id.codec() != code::dag_pb)) return fail("unknown node type");
  } else if (auto file = api->open_content(plan.path); !file) {
    if (file.error().clause() == "this dag node is a directory") return fail("file is not regular");
    return std::unexpected(std::move(file).error());
  }
  if (in.node()) {
    // the files are the caller's: an archive of them goes there
    auto size = std::optional<std::uint64_t>{};
    if (auto const file = api->open_content(plan.path)) size = (*file)->size();
    out.content(plan.compress ? "application/gzip" : "application/x-tar", size);
    return api->archive(plan.path, plan.name, plan.options(), [&](bytes_view piece) { return out.raw(piece); });
  }
  auto const show = wants_progress(in, out.messages_on_terminal());
  auto done = std::uint64_t{0};
  auto const wrote = [&](std::uint64_t n) {
    done += n;
    if (show) out.progress(done, 0);
  };
  auto const shown = out.answer_on_terminal() ? escaped_name(plan.target) : plan.target;
  if (plan.plain()) {
    CAIRN_TRY(out.text("Saving file(s) to " + shown + "\n"));
    return api->get(plan.path, plan.target, plan.name, wrote);
  }
  auto file = archive_file{plan.target};
  CAIRN_TRY(file.open());
  CAIRN_TRY(out.text("Saving archive to " + shown + "\n"));
  CAIRN_TRY(api->archive(plan.path, plan.name, plan.options(), [&](bytes_view piece) {
    wrote(piece.size());
    return file.write(piece);
  }));
  return file.finish();
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
