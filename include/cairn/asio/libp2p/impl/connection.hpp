#pragma once

#include <cairn/asio/libp2p/impl/quic_carrier.hpp>
#include <cairn/asio/libp2p/impl/tcp_carrier.hpp>
#include <cairn/asio/libp2p/impl/wake_up.hpp>
#include <cairn/asio/libp2p/task.hpp>
#include <cairn/asio/libp2p/traffic.hpp>
#include <cairn/core/byte_queue.hpp>
#include <cairn/libp2p/identify.hpp>
#include <cairn/libp2p/multistream.hpp>
#include <cairn/libp2p/resources.hpp>

#include <memory>
#include <optional>
#include <unordered_map>
#include <variant>

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

/// One connection: its streams, who the other side is, what it takes of the host's resources. What carries the streams is one of two
/// models of `stream_carrier`.
class connection : public std::enable_shared_from_this<connection> {
  template <class F>
  auto with(F f) -> decltype(auto) {
    if (auto* const tcp = std::get_if<tcp_carrier>(&carrier_)) return f(*tcp);
    return f(std::get<quic_carrier>(carrier_));
  }
  template <class F>
  auto with(F f) const -> decltype(auto) {
    if (auto const* const tcp = std::get_if<tcp_carrier>(&carrier_)) return f(*tcp);
    return f(std::get<quic_carrier>(carrier_));
  }

public:
  connection(std::shared_ptr<host_state> host, tcp::socket socket, bool dialed, std::optional<peer_id> expected);
  connection(std::shared_ptr<host_state> host, quic_link link, bool dialed);

  /// Its part of memory and descriptors, as `favoured` has it or comes to have it; false: there is no more.
  auto take_room() -> bool;

  /// Before `upgrade`, of a connection over TCP.
  void dial_web(std::string host, std::optional<std::string> tls_name) { std::get<tcp_carrier>(carrier_).dial_web(std::move(host), std::move(tls_name)); }
  void accept_web(bool plain) { std::get<tcp_carrier>(carrier_).accept_web(plain); }
  /// Until the peer is proven. Fails with the phase that was reached.
  auto upgrade(deadline until) -> task<void>;
  auto open(std::vector<std::string> protocols, deadline until) -> task<std::shared_ptr<stream_state>>;
  /// The host knows it: streams that came with the end of the handshake find their peer there.
  void begin() {
    with([](auto& c) { c.begin(); });
  }
  /// Once a second, from the host.
  void tick() {
    with([](auto& c) { c.tick(); });
  }
  /// The first reason counts; every stream learns of it.
  void end(error why);
  auto is_over() const -> bool { return why_.has_value(); }
  auto why() const -> error const& { return *why_; }
  auto remote() const -> peer_id const& { return *remote_; }
  auto security() const -> std::string_view { return with([](auto const& c) { return c.security(); }); }
  auto muxer() const -> std::string_view { return with([](auto const& c) { return c.muxer(); }); }
  auto round_trip() const -> std::optional<std::chrono::nanoseconds> { return with([](auto const& c) { return c.round_trip(); }); }
  auto remote_key() const -> public_key const& { return with([](auto const& c) -> public_key const& { return c.remote_key(); }); }
  auto has_descriptor() const -> bool { return with([]<class C>(C const&) { return C::has_descriptor; }); }
  auto executor() const -> net::any_io_executor;

  /// As much as windows and what waits allow; none: `writable` will tell.
  auto write_some(stream_id id, std::span<bytes_view const> parts) -> io_result<std::size_t> { return with([&](auto& c) { return c.write_some(id, parts); }); }
  void consumed(stream_id id, std::size_t n) {
    with([&](auto& c) { c.consumed(id, n); });
  }
  void close_stream(stream_id id) {
    with([&](auto& c) { c.close_stream(id); });
  }
  void reset_stream(stream_id id) {
    with([&](auto& c) { c.reset_stream(id); });
  }

  /// What happened on the carrier.
  void tell(stream_event const& e);
  void count_in(std::size_t n);
  void count_out(std::size_t n);
  /// Whether a datagram says that the other side of a connection over QUIC has lost it, which ends it.
  auto ends_by(quic_address const& from, bytes_view datagram) -> bool;
  /// A datagram for one.
  void take_datagram(quic_path const& path, bytes_view datagram) { std::get<quic_carrier>(carrier_).take_datagram(path, datagram); }

  std::shared_ptr<host_state> host;
  resource_share memory, descriptor;
  bool dialed, favoured = false;
  multiaddr remote_address{};
  deadline since = now();
  [[no_unique_address]] traffic_count counts{};  // of the peer, once it is known
  std::optional<identify_info> identified{};
  std::unordered_map<stream_id, stream_state*> streams{};

private:
  void accept_stream(stream_id id);

  std::variant<tcp_carrier, quic_carrier> carrier_;
  std::optional<peer_id> remote_;
  std::optional<error> why_;
};

}  // namespace cairn::libp2p::detail
