#pragma once
// An HTTP exchange without a network: a request that a test writes, and what the handler answered.

#include <cairn/asio/http/exchange.hpp>

#include <algorithm>

namespace cairn::testing {

class recording_exchange final : public http::exchange {
public:
  explicit recording_exchange(http::request head, std::string body = {}) : head_{std::move(head)}, body_{std::move(body)} {}

  auto head() const -> http::request const& override { return head_; }
  auto read(bytes_span into) -> io_result<std::size_t> override {
    auto const n = std::min(into.size(), body_.size() - read_);
    std::copy_n(body_.data() + read_, n, into.data());
    read_ += n;
    return n;
  }
  auto begin(http::response head) -> io_result<void> override {
    answer = std::move(head);
    has_begun = true;
    return {};
  }
  auto write(bytes_view more) -> io_result<void> override {
    if (is_gone || body.size() >= gone_after) {
      is_gone = true;
      return std::unexpected(error::message("http", "the client has gone"));
    }
    body += as_text(more);
    return {};
  }
  auto flush() -> io_result<void> override { return {}; }
  auto finish(http::headers const& fields) -> io_result<void> override {
    trailers = fields;
    is_finished = true;
    return {};
  }
  void abort() override { is_aborted = true; }
  auto begun() const -> bool override { return has_begun; }
  auto cancelled() const -> bool override { return is_gone; }

  http::response answer{};
  http::headers trailers{};
  std::string body;                        ///< what was answered
  std::size_t gone_after = std::string::npos;  ///< octets after which the client is gone
  bool has_begun = false, is_finished = false, is_aborted = false, is_gone = false;

private:
  http::request head_;
  std::string body_;
  std::size_t read_ = 0;
};

}  // namespace cairn::testing
