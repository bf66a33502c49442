#pragma once

#include <cairn/core/text.hpp>
#include <cairn/core/try.hpp>
#include <cairn/service/cli/help.hpp>
#include <cairn/service/cli/impl/web_file.hpp>
#include <cairn/service/cli/parse.hpp>
#include <cairn/service/cli/remote.hpp>
#include <cairn/service/cli/run.hpp>
#include <cairn/service/cli/terminal.hpp>
#include <cairn/service/core_api.hpp>
#include <cairn/service/go_text.hpp>
#include <cairn/service/impl/xml_output.hpp>
#include <cairn/service/root_command.hpp>

#include <cerrno>
#include <csignal>
#include <cstdlib>
#include <cstring>
#include <fcntl.h>
#include <malloc.h>
#include <sys/stat.h>
#include <sys/time.h>
#include <unistd.h>

namespace cairn::service::cli {
namespace detail {

// One call from the command line: files are files of this machine, the node is the repo of this user.
class local_request final : public request {
public:
  auto open_file(file_argument const& wanted) -> io_result<std::unique_ptr<input_source>> override {
    if (wanted.path.empty()) return std::make_unique<descriptor_source>(0, false, "/dev/stdin");
    if (wanted.is_url()) return std::make_unique<web_file>(wanted.path, [this] { return cancelled(); });
    auto const descriptor = ::open(wanted.path.c_str(), O_RDONLY | O_CLOEXEC);
    if (descriptor < 0) return std::unexpected(error::message("cli", "open " + wanted.path + ": " + system_sentence(errno)));
    return std::make_unique<descriptor_source>(descriptor, true, wanted.path);
  }

  auto repo_path() -> io_result<std::string> override {
    if (auto const given = text("repo-dir"); given && !given->empty()) return expanded(*given);
    if (auto const* given = std::getenv("IPFS_PATH"); given && *given) return expanded(given);
    auto const* home = std::getenv("HOME");
    if (!home || !*home) return std::unexpected(error::message("cli", "$HOME is not defined"));
    return std::string{home} + "/.ipfs";
  }

  auto api() -> io_result<core_api*> override {
    if (!api_) {
      CAIRN_TRY(auto path, repo_path());
      CAIRN_TRY(auto opened, core_api::open(path, {.cancelled = [] { return interrupted_by() != 0; }}));
      // what is wrong there can be mended
      if (!path_of(*this).starts_with("config")) CAIRN_TRY(opened->check_config());
      api_ = std::move(opened);
    }
    return api_.get();
  }

  auto cancelled() const -> bool override { return interrupted_by() != 0; }

  /// Leave the repo as it should be; what was written may still fail here.
  auto close() -> io_result<void> { return api_ ? api_->close() : io_result<void>{}; }

private:
  static auto expanded(std::string_view path) -> io_result<std::string> {
    if (path != "~" && !path.starts_with("~/")) return std::string{path};
    auto const* home = std::getenv("HOME");
    if (!home || !*home) return std::unexpected(error::message("cli", "$HOME is not defined"));
    return std::string{home} + std::string{path.substr(1)};
  }

