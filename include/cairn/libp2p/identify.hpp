#pragma once

#include <cairn/core/byte_queue.hpp>
#include <cairn/core/config.hpp>
#include <cairn/core/error.hpp>
#include <cairn/crypto/key.hpp>
#include <cairn/libp2p/envelope.hpp>
#include <cairn/multiformats/multiaddr.hpp>
#include <cairn/multiformats/peer_id.hpp>

#include <optional>
#include <string>
#include <vector>

namespace cairn {

/// Why what a peer says of itself was not taken.
enum class identify_errc : byte {
  bad_message = 1,  ///< not the protobuf Identify behind its length                      (libp2p/specs identify)
  too_long,         ///< one message is longer than 8 KiB, or there are more than 10       (go-libp2p's limits)
  wrong_key,        ///< publicKey is not the key that the connection proved               (IX-20)
  truncated,        ///< the stream ended inside a message
};

template <>
struct errc_traits<identify_errc> {
  static constexpr std::string_view module = "identify";
  static constexpr auto describe(identify_errc e) -> std::string_view {
    switch (e) {
      case identify_errc::bad_message: return "identify: not an Identify message";
      case identify_errc::too_long: return "identify: the message is too long";
      case identify_errc::wrong_key: return "identify: the public key is not that of the connection";
      case identify_errc::truncated: return "identify: the stream ended inside a message";
    }
    return "identify: unknown error";
  }
};

/// What a peer says of itself. In a push, what is absent did not change (IX-19).
struct identify_info {
  static constexpr std::string_view protocol_id = "/ipfs/id/1.0.0", push_protocol_id = "/ipfs/id/push/1.0.0";
  static constexpr std::size_t max_message = 8 * 1024, max_messages = 10;
  static constexpr std::size_t max_protocols = 1000, max_addresses = 256, max_text = 512;

  std::optional<bytes> public_key{};            ///< protobuf
  std::vector<multiaddr> listen_addresses{};
  std::vector<std::string> protocols{};
  std::optional<multiaddr> observed_address{};  ///< ours, as the peer sees it
  std::optional<std::string> protocol_version{}, agent_version{};
  std::optional<bytes> signed_record{};         ///< an envelope

  friend auto operator==(identify_info const&, identify_info const&) -> bool = default;
};

/// Merge one message, without its length, into `info`. Addresses that cannot be read are left out (IX-17); protocols,
/// addresses and texts above the caps are dropped (SEC-16).
///
/// errors    bad_message
CAIRN_DECL auto merge_identify(bytes_view in, identify_info& info) -> result<void, identify_errc>;

/// One message or, where it is longer than 8 KiB, several that a reader merges; each behind its length.
CAIRN_DECL void append_identify(byte_queue& out, identify_info const& info);

/// Reads a stream of the identify protocols to its end. A machine.
class identify_reader {
public:
  /// Take whole messages from the front of `in`.
  ///
  /// errors    bad_message · too_long
  CAIRN_DECL auto resume(bytes_view in) -> result<std::size_t, identify_errc>;

  /// At the end of the stream, `left` octets of it not taken: what was said, held against the key that the connection proved.
  /// A signed record of another peer, or one that is not valid, is dropped.
  ///
  /// errors    truncated · wrong_key
  CAIRN_DECL auto finish(std::size_t left, public_key const& proven) -> result<identify_info, identify_errc>;

private:
  identify_info info_;
  std::size_t messages_ = 0;
};

/// Answers pings: 32 octets, sent back as they came (IX-58). A machine for the side that answers.
struct ping_protocol {
  static constexpr std::string_view protocol_id = "/ipfs/ping/1.0.0";
  static constexpr std::size_t size = 32;

  /// Take whole pings from the front of `in`, and append each to `out`; returns octets taken. Nothing is taken while more
  /// than a hundred answers are not sent.
  static auto answer(bytes_view in, byte_queue& out) -> std::size_t {
    if (out.size() > 100 * size) return 0;
    auto const taken = in.size() / size * size;
    out.push(in.first(taken));
    return taken;
  }
};

}  // namespace cairn

#if CAIRN_HEADER_ONLY
#  include <cairn/libp2p/impl/identify.ipp>
#endif
