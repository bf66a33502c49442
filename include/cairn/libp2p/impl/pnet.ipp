#pragma once

#include <cairn/core/text.hpp>
#include <cairn/libp2p/pnet.hpp>
#include <cairn/multiformats/multibase.hpp>

#include <algorithm>

namespace cairn {
namespace detail {

inline auto take_line(std::string_view& text) -> std::string_view {
  auto const end = std::min(text.find('\n'), text.size());
  auto line = text.substr(0, end);
  text.remove_prefix(std::min(end + 1, text.size()));
  if (line.ends_with('\r')) line.remove_suffix(1);
  return line;
}

inline auto new_nonce(random_source const& random) -> digest<24> {
  auto out = digest<24>{};
  random(out);
  return out;
}

}  // namespace detail

CAIRN_DECL auto parse_swarm_key(std::string_view text) -> result<secret_bytes, pnet_errc> {
  if (detail::take_line(text) != "/key/swarm/psk/1.0.0/") return std::unexpected(pnet_errc::bad_header);
  auto const encoding = detail::take_line(text);
  auto key = bytes{};
  if (encoding == "/bin/") {
    auto const raw = as_bytes(text);
    key.assign(raw.begin(), raw.end());
  } else if (encoding == "/base16/") {
    if (auto const octets = from_hex(detail::take_line(text))) key = *octets;
  } else if (encoding == "/base64/") {
    if (auto const octets = decode_base(multibase::base64pad, detail::take_line(text))) key = *octets;
  } else {
    return std::unexpected(pnet_errc::bad_encoding);
  }
  if (key.size() != xsalsa20::key_size) return std::unexpected(pnet_errc::bad_key);
  return secret_bytes{std::move(key)};
}

CAIRN_DECL pnet_channel::pnet_channel(bytes_view key, random_source const& random)
    : key_{key}, nonce_{detail::new_nonce(random)}, send_{key, nonce_} {}

CAIRN_DECL void pnet_channel::start(byte_queue& wire) { wire.push(nonce_); }

CAIRN_DECL auto pnet_channel::resume(bytes_view in, byte_queue& text) -> std::size_t {
  auto taken = 0uz;
  if (!receive_) {
    if (in.size() < xsalsa20::nonce_size) return 0;
    receive_.emplace(key_, in.first(xsalsa20::nonce_size));
    taken = xsalsa20::nonce_size;
  }
  auto const rest = in.subspan(taken);
  auto const before = text.size();
  text.push(rest);
  receive_->mix(text.writable().subspan(before));
  return in.size();
}

CAIRN_DECL void pnet_channel::write(bytes_view text, byte_queue& wire) {
  auto const before = wire.size();
  wire.push(text);
  send_.mix(wire.writable().subspan(before));
}

}  // namespace cairn
