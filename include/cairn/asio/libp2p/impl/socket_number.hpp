#pragma once

#include <cstddef>

namespace cairn::libp2p::detail {

/// An integer option of a socket that Asio has no name for.
template <int Level, int Name>
class socket_number {
public:
  explicit socket_number(int value) : value_{value} {}
  template <class Protocol> auto level(Protocol const&) const -> int { return Level; }
  template <class Protocol> auto name(Protocol const&) const -> int { return Name; }
  template <class Protocol> auto data(Protocol const&) const -> int const* { return &value_; }
  template <class Protocol> auto size(Protocol const&) const -> std::size_t { return sizeof value_; }

private:
  int value_;
};

}  // namespace cairn::libp2p::detail
