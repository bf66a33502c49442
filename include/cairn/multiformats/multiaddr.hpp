#pragma once

#include <cairn/core/error.hpp>
#include <cairn/core/limits.hpp>
#include <cairn/core/result.hpp>
#include <cairn/multiformats/multiaddr_protocol.hpp>

#include <compare>
#include <iterator>
#include <optional>
#include <string>

namespace cairn {

/// Why a text or octets are not a multiaddr.
enum class multiaddr_errc : byte {
  empty = 1,         ///< an address has at least one component
  no_leading_slash,  ///< the text of an address starts with a slash
  unknown_protocol,  ///< the table of protocols has no such name
  missing_value,     ///< the protocol takes a value and the address ends
  bad_value,         ///< the value is not one of its protocol's
  bad_varint,        ///< a code or a length is not a minimal unsigned varint
  truncated,         ///< input ended inside a component
  after_path,        ///< a component behind a path, which takes the rest of the address
  too_long,          ///< longer than limits::multiaddr
};

template <>
struct errc_traits<multiaddr_errc> {
  static constexpr std::string_view module = "multiaddr";
  static constexpr auto describe(multiaddr_errc e) -> std::string_view {
    switch (e) {
      case multiaddr_errc::empty: return "multiaddr: empty address";
      case multiaddr_errc::no_leading_slash: return "multiaddr: the text does not start with a slash";
      case multiaddr_errc::unknown_protocol: return "multiaddr: unknown protocol";
      case multiaddr_errc::missing_value: return "multiaddr: the protocol takes a value and the address ends";
      case multiaddr_errc::bad_value: return "multiaddr: invalid value for its protocol";
      case multiaddr_errc::bad_varint: return "multiaddr: a code or a length is not a minimal unsigned varint";
      case multiaddr_errc::truncated: return "multiaddr: input ended inside a component";
      case multiaddr_errc::after_path: return "multiaddr: a component behind a path";
      case multiaddr_errc::too_long: return "multiaddr: address longer than 4 KiB";
    }
    return "multiaddr: unknown error";
  }
};


/// One protocol of an address with its value; borrows the address.
///
/// Where the protocol's code is in no table, nothing says where its value ends: it and all that follows are one opaque
/// component, carried along and written as "/0x3f42/u..." (IX-10).
class multiaddr_component {
public:
  auto code() const -> std::uint64_t { return code_; }
  auto protocol() const -> multiaddr_protocol const* { return protocol_; }  ///< nothing: unknown
  auto name() const -> std::string_view { return protocol_ ? protocol_->name : std::string_view{}; }
  auto value() const -> bytes_view { return whole_.subspan(value_at_); }  ///< without its length
  auto bytes() const -> bytes_view { return whole_; }
  /// The value as text; empty where the protocol takes none.
  CAIRN_DECL auto text() const -> std::string;
  /// The value of tcp, udp and the like.
  auto port() const -> std::uint16_t {
    auto const v = value();
    return v.size() < 2 ? 0 : static_cast<std::uint16_t>(v[v.size() - 2] << 8 | v[v.size() - 1]);
  }

  friend auto operator==(multiaddr_component const& a, multiaddr_component const& b) -> bool { return equal(a.whole_, b.whole_); }

private:
  friend struct multiaddr_access;
  std::uint64_t code_ = 0;
  multiaddr_protocol const* protocol_ = nullptr;
  bytes_view whole_;
  std::size_t value_at_ = 0;
};

/// A network address that describes itself: a sequence of protocols with their values. A regular value, always valid, kept
/// in its binary form; the default one is empty.
///
/// spec      multiformats/multiaddr
class multiaddr {
public:
  multiaddr() = default;

  /// The binary form.
  auto bytes() const -> bytes_view { return bytes_; }
  auto empty() const -> bool { return bytes_.empty(); }

  class iterator {
  public:
    using value_type = multiaddr_component;
    using difference_type = std::ptrdiff_t;
    using iterator_concept = std::forward_iterator_tag;

