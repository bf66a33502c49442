#pragma once

#include <cairn/libp2p/identify.hpp>
#include <cairn/libp2p/upgrade.hpp>
#include <cairn/libp2p/yamux.hpp>
#include <cairn/sim/network.hpp>
#include <cairn/sim/stream.hpp>

#include <map>
#include <memory>
#include <optional>

namespace cairn::sim {

/// One connection: the machines of its layers, between a wire and the streams.
class connection : public std::enable_shared_from_this<connection> {
public:
  using opened = std::function<void(io_result<std::shared_ptr<stream>>)>;

  CAIRN_DECL connection(host& of, std::shared_ptr<wire> w, bool dialed, std::optional<peer_id> expected);

  /// Security and muxer; then the host takes it up, or learns why not.
  CAIRN_DECL void start();
  /// A stream with the first of the protocols that the other side has.
  CAIRN_DECL void open(std::vector<std::string> protocols, opened then);
  /// The first reason counts; every stream learns of it.
  CAIRN_DECL void end(error why);
  /// Once a second.
  CAIRN_DECL void tick();

  auto remote() const -> peer_id const& { return *remote_; }
  auto remote_key() const -> public_key const& { return *channel_.remote(); }
  auto place_of_remote() const -> place { return wire_->there(); }
  auto is_dialed() const -> bool { return dialed_; }
  auto is_over() const -> bool { return why_.has_value(); }
  auto is_open() const -> bool { return remote_.has_value() && !is_over(); }
  auto why() const -> error const& { return *why_; }
  auto session() const -> yamux_session const& { return session_; }
  auto stream_count() const -> std::size_t { return streams_.size(); }
  /// Octets that wait: to be sent, or for the rest of a frame.
  auto waiting() const -> std::size_t { return wire_in_.size() + wire_out_.size() + text_in_.size() + text_out_.size() + answers_.size(); }

  std::optional<identify_info> identified{};

private:
  friend class stream;
  friend class host;
  // as the daemon's: streams write while less than this waits for the wire
  static constexpr std::size_t most_waiting = 256 * 1024;

  void read();
  auto take_text() -> io_result<void>;
  void tell(stream_event const& e);
  auto make_stream(stream_id id, bool opened_here, std::vector<std::string> protocols, opened then) -> std::shared_ptr<stream>;
  void negotiate(stream& s);
  void agree(stream& s, std::string name);
  void refuse(stream& s, error why);
  void drop_stream(stream& s);        // where nothing is left to come or go
  void kick();
  void flush();

  host* of_;
  std::shared_ptr<wire> wire_;
  bool dialed_, kicked_ = false, moved_ = true, holds_ = false, paused_ = false;  // what each tick looks at stands together
  unsigned ticks_ = 0;
  std::optional<error> why_{};
  yamux_session session_;
  std::unique_ptr<connection_upgrade> upgrade_;  // until it is open
  secured_channel channel_{};
  byte_queue wire_in_{}, text_in_{}, text_out_{}, wire_out_{}, answers_{};
  std::map<stream_id, std::shared_ptr<stream>> streams_{};
  std::optional<peer_id> remote_{};
  libp2p::resource_share memory_;
};

}  // namespace cairn::sim

#if CAIRN_HEADER_ONLY
#  include <cairn/sim/host.hpp>
#endif
