#pragma once

#include <cairn/service/cli/help.hpp>

#include <algorithm>
#include <vector>

namespace cairn::service::cli {
namespace detail {

using help_lines = std::vector<std::string>;

inline void align(help_lines& lines) {
  auto longest = 0uz;
  for (auto const& l : lines) longest = std::max(longest, l.size());
  for (auto& l : lines) l.append(longest - l.size(), ' ');
}

// `text` behind `front`, broken at blanks, further lines under its first column.
inline auto wrapped(std::string front, std::string_view text, std::size_t width) -> std::string {
  auto const column = front.size();
  auto const room = width > column ? width - column : 0;
  if (room >= 30) {
    while (text.size() > room) {
      auto blank = text.substr(0, room).find_last_of("\r\n\t ");
      if (blank == std::string_view::npos) blank = text.find_first_of("\r\n\t ");
      if (blank == std::string_view::npos) break;
      front += text.substr(0, blank);
      front += '\n' + std::string(column, ' ');
      text.remove_prefix(std::min(text.size(), text.find_first_not_of("\r\n\t ", blank)));
    }
  }
  return front += text;
}

inline auto split_names(std::string_view names) -> std::vector<std::string_view> {
  auto out = std::vector<std::string_view>{};
  while (!names.empty()) {
    auto const blank = names.find(' ');
    out.push_back(names.substr(0, blank));
    names = blank == std::string_view::npos ? std::string_view{} : names.substr(blank + 1);
  }
  return out;
}

inline auto with_dashes(std::string_view name) -> std::string { return (name.size() == 1 ? "-" : "--") + std::string{name}; }

inline auto type_name(option_type t) -> std::string_view {
  switch (t) {
    case option_type::boolean: return "bool";
    case option_type::int32: return "int";
    case option_type::uint32: return "uint";
    case option_type::int64: return "int64";
    case option_type::uint64: return "uint64";
    case option_type::real: return "float64";
    case option_type::text: return "string";
    case option_type::texts: return "array";
  }
  return "";
}

inline auto option_about(option const& o) -> std::string {
  auto out = std::string{o.about};
  if (!out.empty() && !out.ends_with('.')) out += '.';
  if (!o.fallback.empty()) out += " Default: " + std::string{o.fallback} + ".";
  return out;
}

inline auto argument_usage(argument const& a) -> std::string {
  auto out = a.required ? "<" + std::string{a.name} + ">" : "[<" + std::string{a.name} + ">]";
  return a.variadic ? out + "..." : out;
}

inline auto arguments_usage(command const& c) -> std::string {
  auto out = std::string{};
  for (auto const& a : c.arguments) out += (out.empty() ? "" : " ") + argument_usage(a);
  return out;
}

inline auto synopsis(command const& c, std::string const& called, std::size_t width) -> std::string {
  auto out = called;
  auto column = out.size();
  auto const add = [&](std::string const& piece) {
    if (column + piece.size() + 1 > width) {
      out += '\n' + std::string(called.size(), ' ');
      column = called.size();
    }
    column += piece.size() + 1;
    out += ' ' + piece;
  };
  for (auto const& o : c.options) {
    auto piece = std::string{};
    for (auto const name : split_names(o.names)) {
      if (o.type == option_type::boolean && o.fallback == "true") {
        piece = "--" + std::string{name} + "=false";
        break;
      }
      if (!piece.empty())
        piece += " | " + with_dashes(name);
      else
        piece = with_dashes(name) + (o.type == option_type::boolean ? "" : "=<" + std::string{name} + ">");
    }
    add("[" + piece + "]" + (o.type == option_type::texts ? "..." : ""));
  }
  if (!c.arguments.empty()) add("[--]");
  for (auto const& a : c.arguments) {
    auto piece = "<" + std::string{a.name} + ">" + (a.variadic ? "..." : "");
    add(a.required ? piece : "[" + piece + "]");
  }
  return out;
}

inline auto argument_lines(command const& c, std::size_t width) -> help_lines {
  auto lines = help_lines{};
  for (auto const& a : c.arguments) lines.push_back(argument_usage(a));
  align(lines);
  for (std::size_t i = 0; i < lines.size(); ++i) lines[i] = wrapped(lines[i] + " - ", c.arguments[i].about, width);
  return lines;
}

inline auto option_lines(command const& c, std::size_t width) -> help_lines {
  auto lines = help_lines{};
  for (auto const& o : c.options) {
    auto names = split_names(o.names);
    std::sort(names.begin(), names.end(), [](auto a, auto b) { return a.size() != b.size() ? a.size() < b.size() : a.data() < b.data(); });
    auto line = std::string{};
    for (auto const name : names) line += (line.empty() ? "" : ", ") + with_dashes(name);
    lines.push_back(std::move(line));
  }
  align(lines);
  for (std::size_t i = 0; i < lines.size(); ++i) lines[i] += "  " + std::string{type_name(c.options[i].type)};
  align(lines);
  for (std::size_t i = 0; i < lines.size(); ++i) lines[i] = wrapped(lines[i] + " - ", option_about(c.options[i]), width);
  return lines;
}

inline auto child_lines(command const& c, std::string const& called, command_status status, std::size_t width) -> help_lines {
  auto children = std::vector<command const*>{};
  for (auto const& child : c.children)
    if (child.status == status) children.push_back(&child);
  std::sort(children.begin(), children.end(), [](auto const* a, auto const* b) { return a->name < b->name; });
  auto lines = help_lines{};
  for (auto const* child : children) {
    auto const usage = arguments_usage(*child);
    lines.push_back(called + " " + std::string{child->name} + (usage.empty() ? "" : " " + usage));
  }
  align(lines);
  for (std::size_t i = 0; i < lines.size(); ++i) lines[i] = wrapped(lines[i] + " - ", children[i]->summary, width);
  return lines;
}

inline auto joined(help_lines const& lines) -> std::string {
  auto out = std::string{};
  for (auto const& l : lines) out += (out.empty() ? "" : "\n") + l;
  return out;
}

inline auto trimmed(std::string_view text) -> std::string_view {
  while (text.starts_with('\n')) text.remove_prefix(1);
  while (text.ends_with('\n')) text.remove_suffix(1);
  return text;
}

inline auto indented(std::string_view text) -> std::string {
  auto out = std::string{"  "};
  for (auto c : trimmed(text)) {
    out += c;
    if (c == '\n') out += "  ";
  }
  return out;
}

inline auto warning(command_status status) -> std::string_view {
  switch (status) {
    case command_status::active: return "";
    case command_status::deprecated: return "DEPRECATED, command will be removed in the future";
    case command_status::experimental: return "EXPERIMENTAL, command may change in future releases";
    case command_status::removed: return "REMOVED, command is no longer available";
  }
  return "";
}

}  // namespace detail

CAIRN_DECL auto help_text(std::string_view program, command const& root, std::span<command const* const> path, help_form form,
                          std::size_t columns) -> std::string {
  using namespace detail;
  auto const& c = path.empty() ? root : *path.back();
  auto const width = columns > 2 ? columns - 2 : columns;
  auto called = std::string{program};
  for (auto const* step : path) called += " " + std::string{step->name};

  auto out = std::string{};
  auto const section = [&](std::string_view title, std::string const& body, std::string_view gap) {
    if (body.empty()) return;
    out += title;
    out += gap;
    out += indented(body) + "\n\n";
  };
  if (auto const w = warning(c.status); !w.empty()) out += "WARNING:   " + std::string{w} + "\n\n";
  auto usage = called + (path.empty() ? " " : "");
  if (auto const a = arguments_usage(c); !a.empty()) usage += " " + a;
  usage = wrapped(usage + " - ", c.summary, width);

  auto const more = "  For more information about each command, use:\n  '" + called + " <subcmd> --help'\n\n";
  auto const active = joined(child_lines(c, called, command_status::active, width));
  if (form == help_form::whole) {
    section("USAGE", usage, "\n");
    section("SYNOPSIS", synopsis(c, called, width), "\n");
    section("ARGUMENTS", joined(argument_lines(c, width)), "\n\n");
    section("OPTIONS", joined(option_lines(c, width)), "\n\n");
    section("DESCRIPTION", std::string{c.about}, "\n\n");
    section("EXAMPLES", std::string{c.examples}, "\n\n");
    section("SUBCOMMANDS", active, "\n");
    if (!active.empty()) out += more;
  } else {
    out += "USAGE\n" + indented(usage) + "\n\n" + indented(synopsis(c, called, width)) + "\n";
    if (!c.about.empty()) out += "\n" + indented(c.about) + "\n";
    if (!active.empty()) out += "\nSUBCOMMANDS\n" + indented(active) + "\n";
    if (!path.empty()) out += "\n" + more;
  }
  section("EXPERIMENTAL SUBCOMMANDS", joined(child_lines(c, called, command_status::experimental, width)), "\n");
  section("DEPRECATED SUBCOMMANDS", joined(child_lines(c, called, command_status::deprecated, width)), "\n");
  section("REMOVED SUBCOMMANDS", joined(child_lines(c, called, command_status::removed, width)), "\n");
  return out += '\n';
}

}  // namespace cairn::service::cli
