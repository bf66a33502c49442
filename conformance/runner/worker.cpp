#include "worker.hpp"

#include <cerrno>
#include <csignal>
#include <cstdio>
#include <cstring>

#include <fcntl.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <unistd.h>

namespace kit {
namespace {

constexpr auto kept_stderr = std::size_t{4000};

void close_fd(int& fd) {
  if (fd >= 0) ::close(fd);
  fd = -1;
}

struct pipe_pair {
  int ends[2]{-1, -1};
  pipe_pair() {
    if (::pipe2(ends, O_CLOEXEC) != 0) throw usage_error{std::string{"no pipe: "} + std::strerror(errno)};
  }
  ~pipe_pair() { close_fd(ends[0]), close_fd(ends[1]); }
  auto take(int which) -> int {
    auto const fd = ends[which];
    ends[which] = -1;
    ::fcntl(fd, F_SETFL, O_NONBLOCK);
    return fd;
  }
};

}  // namespace

worker::worker(std::string const& command) {
  auto in = pipe_pair{}, out = pipe_pair{}, err = pipe_pair{};
  auto const line = "exec " + command;
  pid_ = ::fork();
  if (pid_ < 0) throw usage_error{std::string{"no process: "} + std::strerror(errno)};
  if (pid_ == 0) {
    ::setpgid(0, 0);
    auto const none = rlimit{0, 0};
    ::setrlimit(RLIMIT_CORE, &none);
    ::dup2(in.ends[0], 0), ::dup2(out.ends[1], 1), ::dup2(err.ends[1], 2);
    std::signal(SIGPIPE, SIG_DFL);
    ::execl("/bin/sh", "sh", "-c", line.c_str(), nullptr);
    ::_exit(127);
  }
  ::setpgid(pid_, pid_);
  in_ = in.take(1), out_ = out.take(0), err_ = err.take(0);
}

worker::~worker() {
  if (pid_ > 0) (void)end();
  close_fd(in_), close_fd(out_), close_fd(err_);
}

void worker::send(std::string_view line) {
  (to_write_ += line) += '\n';
  pump(SIZE_MAX);
}

void worker::fill(std::vector<pollfd>& fds) const {
  if (out_ >= 0 && !closed_) fds.push_back({out_, POLLIN, 0});
  if (err_ >= 0) fds.push_back({err_, POLLIN, 0});
  if (in_ >= 0 && !to_write_.empty()) fds.push_back({in_, POLLOUT, 0});
}

void worker::pump(std::size_t longest_line) {
  while (in_ >= 0 && !to_write_.empty()) {
    auto const n = ::write(in_, to_write_.data(), to_write_.size());
    if (n > 0) {
      to_write_.erase(0, static_cast<std::size_t>(n));
      continue;
    }
    if (errno == EINTR) continue;
    if (errno != EAGAIN) to_write_.clear(), close_fd(in_);
    break;
  }
  char buffer[1 << 16];
  while (!closed_ && !too_long_) {
    auto const n = ::read(out_, buffer, sizeof buffer);
    if (n > 0) read_.append(buffer, static_cast<std::size_t>(n));
    else if (n == 0) closed_ = true;
    else if (errno != EINTR) break;
    too_long_ = read_.size() > longest_line && read_.find('\n') == read_.npos;
  }
  while (err_ >= 0) {
    auto const n = ::read(err_, buffer, sizeof buffer);
    if (n > 0) {
      stderr_.append(buffer, static_cast<std::size_t>(n));
      if (stderr_.size() > kept_stderr) stderr_.erase(0, stderr_.size() - kept_stderr);
    } else if (n == 0) {
      close_fd(err_);
    } else if (errno != EINTR) {
      break;
    }
  }
}

auto worker::next_line() -> std::optional<std::string> {
  auto const at = read_.find('\n', searched_);
  if (at == read_.npos) {
    searched_ = read_.size();
    return {};
  }
  auto line = read_.substr(0, at);
  read_.erase(0, at + 1);
  searched_ = 0;
  return line;
}

auto worker::resident() const -> std::uint64_t {
  char path[64];
  std::snprintf(path, sizeof path, "/proc/%d/statm", static_cast<int>(pid_));
  auto* const f = std::fopen(path, "r");
  if (!f) return 0;
  unsigned long long size = 0, pages = 0;
  auto const read = std::fscanf(f, "%llu %llu", &size, &pages);
  std::fclose(f);
  return read == 2 ? pages * static_cast<std::uint64_t>(::sysconf(_SC_PAGESIZE)) : 0;
}

auto worker::end() -> std::string {
  if (pid_ <= 0) return "ended";
  auto status = 0;
  auto done = ::waitpid(pid_, &status, WNOHANG);
  // one that closed its output may be on its way out: give it the time to leave a status of its own
  for (int i = 0; done == 0 && closed_ && i < 50; ++i) ::usleep(2000), done = ::waitpid(pid_, &status, WNOHANG);
  ::kill(-pid_, SIGKILL);
  while (done == 0 || (done < 0 && errno == EINTR)) done = ::waitpid(pid_, &status, 0);
  pid_ = -1;
  pump(SIZE_MAX);
  auto text = WIFSIGNALED(status) ? "signal " + std::to_string(WTERMSIG(status)) + " (" + ::strsignal(WTERMSIG(status)) + ")"
                                  : "exit status " + std::to_string(WEXITSTATUS(status));
  if (!stderr_.empty()) text += "; stderr ends: " + stderr_.substr(stderr_.size() > 600 ? stderr_.size() - 600 : 0);
  return text;
}

void worker::finish() {
  send(R"({"op":"bye"})");
  close_fd(in_);
  auto status = 0;
  for (int i = 0; i < 100; ++i) {
    if (::waitpid(pid_, &status, WNOHANG) != 0) {
      ::kill(-pid_, SIGKILL);
      pid_ = -1;
      return;
    }
    ::usleep(5000);
  }
}

}  // namespace kit
