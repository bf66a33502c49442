#pragma once

#include <cairn/asio/http/client.hpp>
#include <cairn/core/limits.hpp>
#include <cairn/core/try.hpp>
#include <cairn/service/cli/impl/web_url.hpp>
#include <cairn/service/go_text.hpp>
#include <cairn/service/request.hpp>

#include <algorithm>
#include <cerrno>
#include <condition_variable>
#include <deque>
#include <functional>
#include <mutex>
#include <string>
#include <thread>

namespace cairn::service::cli::detail {

/// The answer to a GET, as a file that is read: it is fetched by a thread of its own, at most 2 MiB ahead, from the first read on.
///
/// errors    those of http::perform · an answer whose status is not 2xx · more than ten redirections
class web_file final : public input_source {
public:
  web_file(std::string url, std::function<bool()> cancelled) : url_{std::move(url)}, cancelled_{std::move(cancelled)} {}
  web_file(web_file const&) = delete;
  ~web_file() override {
    {
      auto const guard = std::lock_guard{lock_};
      stopped_ = true;
    }
    changed_.notify_all();
    if (thread_.joinable()) thread_.join();
  }

  auto read(bytes_span into) -> io_result<std::size_t> override {
    if (!thread_.joinable()) thread_ = std::thread{[this] { work(); }};
    auto guard = std::unique_lock{lock_};
    changed_.wait(guard, [&] { return !pieces_.empty() || ended_; });
    if (pieces_.empty()) {
      if (!done_) return std::unexpected(done_.error());
      return 0;
    }
    auto& piece = pieces_.front();
    auto const n = std::min(into.size(), piece.size() - at_);
    std::copy_n(piece.data() + at_, n, into.data());
    at_ += n, held_ -= n;
    if (at_ == piece.size()) pieces_.pop_front(), at_ = 0;
    guard.unlock();
    changed_.notify_all();
    return n;
  }

private:
  static constexpr std::size_t most_held = 2 * limits::MiB;
  static constexpr int most_redirections = 10;

  void work() {
    auto done = fetch();
    {
      auto const guard = std::lock_guard{lock_};
      done_ = std::move(done), ended_ = true;
    }
    changed_.notify_all();
  }

  auto fetch() -> io_result<void> {
    auto url = url_;
    for (auto i = 0; i <= most_redirections; ++i) {
      auto next = std::string{};
      CAIRN_TRY(get(url, next));
      if (next.empty()) return {};
      url = redirected(url, next);
    }
    return std::unexpected(error::message("http", "stopped after 10 redirects").about(url_));
  }

  auto get(std::string const& url, std::string& next) -> io_result<void> {
    CAIRN_TRY(auto server, http::endpoint::parse(url));
    auto const from = url.find_first_of("/?#", url.find("://") + 3);
    auto target = from == std::string::npos ? std::string{"/"} : url.substr(from, url.find('#', from) - from);
    if (!target.starts_with('/')) target.insert(0, "/");
    auto call = http::call{.head = {.method = "GET", .target = std::move(target)}};
    call.began = [&](http::response const& head) -> io_result<void> {
      if (auto const to = head.fields.find("Location"); to && head.status / 100 == 3) next = *to;
      else if (head.status / 100 != 2) return std::unexpected(error::message("http", "got non-2XX status code " + std::to_string(head.status) + ": " + url));
      return {};
    };
    call.more = [&](bytes_view in) -> io_result<void> {
      if (!next.empty()) return {};
      auto guard = std::unique_lock{lock_};
      changed_.wait(guard, [&] { return stopped_ || held_ < most_held; });
      pieces_.emplace_back(in.begin(), in.end());
      held_ += in.size();
      guard.unlock();
      changed_.notify_all();
      return {};
    };
    call.cancelled = [&] {
      auto const guard = std::lock_guard{lock_};
      return stopped_ || (cancelled_ && cancelled_());
    };
    auto const done = http::perform(server, call);
    if (done) return {};
    if (!done.error().is_system(ECONNREFUSED)) return std::unexpected(done.error());
    return std::unexpected(error::message("http", "Get " + go_quoted(url) + ": dial tcp " + server.to_authority() + ": connect: connection refused"));
  }

  std::string url_;
  std::function<bool()> cancelled_;
  std::mutex lock_;
  std::condition_variable changed_;
  std::deque<bytes> pieces_;
  std::size_t at_ = 0, held_ = 0;  // in the first piece; in all of them
  bool stopped_ = false, ended_ = false;
  io_result<void> done_{};
  std::thread thread_;
};

}  // namespace cairn::service::cli::detail
