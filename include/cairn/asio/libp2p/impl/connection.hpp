#pragma once

#include <cairn/asio/libp2p/impl/quic_endpoint.hpp>
#include <cairn/asio/libp2p/impl/wake_up.hpp>
#include <cairn/asio/libp2p/task.hpp>
#include <cairn/asio/libp2p/traffic.hpp>
#include <cairn/core/byte_queue.hpp>
#include <cairn/libp2p/identify.hpp>
#include <cairn/libp2p/multistream.hpp>
#include <cairn/libp2p/pnet.hpp>
#include <cairn/libp2p/resources.hpp>
#include <cairn/libp2p/upgrade.hpp>
#include <cairn/libp2p/websocket.hpp>
#include <cairn/libp2p/yamux.hpp>

#include <memory>
#include <optional>
#include <unordered_map>

#include <boost/asio/ip/tcp.hpp>

namespace cairn::libp2p::detail {

using tcp = net::ip::tcp;

struct host_state;
class connection;
}
namespace cairn::libp2p::detail {

struct stream_state {
  stream_state(std::shared_ptr<connection> c, stream_id i, bool opened_here);
  stream_state(stream_state const&) = delete;
  ~stream_state();

  std::shared_ptr<connection> owner;
  stream_id id;
  std::string protocol{};
  [[no_unique_address]] traffic_count counts{};  // of the protocol
  byte_queue in{};
  std::size_t granted = 0;   // octets of it that are in no window any more
  resource_share memory;     // of what is in it
  resource_share slot{};     // among the streams of its protocol
  wake_up reader, writer;
  bool dialed;               // opened here
  bool ended = false;        // the other side writes no more
  bool gone = false;         // reset, or the connection is over
  bool closed = false;       // we write no more
};

/// One connection. Over TCP: the machines of its layers, and the two loops that move octets between them and the socket; over
/// QUIC: a session that has all layers, and one loop that sends its datagrams. What a stream does goes through `open_stream` and its
/// neighbours, which know both.
class connection : public std::enable_shared_from_this<connection> {
public:
  connection(std::shared_ptr<host_state> host, tcp::socket socket, bool dialed, std::optional<peer_id> expected);

  connection(std::shared_ptr<host_state> host, quic_link link, bool dialed);

  /// Its part of memory and descriptors; false: there is no more.
  auto take_room() -> bool;

  /// Before `upgrade`: this side asks for a WebSocket of that host, inside TLS
  /// of the web where that has a name; or takes one, and nothing else unless `plain`.
  void dial_web(std::string host, std::optional<std::string> tls_name);
  void accept_web(bool plain);
  /// WebSocket, security and muxer, one after the other; then the loops run. Fails with the phase that was reached.
  auto upgrade(deadline until) -> task<void>;
  auto open(std::vector<std::string> protocols, deadline until) -> task<std::shared_ptr<stream_state>>;

  /// The first reason counts; every stream learns of it.
  void end(error why);
  auto is_over() const -> bool { return why_.has_value(); }
  auto why() const -> error const& { return *why_; }
  auto remote() const -> peer_id const& { return *remote_; }
  auto security() const -> std::string_view { return quic_ ? std::string_view{tls::protocol_id} : channel_.name(); }
  auto muxer() const -> std::string_view { return quic_ ? std::string_view{"quic"} : yamux::protocol_id; }
  auto round_trip() const -> std::optional<std::chrono::nanoseconds>;
  auto remote_key() const -> public_key const& { return quic_ ? *quic_->session.remote() : *channel_.remote(); }

  void tick();
  /// The host knows it: streams that came with the end of the handshake find their peer there.
  void begin();
  void take_datagram(quic_path const& path, bytes_view datagram);

  auto open_stream() -> io_result<stream_id>;
  /// As much as windows and what waits allow; none: `writable` will tell.
  auto write_some(stream_id id, std::span<bytes_view const> parts) -> io_result<std::size_t>;
  void consumed(stream_id id, std::size_t n);
  void close_stream(stream_id id);
  void reset_stream(stream_id id);

  /// The writer has something to do.
  void kick() { writing_.notify(); }
  auto is_tcp() const -> bool { return !quic_; }
  auto executor() -> net::any_io_executor { return socket_.get_executor(); }

  std::shared_ptr<host_state> host;
  resource_share memory, descriptor;
  bool dialed;
  multiaddr remote_address{};
  deadline since = now();
  [[no_unique_address]] traffic_count counts{};  // of the peer, once it is known
  std::optional<identify_info> identified{};
  yamux_session session;
  byte_queue text_out{};     // what the muxer says, not encrypted yet
  std::unordered_map<stream_id, stream_state*> streams{};

  /// Streams write while less than this waits for the socket.
  static constexpr std::size_t most_waiting = 256 * 1024;

private:
  auto quic_loop() -> net::awaitable<void>;
  auto open_quic(deadline until) -> task<void>;
  void send_datagrams();
  void tell_quic_events();
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
  void tell(stream_event const& e);
  void accept_stream(stream_id id);

  tcp::socket socket_;                    // not open where there is
  std::optional<quic_link> quic_;
  std::optional<pnet_channel> network_;
  std::optional<websocket_channel> web_;
  std::optional<tls_channel> shell_;      // of a WebSocket's server, outside all else
  secured_channel channel_;
  std::optional<peer_id> expected_, remote_;
  byte_queue raw_in_, shelled_in_, shell_out_, hidden_in_, wire_in_, text_in_, wire_out_;
  byte_queue answers_;  // of the channel: they go before what is sealed after them
  wake_up writing_, drained_;
  bool begun_ = false, greeted_ = false, moved_ = true, accepts_web_ = false, accepts_plain_ = true;
  unsigned ticks_ = 0;
  std::size_t read_size_ = 4096;
  std::optional<error> why_;
};

}  // namespace cairn::libp2p::detail
