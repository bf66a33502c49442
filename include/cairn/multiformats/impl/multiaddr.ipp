#pragma once

#include <cairn/core/try.hpp>
#include <cairn/core/varint.hpp>
#include <cairn/multiformats/impl/multiaddr_value.ipp>
#include <cairn/multiformats/multiaddr.hpp>

namespace cairn {

/// The only way past the invariants; used by the functions of this file.
struct multiaddr_access {
  static auto wrap(bytes octets) -> multiaddr {
    auto m = multiaddr{};
    m.bytes_ = std::move(octets);
    return m;
  }

  // The component at the front; of checked octets it is never an error.
  static auto read(bytes_view in) -> result<multiaddr_component, multiaddr_errc> {
    constexpr auto why = [](varint_errc e) {
      return e == varint_errc::truncated ? multiaddr_errc::truncated : multiaddr_errc::bad_varint;
    };
    auto const code = read_varint(in);
    if (!code) return std::unexpected(why(code.error()));
    auto c = multiaddr_component{};
    c.code_ = code->value;
    c.protocol_ = find_multiaddr_protocol(code->value);
    c.value_at_ = in.size() - code->rest.size();
    if (!c.protocol_) {
      c.whole_ = in;
      return c;
    }
    auto size = static_cast<std::uint64_t>(c.protocol_->bits / 8);
    auto rest = code->rest;
    if (c.protocol_->bits < 0) {
      auto const length = read_varint(rest);
      if (!length) return std::unexpected(why(length.error()));
      size = length->value, rest = length->rest;
      c.value_at_ = in.size() - rest.size();
    }
    if (size > rest.size()) return std::unexpected(multiaddr_errc::truncated);
    c.whole_ = in.first(c.value_at_ + static_cast<std::size_t>(size));
    return c;
  }

