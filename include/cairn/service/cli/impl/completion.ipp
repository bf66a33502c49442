#pragma once

#include <cairn/service/cli/completion.hpp>

#include <vector>

namespace cairn::service::cli {
namespace detail {

// Visit the command and all below it with the words that lead to it ("", "cid", "cid format").
template <class F>
void each_command(command const& c, std::string const& words, F&& f) {
  f(c, words);
  for (auto const& child : c.children) each_command(child, words.empty() ? std::string{child.name} : words + " " + std::string{child.name}, f);
}

inline auto takes_files(command const& c) -> bool {
  for (auto const& a : c.arguments)
    if (a.type == argument_type::file) return true;
  return false;
}

template <class F>
void each_option_name(command const& c, F&& f) {
  for (auto const& o : c.options) {
    auto names = o.names;
    while (!names.empty()) {
      auto const blank = names.find(' ');
      f(o, names.substr(0, blank));
      names = blank == std::string_view::npos ? std::string_view{} : names.substr(blank + 1);
    }
  }
}

inline auto shell_quoted(std::string_view text) -> std::string {
  auto out = std::string{"'"};
  for (auto c : text) {
    if (c == '\'') out += "'\\''";
    else out += c == '\n' ? ' ' : c;
  }
  return out += "'";
}

// One line per command for the scripts: case words) its children, its options.
inline auto case_lines(command const& root) -> std::string {
  auto out = std::string{};
  each_command(root, "", [&](command const& c, std::string const& words) {
    out += "    " + shell_quoted(words) + ") children='";
    for (auto const& child : c.children) out += std::string{child.name} + " ";
    out += "' options='";
    each_option_name(c, [&](option const& o, std::string_view name) {
      out += (name.size() == 1 ? "-" : "--") + std::string{name} + (o.type == option_type::boolean || name.size() == 1 ? " " : "= ");
    });
    out += takes_files(c) ? "' files=1 ;;\n" : "' ;;\n";
  });
  return out;
}

}  // namespace detail

CAIRN_DECL auto bash_completion(std::string_view program, command const& root) -> std::string {
  auto const name = std::string{program};
  auto out = "# completion of " + name + " for bash; source it\n_" + name + R"(_facts() {
  children='' options='' files=0
  case "$1" in
)" + detail::case_lines(root) + R"(    *) return 1 ;;
  esac
}
_)" + name + R"(_complete() {
  local word="${COMP_WORDS[COMP_CWORD]}" path='' step children options files own i
  for ((i = 1; i < COMP_CWORD; i++)); do
    step="${COMP_WORDS[i]}"
    case "$step" in -*|=) continue ;; esac
    if _)" + name + R"(_facts "${path:+$path }$step"; then path="${path:+$path }$step"; fi
  done
  _)" + name + R"(_facts ''
  own="$options"
  _)" + name + R"(_facts "$path"
  if [[ "$word" == -* ]]; then
    COMPREPLY=($(compgen -W "$options $own" -- "$word"))
    [[ "${COMPREPLY[0]}" == *= ]] && compopt -o nospace
  else
    COMPREPLY=($(compgen -W "$children" -- "$word"))
    if [[ $files == 1 ]]; then COMPREPLY+=($(compgen -f -- "$word")); compopt -o filenames; fi
  fi
}
complete -F _)" + name + "_complete " + name + "\n";
  return out;
}

CAIRN_DECL auto zsh_completion(std::string_view program, command const& root) -> std::string {
  auto const name = std::string{program};
  return "#compdef " + name + "\n# completion of " + name + " for zsh; put it into a folder of $fpath as _" + name + ", or source it\n_" + name + R"(_facts() {
  children='' options='' files=0
  case "$1" in
)" + detail::case_lines(root) + R"(    *) return 1 ;;
  esac
}
_)" + name + R"(() {
  local path_words='' step children options files own
  for step in "${(@)words[2,CURRENT-1]}"; do
    case "$step" in -*) continue ;; esac
    if _)" + name + R"(_facts "${path_words:+$path_words }$step"; then path_words="${path_words:+$path_words }$step"; fi
  done
  _)" + name + R"(_facts ''
  own="$options"
  _)" + name + R"(_facts "$path_words"
  if [[ "${words[CURRENT]}" == -* ]]; then
    compadd -- ${=options} ${=own}
  else
    [[ -n "$children" ]] && compadd -- ${=children}
    [[ $files == 1 ]] && _files
  fi
}
if [[ "${funcstack[1]}" == _)" + name + R"( ]]; then
  _)" + name + R"( "$@"
else
  compdef _)" + name + " " + name + "\nfi\n";
}

CAIRN_DECL auto fish_completion(std::string_view program, command const& root) -> std::string {
  auto const name = std::string{program};
  auto out = "# completion of " + name + " for fish\nfunction __" + name + R"(_at
    set -l words (commandline -opc)
    set -e words[1]
    set -l path
    for word in $words
        string match -q -- '-*' $word; or set -a path $word
    end
    test "$path" = "$argv"
end
function __)" + name + R"(_under
    set -l words (commandline -opc)
    set -e words[1]
    set -l path
    for word in $words
        string match -q -- '-*' $word; or set -a path $word
    end
    string match -q -- "$argv*" "$path"
end
complete -c )" + name + " -f\n";
  detail::each_command(root, "", [&](command const& c, std::string const& words) {
    auto const quoted = detail::shell_quoted(words);
    for (auto const& child : c.children)
      out += "complete -c " + name + " -n \"__" + name + "_at " + quoted + "\" -a " + std::string{child.name} + " -d " + detail::shell_quoted(child.summary) + "\n";
    for (auto const& o : c.options) {
      out += "complete -c " + name + " -n \"__" + name + "_under " + quoted + "\"";
      auto names = o.names;
      while (!names.empty()) {
        auto const blank = names.find(' ');
        auto const each = names.substr(0, blank);
        out += (each.size() == 1 ? " -s " : " -l ") + std::string{each};
        names = blank == std::string_view::npos ? std::string_view{} : names.substr(blank + 1);
      }
      if (o.type != option_type::boolean) out += " -r";
      out += " -d " + detail::shell_quoted(o.about) + "\n";
    }
    if (detail::takes_files(c)) out += "complete -c " + name + " -n \"__" + name + "_under " + quoted + "\" -F\n";
  });
  return out;
}

}  // namespace cairn::service::cli
