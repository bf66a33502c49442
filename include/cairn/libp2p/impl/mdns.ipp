#pragma once

#include <cairn/core/try.hpp>
#include <cairn/libp2p/mdns.hpp>

#include <algorithm>

namespace cairn::mdns {
namespace detail {

inline constexpr std::uint16_t type_a = 1, type_ptr = 12, type_txt = 16, type_srv = 33, type_any = 255;
inline constexpr std::uint16_t class_in = 1, cache_flush = 0x8000;
inline constexpr std::uint64_t p2p = 421, p2p_circuit = 290;

struct writer {
  bytes out{};

  auto u16(std::size_t n) -> writer& {
    out.push_back(static_cast<byte>(n >> 8));
    out.push_back(static_cast<byte>(n));
    return *this;
  }
  auto u32(std::size_t n) -> writer& { return u16(n >> 16).u16(n & 0xffff); }
  auto name(std::string_view text) -> writer& {
    while (!text.empty()) {
      auto const label = text.substr(0, text.find('.'));
      out.push_back(static_cast<byte>(label.size()));
      append(out, as_bytes(label));
      text.remove_prefix(std::min(label.size() + 1, text.size()));
    }
    out.push_back(0);
    return *this;
  }
  auto record(std::string_view owner, std::uint16_t type, std::uint16_t kind, bytes_view data) -> writer& {
    name(owner).u16(type).u16(kind).u32(120).u16(data.size());
    append(out, data);
    return *this;
  }
};
inline auto name_of(std::string_view text) -> bytes { return std::move(writer{}.name(text).out); }

/// Reads fields of a packet; a name may point to an earlier place of it.
struct reader {
  bytes_view all;
  std::size_t at = 0;

