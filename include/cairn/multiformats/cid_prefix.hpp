#pragma once

#include <cairn/multiformats/cid.hpp>

namespace cairn {

/// All of a CID but its digest: how a new block is named, what bitswap sends before a block, what a stream shows first.
struct cid_prefix {
  unsigned version = 1;
  std::uint64_t codec = code::raw;
  std::uint64_t hash = code::sha2_256;
  std::size_t digest_size = 0;  ///< for a new block 0 is the hash function's own size

  /// The size in bytes of the multihash and of the whole CID that it begins.
  constexpr auto hash_size() const -> std::size_t { return varint_size(hash) + varint_size(digest_size) + digest_size; }
  constexpr auto size() const -> std::size_t { return hash_size() + (version == 0 ? 0 : varint_size(version) + varint_size(codec)); }

  friend constexpr auto operator==(cid_prefix const&, cid_prefix const&) -> bool = default;
};

/// The prefix at the front of `in`, which may end behind it.
///
/// errors    truncated · bad_varint · bad_version · bad_multihash · digest_too_long
constexpr auto read_cid_prefix(bytes_view in) -> result<cid_prefix, cid_errc> {
  constexpr auto why = [](varint_errc e, cid_errc otherwise) { return e == varint_errc::truncated ? cid_errc::truncated : otherwise; };
  auto out = cid_prefix{0, code::dag_pb, code::sha2_256, 32};
  if (in.size() >= 2 && in[0] == 0x12 && in[1] == 0x20) return out;
  auto const version = read_varint(in);
  if (!version) return std::unexpected(why(version.error(), cid_errc::bad_varint));
  if (version->value != 1) return std::unexpected(cid_errc::bad_version);
  auto const codec = read_varint(version->rest);
  if (!codec) return std::unexpected(why(codec.error(), cid_errc::bad_varint));
  auto const hash = read_varint(codec->rest);
  if (!hash) return std::unexpected(why(hash.error(), cid_errc::bad_multihash));
  auto const size = read_varint(hash->rest);
  if (!size) return std::unexpected(why(size.error(), cid_errc::bad_multihash));
  if (size->value > limits::digest) return std::unexpected(cid_errc::digest_too_long);
  return cid_prefix{1, codec->value, hash->value, static_cast<std::size_t>(size->value)};
}

/// The prefix of a CID.
constexpr auto prefix_of(cid const& c) -> cid_prefix {
  return {c.version(), c.codec(), c.hash().code(), c.hash().digest().size()};
}

}  // namespace cairn
