#pragma once

#include <cairn/core/bytes.hpp>
#include <cairn/ipld/document.hpp>

#include <algorithm>
#include <cstring>

namespace cairn::detail {

/// Appends to `bytes` by way of a small buffer, so that a short piece costs a comparison and a copy. What is in the buffer is there
/// after `flush`.
class staged_bytes {
public:
  static constexpr std::size_t largest = 512;  ///< piece that `room` can be asked for

  explicit staged_bytes(bytes& out) : out_{out} {}
  staged_bytes(staged_bytes const&) = delete;

  void put(byte b) {
    if (used_ == sizeof buffer_) flush();
    buffer_[used_++] = b;
  }
  void put(bytes_view in) {
    if (in.size() > sizeof buffer_ - used_) {
      flush();
      if (in.size() > sizeof buffer_) return append(out_, in);
    }
    copy(in.data(), buffer_ + used_, in.size());
    used_ += in.size();
  }
  void put(std::string_view text) { put(as_bytes(text)); }
  /// Where so many octets may be written, which are then `took`.
  auto room(std::size_t n) -> byte* {
    if (n > sizeof buffer_ - used_) flush();
    return buffer_ + used_;
  }
  void took(std::size_t n) { used_ += n; }

  void flush() {
    append(out_, {buffer_, used_});
    used_ = 0;
  }

private:
  // most pieces are short: two moves that overlap are less than a call
  static void copy(byte const* from, byte* to, std::size_t n) {
    if (n > 16) {
      std::memcpy(to, from, n);
    } else if (n >= 8) {
      std::uint64_t a, b;
      std::memcpy(&a, from, 8), std::memcpy(&b, from + n - 8, 8);
      std::memcpy(to, &a, 8), std::memcpy(to + n - 8, &b, 8);
    } else if (n >= 4) {
      std::uint32_t a, b;
      std::memcpy(&a, from, 4), std::memcpy(&b, from + n - 4, 4);
      std::memcpy(to, &a, 4), std::memcpy(to + n - 4, &b, 4);
    } else {
      for (auto i = 0uz; i < n; ++i) to[i] = from[i];
    }
  }

  bytes& out_;
  std::size_t used_ = 0;
  byte buffer_[2 * largest];
};

/// The octets of texts and of bytes in the first values of a node, so that large ones find room at once.
inline auto payload_hint(ipld::node const& n, std::size_t& values) -> std::size_t {
  auto out = 0uz;
  if (values == 0) return out;
  --values;
  if (auto const* const b = n.as_bytes()) out += b->size();
  else if (auto const* const s = n.as_string()) out += s->size();
  else if (auto const* const l = n.as_list())
    for (auto at = l->begin(); at != l->end() && values != 0; ++at) out += payload_hint(*at, values);
  else if (auto const* const m = n.as_map())
    for (auto at = m->begin(); at != m->end() && values != 0; ++at) out += at->key.size() + payload_hint(at->value, values);
  return out;
}
/// numerator, denominator    how much longer it is when written
inline void reserve_for(bytes& out, ipld::node const& n, std::size_t numerator = 1, std::size_t denominator = 1) {
  auto values = 256uz;  // and as deep at the most
  if (auto const size = payload_hint(n, values); size > staged_bytes::largest) out.reserve(out.size() + size / denominator * numerator + 4 * (256 - values) + 64);
}
/// A document knows how much there was.
inline void reserve_for(bytes& out, ipld::document const& d, std::size_t numerator = 1, std::size_t denominator = 1) {
  auto const size = out.size() + d.octets() / denominator * numerator + 64;
  if (size > out.capacity()) out.reserve(std::max(size, 2 * out.capacity()));
}

}  // namespace cairn::detail
