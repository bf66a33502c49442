#pragma once

#include <cairn/asio/libp2p/task.hpp>
#include <cairn/libp2p/quic/session.hpp>
#include <cairn/multiformats/multiaddr.hpp>

#include <memory>
#include <optional>
#include <unordered_map>

#include <boost/asio/awaitable.hpp>
#include <boost/asio/ip/udp.hpp>

namespace cairn::libp2p::detail {

namespace net = boost::asio;
struct host_state;
class connection;

inline auto to_quic_address(net::ip::udp::endpoint const& e) -> quic_address;
inline auto to_endpoint(quic_address const& a) -> net::ip::udp::endpoint;
inline auto to_multiaddr(net::ip::udp::endpoint const& e) -> multiaddr;

/// One UDP socket with all QUIC connections that go through it, dialed and accepted.
class quic_endpoint : public std::enable_shared_from_this<quic_endpoint> {
public:
  quic_endpoint(std::shared_ptr<host_state> const& host, net::ip::udp::socket socket, bool listens);

  auto loop() -> net::awaitable<void>;
  /// Datagrams of `segment` octets each, the last one shorter or not, in one call to the system where it can.
  void send(quic_address const& to, bytes_view datagrams, std::size_t segment);
  void update(std::shared_ptr<connection> const& c, quic_ids const& ids);
  void forget(connection const& c);
  void close();

  auto local() const -> quic_address const& { return local_; }
  auto address() const -> multiaddr;
  auto listens() const -> bool { return listens_; }
  auto is_v4() const -> bool { return v4_; }
  auto binds_to_all() const -> bool { return to_endpoint(local_).address().is_unspecified(); }

private:
  auto receive_all() -> bool;
  void take(quic_path const& path, bytes_view datagram);
  void accept(quic_head const& head, quic_path const& path, bytes_view datagram);
  void take_stray(quic_head const& head, quic_path const& path, bytes_view datagram);

  std::weak_ptr<host_state> host_;
  net::ip::udp::socket socket_;
  quic_address local_;
  bool listens_, v4_, segments_ = true;
  quic_retry retry_{random_source::system()};
  std::optional<quic_reset> reset_{};
  static constexpr std::size_t most_strays = 100;  // that are looked at in a second
  std::int64_t stray_second_ = 0;
  std::size_t strays_ = 0;
  std::unordered_map<std::string, std::weak_ptr<connection>> by_id_;
};

}  // namespace cairn::libp2p::detail
