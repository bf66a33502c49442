#pragma once
// The exchange that a handler sees, over a connection whose thread it has.

#include <cairn/asio/http/impl/connection.hpp>
#include <cairn/core/try.hpp>

#include <algorithm>
#include <charconv>

namespace cairn::http::detail {

// "Fri, 27 Nov 2026 00:45:44 GMT", made once a second by each thread.
inline auto http_date() -> std::string_view {
  thread_local std::time_t made = -1;
  thread_local char text[40];
  thread_local std::size_t size = 0;
  timespec now{};
  ::clock_gettime(CLOCK_REALTIME_COARSE, &now);
  if (now.tv_sec != made) {
    std::tm parts{};
    ::gmtime_r(&now.tv_sec, &parts);
    size = std::strftime(text, sizeof text, "%a, %d %b %Y %H:%M:%S GMT", &parts);
    made = now.tv_sec;
  }
  return {text, size};
}

class connection_exchange final : public exchange {
public:
  explicit connection_exchange(connection& c) : c_{c} {}

  auto head() const -> http::request const& override { return c_.parser_->head; }
  auto begun() const -> bool override { return begun_; }
  auto finished() const -> bool { return finished_; }
  auto broken() const -> bool { return broken_; }

  // also by threads that work for the handler
  auto cancelled() const -> bool override {
    if (broken_ || c_.state_.cutting) return true;
    auto const now = coarse_milliseconds();
    if (now - asked_ < 20) return false;
    asked_ = now;
    // before the body is read, its end is not the end of the client's interest
    if (!body_read_) return false;
    auto wanted = pollfd{c_.socket_.native_handle(), POLLRDHUP, 0};
    if (::poll(&wanted, 1, 0) > 0 && (wanted.revents & (POLLRDHUP | POLLHUP | POLLERR)) != 0) broken_ = true;
    return broken_;
  }

  auto read(bytes_span into) -> io_result<std::size_t> override {
    auto& parser = *c_.parser_;
    if (into.empty()) return 0uz;
    if (parser.expects_continue && c_.pending_.empty() && !begun_ && !parser.is_done()) {
      constexpr auto go_on = std::string_view{"HTTP/1.1 100 Continue\r\n\r\n"};
      CAIRN_TRY(send_all({as_bytes(go_on)}));
    }
    parser.expects_continue = false;
    parser.sink = into;
    while (!parser.is_done()) {
      if (!c_.pending_.empty()) {
        auto ec = error_code{};
        auto const used = parser.put(boost::asio::buffer(c_.pending_), ec);
        c_.pending_.erase(0, used);
        auto const got = into.size() - parser.sink.size();
        if (ec && ec != beast_http::error::need_more) return malformed("the body of the request is malformed: " + ec.message());
        if (got != 0) return got;
        if (used != 0) continue;
        if (c_.pending_.size() > 64 * 1024) return malformed("the body of the request is malformed: a chunk's head without end");
      }
      CAIRN_TRY(receive());
    }
    body_read_ = true;
    return 0uz;
  }

  auto begin(response head) -> io_result<void> override {
    if (begun_) return {};
    begun_ = true;
    is_head_ = c_.parser_->head.method == "HEAD";
    auto const bodyless = head.status == 204 || head.status == 304 || head.status < 200;
    auto const old = c_.parser_->version < 11;
    chunked_ = !head.length && !bodyless && !old;
    if (old && !head.length) c_.keep_ = false;
    left_ = head.length;
    head_ += "HTTP/1.1 ";
    append_number(head_, head.status);
    head_ += ' ';
    head_ += reason(head.status);
    head_ += "\r\n";
    auto dated = false;
    for (auto const& f : head.fields) {
      if (f.name == "Connection") {
        if (f.value == "close") c_.keep_ = false;
        continue;
      }
      dated = dated || f.name == "Date";
      append_field(f.name, f.value);
    }
    if (!dated) append_field("Date", http_date());
    if (!c_.keep_ || c_.state_.stopping) {
      c_.keep_ = false;
      head_ += "Connection: close\r\n";
    }
    if (head.length && !bodyless) {
      head_ += "Content-Length: ";
      append_number(head_, *head.length);
      head_ += "\r\n";
    } else if (chunked_) {
      head_ += "Transfer-Encoding: chunked\r\n";
    }
    head_ += "\r\n";
    return {};
  }

