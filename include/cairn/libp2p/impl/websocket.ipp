#pragma once

#include <cairn/core/try.hpp>
#include <cairn/crypto/hash_types.hpp>
#include <cairn/libp2p/websocket.hpp>
#include <cairn/multiformats/multibase.hpp>

#include <algorithm>
#include <cstring>
#include <utility>

namespace cairn {
namespace detail {

inline constexpr byte ws_continuation = 0, ws_text = 1, ws_binary = 2, ws_close = 8, ws_ping = 9, ws_pong = 10;

inline auto ws_accept(std::string_view key) -> std::string {
  auto text = std::string{key} + "258EAFA5-E914-47DA-95CA-C5AB0DC85B11";
  return encode_base(multibase::base64pad, sha1::hash(as_bytes(text)));
}

inline auto ws_lower(std::string_view in) -> std::string {
  auto out = std::string{in};
  for (auto& c : out)
    if (c >= 'A' && c <= 'Z') c = static_cast<char>(c - 'A' + 'a');
  return out;
}
inline auto ws_trimmed(std::string_view in) -> std::string_view {
  while (!in.empty() && (in.front() == ' ' || in.front() == '\t')) in.remove_prefix(1);
  while (!in.empty() && (in.back() == ' ' || in.back() == '\t')) in.remove_suffix(1);
  return in;
}

/// The first line of a head and the fields that the handshake looks at.
struct ws_head {
  std::string_view first, upgrade, connection, version, key, accept, extensions, protocol;
  bool ok = true;
};

inline auto ws_read_head(std::string_view in) -> ws_head {
  auto out = ws_head{};
  struct field { std::string_view name; std::string_view ws_head::* to; };
  constexpr field fields[]{{"upgrade", &ws_head::upgrade}, {"connection", &ws_head::connection}, {"sec-websocket-version", &ws_head::version},
                           {"sec-websocket-key", &ws_head::key}, {"sec-websocket-accept", &ws_head::accept},
                           {"sec-websocket-extensions", &ws_head::extensions}, {"sec-websocket-protocol", &ws_head::protocol}};
  for (auto line = 0; !in.empty(); ++line) {
    auto const end = in.find("\r\n");
    auto const text = in.substr(0, end);
    in.remove_prefix(end == std::string_view::npos ? in.size() : end + 2);
    if (line == 0) {
      out.first = text;
      continue;
    }
    if (text.empty()) break;
    auto const colon = text.find(':');
    if (colon == std::string_view::npos || colon == 0) {
      out.ok = false;
      break;
    }
    auto const name = ws_lower(text.substr(0, colon));
    for (auto const& f : fields)
      if (name == f.name) {
        out.ok = out.ok && (out.*f.to).empty();  // none of them may stand there twice
        out.*f.to = ws_trimmed(text.substr(colon + 1));
      }
  }
  return out;
}

/// Whether a list of tokens has one, in any case.
inline auto ws_has_token(std::string_view list, std::string_view want) -> bool {
  while (!list.empty()) {
    auto const end = list.find(',');
    if (ws_lower(ws_trimmed(list.substr(0, end))) == want) return true;
    list.remove_prefix(end == std::string_view::npos ? list.size() : end + 1);
  }
  return false;
}

// `at` is where in the mask the first octet stands.
inline void ws_apply_mask(byte const* mask, unsigned at, byte const* in, byte* out, std::size_t n) {
  byte turned[8];
  for (auto i = 0u; i < 8; ++i) turned[i] = mask[(at + i) % 4];
  auto wide = std::uint64_t{};
  std::memcpy(&wide, turned, 8);
  auto i = 0uz;
  for (; i + 8 <= n; i += 8) {
    auto part = std::uint64_t{};
    std::memcpy(&part, in + i, 8);
    part ^= wide;
    std::memcpy(out + i, &part, 8);
  }
  for (; i < n; ++i) out[i] = in[i] ^ turned[i % 8];
}

}  // namespace detail

CAIRN_DECL websocket_channel::websocket_channel(websocket_options options, random_source const& random) : options_{std::move(options)} {
  byte seed[24];
  random(seed);
  key_ = encode_base(multibase::base64pad, bytes_view{seed}.first(16));
  std::memcpy(&mask_state_, seed + 16, 8);
}

CAIRN_DECL void websocket_channel::start(byte_queue& wire) {
  if (!options_.dialer) return;
  wire.push(as_bytes("GET " + options_.path + " HTTP/1.1\r\nHost: " + options_.host +
                     "\r\nUpgrade: websocket\r\nConnection: Upgrade\r\nSec-WebSocket-Key: " + key_ + "\r\nSec-WebSocket-Version: 13\r\n\r\n"));
}

// Masks keep proxies from being fooled by chosen octets; they are no secret (5.3, 10.3). What is under them is encrypted.
inline auto websocket_channel::next_mask() -> std::uint32_t {
  mask_state_ += 0x9e3779b97f4a7c15ull;
  auto z = mask_state_;
  z = (z ^ (z >> 30)) * 0xbf58476d1ce4e5b9ull;
  z = (z ^ (z >> 27)) * 0x94d049bb133111ebull;
  return static_cast<std::uint32_t>((z ^ (z >> 31)) >> 32);
}

inline auto websocket_channel::take_head(bytes_view in) -> result<std::size_t, websocket_errc> {
  auto const text = as_text(in);
  auto const end = text.find("\r\n\r\n");
  if (end == std::string_view::npos ? in.size() >= max_head : end > max_head) return std::unexpected(websocket_errc::too_long);
  if (end == std::string_view::npos) return 0uz;
  auto const head = detail::ws_read_head(text.substr(0, end + 2));
  auto const upgrades = head.ok && detail::ws_lower(head.upgrade) == "websocket" && detail::ws_has_token(head.connection, "upgrade");
  if (options_.dialer) {
    if (!upgrades || !head.first.starts_with("HTTP/1.1 101 ") || !head.extensions.empty() || !head.protocol.empty())
      return std::unexpected(websocket_errc::bad_response);
    if (head.accept != detail::ws_accept(key_)) return std::unexpected(websocket_errc::bad_accept);
  } else {
    auto const key = decode_base(multibase::base64pad, head.key);
    if (!upgrades || !head.first.starts_with("GET ") || !head.first.ends_with(" HTTP/1.1") || head.version != "13" || !key || key->size() != 16) {
      answers_.push(as_bytes("HTTP/1.1 400 Bad Request\r\nConnection: close\r\nSec-WebSocket-Version: 13\r\nContent-Length: 0\r\n\r\n"));
      return std::unexpected(websocket_errc::bad_request);
    }
    answers_.push(as_bytes("HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\nConnection: Upgrade\r\nSec-WebSocket-Accept: " +
                           detail::ws_accept(head.key) + "\r\n\r\n"));
  }
  open_ = true;
  return end + 4;
}

inline auto websocket_channel::take_frame_head(bytes_view in) -> result<std::size_t, websocket_errc> {
  using namespace detail;
  if (in.size() < 2) return 0uz;
  if ((in[0] & 0x70) != 0) return std::unexpected(websocket_errc::reserved_bits);
  auto const opcode = static_cast<byte>(in[0] & 0x0f);
  auto const last = (in[0] & 0x80) != 0, masked = (in[1] & 0x80) != 0;
  if (masked == options_.dialer) return std::unexpected(websocket_errc::bad_mask);
  auto const is_control = opcode >= ws_close;
  if (opcode > ws_pong || (opcode > ws_binary && !is_control)) return std::unexpected(websocket_errc::bad_opcode);
  auto size = std::uint64_t{in[1]} & 0x7f;
  auto head = 2uz;
  if (is_control && (size > 125 || !last)) return std::unexpected(websocket_errc::bad_control);
  if (size >= 126) {
    auto const octets = size == 126 ? 2uz : 8uz;
    if (in.size() < 2 + octets) return 0uz;
    size = 0;
    for (auto i = 0uz; i < octets; ++i) size = size << 8 | in[2 + i];
    if (size < (octets == 2 ? 126u : 65536u) || size >> 63 != 0) return std::unexpected(websocket_errc::bad_length);
    head += octets;
  }
  if (in.size() < head + (masked ? 4 : 0)) return 0uz;
  if (!is_control) {
    if ((opcode == ws_continuation) != in_message_) return std::unexpected(websocket_errc::bad_fragment);
    in_message_ = !last;
  }
  std::memset(mask_, 0, 4);
  if (masked) std::memcpy(mask_, in.data() + head, 4);
  left_ = size, at_ = 0, control_ = is_control ? opcode : byte{0};
  control_text_.clear();
  return head + (masked ? 4 : 0);
}

inline auto websocket_channel::end_control() -> result<void, websocket_errc> {
  auto const kind = std::exchange(control_, byte{0});
  if (kind == detail::ws_ping) pong_ = std::move(control_text_);
  if (kind == detail::ws_close) {
    append_frame(detail::ws_close, bytes_view{control_text_}.first(std::min(control_text_.size(), 2uz)), answers_);
    return std::unexpected(websocket_errc::closed);
  }
  return {};
}

CAIRN_DECL auto websocket_channel::resume(bytes_view in, byte_queue& text) -> result<std::size_t, websocket_errc> {
  auto taken = 0uz;
  auto const fail = [&](websocket_errc e) {
    failed_ = e, open_ = false;
    return std::unexpected(e);
  };
  if (failed_) return std::unexpected(*failed_);
  if (!open_) {
    auto const n = take_head(in);
    if (!n) return fail(n.error());
    if (!open_) return 0uz;
    taken = *n;
  }
  for (;;) {
    if (left_ != 0) {
      auto const n = static_cast<std::size_t>(std::min<std::uint64_t>(left_, in.size() - taken));
      if (n == 0) return taken;
      byte small[125];
      auto* const to = control_ != 0 ? small : text.prepare(n).data();
      detail::ws_apply_mask(mask_, at_, in.data() + taken, to, n);
      if (control_ != 0) append(control_text_, {small, n});
      else text.commit(n);
      at_ = static_cast<unsigned>((at_ + n) % 4), left_ -= n, taken += n;
      if (left_ != 0) return taken;
    } else {
      auto const n = take_frame_head(in.subspan(taken));
      if (!n) return fail(n.error());
      if (*n == 0) return taken;
      taken += *n;
      if (left_ != 0) continue;
    }
    if (auto const ok = end_control(); !ok) return fail(ok.error());
  }
}

inline void websocket_channel::append_frame(byte opcode, bytes_view text, byte_queue& wire) {
  auto const n = text.size();
  byte head[14]{static_cast<byte>(0x80 | opcode)};
  auto size = 2uz;
  auto const bit = static_cast<byte>(options_.dialer ? 0x80 : 0);
  if (n < 126) {
    head[1] = static_cast<byte>(bit | n);
  } else {
    auto const octets = n < 65536 ? 2uz : 8uz;
    head[1] = static_cast<byte>(bit | (octets == 2 ? 126 : 127));
    for (auto i = 0uz; i < octets; ++i) head[2 + i] = static_cast<byte>(std::uint64_t{n} >> (8 * (octets - 1 - i)));
    size += octets;
  }
  byte mask[4]{};
  if (options_.dialer) {
    auto const m = next_mask();
    std::memcpy(mask, &m, 4);
    std::memcpy(head + size, mask, 4);
    size += 4;
  }
  wire.push({head, size});
  if (n == 0) return;
  auto* const out = wire.prepare(n).data();
  if (options_.dialer) detail::ws_apply_mask(mask, 0, text.data(), out, n);
  else std::memcpy(out, text.data(), n);
  wire.commit(n);
}

CAIRN_DECL void websocket_channel::write(bytes_view text, byte_queue& wire) {
  wire.push(answers_.view());
  answers_.clear();
  answers_.release();
  if (pong_) append_frame(detail::ws_pong, *std::exchange(pong_, std::nullopt), wire);
  while (!text.empty()) {
    auto const part = text.first(std::min(text.size(), max_frame));
    append_frame(detail::ws_binary, part, wire);
    text = text.subspan(part.size());
  }
  constexpr byte normal[]{0x03, 0xe8};  // 1000 (7.4.1)
  if (std::exchange(closing_, false)) append_frame(detail::ws_close, normal, wire);
}

}  // namespace cairn
