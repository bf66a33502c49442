#pragma once

#include <cairn/asio/libp2p/task.hpp>
#include <cairn/core/bytes.hpp>
#include <cairn/core/config.hpp>
#include <cairn/multiformats/peer_id.hpp>

#include <memory>
#include <span>
#include <string>

namespace cairn::libp2p {

namespace detail {
struct stream_state;
}

/// One stream of a connection, with the protocol that both sides agreed on. Moves; a stream that goes out of scope and was
/// not read to its end and closed is reset.
///
/// threads   used from the executor of its host only; one reader and one writer at a time
class stream {
public:
  stream() = default;
  explicit stream(std::shared_ptr<detail::stream_state> state) : state_{std::move(state)} {}

  CAIRN_DECL auto protocol() const -> std::string const&;
  CAIRN_DECL auto remote() const -> peer_id const&;

  /// What has arrived, once it is more than `seen` octets; or no more than that at the end of the stream.
  ///
  /// lifetime  the view is good until `consume` or the next await
  /// errors    the deadline, a reset, the end of the connection
  CAIRN_DECL auto wait(std::size_t seen, deadline until) -> task<bytes_view>;
  /// Take `n` octets of the view; the window opens again.
  CAIRN_DECL void consume(std::size_t n);
  /// The window opens for what is in the first `n` octets of the view, too: who waits for a whole of `n` may wait for more than a window.
  CAIRN_DECL void grant(std::size_t n);

  /// At most out.size() octets; 0 is the end of the stream.
  CAIRN_DECL auto read_some(bytes_span out, deadline until) -> task<std::size_t>;

  /// All of it, as the windows allow.
  CAIRN_DECL auto write(bytes_view in, deadline until) -> task<void>;
  /// The same for what lies in pieces.
  CAIRN_DECL auto write(std::span<bytes_view const> parts, deadline until) -> task<void>;

  /// No more is written.
  CAIRN_DECL void close();
  /// Both directions end.
  CAIRN_DECL void reset();

private:
  std::shared_ptr<detail::stream_state> state_;
};

}  // namespace cairn::libp2p

#if CAIRN_HEADER_ONLY
#  include <cairn/asio/libp2p/host.hpp>  // whose bodies are those of streams too
#endif