  auto write(bytes_view more) -> io_result<void> override {
    if (broken_) return gone();
    if (is_head_ || more.empty()) return {};
    if (left_) {
      if (more.size() > *left_) return std::unexpected(error::message("http", "the body is longer than its Content-Length"));
      *left_ -= more.size();
    }
    if (more.size() < direct && gathered_.size() + more.size() <= gather) {
      gathered_ += as_text(more);
      return {};
    }
    return push(more);
  }

  auto flush() -> io_result<void> override { return gathered_.empty() && head_.empty() ? io_result<void>{} : push({}); }

  auto finish(headers const& trailers) -> io_result<void> override {
    if (finished_) return {};
    finished_ = true;
    if (broken_) return gone();
    if (!begun_) CAIRN_TRY(begin({.status = 200, .fields = {}, .length = 0}));
    auto out = std::move(head_);
    append_chunk_head(out, gathered_.size());
    out += gathered_;
    if (chunked_ && !gathered_.empty()) out += "\r\n";
    if (chunked_ && !is_head_) {
      out += "0\r\n";
      for (auto const& t : trailers) ((out += t.name) += ": ", out += one_line(t.value)) += "\r\n";
      out += "\r\n";
    }
    if (left_ && *left_ != 0 && !is_head_) c_.keep_ = false, c_.cut_ = true;
    // what the socket takes at once goes at once; the rest is sent without this thread
    auto const n = ::send(c_.socket_.native_handle(), out.data(), out.size(), MSG_NOSIGNAL | MSG_DONTWAIT);
    if (n < 0 && errno != EAGAIN && errno != EINTR) return broken_ = true, gone();
    if (n > 0) c_.state_.sent += static_cast<std::uint64_t>(n);
    auto const sent = n > 0 ? static_cast<std::size_t>(n) : 0uz;
    if (sent < out.size()) {
      c_.unsent_ = std::move(out);
      c_.unsent_at_ = sent;
    }
    return {};
  }

  void abort() override {
    if (begun_) static_cast<void>(flush());
    finished_ = true;
    c_.keep_ = false;
    c_.cut_ = true;
  }

private:
  static constexpr std::size_t gather = 256 * 1024, direct = 32 * 1024;

  auto gone() -> io_result<void> { return std::unexpected(error::message("http", "the client has gone")); }
  auto fail(std::string why) -> std::unexpected<error> {
    broken_ = true;
    c_.keep_ = false;
    return std::unexpected(error::message("http", std::move(why)));
  }

  // the client may still hear why
  auto malformed(std::string why) -> std::unexpected<error> {
    c_.keep_ = false;
    return std::unexpected(error::message("http", std::move(why)));
  }

  static void append_number(std::string& out, std::uint64_t n) {
    char digits[24];
    out.append(digits, std::to_chars(digits, digits + sizeof digits, n).ptr);
  }
  // a value that comes from content never makes a field of its own
  static auto one_line(std::string_view value) -> std::string {
    auto out = std::string{value};
    for (auto& ch : out)
      if (ch == '\r' || ch == '\n' || ch == '\0') ch = ' ';
    return out;
  }
  void append_field(std::string_view name, std::string_view value) {
    (head_ += name) += ": ";
    if (value.find_first_of(std::string_view{"\r\n\0", 3}) == std::string_view::npos) head_ += value;
    else head_ += one_line(value);
    head_ += "\r\n";
  }
  void append_chunk_head(std::string& out, std::size_t size) const {
    if (!chunked_ || is_head_ || size == 0) return;
    char digits[24];
    out.append(digits, std::to_chars(digits, digits + sizeof digits, size, 16).ptr);
    out += "\r\n";
  }

