#pragma once
// Files of this machine as the parts of a multipart body, made while it is sent.

#include <cairn/asio/http/url.hpp>
#include <cairn/core/try.hpp>
#include <cairn/service/cli/terminal.hpp>
#include <cairn/service/impl/file_mode.hpp>
#include <cairn/service/name_rules.hpp>
#include <cairn/service/request.hpp>

#include <algorithm>
#include <cerrno>
#include <cstring>
#include <deque>
#include <dirent.h>
#include <fcntl.h>
#include <memory>
#include <sys/stat.h>
#include <unistd.h>

namespace cairn::service::cli::detail {

struct part_options {
  bool hidden = true, empty_dirs = true, follow = false, follow_arguments = false, with_mode = false, with_mtime = false;
  std::vector<std::string> ignore{};
};

class part_writer {
public:
  part_writer(std::string boundary, part_options options) : boundary_{std::move(boundary)}, options_{std::move(options)}, rules_{options_.ignore} {}

  /// A path of this machine, or what a source gives.
  void add(std::string path, std::string name, bool argument = true) { todo_.push_back({std::move(path), std::move(name), nullptr, argument}); }
  void add(std::unique_ptr<input_source> source, std::string name) { todo_.push_back({{}, std::move(name), std::move(source), true}); }

  /// Octets of the body; 0 at its end.
  auto read(bytes_span into) -> io_result<std::size_t> {
    for (;;) {
      if (at_ < text_.size()) {
        auto const n = std::min(into.size(), text_.size() - at_);
        std::memcpy(into.data(), text_.data() + at_, n);
        at_ += n;
        return n;
      }
      text_.clear();
      at_ = 0;
      if (open_) {
        CAIRN_TRY(auto n, open_->read(into));
        if (n != 0) return n;
        open_.reset();
        text_ = "\r\n";
        continue;
      }
      if (todo_.empty()) {
        if (std::exchange(ended_, true)) return 0uz;
        text_ = "--" + boundary_ + "--\r\n";
        continue;
      }
      auto next = std::move(todo_.front());
      todo_.pop_front();
      CAIRN_TRY(begin(std::move(next)));
    }
  }

private:
  struct item {
    std::string path, name;
    std::unique_ptr<input_source> source;
    bool argument;
  };

  void head(std::string const& name, std::string_view type, struct stat const* facts, std::string const& path) {
    text_ += "--" + boundary_ + "\r\n";
    if (type == "application/octet-stream" && !path.empty()) text_ += "Abspath-Encoded: " + http::percent_encoded(path) + "\r\n";
    auto extras = std::string{};
    if (facts && options_.with_mode) {
      char octal[24];
      auto mode = facts->st_mode & 0777u;
      // Go's own bits
      if (S_ISDIR(facts->st_mode)) mode |= 1u << 31;
      if (S_ISLNK(facts->st_mode)) mode |= 1u << 27;
      if (facts->st_mode & S_ISUID) mode |= 1u << 23;
      if (facts->st_mode & S_ISGID) mode |= 1u << 22;
      if (facts->st_mode & S_ISVTX) mode |= 1u << 20;
      std::snprintf(octal, sizeof octal, "mode=0%o", mode);
      extras += octal;
    }
    if (facts && options_.with_mtime) extras += (extras.empty() ? "" : "&") + std::string{"mtime="} + std::to_string(facts->st_mtim.tv_sec) + "&mtime-nsecs=" + std::to_string(facts->st_mtim.tv_nsec);
    text_ += "Content-Disposition: form-data; name=\"file" + (extras.empty() ? extras : "?" + extras) + "\"; filename=\"" + http::percent_encoded(name) + "\"\r\n";
    text_ += "Content-Type: " + std::string{type} + "\r\n\r\n";
  }

  auto begin(item next) -> io_result<void> {
    if (next.source) {
      head(next.name, "application/octet-stream", nullptr, {});
      open_ = std::move(next.source);
      return {};
    }
    auto const failed = [&](char const* doing) { return std::unexpected(error::message("cli", std::string{doing} + " " + next.path + ": " + system_sentence(errno))); };
    struct stat facts {};
    auto const follow = options_.follow || (next.argument && options_.follow_arguments);
    if ((follow ? ::stat(next.path.c_str(), &facts) : ::lstat(next.path.c_str(), &facts)) != 0) return failed("lstat");
    if (S_ISLNK(facts.st_mode)) {
      char target[4096];
      auto const n = ::readlink(next.path.c_str(), target, sizeof target);
      if (n < 0) return failed("readlink");
      head(next.name, "application/symlink", &facts, next.path);
      text_.append(target, static_cast<std::size_t>(n)).append("\r\n");
      return {};
    }
    if (S_ISDIR(facts.st_mode)) return folder(next, facts);
    if (!S_ISREG(facts.st_mode) && !next.argument)
      return std::unexpected(error::message("add", "unrecognized file type for " + next.path + ": " + service::detail::go_file_mode(facts.st_mode)));
    auto const descriptor = ::open(next.path.c_str(), O_RDONLY | O_CLOEXEC);
    if (descriptor < 0) return failed("open");
    open_ = std::make_unique<descriptor_source>(descriptor, true, next.path);
    auto absolute = std::unique_ptr<char, void (*)(void*)>{::realpath(next.path.c_str(), nullptr), std::free};
    head(next.name, "application/octet-stream", &facts, absolute ? absolute.get() : next.path);
    return {};
  }

  auto folder(item const& at, struct stat const& facts) -> io_result<void> {
    auto* const stream = ::opendir(at.path.c_str());
    if (!stream) return std::unexpected(error::message("cli", "open " + at.path + ": " + system_sentence(errno)));
    auto names = std::vector<std::string>{};
    while (auto const* e = ::readdir(stream)) {
      auto const n = std::string_view{e->d_name};
      if (n == "." || n == ".." || (n[0] == '.' && !options_.hidden) || rules_.excludes(n)) continue;
      names.emplace_back(n);
    }
    ::closedir(stream);
    if (names.empty() && !options_.empty_dirs && !at.argument) return {};
    std::sort(names.begin(), names.end());
    head(at.name, "application/x-directory", &facts, at.path);
    text_ += "\r\n";
    // depth first: what is in here comes before what comes behind it
    for (auto n = names.rbegin(); n != names.rend(); ++n) todo_.push_front({at.path + "/" + *n, at.name + "/" + *n, nullptr, false});
    return {};
  }

  std::string boundary_;
  part_options options_;
  name_rules rules_;
  std::deque<item> todo_;
  std::unique_ptr<input_source> open_;
  std::string text_;
  std::size_t at_ = 0;
  bool ended_ = false;
};

}  // namespace cairn::service::cli::detail
