#pragma once

#include <cairn/asio/libp2p/impl/carrier.hpp>
#include <cairn/asio/libp2p/impl/quic_endpoint.hpp>
#include <cairn/asio/libp2p/impl/wake_up.hpp>
#include <cairn/libp2p/tls/channel.hpp>

namespace cairn::libp2p::detail {

/// A session of QUIC and the socket that its datagrams go through.
struct quic_link {
  std::shared_ptr<quic_endpoint> endpoint;
  quic_session session;
};

/// Over QUIC: a session that has all layers, and one loop that sends its datagrams.
class quic_carrier {
public:
  static constexpr bool has_descriptor = false;

  quic_carrier(connection& owner, quic_link link);

  auto security() const -> std::string_view { return tls::protocol_id; }
  auto muxer() const -> std::string_view { return "quic"; }
  auto round_trip() const -> std::optional<std::chrono::nanoseconds> { return link_.session.round_trip(); }
  auto remote_key() const -> public_key const& { return *link_.session.remote(); }
  auto open(deadline until) -> task<void>;
  void run() {}  // it has to send before its peer is known
  void begin();
  void tick() { kick(); }
  void leave();
  void kick() { writing_.notify(); }

  auto open_stream() -> io_result<stream_id>;
  auto write_some(stream_id id, std::span<bytes_view const> parts) -> io_result<std::size_t>;
  void consumed(stream_id id, std::size_t n);
  void close_stream(stream_id id);
  void reset_stream(stream_id id);

  void take_datagram(quic_path const& path, bytes_view datagram);
  auto is_reset_by(quic_address const& from, bytes_view datagram) -> bool { return link_.session.is_reset_by(from, datagram); }

private:
  auto send_loop() -> net::awaitable<void>;
  void send_datagrams();
  void tell_events();
  void update_ids();

  connection& owner_;
  quic_link link_;
  wake_up writing_, opened_;
  bool begun_ = false;
};
static_assert(stream_carrier<quic_carrier>);

}  // namespace cairn::libp2p::detail
