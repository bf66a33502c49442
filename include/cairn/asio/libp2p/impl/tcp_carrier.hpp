#pragma once

#include <cairn/asio/libp2p/impl/carrier.hpp>
#include <cairn/asio/libp2p/impl/wake_up.hpp>
#include <cairn/core/byte_queue.hpp>
#include <cairn/libp2p/pnet.hpp>
#include <cairn/libp2p/upgrade.hpp>
#include <cairn/libp2p/websocket.hpp>
#include <cairn/libp2p/yamux.hpp>

#include <optional>
#include <string>

#include <boost/asio/ip/tcp.hpp>

namespace cairn::libp2p::detail {

using tcp = net::ip::tcp;

struct host_state;
class connection;

/// Over TCP: the machines of its layers, and the two loops that move octets between them and the socket.
class tcp_carrier {
public:
  static constexpr bool has_descriptor = true;

  tcp_carrier(connection& owner, tcp::socket socket, std::optional<peer_id> expected);

  /// Before `open`: this side asks for a WebSocket of that host, inside TLS of the web where that has a name; or takes one, and nothing
  /// else unless `plain`.
  void dial_web(std::string host, std::optional<std::string> tls_name);
  void accept_web(bool plain);

  auto security() const -> std::string_view { return channel_.name(); }
  auto muxer() const -> std::string_view { return yamux::protocol_id; }
  auto round_trip() const -> std::optional<std::chrono::nanoseconds> { return session_.round_trip(); }
  auto remote_key() const -> public_key const& { return *channel_.remote(); }
  /// WebSocket, security and muxer, one after the other.
  auto open(deadline until) -> task<void>;
  void run();
  void begin() { begun_ = true; }
  void tick();
  void leave();
  void kick() { writing_.notify(); }

  auto open_stream() -> io_result<stream_id>;
  auto write_some(stream_id id, std::span<bytes_view const> parts) -> io_result<std::size_t>;
  void consumed(stream_id id, std::size_t n);
  void close_stream(stream_id id);
  void reset_stream(stream_id id);

private:
  auto read_loop() -> net::awaitable<void>;
  auto write_loop() -> net::awaitable<void>;
  auto receive(std::size_t room) -> task<void>;   // more octets in wire_in_
  auto flush_plain() -> task<void>;               // wire_out_ through the private network and the WebSocket
  auto send() -> task<void>;                      // wire_out_ as it is
  void hide();                                    // what those make of wire_out_
  auto uncover() -> io_result<void>;              // the other way: raw_in_ to wire_in_
  auto open_shell() -> task<void>;
  auto open_web() -> task<void>;
  auto secure() -> task<void>;                    // the channel and the muxer
  auto decrypt(byte_queue& answers) -> io_result<void>;
  void farewell();                                // what the channel still wants to say, if the socket takes it at once
  void go_away();                                 // that it ends: the other side need not find out
  void send_last();                               // wire_out_, as much of it as the socket takes at once
  auto take_events() -> io_result<void>;

  connection& owner_;
  tcp::socket socket_;
  std::optional<pnet_channel> network_;
  std::optional<websocket_channel> web_;
  std::optional<tls_channel> shell_;              // of a WebSocket's server, outside all else
  secured_channel channel_;
  yamux_session session_;
  std::optional<peer_id> expected_;
  byte_queue raw_in_, shelled_in_, shell_out_, hidden_in_, wire_in_, text_in_, wire_out_;
  byte_queue text_out_;                           // what the muxer says, not encrypted yet
  byte_queue answers_;                            // of the channel: they go before what is sealed after them
  wake_up writing_, drained_;
  bool begun_ = false, greeted_ = false, moved_ = true, accepts_web_ = false, accepts_plain_ = true;
  unsigned ticks_ = 0;
  std::size_t read_size_ = 4096;
};
static_assert(stream_carrier<tcp_carrier>);

}  // namespace cairn::libp2p::detail
