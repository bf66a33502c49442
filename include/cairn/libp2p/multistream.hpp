#pragma once

#include <cairn/core/byte_queue.hpp>
#include <cairn/core/config.hpp>
#include <cairn/core/error.hpp>

#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace cairn {

/// Why a negotiation ended without a protocol.
enum class multistream_errc : byte {
  bad_varint = 1,      ///< the length of a message is no minimal varint                        (multistream-select 1.0, "Multistream messages")
  too_long,            ///< a message is longer than 1024 bytes, its newline included           (SEC-02)
  no_newline,          ///< a message does not end with a newline
  bad_header,          ///< the first message is not /multistream/1.0.0
  unexpected_answer,   ///< the answer is neither the protocol that was proposed nor "na"
  none_in_common,      ///< the listener has none of the protocols that were proposed
  too_many_proposals,  ///< more proposals than a listener answers on one stream                (SEC-02)
};

template <>
struct errc_traits<multistream_errc> {
  static constexpr std::string_view module = "multistream";
  static constexpr auto describe(multistream_errc e) -> std::string_view {
    switch (e) {
      case multistream_errc::bad_varint: return "multistream: the length of a message is no minimal varint";
      case multistream_errc::too_long: return "multistream: a message is longer than 1024 bytes";
      case multistream_errc::no_newline: return "multistream: a message does not end with a newline";
      case multistream_errc::bad_header: return "multistream: the first message is not /multistream/1.0.0";
      case multistream_errc::unexpected_answer: return "multistream: the answer is not the protocol that was proposed";
      case multistream_errc::none_in_common: return "multistream: protocols not supported: the two sides have none in common";
      case multistream_errc::too_many_proposals: return "multistream: too many proposals on one stream";
    }
    return "multistream: unknown error";
  }
};

/// How far a negotiation is: octets taken from the input, and the protocol once both sides have agreed. What follows in the
/// input belongs to that protocol.
struct multistream_step {
  std::size_t taken = 0;
  std::optional<std::size_t> agreed{};  ///< the place in the list that the machine was made with
};

/// The side that proposes. It asks for its protocols one after the other, and never for a list (IX-47).
///
/// spec      multiformats/multistream-select 1.0.0
class multistream_dialer {
public:
  /// protocols  at least one, in order of preference
  explicit multistream_dialer(std::vector<std::string> protocols) : protocols_{std::move(protocols)} {}

  /// The header and the first proposal, in one.
  CAIRN_DECL void start(byte_queue& wire);

  /// errors    bad_varint · too_long · no_newline · bad_header · unexpected_answer · none_in_common
  CAIRN_DECL auto resume(bytes_view in, byte_queue& wire) -> result<multistream_step, multistream_errc>;

private:
  std::vector<std::string> protocols_;
  std::size_t at_ = 0;
  bool greeted_ = false;
};

/// The side that answers.
class multistream_listener {
public:
  static constexpr std::size_t max_message = 1024, max_proposals = 256;

  /// lifetime  the list is looked at by each `resume`; it is not kept
  CAIRN_DECL void start(byte_queue& wire);

  /// Answer the proposals at the front of `in`. "ls" is a proposal that is not known.
  ///
  /// errors    bad_varint · too_long · no_newline · bad_header · too_many_proposals
  CAIRN_DECL auto resume(bytes_view in, std::span<std::string const> protocols, byte_queue& wire)
      -> result<multistream_step, multistream_errc>;

private:
  std::size_t proposals_ = 0;
  bool greeted_ = false;
};

/// One message: its length as a varint, the text, a newline.
CAIRN_DECL void append_multistream(byte_queue& wire, std::string_view text);

/// Read one whole message from the front; nothing where more has to come. The text is without its newline.
///
/// errors    bad_varint · too_long · no_newline
CAIRN_DECL auto read_multistream(bytes_view in) -> result<std::optional<decoded<std::string_view>>, multistream_errc>;

}  // namespace cairn

#if CAIRN_HEADER_ONLY
#  include <cairn/libp2p/impl/multistream.ipp>
#endif