  static void append_component(bytes& out, multiaddr_protocol const& protocol, bytes_view value) {
    append_varint(out, protocol.code);
    if (protocol.bits < 0) append_varint(out, value.size());
    append(out, value);
  }
};

CAIRN_DECL auto multiaddr_component::text() const -> std::string {
  return protocol_ ? detail::value_text(protocol_->value, value()) : encode_multibase(multibase::base64url, value());
}

CAIRN_DECL void multiaddr::iterator::read() {
  if (rest_.empty())
    current_ = {};
  else
    current_ = *multiaddr_access::read(rest_);
}

CAIRN_DECL auto multiaddr::find(std::uint64_t code) const -> std::optional<multiaddr_component> {
  for (auto const& c : *this)
    if (c.code() == code) return c;
  return std::nullopt;
}

CAIRN_DECL auto decode_multiaddr(bytes_view in) -> result<multiaddr, multiaddr_errc> {
  if (in.empty()) return std::unexpected(multiaddr_errc::empty);
  if (in.size() > limits::multiaddr) return std::unexpected(multiaddr_errc::too_long);
  auto saw_path = false;
  for (auto rest = in; !rest.empty();) {
    CAIRN_TRY(auto c, multiaddr_access::read(rest));
    if (saw_path) return std::unexpected(multiaddr_errc::after_path);
    if (c.protocol()) {
      if (!detail::is_value(c.protocol()->value, c.value())) return std::unexpected(multiaddr_errc::bad_value);
      saw_path = c.protocol()->value == multiaddr_value::path;
    }
    rest = rest.subspan(c.bytes().size());
  }
  return multiaddr_access::wrap(bytes(in.begin(), in.end()));
}

namespace detail {

// "0x3f42" and a base64url text: the written form of an opaque tail. A code of the table has no such form.
inline auto parse_opaque(std::string_view name, std::string_view value, bytes& out) -> bool {
  if (name.size() < 3 || name.size() > 18 || !name.starts_with("0x") || (name[2] == '0' && name.size() > 3) || !value.starts_with('u')) return false;
  std::uint64_t code = 0;
  for (auto c : name.substr(2)) {
    if (!((c >= '0' && c <= '9') || (c >= 'a' && c <= 'f'))) return false;
    code = code << 4 | static_cast<std::uint64_t>(c <= '9' ? c - '0' : c - 'a' + 10);
  }
  if (code >> 63 != 0 || find_multiaddr_protocol(code)) return false;
  auto const tail = decode_base(multibase::base64url, value.substr(1));
  if (!tail) return false;
  append_varint(out, code);
  append(out, *tail);
  return true;
}

}  // namespace detail

CAIRN_DECL auto parse_multiaddr(std::string_view text) -> result<multiaddr, multiaddr_errc> {
  if (text.size() > 4 * limits::multiaddr) return std::unexpected(multiaddr_errc::too_long);
  while (text.ends_with('/')) text.remove_suffix(1);
  if (text.empty()) return std::unexpected(multiaddr_errc::empty);
  if (!text.starts_with('/')) return std::unexpected(multiaddr_errc::no_leading_slash);
  auto out = bytes{};
  // `text` starts with the slash before the next word, or is empty
  auto const take = [&] {
    auto const end = text.find('/', 1);
    auto const word = text.substr(1, end == text.npos ? text.npos : end - 1);
    text = end == text.npos ? std::string_view{} : text.substr(end);
    return word;
  };
  while (!text.empty()) {
    auto const name = take();
    auto const* const protocol = find_multiaddr_protocol(name);
    if (!protocol) {
      auto const value = text.empty() ? std::string_view{} : take();
      if (!text.empty() || !detail::parse_opaque(name, value, out)) return std::unexpected(multiaddr_errc::unknown_protocol);
      break;
    }
    auto value = bytes{};
    if (protocol->value != multiaddr_value::none) {
      if (text.empty()) return std::unexpected(multiaddr_errc::missing_value);
      auto const word = protocol->value == multiaddr_value::path ? std::exchange(text, {}) : take();
      CAIRN_TRY(value, detail::parse_value(protocol->value, word));
      if (!detail::is_value(protocol->value, value)) return std::unexpected(multiaddr_errc::bad_value);
    }
    multiaddr_access::append_component(out, *protocol, value);
  }
  if (out.size() > limits::multiaddr) return std::unexpected(multiaddr_errc::too_long);
  return multiaddr_access::wrap(std::move(out));
}

CAIRN_DECL auto to_string(multiaddr const& m) -> std::string {
  auto out = std::string{};
  for (auto const& c : m) {
    if (!c.protocol()) {
      auto code = std::string{};
      for (auto rest = c.code(); rest > 0; rest >>= 4) code.insert(code.begin(), "0123456789abcdef"[rest & 15]);
      out += "/0x" + (code.empty() ? "0" : code) + "/" + c.text();
      continue;
    }
    (out += '/') += c.name();
    auto const value = c.text();
    if (value.empty()) continue;
    if (c.protocol()->value != multiaddr_value::path) out += '/';
    out += value;
  }
  return out;
}

CAIRN_DECL auto encapsulate(multiaddr const& outer, multiaddr const& inner) -> result<multiaddr, multiaddr_errc> {
  if (outer.empty()) return inner;
  if (inner.empty()) return outer;
  if (outer.bytes().size() + inner.bytes().size() > limits::multiaddr) return std::unexpected(multiaddr_errc::too_long);
  for (auto const& c : outer)
    if (!c.protocol() || c.protocol()->value == multiaddr_value::path) return std::unexpected(multiaddr_errc::after_path);
  auto out = bytes(outer.bytes().begin(), outer.bytes().end());
  append(out, inner.bytes());
  return multiaddr_access::wrap(std::move(out));
}

namespace detail {
inline auto multiaddr_before(multiaddr const& m, std::size_t size) -> multiaddr {
  auto const kept = m.bytes().first(size);
  return multiaddr_access::wrap(bytes(kept.begin(), kept.end()));
}
}  // namespace detail

CAIRN_DECL auto decapsulate(multiaddr const& m, multiaddr const& suffix) -> multiaddr {
  if (suffix.empty()) return m;
  // components are self-delimiting: equal octets at the start of a component are equal components
  auto found = m.bytes().size();
  std::size_t at = 0;
  for (auto const& c : m) {
    auto const rest = m.bytes().subspan(at);
    if (rest.size() >= suffix.bytes().size() && equal(rest.first(suffix.bytes().size()), suffix.bytes())) found = at;
    at += c.bytes().size();
  }
  return detail::multiaddr_before(m, found);
}

CAIRN_DECL auto decapsulate(multiaddr const& m, std::uint64_t code) -> multiaddr {
  auto found = m.bytes().size();
  std::size_t at = 0;
  for (auto const& c : m) {
    if (c.code() == code) found = at;
    at += c.bytes().size();
  }
  return detail::multiaddr_before(m, found);
}

CAIRN_DECL auto make_multiaddr(std::uint64_t code, bytes_view value) -> result<multiaddr, multiaddr_errc> {
  auto const* const protocol = find_multiaddr_protocol(code);
  if (!protocol) return std::unexpected(multiaddr_errc::unknown_protocol);
  if (!detail::is_value(protocol->value, value)) return std::unexpected(multiaddr_errc::bad_value);
  if (value.size() > limits::multiaddr - 20) return std::unexpected(multiaddr_errc::too_long);
  auto out = bytes{};
  multiaddr_access::append_component(out, *protocol, value);
  return multiaddr_access::wrap(std::move(out));
}

CAIRN_DECL auto resolve_aliases(multiaddr const& m) -> multiaddr {
  auto out = bytes{};
  for (auto const& c : m) {
    if (c.code() == maddr::wss || c.code() == maddr::https) {
      append_varint(out, maddr::tls);
      append_varint(out, c.code() == maddr::wss ? maddr::ws : maddr::http);
    } else {
      append(out, c.bytes());
    }
  }
  return multiaddr_access::wrap(std::move(out));
}

CAIRN_DECL auto read_http_endpoint(multiaddr const& m) -> std::optional<http_endpoint> {
  auto const plain = resolve_aliases(m);
  auto at = plain.begin();
  auto const end = plain.end();
  auto const is = [&](std::uint64_t code) { return at != end && at->code() == code; };
  auto out = http_endpoint{{}, 0, false, {}};
  if (!is(maddr::ip4) && !is(maddr::ip6) && !is(maddr::dns) && !is(maddr::dns4) && !is(maddr::dns6)) return std::nullopt;
  out.host = at->text();
  ++at;
  auto const has_port = is(maddr::tcp);
  if (has_port) out.port = at->port(), ++at;
  if (is(maddr::tls)) {
    out.tls = true;
    ++at;
    if (is(maddr::sni)) ++at;
  }
  if (!is(maddr::http)) return std::nullopt;
  ++at;
  if (is(maddr::http_path)) out.path = std::string{as_text(at->value())}, ++at;
  if (is(maddr::p2p)) ++at;
  if (at != end) return std::nullopt;
  if (!has_port) out.port = out.tls ? 443 : 80;
  return out;
}

}  // namespace cairn
