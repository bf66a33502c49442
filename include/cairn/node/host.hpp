#pragma once

#include <cairn/concept/secure_channel.hpp>
#include <cairn/concept/stream_muxer.hpp>
#include <cairn/concept/transport.hpp>

#include <cstdint>
#include <tuple>
#include <type_traits>

/// How connections are made: `tcp{} | noise{} | yamux{}`, or sets of them:
/// `any_of(tcp{} | secured(noise{}, tls{}) | muxed(yamux{}), quic{})`.
namespace cairn {

/// Several secure channels, in order of preference.
template <secure_channel... S>
struct secured_set {
  std::tuple<S...> channels;
};
template <secure_channel... S>
  requires(sizeof...(S) > 0)
constexpr auto secured(S... channels) -> secured_set<S...> { return {{channels...}}; }

/// Several muxers, in order of preference.
template <stream_muxer... M>
struct muxed_set {
  std::tuple<M...> muxers;
};
template <stream_muxer... M>
  requires(sizeof...(M) > 0)
constexpr auto muxed(M... muxers) -> muxed_set<M...> { return {{muxers...}}; }

/// A transport and what secures it; a muxer has to follow.
template <transport T, class Secure>
struct secured_transport {
  T carrier;
  Secure security;
};

/// A whole stack: what a host dials and listens with.
template <transport T, class Secure, class Mux>
struct host_stack {
  static constexpr std::string_view name = "host";
  T carrier;
  Secure security;
  Mux muxing;
};

/// Several stacks beside each other.
template <class... Stacks>
struct host_set {
  static constexpr std::string_view name = "host";
  std::tuple<Stacks...> stacks;
};

template <transport T, secure_channel S>
  requires(!T::is_secure)
constexpr auto operator|(T t, S s) -> secured_transport<T, secured_set<S>> { return {t, {{s}}}; }
template <transport T, secure_channel... S>
  requires(!T::is_secure)
constexpr auto operator|(T t, secured_set<S...> s) -> secured_transport<T, secured_set<S...>> { return {t, s}; }

template <transport T, class S, stream_muxer M>
constexpr auto operator|(secured_transport<T, S> t, M m) -> host_stack<T, S, muxed_set<M>> { return {t.carrier, t.security, {{m}}}; }
template <transport T, class S, stream_muxer... M>
constexpr auto operator|(secured_transport<T, S> t, muxed_set<M...> m) -> host_stack<T, S, muxed_set<M...>> { return {t.carrier, t.security, m}; }

// What reads wrong does not compile; both compilers print the line with its advice.
template <transport T, stream_muxer M>
auto operator|(T, M) = delete;  // a secure channel must come between the transport and the muxer
template <transport T, secure_channel S>
  requires(T::is_secure)
auto operator|(T, S) = delete;  // this transport is secure by itself: leave the secure channel out
template <secure_channel S, stream_muxer M>
auto operator|(S, M) = delete;  // a stack begins with a transport: tcp{} | noise{} | yamux{}

template <class T>
struct is_host_stack : std::false_type {};
template <class T, class S, class M>
struct is_host_stack<host_stack<T, S, M>> : std::true_type {};
template <transport T>
  requires(T::is_secure && T::is_muxed)
struct is_host_stack<T> : std::true_type {};
template <class... S>
struct is_host_stack<host_set<S...>> : std::bool_constant<(is_host_stack<S>::value && ...)> {};

template <class... Stacks>
constexpr auto any_of(Stacks... stacks) -> host_set<Stacks...> {
  static_assert((is_host_stack<Stacks>::value && ...), "any_of takes whole stacks: transport | secure channel | muxer, or a transport that is both");
  return {{stacks...}};
}

/// The most that one connection of a stack holds, in bytes: handshake, cipher and every stream's window.
template <class T, class... S, class... M>
constexpr auto peak_bytes_per_connection(host_stack<T, secured_set<S...>, muxed_set<M...>> const& h) -> std::uint64_t {
  auto security = std::uint64_t{0}, muxing = std::uint64_t{0};
  std::apply([&](auto const&... s) { ((security = s.peak_bytes() > security ? s.peak_bytes() : security), ...); }, h.security.channels);
  std::apply([&](auto const&... m) {
    ((muxing = m.max_streams() * m.window_bytes() > muxing ? m.max_streams() * m.window_bytes() : muxing), ...);
  }, h.muxing.muxers);
  return h.carrier.peak_bytes() + security + muxing;
}

}  // namespace cairn
