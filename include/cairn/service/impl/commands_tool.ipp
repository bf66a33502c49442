#pragma once
// version, commands

#include <cairn/core/try.hpp>
#include <cairn/service/cli/completion.hpp>
#include <cairn/service/command.hpp>
#include <cairn/service/output.hpp>
#include <cairn/service/request.hpp>
#include <cairn/service/root_command.hpp>
#include <cairn/service/version.hpp>

#include <algorithm>
#include <vector>

namespace cairn::service::detail {

inline auto run_version(request& in, output& out) -> io_result<void> {
  return out.emit(
      [&](std::string& text) {
        auto const full = std::string{kubo_version} + "-" + std::string{commit_name};
        if (in.flag("all"))
          text += "Kubo version: " + full + "\nRepo version: " + std::string{repo_version_text} + "\nSystem version: " + std::string{system_name} +
                  "\nGolang version: " + std::string{toolchain_name} + "\n";
        else if (in.flag("repo"))
          text += std::string{repo_version_text} + "\n";
        else
          text += (in.flag("number") ? "" : "ipfs version ") + (in.flag("commit") ? full : std::string{kubo_version}) + "\n";
      },
      [](json_writer& json) {
        json.object([&] {
          json.key("Version").value(kubo_version);
          json.key("Commit").value(commit_name);
          json.key("Repo").value(repo_version_text);
          json.key("System").value(system_name);
          json.key("Golang").value(toolchain_name);
        });
      });
}

inline void gather_commands(command const& c, std::string const& before, bool with_options, std::vector<std::string>& lines) {
  auto const path = before + (before.empty() ? "ipfs" : std::string{c.name});
  lines.push_back(path);
  if (with_options && !before.empty()) {
    for (auto const& o : c.options) {
      auto line = std::string{};
      auto names = o.names;
      while (!names.empty()) {
        auto const blank = names.find(' ');
        auto const name = names.substr(0, blank);
        line += (line.empty() ? "" : " / ") + path + (name.size() == 1 ? " -" : " --") + std::string{name};
        names = blank == std::string_view::npos ? std::string_view{} : names.substr(blank + 1);
      }
      lines.push_back(std::move(line));
    }
  }
  for (auto const& child : c.children) gather_commands(child, path + " ", with_options, lines);
}

inline void write_command(json_writer& json, command const& c, std::string_view name) {
  json.object([&] {
    json.key("Name").value(name);
    json.key("Subcommands").array([&] {
      for (auto const& child : c.children) write_command(json, child, child.name);
    });
    json.key("Options").array([&] {
      for (auto const& o : c.options)
        json.object([&] {
          json.key("Names").array([&] {
            auto names = o.names;
            while (!names.empty()) {
              auto const blank = names.find(' ');
              json.value(names.substr(0, blank));
              names = blank == std::string_view::npos ? std::string_view{} : names.substr(blank + 1);
            }
          });
        });
    });
  });
}

inline auto run_commands(request& in, output& out) -> io_result<void> {
  return out.emit(
      [&](std::string& text) {
        auto lines = std::vector<std::string>{};
        gather_commands(root_command(), "", in.flag("flags"), lines);
        std::sort(lines.begin(), lines.end());
        for (auto const& l : lines) text += l + "\n";
      },
      [&](json_writer& json) { write_command(json, root_command(), "ipfs"); });
}

// For the name the shell knows it by: the script must complete what the user calls.
inline auto run_completion_bash(request&, output& out) -> io_result<void> { return out.text(cli::bash_completion("ipfs", root_command()) + "complete -F _ipfs_complete cairn\n"); }
inline auto run_completion_zsh(request&, output& out) -> io_result<void> { return out.text(cli::zsh_completion("ipfs", root_command())); }
inline auto run_completion_fish(request&, output& out) -> io_result<void> { return out.text(cli::fish_completion("ipfs", root_command()) + "complete -c cairn -w ipfs\n"); }

// The table as a manual page.
inline void write_roff(std::string& out, std::string_view text) {
  auto line_begins = true;
  for (auto const c : text) {
    if (line_begins && (c == '.' || c == '\'')) out += "\\&";
    if (c == '\\') out += "\\e";
    else if (c == '-') out += "\\-";
    else out += c;
    line_begins = c == '\n';
  }
}

inline void write_manual(std::string& out, command const& c, std::string const& path) {
  if (c.run) {
    out += ".SS ";
    write_roff(out, path);
    for (auto const& a : c.arguments) {
      write_roff(out, std::string{a.required ? " <" : " [<"} + std::string{a.name} + (a.required ? ">" : ">]") + (a.variadic ? "..." : ""));
    }
    out += "\n";
    write_roff(out, c.summary);
    out += "\n";
    if (!c.about.empty()) {
      out += ".PP\n";
      auto blank = false;
      for (auto rest = c.about; !rest.empty();) {
        auto const end = rest.find('\n');
        auto const line = rest.substr(0, end);
        rest.remove_prefix(end == std::string_view::npos ? rest.size() : end + 1);
        if (line.empty()) out += blank ? "" : ".PP\n";
        else write_roff(out, std::string{line} + "\n");
        blank = line.empty();
      }
    }
    for (auto const& o : c.options) {
      out += ".TP\n.B ";
      auto names = o.names;
      for (auto first = true; !names.empty(); first = false) {
        auto const blank = names.find(' ');
        auto const name = names.substr(0, blank);
        write_roff(out, (first ? "" : ", ") + std::string{name.size() == 1 ? "-" : "--"} + std::string{name});
        names = blank == std::string_view::npos ? std::string_view{} : names.substr(blank + 1);
      }
      out += "\n";
      write_roff(out, o.about);
      out += "\n";
    }
    if (!c.examples.empty()) {
      out += ".PP\n.nf\n";
      write_roff(out, c.examples);
      out += "\n.fi\n";
    }
  }
  for (auto const& child : c.children) write_manual(out, child, path + " " + std::string{child.name});
}

inline auto run_manual(request&, output& out) -> io_result<void> {
  auto text = ".TH CAIRN 1 \"\" \"cairn " + std::string{program_version} + "\" \"IPFS node\"\n.SH NAME\ncairn, ipfs \\- content\\-addressed files, blocks and data\n.SH SYNOPSIS\n.B ipfs\n[options] command ...\n.SH DESCRIPTION\n";
  auto const& root = root_command();
  write_roff(text, root.about);
  text += "\n.SH OPTIONS\n";
  for (auto const& o : root.options) {
    text += ".TP\n.B ";
    write_roff(text, "--" + std::string{o.name()});
    text += "\n";
    write_roff(text, o.about);
    text += "\n";
  }
  text += ".SH COMMANDS\n";
  for (auto const& c : root.children) write_manual(text, c, "ipfs " + std::string{c.name});
  text += ".SH FILES\n.TP\n~/.ipfs\nThe repo, unless IPFS_PATH or \\-\\-repo\\-dir names another.\n";
  return out.text(text);
}

inline constexpr option version_options[]{
    {"number n", option_type::boolean, "Print the version number alone."},
    {"commit", option_type::boolean, "Print the commit as well."},
    {"repo", option_type::boolean, "Print the version of the repo's layout."},
    {"all", option_type::boolean, "Print everything known about this build."},
};

inline constexpr option commands_options[]{{"flags f", option_type::boolean, "Show the options of each command too."}};

inline constexpr command completion_commands[]{
    {.name = "bash", .summary = "Write a completion script for bash.",
     .about = "Writes a script to standard output. Source it, or put it where your bash looks for completions.",
     .examples = "> ipfs commands completion bash > ipfs-completion.bash\n> source ./ipfs-completion.bash",
     .run = run_completion_bash, .place = command_place::here_only},
    {.name = "fish", .summary = "Write a completion script for fish.",
     .about = "Writes a script to standard output. Source it, or put it into ~/.config/fish/completions.",
     .examples = "> ipfs commands completion fish > ~/.config/fish/completions/ipfs.fish",
     .run = run_completion_fish, .place = command_place::here_only},
    {.name = "zsh", .summary = "Write a completion script for zsh.",
     .about = "Writes a script to standard output. Source it, or put it into a folder of $fpath under the name _ipfs.",
     .examples = "> ipfs commands completion zsh > ipfs-completion.zsh\n> source ./ipfs-completion.zsh",
     .run = run_completion_zsh, .place = command_place::here_only},
};

inline constexpr command commands_children[]{
    {.name = "completion", .summary = "Write completion scripts for shells.", .children = completion_commands, .place = command_place::no_repo},
    {.name = "manual", .summary = "Write the manual page.", .about = "Writes a page for man to standard output: every command with its options.",
     .examples = "> ipfs commands manual > cairn.1", .run = run_manual, .place = command_place::here_only},
};

}  // namespace cairn::service::detail
