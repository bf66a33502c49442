#pragma once

#include <cairn/core/try.hpp>
#include <cairn/service/cli/impl/web_url.hpp>
#include <cairn/service/cli/parse.hpp>
#include <cairn/service/cli/terminal.hpp>
#include <cairn/service/go_text.hpp>

#include <algorithm>
#include <charconv>
#include <cerrno>
#include <cstdlib>
#include <sys/stat.h>
#include <unistd.h>

namespace cairn::service::cli {
namespace detail {

inline auto usage_error(std::string text) { return std::unexpected(error::message("cli", std::move(text))); }

inline auto keep(request& into, option_value v) -> io_result<void> {
  if (v.which->type != option_type::texts && into.given(v.which->name()))
    return usage_error("multiple values for option " + go_quoted(v.which->name()));
  into.options.push_back(std::move(v));
  return {};
}

// Names that a mistyped command may have meant: those contained in it, or reached by cheap insertions.
inline auto suggestions(std::string_view typed, command const& root) -> std::vector<std::string_view> {
  auto out = std::vector<std::string_view>{};
  for (auto const& c : root.children)
    if (typed.find(c.name) != std::string_view::npos) out.push_back(c.name);
  if (!out.empty() || typed.size() > 64) return out;
  auto scored = std::vector<std::pair<std::size_t, std::string_view>>{};
  for (auto const& c : root.children) {
    // edit distance with insertion 1, replacement 2, deletion 3; more than 3 is no relation
    auto row = std::vector<std::size_t>(c.name.size() + 1);
    for (std::size_t j = 0; j < row.size(); ++j) row[j] = j;
    for (std::size_t i = 0; i < typed.size(); ++i) {
      auto diagonal = row[0];
      row[0] += 3;
      for (std::size_t j = 0; j < c.name.size(); ++j) {
        auto const replaced = diagonal + (typed[i] == c.name[j] ? 0 : 2);
        diagonal = row[j + 1];
        row[j + 1] = std::min({replaced, row[j + 1] + 3, row[j] + 1});
      }
    }
    if (row.back() <= 3) scored.emplace_back(row.back(), c.name);
  }
  std::sort(scored.begin(), scored.end());
  for (auto const& s : scored) out.push_back(s.second);
  return out;
}

inline auto unknown_command(std::string_view typed, command const& root) {
  auto text = "Unknown Command \"" + std::string{typed} + "\"\n";
  auto const near = suggestions(typed, root);
  if (!near.empty()) {
    text += near.size() > 1 ? "\nDid you mean any of these?\n\n" : "\nDid you mean this?\n\n";
    for (std::size_t i = 0; i < near.size(); ++i) text += (i ? "\n\t" : "\t") + std::string{near[i]};
  }
  return usage_error(std::move(text));
}

// Where a file argument stands, without its last name; "." for none.
inline auto folder_of(std::string_view path) -> std::string {
  auto const slash = path.rfind('/');
  return slash == std::string_view::npos ? "." : slash == 0 ? "/" : std::string{path.substr(0, slash)};
}

inline auto base_of(std::string_view path) -> std::string {
  auto const slash = path.rfind('/');
  return std::string{slash == std::string_view::npos || path.size() == 1 ? path : path.substr(slash + 1)};
}

// The path without empty parts, `.` and resolvable `..`, as the shell's user would write it.
inline auto clean_path(std::string_view path) -> std::string {
  auto const rooted = path.starts_with('/');
  auto parts = std::vector<std::string_view>{};
  while (!path.empty()) {
    auto const slash = path.find('/');
    auto const part = path.substr(0, slash);
    path = slash == std::string_view::npos ? std::string_view{} : path.substr(slash + 1);
    if (part.empty() || part == ".") continue;
    if (part == "..") {
      if (!parts.empty() && parts.back() != "..") parts.pop_back();
      else if (!rooted) parts.push_back(part);
      continue;
    }
    parts.push_back(part);
  }
  auto out = std::string{rooted ? "/" : ""};
  for (std::size_t i = 0; i < parts.size(); ++i) {
    if (i) out += '/';
    out += parts[i];
  }
  return out.empty() ? "." : out;
}

inline auto bind_file(request& into, argument const& a, std::string_view given) -> io_result<void> {
  if (given == "-") {
    into.files.push_back({std::string{into.text("stdin-name").value_or("")}, {}});
    return {};
  }
  if (auto url = as_url(given)) {
    into.files.push_back({name_of_url(*url), *std::move(url)});
    return {};
  }
  auto path = clean_path(given);
  auto const absolute = [&](std::string const& of) -> io_result<std::string> {
    auto* found = ::realpath(of.c_str(), nullptr);
    if (!found) return usage_error("lstat " + of + ": " + system_sentence(errno));
    auto out = std::string{found};
    std::free(found);
    return out;
  };
  if (path == ".") {
    CAIRN_TRY(path, absolute(path));
  } else if (into.flag("dereference-args") || into.flag("dereference-symlinks")) {
    CAIRN_TRY(path, absolute(path));
  }
  struct stat facts {};
  if (::lstat(path.c_str(), &facts) != 0) {
    return usage_error("lstat " + path + ": " + system_sentence(errno));
  }
  if (S_ISDIR(facts.st_mode)) {
    if (!a.directories) return usage_error("invalid path '" + path + "', argument '" + std::string{a.name} + "' does not support directories");
    if (!into.flag("recursive")) return usage_error("'" + path + "' is a directory, use the '-r' flag to specify directories");
  }
  auto name = base_of(path);
  for (auto const& f : into.files)
    if (f.name == name && !f.path.empty()) {
      if (folder_of(f.path) == folder_of(path)) return {};  // the same file, once is enough
      return usage_error("file name " + name + " repeated under different import directories: " + folder_of(path) + " and " + folder_of(f.path));
    }
  into.files.push_back({std::move(name), std::move(path)});
  return {};
}

}  // namespace detail

CAIRN_DECL auto find_option(command const& root, std::span<command const* const> path, std::string_view wanted) -> option const* {
  auto const in = [&](command const& c) -> option const* {
    for (auto const& o : c.options) {
      auto names = o.names;
      for (;;) {
        auto const blank = names.find(' ');
        if (names.substr(0, blank) == wanted) return &o;
        if (blank == std::string_view::npos) break;
        names.remove_prefix(blank + 1);
      }
    }
    return nullptr;
  };
  for (auto const* c : path)
    if (auto const* o = in(*c)) return o;
  return in(root);
}

CAIRN_DECL auto parse_value(option const& o, std::string_view text) -> io_result<option_value> {
  auto const bad = [&](std::string_view function, std::string_view why) {
    return detail::usage_error("strconv." + std::string{function} + ": parsing " + go_quoted(text) + ": " + std::string{why});
  };
  auto const whole = [&](std::string_view function, std::int64_t low, std::int64_t high) -> io_result<option_value> {
    auto const n = parse_go_integer(text);
    if (!n) {
      auto const all_digits = !text.empty() && text.find_first_not_of("+-0123456789") == std::string_view::npos && text.find_first_of("0123456789") != std::string_view::npos;
      return bad(function, all_digits ? "value out of range" : "invalid syntax");
    }
    if (*n < low || *n > high) return bad(function, "value out of range");
    return option_value{&o, std::string{text}, *n};
  };
  auto const natural = [&](std::uint64_t high) -> io_result<option_value> {
    auto const n = parse_go_unsigned(text);
    if (!n) {
      auto const digits = text.starts_with('0') ? "01234567" : "0123456789";
      auto const all_digits = !text.empty() && text.find_first_not_of(digits) == std::string_view::npos;
      return bad("ParseUint", all_digits ? "value out of range" : "invalid syntax");
    }
    if (*n > high) return bad("ParseUint", "value out of range");
    return option_value{&o, std::string{text}, static_cast<std::int64_t>(*n)};
  };
  switch (o.type) {
    case option_type::boolean: {
      auto lower = std::string{text};
      for (auto& c : lower)
        if (c >= 'A' && c <= 'Z') c = static_cast<char>(c | 0x20);
      if (lower.empty() || lower == "1" || lower == "t" || lower == "true") return option_value{&o, "true", 1};
      if (lower == "0" || lower == "f" || lower == "false") return option_value{&o, "false", 0};
      text = lower;
      return bad("ParseBool", "invalid syntax");
    }
    case option_type::int32: return whole("ParseInt", INT32_MIN, INT32_MAX);
    case option_type::int64: return whole("ParseInt", INT64_MIN, INT64_MAX);
    case option_type::uint32: return natural(UINT32_MAX);
    case option_type::uint64: return natural(UINT64_MAX);
    case option_type::real: {
      auto value = 0.0;
      auto const end = text.data() + text.size();
      if (auto const r = std::from_chars(text.data(), end, value); r.ec != std::errc{} || r.ptr != end) return bad("ParseFloat", "invalid syntax");
      return option_value{&o, std::string{text}};
    }
    case option_type::text:
    case option_type::texts: return option_value{&o, std::string{text}};
  }
  return detail::usage_error("unknown option type");
}

CAIRN_DECL auto parse(std::span<char const* const> words, command const& root, request& into) -> io_result<void> {
  using namespace detail;
  auto const* at = &root;
  into.root = &root;
  auto const option_named = [&](std::string_view name) { return find_option(root, into.path, name); };
  for (std::size_t i = 0; i < words.size(); ++i) {
    auto const word = std::string_view{words[i]};
    if (word == "--") {
      for (++i; i < words.size(); ++i) into.arguments.emplace_back(words[i]);
      break;
    }
    if (word.starts_with("--")) {
      auto const equals = word.find('=');
      auto const name = word.substr(2, equals == std::string_view::npos ? equals : equals - 2);
      auto const* o = option_named(name);
      if (!o) return usage_error("unknown option " + go_quoted(name));
      auto text = std::string_view{};
      if (equals != std::string_view::npos) {
        text = word.substr(equals + 1);
      } else if (o->type != option_type::boolean) {
        if (i + 1 >= words.size()) return usage_error("missing argument for option " + go_quoted(name));
        text = words[++i];
      }
      CAIRN_TRY(auto v, parse_value(*o, text));
      CAIRN_TRY(keep(into, std::move(v)));
      continue;
    }
    if (word.starts_with('-') && word != "-") {
      auto letters = word.substr(1);
      if (auto const equals = letters.find('='); equals != std::string_view::npos) {
        auto const* o = option_named(letters.substr(0, equals));
        if (!o) return usage_error("unknown option " + go_quoted(letters.substr(0, equals)));
        CAIRN_TRY(auto v, parse_value(*o, letters.substr(equals + 1)));
        CAIRN_TRY(keep(into, std::move(v)));
        continue;
      }
      for (std::size_t j = 0; j < letters.size(); ++j) {
        auto const* o = option_named(letters.substr(j, 1));
        if (!o) return usage_error("unknown option " + go_quoted(letters));
        if (o->type == option_type::boolean) {
          CAIRN_TRY(keep(into, {o, "true", 1}));
          continue;
        }
        auto text = letters.substr(j + 1);
        if (text.empty()) {
          if (i + 1 >= words.size()) return usage_error("missing argument for option " + go_quoted(letters));
          text = words[++i];
        }
        CAIRN_TRY(auto v, parse_value(*o, text));
        CAIRN_TRY(keep(into, std::move(v)));
        break;
      }
      continue;
    }
    if (auto const* next = at->child(word)) {
      at = next;
      into.path.push_back(next);
      continue;
    }
    if (into.path.empty()) return unknown_command(word, root);
    into.arguments.emplace_back(word);
  }
  into.which = at;
  return {};
}

CAIRN_DECL auto bind_arguments(request& into) -> io_result<void> {
  using namespace detail;
  auto const& wanted = into.which->arguments;
  auto given = std::move(into.arguments);
  into.arguments.clear();
  if (given.size() > wanted.size() && (wanted.empty() || !wanted[wanted.size() - 1].variadic))
    return usage_error("expected " + std::to_string(wanted.size()) + " argument(s), got " + std::to_string(given.size()));
  auto required = 0uz;
  for (auto const& a : wanted) required += a.required ? 1 : 0;

  auto at = 0uz;
  auto const has_stdin = !wanted.empty() && wanted[wanted.size() - 1].from_stdin;
  auto stdin_used = false;
  for (std::size_t i = 0; i < given.size(); ++i) {
    auto const left = given.size() - i + (has_stdin && !stdin_used ? 1 : 0);
    // an optional argument is skipped where what is left is needed for the required ones
    while (at < wanted.size() && left <= required && !wanted[at].required) ++at;
    auto const& a = wanted[std::min(at, wanted.size() - 1)];
    if (a.required && required) --required;
    if (a.type == argument_type::file) {
      CAIRN_TRY(bind_file(into, a, given[i]));
    } else {
      into.arguments.push_back(std::move(given[i]));
    }
    ++at;
  }
  if (at < wanted.size() && has_stdin && at == wanted.size() - 1) {
    auto const& last = wanted[at];
    if (last.type == argument_type::text) {
      into.lines_follow = true;
    } else if (last.required) {
      into.files.push_back({std::string{into.text("stdin-name").value_or("")}, {}});
    }
    ++at;
  }
  for (; at < wanted.size(); ++at)
    if (wanted[at].required) return usage_error("argument " + go_quoted(wanted[at].name) + " is required");
  std::sort(into.files.begin(), into.files.end(), [](auto const& a, auto const& b) { return a.name != b.name ? a.name < b.name : a.path < b.path; });
  return {};
}

}  // namespace cairn::service::cli
