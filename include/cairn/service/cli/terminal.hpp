#pragma once

#include <cairn/core/bulk_write.hpp>
#include <cairn/core/config.hpp>
#include <cairn/service/output.hpp>
#include <cairn/service/request.hpp>

#include <cstddef>
#include <memory>
#include <string>

namespace cairn::service::cli {

/// Write all of it. errors: errno of the system
CAIRN_DECL auto write_fully(int descriptor, bytes_view in) -> io_result<void>;

/// The width of the terminal behind the descriptor, 80 where there is none.
CAIRN_DECL auto columns_of(int descriptor) -> std::size_t;

/// The text with everything but line ends and tabs made printable (SEC-42).
CAIRN_DECL auto printable_lines(std::string_view text) -> std::string;

/// An errno in the words that Kubo's users know: "no such file or directory".
CAIRN_DECL auto system_sentence(int number) -> std::string;

/// The signal that ended the work: SIGINT, SIGTERM, or SIGALRM for --timeout; 0 as long as none came.
CAIRN_DECL auto interrupted_by() -> int;

/// Whether another process does the work: what Kubo then says of --timeout differs.
CAIRN_DECL void asks_a_node(bool yes);
CAIRN_DECL auto timeout_sentence() -> std::string_view;
/// From now on these signals are noted; the second Ctrl-C, or two seconds in which nobody heard the first, end the process.
CAIRN_DECL void catch_signals();

/// The octets behind a descriptor. Reading from a terminal says so first; a pipe that gives nothing does not hold up Ctrl-C.
class descriptor_source final : public input_source {
public:
  CAIRN_DECL descriptor_source(int descriptor, bool owned, std::string name);
  CAIRN_DECL ~descriptor_source() override;
  CAIRN_DECL auto read(bytes_span into) -> io_result<std::size_t> override;

private:
  std::string name_;
  int descriptor_;
  bool owned_, may_wait_ = false;
};

/// Answers to stdout, messages and progress to stderr.
class terminal_output final : public output {
public:
  CAIRN_DECL explicit terminal_output(encoding form);
  CAIRN_DECL void complain(std::string_view line) override;
  CAIRN_DECL void progress(std::uint64_t done, std::uint64_t total) override;
  CAIRN_DECL void progress_end() override;
  /// What a file still has to get.
  CAIRN_DECL auto finish() -> io_result<void>;
  auto answer_on_terminal() const -> bool override { return answer_terminal_; }
  auto messages_on_terminal() const -> bool override { return messages_terminal_; }

protected:
  CAIRN_DECL auto write(bytes_view in) -> io_result<void> override;

private:
  bool answer_terminal_, messages_terminal_;
  write_pace pace_;
  std::unique_ptr<bulk_sink> large_;  // stdout, once the answer is a large one
  std::uint64_t written_ = 0;
  std::string bar_;  // what stands on the line of progress now
  std::int64_t shown_at_ = 0, began_at_ = 0;
};

}  // namespace cairn::service::cli

#if CAIRN_HEADER_ONLY
#  include <cairn/service/cli/impl/terminal.ipp>
#endif
