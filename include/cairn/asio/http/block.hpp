#pragma once

#include <cairn/asio/http/client.hpp>
#include <cairn/exchange/trustless.hpp>

#include <chrono>

namespace cairn::http {

/// How much of a gateway's time and octets one block may cost.
struct block_bounds {
  std::size_t size = limits::block;
  std::chrono::milliseconds time{10'000};   ///< of the whole answer: one that drips ends here
};

/// One block of a gateway that is not trusted, checked. Redirections are not followed.
///
/// cancelled asked several times a second; true ends it
/// errors    those of trustless_errc and block_errc · those of `perform` · "the gateway is too slow"
CAIRN_DECL auto get_block(endpoint const& from, cid const& wanted, block_bounds const& bounds, std::function<bool()> const& cancelled) -> io_result<block>;

}  // namespace cairn::http

#if CAIRN_HEADER_ONLY
#  include <cairn/asio/http/impl/block.ipp>
#endif
