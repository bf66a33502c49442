#pragma once

#include <cairn/core/byte_queue.hpp>
#include <cairn/core/config.hpp>
#include <cairn/libp2p/multistream.hpp>
#include <cairn/libp2p/resources.hpp>
#include <cairn/libp2p/stream_event.hpp>
#include <cairn/multiformats/peer_id.hpp>

#include <functional>
#include <memory>
#include <string>

namespace cairn::sim {

class connection;
class host;

/// One stream of a connection. Its connection keeps it until both sides are closed or it is reset.
class stream : public std::enable_shared_from_this<stream> {
public:
  CAIRN_DECL stream(connection& of, stream_id id, bool opened_here);

  auto id() const -> stream_id { return id_; }
  auto protocol() const -> std::string const& { return protocol_; }
  auto remote() const -> peer_id const& { return remote_; }
  auto is_opened_here() const -> bool { return opened_here_; }

  /// What has arrived and was not consumed.
  auto in() const -> bytes_view { return in_.view(); }
  CAIRN_DECL void consume(std::size_t n);
  /// The other side writes no more.
  auto is_ended() const -> bool { return ended_; }
  /// It was reset, or the connection is over.
  auto is_gone() const -> bool { return gone_; }

  /// As much as windows and what waits allow; `on_event` tells when there may be room again.
  CAIRN_DECL auto write(bytes_view in) -> std::size_t;
  CAIRN_DECL void close();
  CAIRN_DECL void reset();

  /// Something has arrived, ended, gone, or there is room. Called from the world's events only, never from within a call of this.
  std::function<void()> on_event{};

private:
  friend class connection;
  friend class host;
  void tell();

  connection* of_;  // while it is not gone
  stream_id id_;
  peer_id remote_;
  std::string protocol_{};
  byte_queue in_{};
  libp2p::resource_share memory_, slot_{};
  bool opened_here_, ended_ = false, gone_ = false, closed_ = false, short_of_room_ = false, told_ = false, dropped_ = false;

  // until both sides agree on the protocol
  struct negotiation {
    multistream_dialer asks;
    multistream_listener answers{};
    std::vector<std::string> protocols;
    byte_queue out{};
    std::function<void(io_result<std::shared_ptr<stream>>)> then;
  };
  std::unique_ptr<negotiation> talks_{};
};

}  // namespace cairn::sim

#if CAIRN_HEADER_ONLY
#  include <cairn/sim/host.hpp>  // whose bodies are those of streams too
#endif
