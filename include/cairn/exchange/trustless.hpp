#pragma once

#include <cairn/block/verify.hpp>
#include <cairn/core/bytes.hpp>
#include <cairn/core/config.hpp>
#include <cairn/core/error.hpp>
#include <cairn/core/limits.hpp>
#include <cairn/multiformats/cid.hpp>

#include <cstdint>
#include <optional>
#include <string_view>

namespace cairn {

/// Why a gateway's answer is not the block that was asked for. Clauses are of the Trustless Gateway specification and of RFC 9110.
enum class trustless_errc : byte {
  redirected = 1,  ///< 3xx: a block is where it was asked for, or nowhere; no other address is asked (SEC-30)
  absent,          ///< 404, 410 or 451: the gateway does not have it, or may not give it
  refused,         ///< another status than 200
  encoded,         ///< a Content-Encoding: a block is octets as they are, and what is packed has no bound
  other_type,      ///< not application/vnd.ipld.raw or application/octet-stream
  too_long,        ///< more octets than a block may have, said or sent
  other_length,    ///< not as many octets as Content-Length said
};

template <>
struct errc_traits<trustless_errc> {
  static constexpr std::string_view module = "trustless";
  static constexpr auto describe(trustless_errc e) -> std::string_view {
    switch (e) {
      case trustless_errc::redirected: return "trustless: the gateway redirects, which is not followed";
      case trustless_errc::absent: return "trustless: the gateway does not have the block";
      case trustless_errc::refused: return "trustless: the gateway does not answer with 200";
      case trustless_errc::encoded: return "trustless: the answer has a content encoding";
      case trustless_errc::other_type: return "trustless: the answer is not of the type of a block";
      case trustless_errc::too_long: return "trustless: the answer is longer than a block may be";
      case trustless_errc::other_length: return "trustless: the answer has not the length that it says";
    }
    return "trustless: unknown error";
  }
};

/// The head of an answer, as far as it counts.
struct trustless_head {
  unsigned status = 0;
  std::optional<std::string_view> type{}, encoding{}, length{};
};

/// One block from a gateway that is not trusted. A machine: an answer goes in, and a block comes out only where the octets are those of
/// the CID. Nothing of it can be seen before.
///
/// memory    at most `most` octets, whatever the answer says
/// spec      specs.ipfs.tech/http-gateways/trustless-gateway
class trustless_answer {
public:
  explicit trustless_answer(cid const& wanted, std::size_t most = limits::block) : wanted_{wanted}, most_{most} {}

  /// "/ipfs/CID?format=raw": what to ask for; the field Accept says application/vnd.ipld.raw.
  CAIRN_DECL static auto target(cid const& wanted) -> std::string;

  /// errors    all but other_length
  CAIRN_DECL auto begin(trustless_head const& head) -> result<void, trustless_errc>;
  /// errors    too_long · other_length
  CAIRN_DECL auto more(bytes_view in) -> result<void, trustless_errc>;
  /// errors    other_length · those of `check`
  CAIRN_DECL auto finish() -> io_result<block>;

private:
  cid wanted_;
  std::size_t most_;
  std::optional<std::uint64_t> length_{};
  bytes got_{};
};

}  // namespace cairn

#if CAIRN_HEADER_ONLY
#  include <cairn/exchange/impl/trustless.ipp>
#endif
