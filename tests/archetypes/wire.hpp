#pragma once
// The smallest models of the roles whose real models belong to the wire: what generic code may rely on, and no more.

#include <cairn/concept/block_exchange.hpp>
#include <cairn/concept/content_router.hpp>
#include <cairn/concept/secure_channel.hpp>
#include <cairn/concept/stream_muxer.hpp>
#include <cairn/concept/transport.hpp>

namespace cairn::archetypes {

struct stream_transport : part {
  static constexpr std::string_view name = "archetype transport", protocol = "tcp";
  static constexpr bool is_secure = false, is_muxed = false;
  constexpr auto peak_bytes() const -> std::uint64_t { return 1024; }
};

struct whole_transport : part {
  static constexpr std::string_view name = "archetype whole transport", protocol = "quic-v1";
  static constexpr bool is_secure = true, is_muxed = true;
  constexpr auto peak_bytes() const -> std::uint64_t { return 65536; }
};

struct channel : part {
  static constexpr std::string_view name = "archetype channel", protocol_id = "/archetype-channel";
  constexpr auto peak_bytes() const -> std::uint64_t { return 65535; }
};

struct muxer : part {
  static constexpr std::string_view name = "archetype muxer", protocol_id = "/archetype-muxer/1.0.0";
  constexpr auto max_streams() const -> std::uint64_t { return 8; }
  constexpr auto window_bytes() const -> std::uint64_t { return 262144; }
};

struct exchange : part {
  static constexpr std::string_view name = "archetype exchange", requires_role = "host";
  constexpr auto peak_bytes() const -> std::uint64_t { return 1 << 20; }
};

struct router : part {
  static constexpr std::string_view name = "archetype router", requires_role = "host";
  static constexpr bool publishes = true;
  constexpr auto peak_bytes() const -> std::uint64_t { return 1 << 16; }
};

static_assert(transport<stream_transport> && transport<whole_transport>);
static_assert(secure_channel<channel>);
static_assert(stream_muxer<muxer>);
static_assert(block_exchange<exchange>);
static_assert(content_router<router>);

}  // namespace cairn::archetypes