  auto number(unsigned size) -> result<std::size_t, mdns_errc> {
    if (all.size() - at < size) return std::unexpected(mdns_errc::truncated);
    auto out = 0uz;
    while (size-- != 0) out = out << 8 | all[at++];
    return out;
  }
  // In lower case, with dots. Each jump leads further back than all before: it ends.
  auto name() -> result<std::string, mdns_errc> {
    auto out = std::string{};
    auto place = at, first = at;
    auto jumped = false;
    for (;;) {
      if (place >= all.size()) return std::unexpected(mdns_errc::truncated);
      auto const size = std::size_t{all[place]};
      if ((size & 0xc0) == 0xc0) {
        if (all.size() - place < 2) return std::unexpected(mdns_errc::truncated);
        auto const to = (size & 0x3f) << 8 | all[place + 1];
        if (!std::exchange(jumped, true)) at = place + 2;
        if (to >= first) return std::unexpected(mdns_errc::bad_name);
        place = first = to;
        continue;
      }
      if ((size & 0xc0) != 0) return std::unexpected(mdns_errc::bad_name);
      ++place;
      if (size == 0) break;
      if (all.size() - place < size) return std::unexpected(mdns_errc::truncated);
      if (out.size() + size + 1 > 254) return std::unexpected(mdns_errc::bad_name);
      if (!out.empty()) out += '.';
      for (auto c : all.subspan(place, size)) out += static_cast<char>(c >= 'A' && c <= 'Z' ? c - 'A' + 'a' : c);
      place += size;
    }
    if (!jumped) at = place;
    return out;
  }
};

inline auto peer_at(std::string_view text) -> std::optional<std::pair<peer_id, multiaddr>> {
  auto const whole = parse_multiaddr(text);
  if (!whole) return std::nullopt;
  auto last = std::optional<multiaddr_component>{};
  for (auto const& c : *whole) last = c;
  if (!last || last->code() != p2p || whole->find(p2p_circuit)) return std::nullopt;
  auto id = decode_peer_id(last->value());
  auto place = decode_multiaddr(bytes_view{whole->bytes()}.first(whole->bytes().size() - last->bytes().size()));
  if (!id || !place || place->empty()) return std::nullopt;
  return std::pair{*std::move(id), *std::move(place)};
}

inline void read_text(bytes_view data, mdns_message& to) {
  while (!data.empty()) {
    auto const size = std::size_t{data[0]};
    if (size >= data.size()) return;
    constexpr auto key = std::string_view{"dnsaddr="};
    auto const text = as_text(data.subspan(1, size));
    if (text.starts_with(key) && to.peers.size() < max_addresses)
      if (auto found = peer_at(text.substr(key.size()))) to.peers.push_back(*std::move(found));
    data = data.subspan(size + 1);
  }
}

}  // namespace detail

CAIRN_DECL auto peer_name(bytes_view random) -> std::string {
  auto out = std::string{};
  for (auto b : random) out += "abcdefghijklmnopqrstuvwxyz012345"[b % 32];
  return out;
}

CAIRN_DECL auto is_local(multiaddr const& address) -> bool {
  if (address.empty() || address.find(detail::p2p_circuit)) return false;
  auto const first = *address.begin();
  auto const ip = first.value();
  if (first.name() == "ip4") return ip[0] == 10 || ip[0] == 127 || (ip[0] == 172 && (ip[1] & 0xf0) == 16) || (ip[0] == 192 && ip[1] == 168) || (ip[0] == 169 && ip[1] == 254);
  if (first.name() != "ip6") return false;
  auto const loops = std::all_of(ip.begin(), ip.end() - 1, [](byte b) { return b == 0; }) && ip[15] == 1;
  return loops || (ip[0] & 0xfe) == 0xfc || (ip[0] == 0xfe && (ip[1] & 0xc0) == 0x80);
}

CAIRN_DECL auto encode_query() -> bytes {
  auto out = detail::writer{};
  out.u32(0).u16(1).u16(0).u32(0).name(service).u16(detail::type_ptr).u16(detail::class_in);
  return std::move(out.out);
}

CAIRN_DECL auto encode_answer(std::string_view peer, peer_id const& id, std::vector<multiaddr> const& addresses, std::vector<std::array<byte, 4>> const& ip4) -> bytes {
  using namespace detail;
  auto const own = std::string{peer} + "." + std::string{service}, host = std::string{peer} + ".local";
  auto records = writer{};
  auto count = 3uz;
  records.record(service, type_ptr, class_in, name_of(own));
  auto place = writer{};
  place.u32(0).u16(4001).name(host);  // addresses are in TXT; others want a port here, too
  records.record(own, type_srv, class_in | cache_flush, place.out);
  for (auto const& ip : ip4) {
    if (count == 3 + 8) break;
    records.record(host, type_a, class_in | cache_flush, ip);
    ++count;
  }
  auto text = bytes{};
  auto const room = max_answer - records.out.size() - own.size() - 24;
  for (auto const& a : addresses) {
    auto const line = "dnsaddr=" + to_string(a) + "/p2p/" + to_string(id);
    if (!is_local(a) || line.size() > max_text || text.size() + line.size() + 1 > room) continue;
    text.push_back(static_cast<byte>(line.size()));
    append(text, as_bytes(line));
  }
  if (text.empty()) text.push_back(0);  // "a single zero-length byte" (RFC 6763, 6.1)
  records.record(own, type_txt, class_in | cache_flush, text);
  auto out = writer{};
  out.u16(0).u16(0x8400).u16(0).u16(count).u32(0);  // an answer, with authority
  append(out.out, records.out);
  return std::move(out.out);
}

CAIRN_DECL auto read(bytes_view packet) -> result<mdns_message, mdns_errc> {
  using namespace detail;
  auto out = mdns_message{};
  auto in = reader{packet};
  CAIRN_TRY(auto const head, in.number(4));
  CAIRN_TRY(auto const questions, in.number(2));
  auto records = 0uz;
  for (auto i = 0; i < 3; ++i) {
    CAIRN_TRY(auto const n, in.number(2));
    records += n;
  }
  if (questions > 64 || records > 128) return std::unexpected(mdns_errc::too_many);
  auto const is_query = (head & 0x8000) == 0;
  for (auto i = 0uz; i < questions; ++i) {
    CAIRN_TRY(auto const name, in.name());
    CAIRN_TRY(auto const type, in.number(2));
    CAIRN_TRY(in.number(2));
    out.asks = out.asks || (is_query && name == service && (type == type_ptr || type == type_any));
  }
  for (auto i = 0uz; i < records; ++i) {
    CAIRN_TRY(auto const name, in.name());
    CAIRN_TRY(auto const type, in.number(2));
    CAIRN_TRY(in.number(2));
    CAIRN_TRY(auto const lifetime, in.number(4));
    CAIRN_TRY(auto const size, in.number(2));
    if (packet.size() - in.at < size) return std::unexpected(mdns_errc::truncated);
    auto const data = packet.subspan(in.at, size);
    in.at += size;
    // a lifetime of zero takes back what was said (RFC 6762, 10.1)
    if (!is_query && type == type_txt && lifetime != 0 && name.size() > service.size() && name.ends_with(service) && name[name.size() - service.size() - 1] == '.') read_text(data, out);
  }
  return out;
}

}  // namespace cairn::mdns
