#pragma once

#include <cairn/asio/http/client.hpp>
#include <cairn/asio/http/url.hpp>
#include <cairn/core/limits.hpp>
#include <cairn/core/try.hpp>
#include <cairn/service/cli/impl/get_target.hpp>
#include <cairn/service/cli/impl/part_writer.hpp>
#include <cairn/service/cli/remote.hpp>
#include <cairn/service/config_text.hpp>
#include <cairn/service/core_api.hpp>
#include <cairn/service/core_types.hpp>
#include <cairn/service/go_text.hpp>
#include <cairn/service/rpc/frames.hpp>
#include <cairn/service/rpc/rules.hpp>

#include <ctime>

namespace cairn::service::cli {
namespace detail {

inline auto stays_here(std::string_view option) -> bool {
  for (auto const* name : {"api", "api-auth", "repo-dir", "config-file", "config", "debug", "help", "h", "timeout", "encoding", "ignore", "ignore-rules-path", "hidden",
                           "dereference-args", "dereference-symlinks", "stdin-name"})
    if (option == name) return true;
  return false;
}

inline auto path_of(request const& in) -> std::string {
  auto out = std::string{};
  for (auto const* c : in.path) (out += out.empty() ? "" : "/") += c->name;
  return out;
}

// The files of the call, as parts.
inline auto parts_of(request& in, std::string boundary) -> io_result<std::shared_ptr<part_writer>> {
  auto options = part_options{};
  auto const adds = in.path.back()->name == "add" && in.path.size() == 1;
  if (adds) {
    options.hidden = in.flag("hidden");
    options.empty_dirs = in.flag("empty-dirs");
    options.follow = in.flag("dereference-symlinks");
    options.follow_arguments = in.flag("dereference-args");
    options.with_mode = in.flag("preserve-mode");
    options.with_mtime = in.flag("preserve-mtime");
    if (auto const path = in.text("ignore-rules-path"); path && !path->empty()) {
      CAIRN_TRY(auto text, in.read_file({{}, std::string{*path}}, 16 * limits::MiB));
      auto rest = as_text(text);
      while (!rest.empty()) {
        auto const end = rest.find('\n');
        options.ignore.emplace_back(rest.substr(0, end));
        rest.remove_prefix(end == std::string_view::npos ? rest.size() : end + 1);
      }
    }
    for (auto& rule : in.texts("ignore")) options.ignore.push_back(std::move(rule));
  }
  auto out = std::make_shared<part_writer>(std::move(boundary), std::move(options));
  for (auto const& f : in.files) {
    if (!f.path.empty() && adds && !f.is_url()) {
      out->add(f.path, f.name);
      continue;
    }
    CAIRN_TRY(auto source, in.open_file(f));
    out->add(std::move(source), f.name);
  }
  if (in.lines_follow) {
    CAIRN_TRY(auto source, in.open_file({}));
    out->add(std::move(source), "stdin");
  }
  return out;
}

// The answer, whoever gave it.
class answer_reader {
public:
  answer_reader(output& out, std::function<io_result<void>(bytes_view)> octets) : out_{out}, octets_{std::move(octets)} {}

  auto began(http::response const& head) -> io_result<void> {
    auto const type = head.fields.find("Content-Type").value_or("");
    framed_ = type == rpc::frames_type;
    json_ = type.starts_with("application/json");
    status_ = head.status;
    return {};
  }

  auto more(bytes_view in) -> io_result<void> {
    if (framed_) return take_frames(in);
    if (status_ >= 400 || (json_ && out_.form() == encoding::text)) {
      if (text_.size() + in.size() > 64 * limits::MiB) return std::unexpected(error::message("rpc", "the answer is too long"));
      text_ += as_text(in);
      return {};
    }
    return octets_(in);
  }

