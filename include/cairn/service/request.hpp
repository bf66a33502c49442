#pragma once

#include <cairn/core/bytes.hpp>
#include <cairn/core/config.hpp>
#include <cairn/service/command.hpp>

#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace cairn::service {

class core_api;
class running_node;
class upload_source;

/// A file argument: a path of this machine, or standard input.
struct file_argument {
  std::string name;  ///< the name it is added under
  std::string path;  ///< empty: standard input

  /// A file of the web: "http://" or "https://" begins its path.
  auto is_url() const -> bool { return path.starts_with("http://") || path.starts_with("https://"); }
};

/// Octets from somewhere: a file argument, standard input, a part of a request.
class input_source {
public:
  virtual ~input_source() = default;
  /// How many octets were read; 0 at the end.
  virtual auto read(bytes_span into) -> io_result<std::size_t> = 0;
};

/// An option as it was given.
struct option_value {
  option const* which;
  std::string text;
  std::int64_t number = 0;  ///< of the integer types and boolean; uint64 as its two's complement
};

/// One call of a command: its options, its arguments, and the node it speaks to.
class request {
public:
  request() = default;
  request(request&&) = default;
  virtual ~request() = default;

  // what the front end found
  command const* root = nullptr;
  command const* which = nullptr;
  std::vector<command const*> path;  ///< from below the root to `which`
  std::vector<option_value> options;
  std::vector<std::string> arguments;
  std::vector<file_argument> files;
  bool lines_follow = false;         ///< further arguments come as lines of standard input

  /// Whether the option was given, or has a default.
  CAIRN_DECL auto has(std::string_view name) const -> bool;
  /// Whether the option was given.
  CAIRN_DECL auto given(std::string_view name) const -> bool;
  /// A boolean; false where neither given nor default.
  CAIRN_DECL auto flag(std::string_view name) const -> bool;
  CAIRN_DECL auto text(std::string_view name) const -> std::optional<std::string_view>;
  CAIRN_DECL auto texts(std::string_view name) const -> std::vector<std::string>;
  CAIRN_DECL auto number(std::string_view name) const -> std::optional<std::int64_t>;

  /// The next argument: those of the line, then the lines of standard input, without their line end.
  CAIRN_DECL auto next_argument() -> io_result<std::optional<std::string>>;
  /// All of them. errors: none, where one is required
  CAIRN_DECL auto all_arguments() -> io_result<std::vector<std::string>>;

  /// The next file argument. Over RPC files come one after the other: the next one ends the reading of the one before.
  CAIRN_DECL virtual auto next_file() -> io_result<std::optional<file_argument>>;

  /// The octets of a file argument.
  virtual auto open_file(file_argument const& which) -> io_result<std::unique_ptr<input_source>> = 0;
  /// The whole of it, at most `limit` octets.
  CAIRN_DECL auto read_file(file_argument const& which, std::size_t limit) -> io_result<bytes>;

  /// The node; the repo is opened at the first call. errors: no repo · repo locked · newer than this build · ...
  virtual auto api() -> io_result<core_api*> = 0;
  /// The folder of the repo, opened or not.
  virtual auto repo_path() -> io_result<std::string> = 0;

  /// Whether the caller has gone: Ctrl-C, a closed connection, --timeout. Long work asks now and then.
  virtual auto cancelled() const -> bool { return false; }

  /// Over RPC: the node that answers. On a command line: null.
  virtual auto node() -> running_node* { return nullptr; }
  /// Over RPC: the files and folders that came with the request, in place of paths of this machine.
  virtual auto upload() -> upload_source* { return nullptr; }

private:
  auto find(std::string_view name) const -> option_value const*;
  auto definition(std::string_view name) const -> option const*;

  std::size_t next_ = 0, next_file_ = 0;
  std::unique_ptr<input_source> lines_;
  std::string line_rest_;
};

}  // namespace cairn::service

#if CAIRN_HEADER_ONLY
#  include <cairn/service/impl/request.ipp>
#endif
