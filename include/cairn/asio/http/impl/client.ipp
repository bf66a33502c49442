#pragma once

#include <cairn/asio/http/client.hpp>
#include <cairn/asio/http/impl/client_stream.hpp>
#include <cairn/core/try.hpp>

#include <boost/beast/http/basic_parser.hpp>
#include <boost/asio/buffer.hpp>

#include <cerrno>
#include <cstring>
#include <netdb.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <poll.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>

namespace cairn::http {
namespace detail {

class response_parser final : public boost::beast::http::basic_parser<false> {
public:
  explicit response_parser(call const& what) : what_{what} {}

  response head;
  headers trailers;
  io_result<void> failed{};

private:
  using text = boost::beast::string_view;
  using code = boost::beast::error_code;

  void stop(io_result<void> done, code& ec) {
    if (done) return;
    failed = std::move(done);
    ec = boost::beast::http::error::end_of_stream;
  }
  void on_request_impl(boost::beast::http::verb, text, text, int, code&) override {}
  void on_response_impl(int status, text, int, code&) override { head.status = static_cast<unsigned>(status); }
  void on_field_impl(boost::beast::http::field, text name, text value, code&) override {
    (in_body_ ? trailers : head.fields).add({name.data(), name.size()}, {value.data(), value.size()});
  }
  void on_header_impl(code& ec) override {
    in_body_ = true;
    if (head.status >= 200 && what_.began) stop(what_.began(head), ec);
  }
  void on_body_init_impl(boost::optional<std::uint64_t> const&, code&) override {}
  auto take(text body, code& ec) -> std::size_t {
    if (what_.more && !body.empty()) stop(what_.more(as_bytes({body.data(), body.size()})), ec);
    return body.size();
  }
  auto on_body_impl(text body, code& ec) -> std::size_t override { return take(body, ec); }
  void on_chunk_header_impl(std::uint64_t, text, code&) override {}
  auto on_chunk_body_impl(std::uint64_t, text body, code& ec) -> std::size_t override { return take(body, ec); }
  void on_finish_impl(code&) override {}

  call const& what_;
  bool in_body_ = false;
};

// Connected, or errno; a host that does not answer is waited for until `cancelled` says so.
inline auto connect_socket(int fd, sockaddr const* name, socklen_t size, std::function<bool()> const& cancelled) -> int {
  if (::connect(fd, name, size) == 0) return 0;
  if (errno != EINPROGRESS) return errno;
  for (;;) {
    auto wanted = pollfd{fd, POLLOUT, 0};
    if (::poll(&wanted, 1, 100) > 0) break;
    if (cancelled && cancelled()) return ECANCELED;
  }
  auto why = 0;
  auto size_of_why = static_cast<socklen_t>(sizeof why);
  return ::getsockopt(fd, SOL_SOCKET, SO_ERROR, &why, &size_of_why) == 0 ? why : errno;
}

inline auto connect_to(endpoint const& to, std::function<bool()> const& cancelled) -> io_result<client_socket> {
  if (!to.unix_path.empty()) {
    auto name = sockaddr_un{};
    name.sun_family = AF_UNIX;
    if (to.unix_path.size() >= sizeof name.sun_path) return std::unexpected(error::system(ENAMETOOLONG, "cannot connect", to.unix_path));
    std::memcpy(name.sun_path, to.unix_path.data(), to.unix_path.size());
    auto socket = client_socket{::socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0)};
    if (socket.fd < 0 || ::connect(socket.fd, reinterpret_cast<sockaddr*>(&name), sizeof name) != 0)
      return std::unexpected(error::system(errno, "cannot connect", to.unix_path));
    return socket;
  }
  auto hints = addrinfo{};
  hints.ai_socktype = SOCK_STREAM;
  hints.ai_flags = AI_NUMERICSERV;
  addrinfo* found = nullptr;
  if (auto const why = ::getaddrinfo(to.host.c_str(), std::to_string(to.port).c_str(), &hints, &found); why != 0)
    return std::unexpected(error::message("http", std::string{"cannot find the host: "} + ::gai_strerror(why)).about(to.host));
  auto number = ECONNREFUSED;
  for (auto* at = found; at; at = at->ai_next) {
    auto socket = client_socket{::socket(at->ai_family, SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0)};
    number = socket.fd < 0 ? errno : connect_socket(socket.fd, at->ai_addr, at->ai_addrlen, cancelled);
    if (number == 0) {
      auto const on = 1;
      ::setsockopt(socket.fd, IPPROTO_TCP, TCP_NODELAY, &on, sizeof on);
      ::freeaddrinfo(found);
      return socket;
    }
    if (number == ECANCELED) break;
  }
  ::freeaddrinfo(found);
  if (number == ECANCELED) return std::unexpected(error::message("http", "canceled"));
  return std::unexpected(error::system(number, "cannot connect", to.to_authority()));
}

class client_call {
public:
  client_call(client_stream stream, endpoint const& to, call const& what) : stream_{std::move(stream)}, what_{what} {
    out_ = what.head.method + " " + what.head.target + " HTTP/1.1\r\n";
    if (!what.head.fields.find("Host")) out_ += "Host: " + to.to_authority() + "\r\n";
    for (auto const& f : what.head.fields) out_ += f.name + ": " + f.value + "\r\n";
    chunked_ = what.body && !what.head.fields.find("Content-Length");
    out_ += chunked_ ? "Transfer-Encoding: chunked\r\n" : what.body ? "" : what.head.method == "POST" ? "Content-Length: 0\r\n" : "";
    out_ += "Connection: close\r\n\r\n";
    sending_ = static_cast<bool>(what.body);
    begin_parser();
  }