  // What became of the command.
  auto end(http::headers const& trailers) -> io_result<void> {
    if (framed_) {
      if (!ended_) return std::unexpected(error::message("rpc", "the node's answer was cut short"));
      return std::move(result_);
    }
    if (status_ == 404 && text_.starts_with("404 page not found")) return std::unexpected(error::message("rpc", "command not found"));
    if (status_ >= 400) {
      if (auto const parsed = parse_config(text_); parsed && parsed->find("Message") && parsed->find("Message")->as_string())
        return std::unexpected(error::message("rpc", *parsed->find("Message")->as_string()));
      while (text_.ends_with('\n')) text_.pop_back();
      return std::unexpected(error::message("rpc", text_.empty() ? "the node answers " + std::to_string(status_) : text_));
    }
    if (json_ && !text_.empty()) CAIRN_TRY(foreign_values());
    if (auto const why = trailers.find("X-Stream-Error")) return std::unexpected(error::message("rpc", std::string{*why}));
    return {};
  }

private:
  auto take_frames(bytes_view in) -> io_result<void> {
    text_ += as_text(in);
    auto rest = std::string_view{text_};
    auto bad = false;
    while (auto const f = rpc::take_frame(rest, bad)) {
      switch (f->kind) {
        case rpc::frame_kind::answer: CAIRN_TRY(octets_(as_bytes(f->content))); break;
        case rpc::frame_kind::complaint:
          CAIRN_TRY(out_.flush());
          out_.complain(f->content);
          break;
        case rpc::frame_kind::progress: {
          auto const blank = f->content.find(' ');
          auto const done = parse_go_unsigned(f->content.substr(0, blank)), total = parse_go_unsigned(f->content.substr(blank + 1));
          if (done && total) out_.progress(*done, *total);
          break;
        }
        case rpc::frame_kind::progress_end: out_.progress_end(); break;
        case rpc::frame_kind::failed:
          ended_ = true;
          result_ = std::unexpected(error::message("rpc", std::string{f->content}));
          break;
        case rpc::frame_kind::done: ended_ = true; break;
      }
    }
    if (bad) return std::unexpected(error::message("rpc", "the node's answer is malformed"));
    text_.erase(0, text_.size() - rest.size());
    // what there is, is shown
    return out_.answer_on_terminal() ? out_.flush() : io_result<void>{};
  }

  // Values of another program's node that has no text for them: those of `add` as lines, others as they are.
  auto foreign_values() -> io_result<void> {
    for (auto rest = std::string_view{text_}; !rest.empty();) {
      auto const end = rest.find('\n');
      auto const line = rest.substr(0, end);
      rest.remove_prefix(end == std::string_view::npos ? rest.size() : end + 1);
      auto const value = parse_config(line);
      auto const text_at = [&](char const* key) -> std::string const* {
        auto const* found = value ? value->find(key) : nullptr;
        return found ? found->as_string() : nullptr;
      };
      if (text_at("Hash") && text_at("Name")) CAIRN_TRY(out_.text("added " + *text_at("Hash") + " " + escaped_name(*text_at("Name")) + "\n"));
      else if (!(value && value->find("Bytes"))) CAIRN_TRY(out_.text(std::string{line} + "\n"));
    }
    return {};
  }

