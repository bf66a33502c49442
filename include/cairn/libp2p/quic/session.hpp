#pragma once

#include <cairn/core/byte_queue.hpp>
#include <cairn/libp2p/stream_event.hpp>
#include <cairn/libp2p/tls/handshake.hpp>

#include <array>
#include <chrono>
#include <memory>
#include <string>

namespace cairn {

/// A socket address as the system has it; the session only compares it and hands it back.
struct quic_address {
  alignas(8) std::array<byte, 28> octets{};
  std::uint32_t size = 0;

  friend auto operator==(quic_address const& a, quic_address const& b) -> bool { return equal(bytes_view{a.octets}.first(a.size), bytes_view{b.octets}.first(b.size)); }
};
struct quic_path {
  quic_address local, remote;
};

struct quic_options {
  std::uint64_t max_streams = 256;                  ///< that the other side may have open
  std::uint64_t stream_window = 512 * 1024;         ///< at first; it grows with use
  std::uint64_t max_stream_window = 10 * 1024 * 1024, max_window = 15 * 1024 * 1024;
  std::size_t max_unsent = 1024 * 1024;             ///< of one stream: written and not yet acknowledged
  std::chrono::seconds idle{30}, handshake{10};
  std::array<byte, 32> reset_secret{};              ///< of `quic_reset`; zero: what this side has lost is not said
};

struct quic_state;
struct quic_state_delete {
  CAIRN_DECL void operator()(quic_state* s) const;
};

/// The connection ids under which datagrams reach a session; they come and go.
struct quic_ids {
  std::vector<std::string> added, removed;
};

/// One QUIC connection with libp2p's TLS: datagrams in and out, streams, time as an argument. No socket, no clock.
///
/// spec      RFC 9000, 9001, 9002; libp2p/specs quic
class quic_session {
public:
  using clock_time = std::chrono::steady_clock::time_point;
  static constexpr std::size_t max_datagram = 1452;

  /// lifetime  the identity and the source of randomness outlive the session
  CAIRN_DECL static auto dial(tls_identity const& identity, tls_options tls, quic_options options, quic_path const& path,
                              random_source random, clock_time now)
      -> io_result<quic_session>;

  /// From the first datagram of a dialer, which has still to be given to `receive`.
  ///
  /// retried   what a token in it has proven: the id of the dialer's first try
  /// errors    not an Initial packet of QUIC v1
  CAIRN_DECL static auto accept(tls_identity const& identity, tls_options tls, quic_options options, quic_path const& path, bytes_view first,
                                random_source random, clock_time now, std::optional<std::string> retried = {}) -> io_result<quic_session>;

  /// errors    why the connection is over; `send` has what the other side is to be told
  CAIRN_DECL auto receive(quic_path const& path, bytes_view datagram, clock_time now) -> io_result<void>;
  /// The next datagram to send.
  ///
  /// out       room for [max_datagram]
  /// returns   its size; 0: none now
  CAIRN_DECL auto send(bytes_span out, clock_time now) -> std::size_t;
  /// Where the last datagram of `send` or `farewell` goes: a peer that moves is looked for where it is now.
  CAIRN_DECL auto target() const -> quic_address const&;
  /// Whether a datagram of nobody's says that the other side has lost this connection, which then is over.
  CAIRN_DECL auto is_reset_by(quic_address const& from, bytes_view datagram) -> bool;
  /// A burst of datagrams was sent: the pace of the next ones.
  CAIRN_DECL void paced(clock_time now);
  CAIRN_DECL auto wake_at() const -> clock_time;
  /// errors    the other side is silent
  CAIRN_DECL auto wake(clock_time now) -> io_result<void>;
  /// The last datagram: why it ends.
  CAIRN_DECL auto farewell(bytes_span out, clock_time now) -> std::size_t;

  CAIRN_DECL auto is_open() const -> bool;
  CAIRN_DECL auto remote() const -> std::optional<public_key> const&;
  CAIRN_DECL auto round_trip() const -> std::optional<std::chrono::nanoseconds>;
  CAIRN_DECL auto take_ids() -> quic_ids;

  /// What happened since it was asked last; a view of data is good until the next call.
  CAIRN_DECL auto next_event() -> std::optional<stream_event>;

  CAIRN_DECL auto open() -> std::optional<stream_id>;  ///< none: the other side allows no more now
  CAIRN_DECL auto write(stream_id id, bytes_view in) -> std::size_t;
  CAIRN_DECL auto writable(stream_id id) const -> std::size_t;
  CAIRN_DECL void consumed(stream_id id, std::size_t n);
  CAIRN_DECL void close(stream_id id);
  CAIRN_DECL void reset(stream_id id);
  CAIRN_DECL auto stream_count() const -> std::size_t;

private:
  explicit quic_session(quic_state* s) : state_{s} {}
  std::unique_ptr<quic_state, quic_state_delete> state_;
};

/// What the head of a datagram says before any key: whose it is.
struct quic_head {
  std::string id;          ///< the destination
  std::string source;      ///< of a long head
  bool is_long = false;    ///< of a handshake
  bool is_initial = false; ///< a long head of a version that we speak
  bool unknown_version = false;
  bytes token{};           ///< of an Initial packet
};
CAIRN_DECL auto read_quic_head(bytes_view datagram) -> std::optional<quic_head>;

/// Proves that who dials is where he says: in a flood a listener keeps nothing of a dialer until he has sent back what was sent to
/// his address (RFC 9000, 8.1.2).
class quic_retry {
public:
  static constexpr std::chrono::seconds lifetime{10};

  CAIRN_DECL explicit quic_retry(random_source const& random);

  /// The answer in place of a connection.
  CAIRN_DECL auto answer(quic_head const& head, quic_address const& from, random_source const& random, quic_session::clock_time now, bytes_span out) const
      -> std::size_t;
  /// The id of the dialer's first try, where the token was made for that address and not long ago.
  CAIRN_DECL auto check(bytes_view token, quic_address const& from, quic_session::clock_time now) const -> std::optional<std::string>;

private:
  auto seal(bytes_view text, quic_address const& from) const -> digest<32>;

  secret_bytes secret_;
};

/// Tells who sends to a connection that is not here any more, after a restart too, so that he need not wait for an answer (RFC 9000, 10.3).
class quic_reset {
public:
  static constexpr std::size_t token_size = 16, least_size = 21, most_size = 42;

  explicit quic_reset(std::span<byte const, 32> secret) : secret_{bytes(secret.begin(), secret.end())} {}

  /// What the other side knows a reset of that connection id by.
  CAIRN_DECL auto token(bytes_view id) const -> std::array<byte, token_size>;
  /// A reset is shorter than what it answers: two sides that know nothing of each other fall silent. 0: none.
  static constexpr auto size_for(std::size_t datagram) -> std::size_t { return datagram <= least_size ? 0 : datagram <= most_size ? datagram - 1 : most_size; }
  CAIRN_DECL void write(bytes_view id, random_source const& random, bytes_span out) const;

private:
  secret_bytes secret_;
};

/// The answer to a version that we do not speak.
CAIRN_DECL auto quic_version_negotiation(quic_head const& head, bytes_span out) -> std::size_t;

}  // namespace cairn

#if CAIRN_HEADER_ONLY
#  include <cairn/libp2p/quic/impl/session.ipp>
#endif
