#pragma once

#include <cairn/libp2p/noise.hpp>
#include <cairn/libp2p/tls/channel.hpp>

#include <variant>

namespace cairn {

/// The secure channel of a connection: the one that both sides agreed on. Until then there is none, and nothing may be asked of it.
class secured_channel {
private:
  template <class F>
  auto visit(F f) -> decltype(auto) {
    if (auto* const c = std::get_if<tls_channel>(&channel_)) return f(*c);
    return f(std::get<noise_channel>(channel_));
  }
  template <class F>
  auto with(F f) const -> decltype(auto) {
    if (auto const* const c = std::get_if<tls_channel>(&channel_)) return f(*c);
    return f(std::get<noise_channel>(channel_));
  }

public:
  void emplace(noise_channel c) { channel_ = std::move(c); }
  void emplace(tls_channel c) { channel_ = std::move(c); }

  auto start(byte_queue& wire) -> io_result<void> {
    return visit([&](auto& c) -> io_result<void> {
      auto const ok = c.start(wire);
      if (!ok) return std::unexpected(error{ok.error()});
      return {};
    });
  }
  auto resume(bytes_view in, byte_queue& text, byte_queue& wire) -> io_result<std::size_t> {
    return visit([&](auto& c) -> io_result<std::size_t> {
      auto const n = c.resume(in, text, wire);
      if (!n) return std::unexpected(error{n.error()});
      return *n;
    });
  }
  auto write(bytes_view text, byte_queue& wire) -> io_result<void> {
    return visit([&](auto& c) -> io_result<void> {
      auto const ok = c.write(text, wire);
      if (!ok) return std::unexpected(error{ok.error()});
      return {};
    });
  }
  auto is_open() const -> bool { return with([](auto const& c) { return c.is_open(); }); }
  auto remote() const -> std::optional<public_key> const& {
    return with([](auto const& c) -> std::optional<public_key> const& { return c.remote(); });
  }
  auto early_muxer() const -> std::string { return with([](auto const& c) { return c.early_muxer(); }); }
  auto name() const -> std::string_view { return std::holds_alternative<tls_channel>(channel_) ? tls::protocol_id : noise::protocol_id; }

private:
  std::variant<std::monostate, noise_channel, tls_channel> channel_;
};

}  // namespace cairn
