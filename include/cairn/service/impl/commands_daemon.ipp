#pragma once
// daemon, shutdown

#include <cairn/core/try.hpp>
#include <cairn/service/command.hpp>
#include <cairn/service/core_api.hpp>
#include <cairn/service/daemon.hpp>
#include <cairn/service/impl/commands_repo.ipp>
#include <cairn/service/impl/handler.hpp>
#include <cairn/service/output.hpp>
#include <cairn/service/request.hpp>
#include <cairn/service/running_node.hpp>
#include <cairn/service/version.hpp>

#include <unistd.h>

namespace cairn::service::detail {

inline auto run_daemon(request& in, output& out) -> io_result<void> {
  auto options = daemon_options{};
  CAIRN_TRY(options.repo_path, in.repo_path());
  options.gc = in.flag("enable-gc");
  options.offline = in.flag("offline");
  options.unrestricted_api = in.flag("unrestricted-api");
  CAIRN_TRY(out.text("Initializing daemon...\nKubo version: " + std::string{kubo_version} + "\nRepo version: " + std::string{repo_version_text} + "\nSystem version: " +
                     std::string{system_name} + "\nGolang version: " + std::string{toolchain_name} + "\n"));
  CAIRN_TRY(out.flush());
  if (in.flag("init") && ::access((options.repo_path + "/config").c_str(), F_OK) != 0) CAIRN_TRY(init_with(in, out, in.text("init-profile").value_or("")));
  return run_node(out, options);
}

inline auto run_shutdown(request& in, output&) -> io_result<void> {
  auto* const node = in.node();
  if (!node) return fail("daemon not running");
  node->stop();
  return {};
}

inline constexpr option daemon_options_list[]{
    {"init", option_type::boolean, "Make a repo first, where there is none."},
    {"init-config", option_type::text, "A config to begin that repo with."},
    {"init-profile", option_type::text, "Profiles for that repo, with commas between."},
    {"routing", option_type::text, "The way to find peers and content.", "default"},
    {"mount", option_type::boolean, "Mount IPFS in the file system."},
    {"mount-ipfs", option_type::text, "Where /ipfs is mounted."},
    {"mount-ipns", option_type::text, "Where /ipns is mounted."},
    {"mount-mfs", option_type::text, "Where the mutable files are mounted."},
    {"enable-mplex-experiment", option_type::boolean, "DEPRECATED"},
    {"enable-gc", option_type::boolean, "Collect garbage as the config says: Datastore.StorageMax, GCPeriod."},
    {"unrestricted-api", option_type::boolean, "Serve /ipfs and /ipns at the API's address too."},
    {"migrate", option_type::boolean, "Bring an older repo up to date without asking."},
    {"manage-fdlimit", option_type::boolean, "Raise the limit of open files.", "true"},
    {"disable-transport-encryption", option_type::boolean, "For tests only."},
    {"enable-pubsub-experiment", option_type::boolean, "DEPRECATED"},
    {"enable-namesys-pubsub", option_type::boolean, "DEPRECATED"},
    {"agent-version-suffix", option_type::text, "More text for the name of this program that peers see."},
};

}  // namespace cairn::service::detail
