#pragma once
// The smallest models of the roles whose real models belong to the wire: what generic code may rely on, and no more.

#include <cairn/concept/block_exchange.hpp>
#include <cairn/concept/content_router.hpp>
#include <cairn/concept/secure_channel.hpp>
#include <cairn/concept/stream_muxer.hpp>
#include <cairn/concept/transport.hpp>
#include <cairn/libp2p/stream_event.hpp>

#include <optional>
#include <string>

namespace cairn::archetypes {

struct stream_transport : part {
  static constexpr std::string_view name = "archetype transport", protocol = "tcp";
  static constexpr bool is_secure = false, is_muxed = false;
  static auto dialable(multiaddr const&) -> bool { return false; }
  constexpr auto peak_bytes() const -> std::uint64_t { return 1024; }
};

struct whole_transport : part {
  static constexpr std::string_view name = "archetype whole transport", protocol = "quic-v1";
  static constexpr bool is_secure = true, is_muxed = true;
  static auto dialable(multiaddr const&) -> bool { return false; }
  constexpr auto peak_bytes() const -> std::uint64_t { return 65536; }
};

// machines with the members of the concepts and no behaviour
struct channel_machine {
  enum class errc : byte { no = 1 };
  auto start(byte_queue&) -> result<void, errc> { return {}; }
  auto resume(bytes_view in, byte_queue&, byte_queue&) -> result<std::size_t, errc> { return in.size(); }
  auto write(bytes_view, byte_queue&) -> result<void, errc> { return {}; }
  auto is_open() const -> bool { return false; }
  auto remote() const -> std::optional<int> { return {}; }
  auto early_muxer() const -> std::string { return {}; }
};

struct muxer_machine {
  enum class errc : byte { no = 1 };
  using clock_time = long;
  auto resume(bytes_view in, clock_time, byte_queue&) -> result<stream_step, errc> { return stream_step{in.size()}; }
  auto open(byte_queue&) -> result<stream_id, errc> { return stream_id{1}; }
  auto write(stream_id, bytes_view in, byte_queue&) -> result<std::size_t, errc> { return in.size(); }
  auto writable(stream_id) const -> std::size_t { return 0; }
  void consumed(stream_id, std::size_t, clock_time, byte_queue&) {}
  void close(stream_id, byte_queue&) {}
  void reset(stream_id, byte_queue&) {}
  void ping(clock_time, byte_queue&) {}
  void go_away(std::uint32_t, byte_queue&) {}
  auto stream_count() const -> std::size_t { return 0; }
};

}  // namespace cairn::archetypes

template <>
struct cairn::errc_traits<cairn::archetypes::channel_machine::errc> {
  static constexpr std::string_view module = "archetype";
  static constexpr auto describe(archetypes::channel_machine::errc) -> std::string_view { return "no"; }
};
template <>
struct cairn::errc_traits<cairn::archetypes::muxer_machine::errc> {
  static constexpr std::string_view module = "archetype";
  static constexpr auto describe(archetypes::muxer_machine::errc) -> std::string_view { return "no"; }
};

namespace cairn::archetypes {

struct channel : part {
  static constexpr std::string_view name = "archetype channel", protocol_id = "/archetype-channel";
  using machine = channel_machine;
  constexpr auto peak_bytes() const -> std::uint64_t { return 65535; }
};

struct muxer : part {
  static constexpr std::string_view name = "archetype muxer", protocol_id = "/archetype-muxer/1.0.0";
  using machine = muxer_machine;
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
