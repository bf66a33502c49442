#pragma once

#include <cairn/core/errc.hpp>
#include <cairn/core/limits.hpp>
#include <cairn/core/result.hpp>
#include <cairn/core/varint.hpp>

#include <compare>
#include <cstdint>
#include <string>  // declares std::hash at a fraction of <functional>'s cost

namespace cairn {

/// Why bytes are not a multihash.
enum class multihash_errc : byte {
  truncated = 1,   ///< input ended inside the code, the length or the digest
  bad_varint,      ///< code or length is not a minimal unsigned varint
  digest_too_long, ///< digest longer than limits::digest
  trailing_bytes,  ///< bytes after the digest of a whole-input decode
  bad_length,      ///< this hash function does not give digests of that length
  unknown_hash,    ///< no implementation of this hash function is composed in
};

template <>
struct errc_traits<multihash_errc> {
  static constexpr std::string_view module = "multihash";
  static constexpr auto describe(multihash_errc e) -> std::string_view {
    switch (e) {
      case multihash_errc::truncated: return "multihash: input ended inside the code, the length or the digest";
      case multihash_errc::bad_varint: return "multihash: code or length is not a minimal unsigned varint";
      case multihash_errc::digest_too_long: return "multihash: digest longer than 128 bytes";
      case multihash_errc::trailing_bytes: return "multihash: bytes after the digest";
      case multihash_errc::bad_length: return "multihash: digest length does not fit the hash function";
      case multihash_errc::unknown_hash: return "multihash: unknown hash function";
    }
    return "multihash: unknown error";
  }
};

/// A digest that says how it was made: varint code, varint length, digest. An inline value, no heap.
///
/// size      144 bytes, digests [0 .. 128]
/// spec      multiformats/multihash
class multihash {
public:
  constexpr multihash() = default;

  /// errors    digest_too_long
  static constexpr auto wrap(std::uint64_t code, bytes_view digest) -> result<multihash, multihash_errc> {
    if (digest.size() > limits::digest) return std::unexpected(multihash_errc::digest_too_long);
    auto h = multihash{};
    h.code_ = code;
    h.size_ = static_cast<std::uint8_t>(digest.size());
    for (std::size_t i = 0; i < digest.size(); ++i) h.digest_[i] = digest[i];
    return h;
  }

  /// Of a digest whose size the type already limits.
  template <std::size_t N>
    requires(N <= limits::digest)
  static constexpr auto of(std::uint64_t code, cairn::digest<N> const& digest) -> multihash {
    auto h = multihash{};
    h.code_ = code;
    h.size_ = N;
    for (std::size_t i = 0; i < digest.size(); ++i) h.digest_[i] = digest[i];
    return h;
  }

  constexpr auto code() const -> std::uint64_t { return code_; }
  constexpr auto digest() const -> bytes_view { return {digest_.data(), size_}; }

  /// The size of the binary form in bytes.
  constexpr auto encoded_size() const -> std::size_t { return varint_size(code_) + varint_size(size_) + size_; }

  friend constexpr auto operator==(multihash const& a, multihash const& b) -> bool {
    return a.code_ == b.code_ && equal(a.digest(), b.digest());
  }
  friend constexpr auto operator<=>(multihash const& a, multihash const& b) -> std::strong_ordering {
    if (a.code_ != b.code_) return a.code_ <=> b.code_;
    return compare(a.digest(), b.digest()) <=> 0;
  }

private:
  std::uint64_t code_ = 0;
  std::array<byte, limits::digest> digest_{};
  std::uint8_t size_ = 0;
};

/// Read one multihash from the front of `in`.
///
/// errors    truncated · bad_varint · digest_too_long
constexpr auto read_multihash(bytes_view in) -> result<decoded<multihash>, multihash_errc> {
  constexpr auto why = [](varint_errc e) {
    return e == varint_errc::truncated ? multihash_errc::truncated : multihash_errc::bad_varint;
  };
  auto const code = read_varint(in);
  if (!code) return std::unexpected(why(code.error()));
  auto const size = read_varint(code->rest);
  if (!size) return std::unexpected(why(size.error()));
  if (size->value > limits::digest) return std::unexpected(multihash_errc::digest_too_long);
  if (size->value > size->rest.size()) return std::unexpected(multihash_errc::truncated);
  auto const n = static_cast<std::size_t>(size->value);
  return decoded<multihash>{*multihash::wrap(code->value, size->rest.first(n)), size->rest.subspan(n)};
}

/// Decode a whole input as one multihash.
///
/// errors    truncated · bad_varint · digest_too_long · trailing_bytes
constexpr auto decode_multihash(bytes_view in) -> result<multihash, multihash_errc> {
  auto const h = read_multihash(in);
  if (!h) return std::unexpected(h.error());
  if (!h->rest.empty()) return std::unexpected(multihash_errc::trailing_bytes);
  return h->value;
}

constexpr void append_multihash(bytes& out, multihash const& h) {
  append_varint(out, h.code());
  append_varint(out, h.digest().size());
  append(out, h.digest());
}

/// Write into `out`, which has room for `h.encoded_size()` bytes; returns what was written.
constexpr auto write_multihash(byte* out, multihash const& h) -> std::size_t {
  auto n = write_varint(out, h.code());
  n += write_varint(out + n, h.digest().size());
  for (auto b : h.digest()) out[n++] = b;
  return n;
}

constexpr auto to_bytes(multihash const& h) -> bytes {
  bytes out;
  out.reserve(h.encoded_size());
  append_multihash(out, h);
  return out;
}

namespace detail {
/// A digest is already random: its first bytes are a good table hash; short ones are mixed.
inline auto hash_of_digest(std::uint64_t seed, bytes_view digest) -> std::size_t {
  std::uint64_t h = seed * 0x9e3779b97f4a7c15u;
  for (auto b : digest.size() > 16 ? digest.last(8) : digest) h = (h ^ b) * 0x100000001b3u + (h >> 29);
  return static_cast<std::size_t>(h ^ (h >> 32));
}
}  // namespace detail

}  // namespace cairn

template <>
struct std::hash<cairn::multihash> {
  auto operator()(cairn::multihash const& h) const -> std::size_t { return cairn::detail::hash_of_digest(h.code(), h.digest()); }
};
