#pragma once

#include <cairn/core/error.hpp>

#include <cstddef>
#include <string_view>

/// Everything said about a command, said once: the parser, `--help`, the shells' completions, `commands`, the RPC paths and
/// the reference pages are all read from this table. It is constant data: a process that starts pays nothing for it.
namespace cairn::service {

class request;
class output;

/// A borrowed constant array, of a type that may still be incomplete.
template <class T>
struct list {
  constexpr list() = default;
  template <std::size_t N>
  constexpr list(T const (&items)[N]) : data{items}, count{N} {}

  constexpr auto begin() const -> T const* { return data; }
  constexpr auto end() const -> T const* { return data + count; }
  constexpr auto size() const -> std::size_t { return count; }
  constexpr auto empty() const -> bool { return count == 0; }
  constexpr auto operator[](std::size_t i) const -> T const& { return data[i]; }

  T const* data = nullptr;
  std::size_t count = 0;
};

enum class option_type : unsigned char { boolean, int32, uint32, int64, uint64, real, text, texts };

struct option {
  std::string_view names;  ///< the main name, then the others, by blanks: "recursive r"
  option_type type;
  std::string_view about;
  std::string_view fallback = {};  ///< the default as text; empty: the handler decides

  /// The first name, by which handlers ask for it.
  constexpr auto name() const -> std::string_view { return names.substr(0, names.find(' ')); }
};

enum class argument_type : unsigned char { text, file };

struct argument {
  std::string_view name;
  argument_type type;
  bool required = true;
  bool variadic = false;
  std::string_view about = {};
  bool from_stdin = false;   ///< where it is missing, standard input gives it: a text per line, or the file
  bool directories = false;  ///< a file argument that may be a directory (with --recursive)
};

enum class command_status : unsigned char { active, experimental, deprecated, removed };

/// Where a command may run.
enum class command_place : unsigned char {
  anywhere,   ///< on an opened repo, or over RPC
  no_repo,    ///< needs no repo: another node is asked only with --api: `multibase encode`
  caller,     ///< needs no repo, and the command line asks no node: `version`, `cid`
  here_only,  ///< on the command line only; RPC answers 404: `daemon`, `key export`
  alone,      ///< the same, and not while a node runs on the repo: `init`, `key rotate`
};

struct command {
  using handler = auto (*)(request& in, output& out) -> io_result<void>;

  std::string_view name;
  std::string_view summary;        ///< one line
  std::string_view about = {};     ///< DESCRIPTION
  std::string_view examples = {};  ///< EXAMPLES
  list<argument> arguments = {};
  list<option> options = {};
  list<command> children = {};
  handler run = nullptr;  ///< null: a group; calling it prints its help
  command_status status = command_status::active;
  command_place place = command_place::anywhere;

  /// The child of that name, or null.
  constexpr auto child(std::string_view wanted) const -> command const* {
    for (auto const& c : children)
      if (c.name == wanted) return &c;
    return nullptr;
  }
};

}  // namespace cairn::service
