#pragma once

#include <cairn/core/bytes.hpp>
#include <cairn/core/config.hpp>

#include <utility>

namespace cairn {

/// Overwrite with zeros in a way that the optimiser keeps.
CAIRN_DECL void wipe(bytes_span out);

/// Equality whose time depends on the sizes only.
CAIRN_DECL auto equal_in_constant_time(bytes_view a, bytes_view b) -> bool;

/// Octets that are wiped when they are released, and compared in constant time (SEC-18).
class secret_bytes {
public:
  secret_bytes() = default;
  explicit secret_bytes(bytes_view in) : octets_(in.begin(), in.end()) {}
  explicit secret_bytes(bytes&& in) : octets_(std::move(in)) {}
  secret_bytes(secret_bytes const&) = default;
  secret_bytes(secret_bytes&& other) noexcept : octets_(std::move(other.octets_)) {}
  auto operator=(secret_bytes other) noexcept -> secret_bytes& {
    octets_.swap(other.octets_);
    return *this;
  }
  ~secret_bytes() { wipe(octets_); }

  auto view() const -> bytes_view { return octets_; }
  operator bytes_view() const { return octets_; }
  auto size() const -> std::size_t { return octets_.size(); }
  auto data() const -> byte const* { return octets_.data(); }
  friend auto operator==(secret_bytes const& a, secret_bytes const& b) -> bool { return equal_in_constant_time(a, b); }

private:
  bytes octets_;
};

}  // namespace cairn

#if CAIRN_HEADER_ONLY
#  include <cairn/crypto/impl/secret.ipp>
#endif
