#pragma once
// One call over HTTP, as handlers see it.

#include <cairn/service/cli/parse.hpp>
#include <cairn/service/cli/terminal.hpp>
#include <cairn/service/core_api.hpp>
#include <cairn/service/rpc/impl/upload.hpp>
#include <cairn/service/rpc/rpc.hpp>

#include <ctime>
#include <fcntl.h>

namespace cairn::service::rpc::detail {

inline auto now_nanoseconds(clockid_t clock = CLOCK_REALTIME) -> std::int64_t {
  timespec now{};
  ::clock_gettime(clock, &now);
  return now.tv_sec * 1'000'000'000 + now.tv_nsec;
}

class rpc_request final : public request {
public:
  rpc_request(http::exchange& with, served_node const& from) : with_{with}, from_{from} {}

  auto open_file(file_argument const& wanted) -> io_result<std::unique_ptr<input_source>> override {
    if (!wanted.path.empty()) {
      // a client names no file of this machine; the node itself reads its config here
      if (wanted.path != from_.repo_path + "/config") return std::unexpected(error::message("rpc", "files of the node's machine cannot be opened by a client"));
      auto const descriptor = ::open(wanted.path.c_str(), O_RDONLY | O_CLOEXEC);
      if (descriptor < 0) return std::unexpected(error::message("rpc", "open " + wanted.path + ": " + cli::system_sentence(errno)));
      return std::make_unique<cli::descriptor_source>(descriptor, true, wanted.path);
    }
    if (!upload_) return std::unexpected(error::message("rpc", "the request has no file"));
    return std::make_unique<part_source>(*upload_);
  }

  auto next_file() -> io_result<std::optional<file_argument>> override {
    if (!files.empty() && !first_given_) {
      first_given_ = true;
      return files.front();
    }
    if (!upload_) return std::nullopt;
    CAIRN_TRY(auto entry, upload_->next());
    if (!entry) return std::nullopt;
    return file_argument{entry->path, {}};
  }

  auto api() -> io_result<core_api*> override {
    if (!api_) api_ = from_.api.for_caller({.cancelled = [this] { return cancelled(); }, .offline = flag("offline") || flag("local")});
    return api_.get();
  }
  auto repo_path() -> io_result<std::string> override { return from_.repo_path; }
  auto cancelled() const -> bool override {
    return with_.cancelled() || (deadline_ != 0 && now_nanoseconds(CLOCK_MONOTONIC_COARSE) > deadline_);
  }
  auto timed_out() const -> bool { return deadline_ != 0 && now_nanoseconds(CLOCK_MONOTONIC_COARSE) > deadline_; }
  auto node() -> running_node* override { return &from_.node; }
  auto upload() -> upload_source* override { return upload_.get(); }

  /// The command, its options and arguments from the target and the head. errors: what Kubo answers with 400
  auto bind(command const& top, command const* wanted, std::optional<std::string> first) -> io_result<void> {
    root = &top;
    which = wanted;
    auto pairs = http::parse_query(with_.head().query());
    if (!pairs) return std::unexpected(error::message("rpc", "invalid URL escape in the query"));
    auto given = std::vector<std::string>{};
    if (first) given.push_back(*std::move(first));
    for (auto& [key, value] : *pairs) {
      if (key == "arg") {
        given.push_back(std::move(value));
        continue;
      }
      auto const* o = cli::find_option(top, path, key);
      if (!o) continue;  // as Kubo: what nobody knows is left alone
      auto v = cli::parse_value(*o, value);
      if (!v) return std::unexpected(error::message("rpc", "could not convert value " + go_quoted(value) + " to type \"" + std::string{type_name(o->type)} + "\" (for option \"-" + key + "\")"));
      if (o->type != option_type::texts && this->given(o->name())) continue;
      options.push_back(*std::move(v));
    }
    if (auto const limit = text("timeout"); limit && !limit->empty()) {
      auto const wait = parse_duration(*limit);
      if (!wait) return std::unexpected(wait.error());
      deadline_ = now_nanoseconds(CLOCK_MONOTONIC_COARSE) + *wait;
    }
    CAIRN_TRY(open_body());
    return bind_given(std::move(given));
  }

private:
  static auto type_name(option_type type) -> std::string_view {
    switch (type) {
      case option_type::boolean: return "bool";
      case option_type::int32: return "int";
      case option_type::uint32: return "uint";
      case option_type::int64: return "int64";
      case option_type::uint64: return "uint64";
      case option_type::real: return "float";
      case option_type::text: return "string";
      case option_type::texts: return "array";
    }
    return "string";
  }

  auto open_body() -> io_result<void> {
    auto const type = with_.head().fields.find("Content-Type");
    if (!type) return {};
    CAIRN_TRY(auto boundary, http::multipart_boundary(*type));
    if (boundary) upload_ = std::make_unique<multipart_upload>(*boundary, [this](bytes_span into) { return with_.read(into); });
    return {};
  }

  auto bind_given(std::vector<std::string> given) -> io_result<void> {
    auto required = 0uz;
    for (auto const& a : which->arguments) required += a.required && a.type == argument_type::text ? 1 : 0;
    auto at = 0uz;
    auto wants_file = false, folders = false;
    auto const last = which->arguments.empty() ? nullptr : &which->arguments[which->arguments.size() - 1];
    auto const lines = last && last->type == argument_type::text && last->from_stdin && upload_;
    for (auto const& a : which->arguments) {
      if (a.type == argument_type::file) {
        wants_file = true;
        folders = folders || a.directories;
        if (a.required && !upload_) return std::unexpected(error::message("rpc", "file argument '" + std::string{a.name} + "' is required"));
        continue;
      }
      auto const left = given.size() - at;
      if (!a.required && left <= required) continue;
      if (a.required) --required;
      if (left == 0) {
        if (a.required && !(lines && &a == last)) return std::unexpected(error::message("rpc", "argument " + go_quoted(a.name) + " is required"));
        continue;
      }
      do arguments.push_back(std::move(given[at++]));
      while (a.variadic && at < given.size());
    }
    if (lines) {
      // the lines of standard input, as a part
      CAIRN_TRY(auto part, upload_->next());
      lines_follow = part.has_value();
    } else if (wants_file && !folders && upload_) {
      CAIRN_TRY(auto part, upload_->next());
      if (part) files.push_back({part->path, {}});
    }
    return {};
  }

  http::exchange& with_;
  served_node const& from_;
  std::unique_ptr<core_api> api_;
  std::unique_ptr<multipart_upload> upload_;
  std::int64_t deadline_ = 0;
  bool first_given_ = false;
};

}  // namespace cairn::service::rpc::detail