  std::unique_ptr<core_api> api_;
};

inline auto program_name(char const* called) -> std::string_view {
  auto name = std::string_view{called ? called : ""};
  if (auto const slash = name.rfind('/'); slash != std::string_view::npos) name.remove_prefix(slash + 1);
  return name.empty() ? "cairn" : name;
}

inline void say(std::string_view text) {
  auto const safe = ::isatty(2) ? printable_lines(text) : std::string{text};
  write_fully(2, as_bytes(safe));
}

inline void say_error(error const& e) {
  auto text = "Error: " + to_string(e) + "\n";
  say(text);
}

inline auto start_timeout(std::string_view text) -> io_result<void> {
  CAIRN_TRY(auto nanoseconds, parse_duration(text));
  if (nanoseconds <= 0) nanoseconds = 1;
  itimerval timer{};
  timer.it_value.tv_sec = nanoseconds / 1'000'000'000;
  timer.it_value.tv_usec = nanoseconds % 1'000'000'000 / 1000;
  if (timer.it_value.tv_sec == 0 && timer.it_value.tv_usec == 0) timer.it_value.tv_usec = 1;
  ::setitimer(ITIMER_REAL, &timer, nullptr);
  return {};
}

inline auto form_of(request const& in) -> io_result<encoding> {
  auto const wanted = in.text("encoding").value_or("");
  if (wanted.empty() || wanted == "text") return encoding::text;
  // the same in every encoding: a page for people, or octets
  auto const name = path_of(in);
  auto const always_text = name == "add" || name == "ls";
  if (always_text && (wanted == "json" || wanted == "xml")) return encoding::text;
  for (auto const* raw : {"block/get", "cat", "cid/base32", "cid/format", "dag/export", "dag/get", "files/read", "get", "key/export", "multibase/decode",
                          "multibase/encode", "multibase/transcode"})
    if (wanted == "xml" && name == raw) return encoding::json;
  if (wanted == "json" || (wanted == "xml" && service::detail::xml_shape_of(name))) return encoding::json;
  return std::unexpected(error::message("cli", "invalid encoding: " + std::string{wanted}));
}

// In this process, or by the node that runs for this repo.
inline auto run_here_or_there(request& in, output& out) -> io_result<void> {
  CAIRN_TRY(auto node, node_of(in));
  if (!node) return in.which->run(in, out);
  asks_a_node(true);
  auto refused = false;
  auto done = run_remote(in, out, *node, refused);
  if (!refused) return done;
  if (in.given("api"))
    return std::unexpected(error::message("cli", "cannot connect to the api. Is the daemon running? To run as a standalone CLI command remove the api file in `$IPFS_PATH/api`"));
  // the file of a node that was killed
  CAIRN_TRY(auto folder, in.repo_path());
  ::unlink((folder + "/api").c_str());
  asks_a_node(false);
  return in.which->run(in, out);
}

}  // namespace detail

CAIRN_DECL auto run(int argc, char const* const* argv) -> int {
  using namespace detail;
  auto const program = program_name(argc > 0 ? argv[0] : nullptr);
  auto words = std::vector<char const*>(argv + (argc > 0 ? 1 : 0), argv + argc);
  if (!words.empty() && std::string_view{words[0]} == "--version") words[0] = "version";
  if (!words.empty() && std::string_view{words[0]} == "help") {
    words.erase(words.begin());
    if (words.empty() || std::string_view{words[0]} != "--help") words.push_back("--help");
  }

  auto const& root = root_command();
  auto in = local_request{};
  auto const parsed = parse(words, root, in);
  auto const help = [&](help_form form, int descriptor) {
    auto const text = help_text(program, root, in.path, form, columns_of(descriptor));
    write_fully(descriptor, as_bytes(text));
  };
  if (!parsed) {
    say_error(parsed.error());
    return 1;
  }
  catch_signals();
  if (auto const timeout = in.text("timeout")) {
    if (auto started = start_timeout(*timeout); !started) {
      say_error(started.error());
      return 1;
    }
  }
  if (in.flag("help")) return help(help_form::whole, 1), 0;
  if (in.flag("h")) return help(help_form::brief, 1), 0;
  if (auto bound = bind_arguments(in); !bound) {
    say_error(bound.error());
    say("\n");
    help(help_form::brief, 2);
    return 1;
  }
  if (!in.which->run) return help(help_form::brief, 1), 0;
  auto const form = form_of(in);
  if (!form) {
    say_error(form.error());
    return 1;
  }

  // memory that a block leaves is for the next block: the system gives pages anew at a price
  ::mallopt(M_MMAP_THRESHOLD, 32 << 20);
  ::mallopt(M_TRIM_THRESHOLD, 64 << 20);
  auto out = terminal_output{*form};
  auto const* shape = in.text("encoding") == "xml" ? service::detail::xml_shape_of(path_of(in)) : nullptr;
  auto done = io_result<void>{};
  if (shape) {
    auto xml = service::detail::xml_output{out, *shape};
    done = run_here_or_there(in, xml);
  } else {
    done = run_here_or_there(in, out);
  }
  out.progress_end();
  auto flushed = out.finish();
  if (done && !flushed) done = std::move(flushed);
  auto closed = in.close();
  if (done && !closed) done = std::move(closed);
  if (done) return 0;
  if (interrupted_by() == SIGALRM) {
    say(timeout_sentence());
    return 1;
  }
  if (interrupted_by() != 0) {
    say("Error: canceled\n");
    return 128 + interrupted_by();
  }
  say_error(done.error());
  return 1;
}

}  // namespace cairn::service::cli