  output& out_;
  std::function<io_result<void>(bytes_view)> octets_;
  std::string text_;
  io_result<void> result_{};
  unsigned status_ = 0;
  bool framed_ = false, json_ = false, ended_ = false;
};

}  // namespace detail

CAIRN_DECL auto node_of(request& in) -> io_result<std::optional<http::endpoint>> {
  if (in.which->place >= command_place::here_only) {
    if (in.given("api")) return std::unexpected(error::message("cli", "api flag specified but command cannot be run on the daemon"));
    if (in.which->place == command_place::alone) {
      CAIRN_TRY(auto folder, in.repo_path());
      if (core_api::is_in_use(folder)) return std::unexpected(error::message("cli", "ipfs daemon is running. please stop it to run this command"));
    }
    return std::nullopt;
  }
  if (in.which->place == command_place::caller) return std::nullopt;
  if (auto const given = in.text("api"); given && !given->empty()) {
    if (!given->starts_with('/') && !given->starts_with("http")) return std::unexpected(error::message("cli", "failed to parse multiaddr " + go_quoted(*given) + ": must begin with /"));
    CAIRN_TRY(auto at, http::endpoint::parse(*given));
    return at;
  }
  if (in.which->place == command_place::no_repo) return std::nullopt;
  CAIRN_TRY(auto folder, in.repo_path());
  auto const file = in.read_file({{}, folder + "/api"}, 2047);
  if (!file) return std::nullopt;
  auto text = std::string{as_text(*file)};
  while (text.ends_with('\n') || text.ends_with(' ')) text.pop_back();
  if (text.empty()) return std::nullopt;
  CAIRN_TRY(auto at, http::endpoint::parse(text));
  return at;
}

CAIRN_DECL auto run_remote(request& in, output& out, http::endpoint const& node, bool& refused) -> io_result<void> {
  using namespace detail;
  auto const name = path_of(in);
  auto const gets = name == "get";
  auto call = http::call{};
  auto& target = call.head.target;
  // other programs' nodes have no text for `add`
  target = "/api/v0/" + name + "?encoding=" + (out.form() == encoding::json || name == "add" ? "json" : "text");
  for (auto const& a : in.arguments) target += "&arg=" + http::percent_encoded(a);
  for (auto const& o : in.options)
    if (!stays_here(o.which->name()) && !(gets && o.which->name() == "output")) target += "&" + http::percent_encoded(o.which->name()) + "=" + http::percent_encoded(o.text);
  call.head.method = "POST";
  call.head.fields.add("Accept", rpc::frames_type);
  call.head.fields.add("User-Agent", "cairn/command-line");
  call.head.fields.add("X-Cairn-Form", out.form() == encoding::json ? "json" : "text");
  auto terminal = std::string{out.answer_on_terminal() && !gets ? "answer" : ""};
  if (out.messages_on_terminal()) terminal += (terminal.empty() ? "" : ", ") + std::string{"messages"};
  if (!terminal.empty()) call.head.fields.add("X-Cairn-Terminal", terminal);
  if (auto const secret = in.text("api-auth"); secret && !secret->empty()) call.head.fields.add("Authorization", rpc::authorization_header(*secret));
  if (!in.files.empty() || in.lines_follow) {
    timespec now{};
    ::clock_gettime(CLOCK_REALTIME, &now);
    auto const boundary = "cairn-" + std::to_string(::getpid()) + "-" + std::to_string(now.tv_sec) + "-" + std::to_string(now.tv_nsec);
    CAIRN_TRY(auto parts, parts_of(in, boundary));
    call.head.fields.add("Content-Type", "multipart/form-data; boundary=" + boundary);
    call.body = [parts](bytes_span into) { return parts->read(into); };
  }
  auto file = std::unique_ptr<get_target>{};
  auto profile = std::optional<service::detail::archive_file>{};
  auto profile_path = std::string{};
  if (name == "diag/profile") {
    profile_path = in.text("output").value_or("");
    if (profile_path.empty()) {
      char stamp[40];
      auto const now = std::time(nullptr);
      std::tm parts{};
      std::strftime(stamp, sizeof stamp, "%Y-%m-%dT%H_%M_%SZ", ::gmtime_r(&now, &parts));
      profile_path = "ipfs-profile-" + std::string{stamp} + ".zip";
    }
    profile.emplace(profile_path);
  }
  if (gets) {
    CAIRN_TRY(file, get_target::open(in, out));
  }
  auto answer = answer_reader{out, [&](bytes_view in_piece) -> io_result<void> {
    if (!profile) return file ? file->write(in_piece) : out.raw(in_piece);
    if (!profile->is_open()) CAIRN_TRY(profile->open());
    return profile->write(in_piece);
  }};
  call.began = [&](http::response const& head) { return answer.began(head); };
  call.more = [&](bytes_view piece) { return answer.more(piece); };
  call.cancelled = [&] { return in.cancelled(); };
  auto trailers = http::perform(node, call);
  if (!trailers) {
    refused = trailers.error().is_system(ECONNREFUSED) || trailers.error().is_system(ENOENT);
    return std::unexpected(std::move(trailers).error());
  }
  CAIRN_TRY(answer.end(*trailers));
  if (profile && profile->is_open()) {
    CAIRN_TRY(profile->finish());
    return out.text("Wrote profiles to: " + profile_path + "\n");
  }
  return file ? file->finish() : io_result<void>{};
}

}  // namespace cairn::service::cli
