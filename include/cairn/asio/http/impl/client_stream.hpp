#pragma once
// The octets of a client's connection: as they are, or inside the TLS of the web (RFC 8446, RFC 5246), whose server shows a certificate of
// that host (RFC 9525) which an authority of this machine signed.

#include <cairn/asio/http/impl/tls_library.hpp>
#include <cairn/core/error.hpp>
#include <cairn/core/try.hpp>

#include <openssl/bio.h>
#include <openssl/err.h>
#include <openssl/x509v3.h>

#include <cerrno>
#include <cstddef>
#include <cstdint>
#include <functional>
#include <memory>
#include <string>
#include <string_view>
#include <utility>

#include <arpa/inet.h>
#include <poll.h>
#include <sys/socket.h>
#include <unistd.h>

namespace cairn::http::detail {

struct client_socket {
  int fd = -1;
  client_socket() = default;
  explicit client_socket(int f) : fd{f} {}
  client_socket(client_socket&& o) noexcept : fd{std::exchange(o.fd, -1)} {}
  auto operator=(client_socket&& o) noexcept -> client_socket& { return std::swap(fd, o.fd), *this; }
  ~client_socket() {
    if (fd >= 0) ::close(fd);
  }
};

inline auto bio_descriptor(BIO* b) -> int { return static_cast<int>(reinterpret_cast<std::intptr_t>(BIO_get_data(b))); }
inline auto bio_moved(BIO* b, ssize_t n, int retry) -> int {
  BIO_clear_retry_flags(b);
  if (n < 0 && (errno == EAGAIN || errno == EINTR)) BIO_set_flags(b, retry | BIO_FLAGS_SHOULD_RETRY);
  return static_cast<int>(n);
}

// OpenSSL writes with write(2), which ends a program whose peer has gone; this does not.
inline auto silent_socket_method() -> BIO_METHOD* {
  static auto* const method = [] {
    auto* m = BIO_meth_new(BIO_get_new_index() | BIO_TYPE_SOURCE_SINK, "socket");
    BIO_meth_set_write(m, [](BIO* b, char const* from, int n) {
      return bio_moved(b, ::send(bio_descriptor(b), from, static_cast<std::size_t>(n), MSG_NOSIGNAL | MSG_DONTWAIT), BIO_FLAGS_WRITE);
    });
    BIO_meth_set_read(m, [](BIO* b, char* into, int n) {
      return bio_moved(b, ::recv(bio_descriptor(b), into, static_cast<std::size_t>(n), MSG_DONTWAIT), BIO_FLAGS_READ);
    });
    BIO_meth_set_ctrl(m, [](BIO*, int what, long, void*) -> long { return what == BIO_CTRL_FLUSH ? 1 : 0; });
    return m;
  }();
  return method;
}

// The authorities of this machine, read once; SSL_CERT_FILE and SSL_CERT_DIR name others.
inline auto web_context(tls_library const& tls) -> SSL_CTX* {
  static auto* const context = [&] {
    auto* c = tls.new_context(tls.client_method());
    if (!c) return c;
    tls.control_context(c, SSL_CTRL_SET_MIN_PROTO_VERSION, TLS1_2_VERSION, nullptr);
    tls.control_context(c, SSL_CTRL_MODE, SSL_MODE_ENABLE_PARTIAL_WRITE | SSL_MODE_ACCEPT_MOVING_WRITE_BUFFER, nullptr);
    tls.use_default_authorities(c);
    tls.set_verify(c, SSL_VERIFY_PEER, nullptr);
    return c;
  }();
  return context;
}

class client_stream {
public:
  enum class outcome { moved, wait, ended, broken };
  struct step {
    outcome what;
    std::size_t size = 0;  // of what moved
  };

  explicit client_stream(client_socket socket) : socket_{std::move(socket)} {}