  // The head, what was gathered and `more`, as one chunk, now.
  auto push(bytes_view more) -> io_result<void> {
    if (broken_) return gone();
    auto front = std::exchange(head_, {});
    auto const size = gathered_.size() + more.size();
    append_chunk_head(front, size);
    auto const end = chunked_ && !is_head_ && size != 0 ? std::string_view{"\r\n"} : std::string_view{};
    auto done = send_all({as_bytes(front), as_bytes(gathered_), more, as_bytes(end)});
    gathered_.clear();
    return done;
  }

  auto send_all(std::initializer_list<bytes_view> parts) -> io_result<void> {
    iovec list[4];
    auto count = 0uz;
    for (auto p : parts)
      if (!p.empty()) list[count++] = {const_cast<byte*>(p.data()), p.size()};
    auto* at = list;
    while (count != 0) {
      auto message = msghdr{};
      message.msg_iov = at;
      message.msg_iovlen = count;
      auto const n = ::sendmsg(c_.socket_.native_handle(), &message, MSG_NOSIGNAL | MSG_DONTWAIT);
      if (n < 0) {
        if (errno == EINTR) continue;
        if (errno != EAGAIN) return broken_ = true, c_.keep_ = false, gone();
        auto const since = coarse_milliseconds();
        if (!wait(POLLOUT)) return fail("the client takes nothing");
        if (!takes_enough(coarse_milliseconds() - since)) return fail("the client takes too little");
        continue;
      }
      c_.state_.sent += static_cast<std::uint64_t>(n);
      taken_ += static_cast<std::size_t>(n);
      for (auto left = static_cast<std::size_t>(n); left != 0;) {
        auto const part = std::min(left, at->iov_len);
        at->iov_base = static_cast<byte*>(at->iov_base) + part;
        at->iov_len -= part;
        left -= part;
        if (at->iov_len == 0) ++at, --count;
      }
    }
    return {};
  }

  auto receive() -> io_result<void> {
    for (;;) {
      auto const n = c_.receive_some();
      if (n > 0) return {};
      if (n == 0) return malformed("the body of the request ended early: unexpected EOF");
      if (errno == EINTR) continue;
      if (errno != EAGAIN) return fail("the client has gone");
      if (!wait(POLLIN)) return fail("the body of the request does not go on");
    }
  }

  // Each time that it has been waited for as long as for one who takes nothing: a drop now and then does not keep a thread and memory.
  auto takes_enough(std::int64_t waited) -> bool {
    auto const& o = c_.state_.options;
    waited_ += waited;
    if (o.slow_rate == 0 || waited_ < std::int64_t{1000} * o.stall_deadline) return true;
    auto const enough = taken_ * 1000 >= o.slow_rate * static_cast<std::uint64_t>(waited_);
    waited_ = 0;
    taken_ = 0;
    return enough;
  }

  // Another thread takes over while this one waits.
  auto wait(short events) -> bool {
    if (c_.state_.cutting) return false;
    auto& pool = c_.state_.pool;
    pool.blocks();
    auto wanted = pollfd{c_.socket_.native_handle(), events, 0};
    auto ready = 0;
    do ready = ::poll(&wanted, 1, static_cast<int>(c_.state_.options.stall_deadline) * 1000);
    while (ready < 0 && errno == EINTR);
    pool.unblocks();
    return ready > 0 && !c_.state_.cutting;
  }

  connection& c_;
  std::string head_, gathered_;
  std::optional<std::uint64_t> left_;
  std::int64_t waited_ = 0;   // milliseconds, for the client to take
  std::uint64_t taken_ = 0;   // octets, meanwhile
  mutable std::atomic<std::int64_t> asked_ = coarse_milliseconds();
  mutable std::atomic<bool> broken_ = false;
  std::atomic<bool> body_read_ = c_.parser_->is_done();
  bool begun_ = false, finished_ = false, chunked_ = false, is_head_ = false;
};

}  // namespace cairn::http::detail