  auto run() -> io_result<headers> {
    for (;;) {
      if (at_ == out_.size() && sending_) CAIRN_TRY(next_piece());
      auto wanted = pollfd{stream_.descriptor(), stream_.events(at_ < out_.size()), 0};
      auto const may_have_more = stream_.may_have_more();
      auto const ready = ::poll(&wanted, 1, may_have_more ? 0 : 100);
      if (what_.cancelled && what_.cancelled()) return std::unexpected(error::message("http", "canceled"));
      if (ready <= 0 && !may_have_more) continue;
      if (at_ < out_.size()) send_some();
      if (wanted.revents == POLLOUT && !may_have_more) continue;
      CAIRN_TRY(auto whole, receive_some());
      if (whole) return std::move(parser_->trailers);
    }
  }

private:
  static constexpr std::size_t unread_limit = 2 << 20;

  void begin_parser() {
    parser_ = std::make_unique<response_parser>(what_);
    parser_->header_limit(1 << 20);
    parser_->body_limit(boost::none);
    if (what_.head.method == "HEAD") parser_->skip(true);
    parser_->eager(true);
  }

  auto next_piece() -> io_result<void> {
    at_ = 0;
    auto piece = std::string(64 * 1024, '\0');
    CAIRN_TRY(auto n, what_.body({reinterpret_cast<byte*>(piece.data()), piece.size()}));
    sending_ = n != 0;
    if (!chunked_) {
      out_.assign(piece, 0, n);
      return {};
    }
    if (n == 0) {
      out_ = "0\r\n\r\n";
      return {};
    }
    char head[24];
    out_.assign(head, static_cast<std::size_t>(std::snprintf(head, sizeof head, "%zx\r\n", n)));
    out_.append(piece, 0, n);
    out_ += "\r\n";
    return {};
  }

  void send_some() {
    auto const sent = stream_.send(std::string_view{out_}.substr(at_));
    at_ += sent.size;
    if (sent.what == client_stream::outcome::broken) at_ = out_.size(), sending_ = false;  // the server has heard enough; its answer says why
  }

  auto receive_some() -> io_result<bool> {
    using enum client_stream::outcome;
    auto const before = in_.size();
    in_.resize(before + 64 * 1024);
    auto const got = stream_.receive(in_.data() + before, 64 * 1024);
    in_.resize(before + got.size);
    if (got.what == wait) return false;
    auto ec = boost::beast::error_code{};
    if (got.what != moved) {
      if (!parser_->got_some()) return std::unexpected(error::message("http", "EOF"));  // not a byte of an answer
      if (got.what == ended) parser_->put_eof(ec);
      if (!ec && parser_->is_done()) return true;
      if (!parser_->failed) return std::unexpected(std::move(parser_->failed).error());
      return std::unexpected(error::message("http", parser_->is_header_done() ? "the answer was cut short: unexpected EOF" : "EOF"));
    }
    auto used = 0uz;
    while (used < in_.size() && !parser_->is_done()) {
      auto const taken = parser_->put(boost::asio::buffer(in_.data() + used, in_.size() - used), ec);
      used += taken;
      if (!parser_->failed) return std::unexpected(std::move(parser_->failed).error());
      if (ec == boost::beast::http::error::need_more) break;
      if (ec) return std::unexpected(error::message("http", "malformed answer: " + ec.message()));
      if (parser_->is_done() && parser_->head.status < 200) begin_parser();  // 100 Continue
      else if (taken == 0) break;
    }
    in_.erase(0, used);
    // what is not used up yet is a line that has not ended: a head, a chunk's size, trailers
    if (in_.size() > unread_limit) return std::unexpected(error::message("http", "malformed answer: a line without end"));
    return parser_->is_done();
  }

  client_stream stream_;
  call const& what_;
  std::string out_, in_;
  std::size_t at_ = 0;
  bool sending_ = false, chunked_ = false;
  std::unique_ptr<response_parser> parser_;
};

}  // namespace detail

CAIRN_DECL auto perform(endpoint const& to, call const& what) -> io_result<headers> {
  CAIRN_TRY(auto socket, detail::connect_to(to, what.cancelled));
  auto stream = detail::client_stream{std::move(socket)};
  if (to.tls) CAIRN_TRY(stream.secure(to.host, what.cancelled));
  return detail::client_call{std::move(stream), to, what}.run();
}

}  // namespace cairn::http
