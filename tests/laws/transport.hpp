#pragma once
// The laws of `concept/transport.hpp`, run by every model: laws::transport<T>(good, bad), with addresses that lead over it and
// addresses that do not.

#include <cairn/concept/transport.hpp>
#include <cairn/multiformats/multiaddr.hpp>

#include <catch2/catch.hpp>

#include <string>
#include <vector>

namespace cairn::laws {

template <class T>
void transport(std::vector<std::string> const& good, std::vector<std::string> const& bad) {
  auto const peer = std::string{"/p2p/12D3KooWDpJ7As7BWAwRMfu1VU2WCqNjvq387JEYKDBj4kx6nXTN"};
  SECTION("L1: what leads over it, with a peer behind it or not, and nothing else") {
    for (auto const& text : good)
      for (auto const& tail : {std::string{}, peer}) {
        INFO(text + tail);
        CHECK(T::dialable(*parse_multiaddr(text + tail)));
        CHECK(text.find("/" + std::string{T::protocol}) != std::string::npos);
        CHECK_FALSE(T::dialable(*parse_multiaddr(text + tail + "/p2p-circuit")));
      }
    for (auto const& text : bad) {
      INFO(text);
      CHECK_FALSE(T::dialable(*parse_multiaddr(text)));
    }
    CHECK_FALSE(T::dialable(multiaddr{}));
    CHECK_FALSE(T::dialable(*parse_multiaddr(peer)));
  }
  SECTION("L2: what is muxed by itself is secure by itself") { CHECK((T::is_secure || !T::is_muxed)); }
  SECTION("L3: a bound is a number that somebody can hold") {
    CHECK(T{}.peak_bytes() > 0);
    CHECK(T{}.peak_bytes() < (std::uint64_t{1} << 30));
  }
}

}  // namespace cairn::laws
