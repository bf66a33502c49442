#pragma once

#include <cairn/core/text.hpp>
#include <cairn/service/cli/terminal.hpp>
#include <cairn/service/go_text.hpp>

#include <algorithm>
#include <cerrno>
#include <csignal>
#include <cstring>
#include <ctime>
#include <poll.h>
#include <sys/ioctl.h>
#include <sys/stat.h>
#include <unistd.h>

namespace cairn::service::cli {
namespace detail {

inline auto steady_now() -> std::int64_t {
  timespec now{};
  ::clock_gettime(CLOCK_MONOTONIC, &now);
  return now.tv_sec * std::int64_t{1'000'000'000} + now.tv_nsec;
}

inline volatile std::sig_atomic_t stop_signal = 0;
inline volatile std::sig_atomic_t node_works = 0;

// The first signal is a request, which the work hears when it asks. Work that does not ask within two seconds, and the second
// Ctrl-C, end the process: what is on the disk stands a kill at any point.
extern "C" inline void cairn_cli_on_signal(int which) {
  if (stop_signal == SIGALRM && which == SIGALRM) {
    auto const sentence = timeout_sentence();
    static_cast<void>(!::write(2, sentence.data(), sentence.size()));
    ::_exit(1);
  }
  if (stop_signal != 0) ::_exit(128 + (stop_signal == SIGALRM ? which : stop_signal));
  stop_signal = which;
  ::alarm(2);
}

}  // namespace detail

namespace detail {
inline auto write_failed(int descriptor, int number) -> io_result<void> {
  return std::unexpected(error::message("cli", std::string{"write /dev/"} + (descriptor == 1 ? "stdout" : "stderr") + ": " + system_sentence(number)));
}
}  // namespace detail

CAIRN_DECL auto write_fully(int descriptor, bytes_view in) -> io_result<void> {
  while (!in.empty()) {
    auto const n = ::write(descriptor, in.data(), in.size());
    if (n < 0) {
      if (errno == EINTR) continue;
      return detail::write_failed(descriptor, errno);
    }
    in = in.subspan(static_cast<std::size_t>(n));
  }
  return {};
}

CAIRN_DECL auto columns_of(int descriptor) -> std::size_t {
  winsize size{};
  if (::isatty(descriptor) && ::ioctl(descriptor, TIOCGWINSZ, &size) == 0 && size.ws_col > 0) return size.ws_col;
  return 80;
}

CAIRN_DECL auto printable_lines(std::string_view text) -> std::string {
  auto out = std::string{};
  while (!text.empty()) {
    auto const stop = text.find_first_of("\n\t");
    out += printable(text.substr(0, stop));
    if (stop == std::string_view::npos) break;
    out += text[stop];
    text.remove_prefix(stop + 1);
  }
  return out;
}

CAIRN_DECL auto system_sentence(int number) -> std::string {
  auto const* words = ::strerrordesc_np(number);
  auto out = words ? std::string{words} : "errno " + std::to_string(number);
  if (out.size() > 1 && out[0] >= 'A' && out[0] <= 'Z' && !(out[1] >= 'A' && out[1] <= 'Z')) out[0] = static_cast<char>(out[0] | 0x20);
  return out;
}

CAIRN_DECL auto interrupted_by() -> int { return detail::stop_signal; }

CAIRN_DECL void asks_a_node(bool yes) { detail::node_works = yes ? 1 : 0; }
CAIRN_DECL auto timeout_sentence() -> std::string_view { return detail::node_works != 0 ? "Error: context deadline exceeded\n" : "Error: timed out\n"; }

CAIRN_DECL void catch_signals() {
  struct sigaction act {};
  act.sa_handler = detail::cairn_cli_on_signal;
  sigemptyset(&act.sa_mask);
  for (auto which : {SIGINT, SIGTERM, SIGALRM}) ::sigaction(which, &act, nullptr);
}

CAIRN_DECL descriptor_source::descriptor_source(int descriptor, bool owned, std::string name)
    : name_{std::move(name)}, descriptor_{descriptor}, owned_{owned} {
  struct stat facts {};
  if (::fstat(descriptor_, &facts) != 0) return;
  may_wait_ = !S_ISREG(facts.st_mode);
  if (!owned_ && S_ISCHR(facts.st_mode))
    static_cast<void>(write_fully(2, as_bytes("ipfs: Reading from " + name_ + "; send Ctrl-d to stop.\n")));
}

CAIRN_DECL descriptor_source::~descriptor_source() {
  if (owned_) ::close(descriptor_);
}

CAIRN_DECL auto descriptor_source::read(bytes_span into) -> io_result<std::size_t> {
  // the signal may have come to another thread than the one that waits here
  while (may_wait_ && interrupted_by() == 0) {
    auto wanted = pollfd{descriptor_, POLLIN, 0};
    if (::poll(&wanted, 1, 100) != 0) break;
  }
  if (interrupted_by() != 0) return std::unexpected(error::message("cli", "canceled"));
  auto const n = ::read(descriptor_, into.data(), into.size());
  if (n < 0) return std::unexpected(error::message("cli", "read " + name_ + ": " + system_sentence(errno)));
  return static_cast<std::size_t>(n);
}

CAIRN_DECL terminal_output::terminal_output(encoding form)
    : output{form, ::isatty(1) == 1}, answer_terminal_{::isatty(1) == 1}, messages_terminal_{::isatty(2) == 1}, pace_{detail::steady_now, 1, waited_for_processor} {}

CAIRN_DECL void terminal_output::complain(std::string_view line) {
  static_cast<void>(flush());  // in the order in which a person reads them
  progress_end();
  auto text = messages_terminal_ ? printable_lines(line) : std::string{line};
  text += '\n';
  static_cast<void>(write_fully(2, as_bytes(text)));
}

CAIRN_DECL void terminal_output::progress(std::uint64_t done, std::uint64_t total) {
  if (!messages_terminal_) return;
  auto const at = detail::steady_now() / 1'000'000;
  if (began_at_ == 0) began_at_ = at;
  if (shown_at_ != 0 && at - shown_at_ < 100) return;
  shown_at_ = at;
  auto line = " " + human_size(done);
  if (total != 0) {
    auto const percent = done >= total ? 100 : static_cast<unsigned>(static_cast<double>(done) / static_cast<double>(total) * 100);
    auto const width = columns_of(2);
    auto const room = width > 60 ? std::min<std::size_t>(width - 50, 40) : 10;
    auto const filled = room * percent / 100;
    line += " / " + human_size(total) + " [" + std::string(filled, '=') + std::string(room - filled, '-') + "] " + std::to_string(percent) + "%";
  }
  if (at > began_at_) line += " " + human_size(done * 1000 / static_cast<std::uint64_t>(at - began_at_)) + "/s";
  auto const text = "\r" + line + (bar_.size() > line.size() ? std::string(bar_.size() - line.size(), ' ') : "");
  bar_ = line;
  static_cast<void>(write_fully(2, as_bytes(text)));
}

CAIRN_DECL void terminal_output::progress_end() {
  if (bar_.empty()) return;
  auto const text = "\r" + std::string(bar_.size(), ' ') + "\r";
  bar_.clear();
  static_cast<void>(write_fully(2, as_bytes(text)));
}

CAIRN_DECL auto terminal_output::write(bytes_view in) -> io_result<void> {
  progress_end();
  constexpr auto large = std::uint64_t{4} << 20;
  written_ += in.size();
  if (!large_ && written_ >= large && !answer_terminal_) large_ = std::make_unique<bulk_sink>(1, "/dev/stdout", &pace_);
  if (!large_) return write_fully(1, in);
  auto done = large_->write(in);
  return done || done.error().module() != "system" ? done : detail::write_failed(1, done.error().code());
}

CAIRN_DECL auto terminal_output::finish() -> io_result<void> {
  CAIRN_TRY(flush());
  return large_ ? large_->finish() : io_result<void>{};
}

}  // namespace cairn::service::cli