    iterator() = default;
    explicit iterator(bytes_view rest) : rest_{rest} { read(); }
    auto operator*() const -> multiaddr_component const& { return current_; }
    auto operator->() const -> multiaddr_component const* { return &current_; }
    auto operator++() -> iterator& {
      rest_ = rest_.subspan(current_.bytes().size());
      read();
      return *this;
    }
    auto operator++(int) -> iterator { auto const was = *this; ++*this; return was; }
    friend auto operator==(iterator const& a, iterator const& b) -> bool { return a.rest_.size() == b.rest_.size(); }

  private:
    CAIRN_DECL void read();
    bytes_view rest_;
    multiaddr_component current_;
  };
  auto begin() const -> iterator { return iterator{bytes_}; }
  auto end() const -> iterator { return iterator{}; }

  /// The first component with that code.
  CAIRN_DECL auto find(std::uint64_t code) const -> std::optional<multiaddr_component>;

  friend auto operator==(multiaddr const& a, multiaddr const& b) -> bool { return a.bytes_ == b.bytes_; }
  friend auto operator<=>(multiaddr const& a, multiaddr const& b) -> std::strong_ordering { return compare(a.bytes_, b.bytes_) <=> 0; }

private:
  friend struct multiaddr_access;
  cairn::bytes bytes_;
};

/// Read the text of an address: "/ip4/127.0.0.1/tcp/4001". Slashes at its end are dropped; `/ipfs/` is read as `/p2p/`.
///
/// errors    empty · no_leading_slash · unknown_protocol · missing_value · bad_value · too_long
CAIRN_DECL auto parse_multiaddr(std::string_view text) -> result<multiaddr, multiaddr_errc>;

/// Decode the binary form; a component with an unknown code is kept, opaque, to the end.
///
/// errors    empty · bad_varint · truncated · bad_value · after_path · too_long
CAIRN_DECL auto decode_multiaddr(bytes_view in) -> result<multiaddr, multiaddr_errc>;

/// The canonical text.
CAIRN_DECL auto to_string(multiaddr const& m) -> std::string;

/// `outer` with `inner` behind it.
///
/// errors    after_path · too_long
CAIRN_DECL auto encapsulate(multiaddr const& outer, multiaddr const& inner) -> result<multiaddr, multiaddr_errc>;

/// `m` up to the last place where the components of `suffix` stand in it; `m` itself where they do not.
CAIRN_DECL auto decapsulate(multiaddr const& m, multiaddr const& suffix) -> multiaddr;

/// `m` up to its last component with that code; `m` itself where there is none.
CAIRN_DECL auto decapsulate(multiaddr const& m, std::uint64_t code) -> multiaddr;

/// An address of one component, from its value in octets.
///
/// errors    unknown_protocol · bad_value
CAIRN_DECL auto make_multiaddr(std::uint64_t code, bytes_view value = {}) -> result<multiaddr, multiaddr_errc>;

/// The address with deprecated forms written anew, for matching: /wss is /tls/ws, /https is /tls/http. The address that is
/// announced keeps its own form (IX-11).
CAIRN_DECL auto resolve_aliases(multiaddr const& m) -> multiaddr;

/// What an HTTP client needs to know of an address.
struct http_endpoint {
  std::string host;    ///< a name, or an IP address without brackets
  std::uint16_t port;  ///< 443 or 80 where the address has none (IX-13)
  bool tls;
  std::string path;    ///< of /http-path, else empty
  friend auto operator==(http_endpoint const&, http_endpoint const&) -> bool = default;
};

/// The endpoint of an address that speaks HTTP: host, perhaps /tcp, then /http, /tls/http or /https, perhaps /http-path and
/// /p2p. Any other address, one of WebSocket too, is none.
CAIRN_DECL auto read_http_endpoint(multiaddr const& m) -> std::optional<http_endpoint>;

}  // namespace cairn

template <>
struct std::hash<cairn::multiaddr> {
  auto operator()(cairn::multiaddr const& m) const -> std::size_t { return std::hash<std::string_view>{}(cairn::as_text(m.bytes())); }
};

#if CAIRN_HEADER_ONLY
#  include <cairn/multiformats/impl/multiaddr.ipp>
#endif
