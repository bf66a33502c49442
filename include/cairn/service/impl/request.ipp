#pragma once

#include <cairn/core/try.hpp>
#include <cairn/service/go_text.hpp>
#include <cairn/service/request.hpp>

namespace cairn::service {

inline auto request::find(std::string_view name) const -> option_value const* {
  for (auto const& o : options)
    if (o.which->name() == name) return &o;
  return nullptr;
}

inline auto request::definition(std::string_view name) const -> option const* {
  for (auto const* owner : {which, root})
    if (owner)
      for (auto const& o : owner->options)
        if (o.name() == name) return &o;
  return nullptr;
}

CAIRN_DECL auto request::given(std::string_view name) const -> bool { return find(name) != nullptr; }

CAIRN_DECL auto request::has(std::string_view name) const -> bool {
  if (given(name)) return true;
  auto const* o = definition(name);
  return o && !o->fallback.empty();
}

CAIRN_DECL auto request::flag(std::string_view name) const -> bool {
  if (auto const* v = find(name)) return v->number != 0;
  auto const* o = definition(name);
  return o && o->fallback == "true";
}

CAIRN_DECL auto request::text(std::string_view name) const -> std::optional<std::string_view> {
  if (auto const* v = find(name)) return v->text;
  if (auto const* o = definition(name); o && !o->fallback.empty()) return o->fallback;
  return std::nullopt;
}

CAIRN_DECL auto request::texts(std::string_view name) const -> std::vector<std::string> {
  auto out = std::vector<std::string>{};
  for (auto const& o : options)
    if (o.which->name() == name) out.push_back(o.text);
  return out;
}

CAIRN_DECL auto request::number(std::string_view name) const -> std::optional<std::int64_t> {
  if (auto const* v = find(name)) return v->number;
  if (auto const* o = definition(name); o && !o->fallback.empty())
    if (auto n = parse_go_integer(o->fallback)) return *n;
  return std::nullopt;
}

CAIRN_DECL auto request::next_argument() -> io_result<std::optional<std::string>> {
  if (next_ < arguments.size()) return arguments[next_++];
  if (!lines_follow) return std::nullopt;
  constexpr auto longest = 1uz << 20;
  if (!lines_) {
    CAIRN_TRY(lines_, open_file({}));
  }
  for (;;) {
    if (auto const end = line_rest_.find('\n'); end != std::string::npos) {
      auto line = line_rest_.substr(0, end);
      line_rest_.erase(0, end + 1);
      if (line.ends_with('\r')) line.pop_back();
      return line;
    }
    if (line_rest_.size() > longest) return std::unexpected(error::message("cli", "a line of standard input is longer than 1 MiB"));
    byte some[16 * 1024];
    CAIRN_TRY(auto n, lines_->read(some));
    if (n == 0) {
      lines_follow = false;
      if (line_rest_.empty()) return std::nullopt;
      return std::exchange(line_rest_, {});
    }
    line_rest_ += as_text({some, n});
  }
}

CAIRN_DECL auto request::all_arguments() -> io_result<std::vector<std::string>> {
  auto out = std::vector<std::string>{};
  for (;;) {
    CAIRN_TRY(auto next, next_argument());
    if (!next) {
      if (out.empty() && which && !which->arguments.empty())
        if (auto const& last = which->arguments[which->arguments.size() - 1]; last.required)
          return std::unexpected(error::message("cli", "argument " + go_quoted(last.name) + " is required"));
      return out;
    }
    out.push_back(*std::move(next));
  }
}

CAIRN_DECL auto request::next_file() -> io_result<std::optional<file_argument>> {
  if (next_file_ == files.size()) return std::nullopt;
  return files[next_file_++];
}

CAIRN_DECL auto request::read_file(file_argument const& wanted, std::size_t limit) -> io_result<bytes> {
  CAIRN_TRY(auto source, open_file(wanted));
  auto out = bytes{};
  byte some[16 * 1024];
  for (;;) {
    CAIRN_TRY(auto n, source->read(some));
    if (n == 0) return out;
    if (out.size() + n > limit) return std::unexpected(error::message("cli", "the input is too long").about(wanted.path));
    append(out, {some, n});
  }
}

}  // namespace cairn::service