  /// From here on inside TLS.
  ///
  /// errors    whom the server's certificate does not convince, and why · the handshake fails or is cut short · canceled
  auto secure(std::string const& host, std::function<bool()> const& cancelled) -> io_result<void> {
    CAIRN_TRY(library_, tls_library::get());
    ERR_clear_error();
    auto* context = web_context(*library_);
    tls_ = {context ? library_->create(context) : nullptr, library_->destroy};
    auto* bio = tls_ ? BIO_new(silent_socket_method()) : nullptr;
    if (!bio) return std::unexpected(error::message("http", "no memory for TLS"));
    BIO_set_data(bio, reinterpret_cast<void*>(static_cast<std::intptr_t>(socket_.fd)));
    BIO_set_init(bio, 1);
    library_->set_bio(tls_.get(), bio, bio);
    unsigned char address[16];
    if (::inet_pton(AF_INET, host.c_str(), address) == 1 || ::inet_pton(AF_INET6, host.c_str(), address) == 1) {
      X509_VERIFY_PARAM_set1_ip_asc(library_->verification(tls_.get()), host.c_str());
    } else {
      library_->control(tls_.get(), SSL_CTRL_SET_TLSEXT_HOSTNAME, TLSEXT_NAMETYPE_host_name, const_cast<char*>(host.c_str()));
      library_->set_host(tls_.get(), host.c_str());
    }
    static constexpr unsigned char protocols[] = "\x08http/1.1";
    library_->set_protocols(tls_.get(), protocols, sizeof protocols - 1);
    for (;;) {
      ERR_clear_error();
      auto const done = library_->connect(tls_.get());
      if (done == 1) return {};
      auto const why = library_->why(tls_.get(), done);
      if (outcome_of(why) != outcome::wait) return std::unexpected(refusal(host));
      auto wanted = pollfd{socket_.fd, static_cast<short>(why == SSL_ERROR_WANT_WRITE ? POLLOUT : POLLIN), 0};
      static_cast<void>(::poll(&wanted, 1, 100));
      if (cancelled && cancelled()) return std::unexpected(error::message("http", "canceled"));
    }
  }

  auto send(std::string_view from) -> step {
    if (!tls_) {
      auto const n = ::send(socket_.fd, from.data(), from.size(), MSG_NOSIGNAL | MSG_DONTWAIT);
      return n >= 0 ? step{outcome::moved, static_cast<std::size_t>(n)} : step{again() ? outcome::wait : outcome::broken};
    }
    ERR_clear_error();
    auto n = std::size_t{0};
    auto const done = library_->write(tls_.get(), from.data(), from.size(), &n);
    auto const why = done == 1 ? SSL_ERROR_NONE : library_->why(tls_.get(), done);
    sending_awaits_octets_ = why == SSL_ERROR_WANT_READ;
    return {outcome_of(why), n};
  }

  auto receive(char* into, std::size_t size) -> step {
    if (!tls_) {
      auto const n = ::recv(socket_.fd, into, size, MSG_DONTWAIT);
      if (n < 0) return {again() ? outcome::wait : outcome::broken};
      return n == 0 ? step{outcome::ended} : step{outcome::moved, static_cast<std::size_t>(n)};
    }
    ERR_clear_error();
    auto n = std::size_t{0};
    auto const done = library_->read(tls_.get(), into, size, &n);
    auto const why = done == 1 ? SSL_ERROR_NONE : library_->why(tls_.get(), done);
    receiving_awaits_room_ = why == SSL_ERROR_WANT_WRITE;
    sending_awaits_octets_ = false;  // it may go on
    may_have_more_ = why == SSL_ERROR_NONE;
    return {outcome_of(why), n};
  }

  auto descriptor() const -> int { return socket_.fd; }
  /// What to wait for, to receive, and to send if `sends`.
  auto events(bool sends) const -> short { return static_cast<short>(POLLIN | ((sends && !sending_awaits_octets_) || receiving_awaits_room_ ? POLLOUT : 0)); }
  /// Octets may have come that no wait would announce: to be found out by receiving.
  auto may_have_more() const -> bool { return may_have_more_; }

private:
  static auto again() -> bool { return errno == EAGAIN || errno == EINTR; }
  static auto outcome_of(int why) -> outcome {
    if (why == SSL_ERROR_NONE) return outcome::moved;
    if (why == SSL_ERROR_WANT_READ || why == SSL_ERROR_WANT_WRITE) return outcome::wait;
    return why == SSL_ERROR_ZERO_RETURN ? outcome::ended : outcome::broken;
  }
  auto refusal(std::string const& host) const -> error {
    if (auto const verdict = library_->verdict(tls_.get()); verdict != X509_V_OK)
      return error::message("http", std::string{"the server's certificate is not trusted: "} + X509_verify_cert_error_string(verdict)).about(host);
    auto const* reason = ERR_reason_error_string(ERR_peek_error());
    return error::message("http", std::string{"the TLS handshake failed: "} + (reason ? reason : "the connection ended")).about(host);
  }

  client_socket socket_;
  tls_library const* library_ = nullptr;
  std::unique_ptr<SSL, void (*)(SSL*)> tls_{nullptr, nullptr};
  bool may_have_more_ = false;  // the last record that was read need not be the last that has come
  bool sending_awaits_octets_ = false, receiving_awaits_room_ = false;  // TLS has something of its own to do first
};

}  // namespace cairn::http::detail
