#pragma once
// The values of multiaddr protocols, between text and octets.

#include <cairn/core/text.hpp>
#include <cairn/multiformats/cid.hpp>
#include <cairn/multiformats/multiaddr.hpp>

#include <arpa/inet.h>

namespace cairn::detail {

inline auto bad_value() { return std::unexpected(multiaddr_errc::bad_value); }

inline auto ip6_text(bytes_view octets) -> std::string {
  auto const group = [&](std::size_t i) { return static_cast<unsigned>(octets[2 * i] << 8 | octets[2 * i + 1]); };
  auto const dotted = [](bytes_view four) {
    auto out = std::string{};
    for (auto b : four) out += (out.empty() ? "" : ".") + std::to_string(b);
    return out;
  };
  if (octets.size() == 4) return dotted(octets);
  auto mapped = group(5) == 0xffff;
  for (std::size_t i = 0; i < 5; ++i) mapped = mapped && group(i) == 0;
  if (mapped) return "::ffff:" + dotted(octets.subspan(12));
  // the first of the longest runs of zero groups, of two at least
  std::size_t best = 8, longest = 1;
  for (std::size_t i = 0; i < 8;) {
    auto end = i;
    while (end < 8 && group(end) == 0) ++end;
    if (end - i > longest) best = i, longest = end - i;
    i = end + 1;
  }
  constexpr auto digits = "0123456789abcdef";
  auto out = std::string{};
  for (std::size_t i = 0; i < 8;) {
    if (i == best) {
      out += "::";
      i += longest;
      continue;
    }
    if (!out.empty() && out.back() != ':') out += ':';
    for (int shift = group(i) >= 0x1000 ? 12 : group(i) >= 0x100 ? 8 : group(i) >= 0x10 ? 4 : 0; shift >= 0; shift -= 4)
      out += digits[group(i) >> shift & 15];
    ++i;
  }
  return out;
}

inline auto parse_ip(int family, std::string_view text, std::size_t size) -> result<bytes, multiaddr_errc> {
  auto out = bytes(size);
  // inet_pton ends at a NUL, which would hide what follows
  if (text.find('\0') != text.npos || ::inet_pton(family, std::string{text}.c_str(), out.data()) != 1) return bad_value();
  return out;
}

inline auto parse_port(std::string_view text) -> std::optional<std::uint16_t> {
  auto const n = parse_decimal(text);
  return n && *n <= 65535 ? std::optional{static_cast<std::uint16_t>(*n)} : std::nullopt;
}

inline auto parse_onion(std::string_view text, std::size_t characters) -> result<bytes, multiaddr_errc> {
  if (text.size() < characters + 2 || text[characters] != ':') return bad_value();
  auto out = decode_base(multibase::base32, text.substr(0, characters));
  auto const port = parse_port(text.substr(characters + 1));
  if (!out || !port || *port == 0) return bad_value();
  out->push_back(static_cast<byte>(*port >> 8));
  out->push_back(static_cast<byte>(*port));
  return *std::move(out);
}

// I2P's base64 has - and ~ where RFC 4648 has + and /.
inline auto swap_garlic(std::string_view text, std::string_view from, std::string_view to) -> std::optional<std::string> {
  auto out = std::string{text};
  for (auto& c : out) {
    if (to.find(c) != to.npos) return std::nullopt;
    if (auto const at = from.find(c); at != from.npos) c = to[at];
  }
  return out;
}

inline auto percent_decode(std::string_view text) -> result<bytes, multiaddr_errc> {
  auto out = bytes{};
  for (std::size_t i = 0; i < text.size(); ++i) {
    if (text[i] == '%') {
      auto const octet = text.size() - i > 2 ? from_hex(text.substr(i + 1, 2)) : std::nullopt;
      if (!octet) return bad_value();
      out.push_back((*octet)[0]);
      i += 2;
    } else {
      out.push_back(text[i] == '+' ? ' ' : static_cast<byte>(text[i]));  // go-multiaddr writes a space as +; nobody writes + as +
    }
  }
  return out;
}

inline auto percent_encode(bytes_view in) -> std::string {
  auto out = std::string{};
  for (auto b : in) {
    auto const plain = (b >= 'a' && b <= 'z') || (b >= 'A' && b <= 'Z') || (b >= '0' && b <= '9') || b == '-' || b == '_' || b == '.' || b == '~';
    if (plain) {
      out += static_cast<char>(b);
    } else {
      constexpr auto digits = "0123456789ABCDEF";
      out += {'%', digits[b >> 4], digits[b & 15]};
    }
  }
  return out;
}

inline auto is_peer_hash(bytes_view in) -> bool {
  auto const h = decode_multihash(in);
  return h && (h->code() == code::identity || (h->code() == code::sha2_256 && h->digest().size() == 32));
}

// Whether octets may stand as the value of a protocol; fixed sizes are checked by the reader.
inline auto is_value(multiaddr_value kind, bytes_view in) -> bool {
  auto const has_port = [&] { return in[in.size() - 2] != 0 || in[in.size() - 1] != 0; };
  switch (kind) {
    case multiaddr_value::none: return in.empty();
    case multiaddr_value::ip4: return in.size() == 4;
    case multiaddr_value::ip6: return in.size() == 16;
    case multiaddr_value::port: return in.size() == 2;
    case multiaddr_value::prefix: return in.size() == 1;
    case multiaddr_value::name: return !in.empty() && as_text(in).find('/') == std::string_view::npos;
    case multiaddr_value::onion: return in.size() == 12 && has_port();
    case multiaddr_value::onion3: return in.size() == 37 && has_port();
    case multiaddr_value::garlic64: return in.size() >= 386;
    case multiaddr_value::garlic32: return in.size() == 32 || in.size() >= 35;
    case multiaddr_value::peer: return is_peer_hash(in);
    case multiaddr_value::certhash: return decode_multihash(in).has_value();
    case multiaddr_value::http_path: return !in.empty();
    case multiaddr_value::path: return in.size() >= 2 && in.front() == '/' && in.back() != '/';
  }
  return false;
}

inline auto parse_peer(std::string_view text) -> result<bytes, multiaddr_errc> {
  if (text.starts_with("Qm") || text.starts_with('1')) {
    auto octets = decode_base(multibase::base58btc, text, 256);
    return octets ? result<bytes, multiaddr_errc>{*std::move(octets)} : bad_value();
  }
  auto const id = parse_cid(text);
  if (!id || id->codec() != code::libp2p_key) return bad_value();
  return to_bytes(id->hash());
}

// The octets of a value; the caller checks them with is_value.
inline auto parse_value(multiaddr_value kind, std::string_view text) -> result<bytes, multiaddr_errc> {
  switch (kind) {
    case multiaddr_value::none: return bytes{};
    case multiaddr_value::ip4: return parse_ip(AF_INET, text, 4);
    case multiaddr_value::ip6: return parse_ip(AF_INET6, text, 16);
    case multiaddr_value::port: {
      auto const port = parse_port(text);
      if (!port) return bad_value();
      return bytes{static_cast<byte>(*port >> 8), static_cast<byte>(*port)};
    }
    case multiaddr_value::prefix: {
      auto const n = parse_decimal(text);
      if (!n || *n > 255) return bad_value();
      return bytes{static_cast<byte>(*n)};
    }
    case multiaddr_value::name:
    case multiaddr_value::path: return bytes(text.begin(), text.end());
    case multiaddr_value::onion: return parse_onion(text, 16);
    case multiaddr_value::onion3: return parse_onion(text, 56);
    case multiaddr_value::garlic64: {
      auto const usual = swap_garlic(text, "-~", "+/");
      auto octets = usual ? decode_base(multibase::base64pad, *usual) : std::unexpected(multibase_errc::bad_character);
      return octets ? result<bytes, multiaddr_errc>{*std::move(octets)} : bad_value();
    }
    case multiaddr_value::garlic32: {
      auto octets = decode_base(multibase::base32, text);
      return octets ? result<bytes, multiaddr_errc>{*std::move(octets)} : bad_value();
    }
    case multiaddr_value::peer: return parse_peer(text);
    case multiaddr_value::certhash: {
      auto octets = decode_multibase(text, 512);
      return octets ? result<bytes, multiaddr_errc>{std::move(octets->second)} : bad_value();
    }
    case multiaddr_value::http_path: return percent_decode(text);
  }
  return bad_value();
}

inline auto value_text(multiaddr_value kind, bytes_view in) -> std::string {
  auto const port_text = [&] { return std::to_string(in[in.size() - 2] << 8 | in[in.size() - 1]); };
  switch (kind) {
    case multiaddr_value::none: return {};
    case multiaddr_value::ip4:
    case multiaddr_value::ip6: return ip6_text(in);
    case multiaddr_value::port: return port_text();
    case multiaddr_value::prefix: return std::to_string(in[0]);
    case multiaddr_value::name:
    case multiaddr_value::path: return std::string{as_text(in)};
    case multiaddr_value::onion:
    case multiaddr_value::onion3: return encode_base(multibase::base32, in.first(in.size() - 2)) + ":" + port_text();
    case multiaddr_value::garlic64: return *swap_garlic(encode_base(multibase::base64pad, in), "+/", "-~");
    case multiaddr_value::garlic32: return encode_base(multibase::base32, in);
    case multiaddr_value::peer: return encode_base(multibase::base58btc, in);
    case multiaddr_value::certhash: return encode_multibase(multibase::base64url, in);
    case multiaddr_value::http_path: return percent_encode(in);
  }
  return {};
}

}  // namespace cairn::detail
