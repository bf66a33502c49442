#pragma once

#include <cairn/core/config.hpp>
#include <cairn/core/errc.hpp>
#include <cairn/multiformats/codes.hpp>
#include <cairn/multiformats/multibase.hpp>
#include <cairn/multiformats/multihash.hpp>

#include <string>

namespace cairn {

/// Why bytes or a text are not a CID.
enum class cid_errc : byte {
  truncated = 1,     ///< input ended inside the CID
  bad_varint,        ///< version or codec is not a minimal unsigned varint
  bad_version,       ///< the version is neither 0 nor 1                              (CID, "reserved for future versions")
  bad_multihash,     ///< what follows the codec is no multihash
  digest_too_long,   ///< digest longer than 128 bytes                                (IPIP-512)
  v0_needs_sha2_256, ///< a CIDv0 is a 32-byte sha2-256 multihash
  v0_needs_dag_pb,   ///< a CIDv0 has the codec dag-pb
  v0_in_multibase,   ///< a CIDv0 text carries no multibase prefix                    (CID, decoding algorithm)
  v0_only_base58,    ///< a CIDv0 has no other text form than base58btc
  too_short,         ///< the text is shorter than any CID
  bad_base,          ///< the multibase prefix or a character is invalid
  trailing_bytes,    ///< bytes after the CID of a whole-input decode
  too_long,          ///< the text is longer than that of any CID
};

template <>
struct errc_traits<cid_errc> {
  static constexpr std::string_view module = "cid";
  static constexpr auto describe(cid_errc e) -> std::string_view {
    switch (e) {
      case cid_errc::truncated: return "cid: input ended inside the CID";
      case cid_errc::bad_varint: return "cid: version or codec is not a minimal unsigned varint";
      case cid_errc::bad_version: return "cid: the version is neither 0 nor 1";
      case cid_errc::bad_multihash: return "cid: invalid multihash";
      case cid_errc::digest_too_long: return "cid: digest longer than 128 bytes";
      case cid_errc::v0_needs_sha2_256: return "cid: a CIDv0 needs a 32-byte sha2-256 multihash";
      case cid_errc::v0_needs_dag_pb: return "cid: a CIDv0 needs the codec dag-pb";
      case cid_errc::v0_in_multibase: return "cid: a CIDv0 carries no multibase prefix";
      case cid_errc::v0_only_base58: return "cid: a CIDv0 is written in base58btc only";
      case cid_errc::too_short: return "cid: the text is too short";
      case cid_errc::bad_base: return "cid: invalid multibase prefix or character";
      case cid_errc::trailing_bytes: return "cid: bytes after the CID";
      case cid_errc::too_long: return "cid: the text is longer than that of any CID";
    }
    return "cid: unknown error";
  }
};

/// A content identifier: version, codec, multihash. An inline value type, no heap; a CIDv0 is always dag-pb and sha2-256.
///
/// size      160 bytes
/// spec      multiformats/cid
class cid {
public:
  constexpr cid() = default;

  /// The old form: only a 32-byte sha2-256 multihash fits.
  static constexpr auto v0(multihash const& h) -> result<cid, cid_errc> {
    if (h.code() != code::sha2_256 || h.digest().size() != 32) return std::unexpected(cid_errc::v0_needs_sha2_256);
    auto c = cid{};
    c.codec_ = code::dag_pb;
    c.hash_ = h;
    c.version_ = 0;
    return c;
  }

  /// Total: every codec and every multihash makes a CIDv1.
  static constexpr auto v1(std::uint64_t codec, multihash const& h) -> cid {
    auto c = cid{};
    c.codec_ = codec;
    c.hash_ = h;
    c.version_ = 1;
    return c;
  }

  constexpr auto version() const -> unsigned { return version_; }
  constexpr auto codec() const -> std::uint64_t { return codec_; }
  constexpr auto hash() const -> multihash const& { return hash_; }

  /// The same content as CIDv1.
  constexpr auto to_v1() const -> cid { return v1(codec_, hash_); }

  /// The size of the binary form in bytes.
  constexpr auto encoded_size() const -> std::size_t {
    return hash_.encoded_size() + (version_ == 0 ? 0 : 1 + varint_size(codec_));
  }

  friend constexpr auto operator==(cid const& a, cid const& b) -> bool {
    return a.version_ == b.version_ && a.codec_ == b.codec_ && a.hash_ == b.hash_;
  }
  friend constexpr auto operator<=>(cid const& a, cid const& b) -> std::strong_ordering {
    if (a.version_ != b.version_) return a.version_ <=> b.version_;
    if (a.codec_ != b.codec_) return a.codec_ <=> b.codec_;
    return a.hash_ <=> b.hash_;
  }

private:
  std::uint64_t codec_ = code::raw;
  multihash hash_{};
  std::uint8_t version_ = 1;
};

/// The same content as CIDv0, where that form exists.
///
/// errors    v0_needs_dag_pb · v0_needs_sha2_256
constexpr auto to_v0(cid const& c) -> result<cid, cid_errc> {
  if (c.codec() != code::dag_pb) return std::unexpected(cid_errc::v0_needs_dag_pb);
  return cid::v0(c.hash());
}

/// Read one binary CID from the front of `in`.
///
/// errors    truncated · bad_varint · bad_version · bad_multihash · digest_too_long
constexpr auto read_cid(bytes_view in) -> result<decoded<cid>, cid_errc> {
  constexpr auto why_varint = [](varint_errc e) { return e == varint_errc::truncated ? cid_errc::truncated : cid_errc::bad_varint; };
  constexpr auto why_hash = [](multihash_errc e) {
    return e == multihash_errc::truncated         ? cid_errc::truncated
           : e == multihash_errc::digest_too_long ? cid_errc::digest_too_long
                                                  : cid_errc::bad_multihash;
  };
  if (in.size() >= 2 && in[0] == 0x12 && in[1] == 0x20) {
    auto const h = read_multihash(in);
    if (!h) return std::unexpected(why_hash(h.error()));
    return decoded<cid>{*cid::v0(h->value), h->rest};
  }
  auto const version = read_varint(in);
  if (!version) return std::unexpected(why_varint(version.error()));
  if (version->value != 1) return std::unexpected(cid_errc::bad_version);
  auto const codec = read_varint(version->rest);
  if (!codec) return std::unexpected(why_varint(codec.error()));
  auto const h = read_multihash(codec->rest);
  if (!h) return std::unexpected(why_hash(h.error()));
  return decoded<cid>{cid::v1(codec->value, h->value), h->rest};
}

/// Decode a whole input as one binary CID.
///
/// errors    those of read_cid · trailing_bytes
constexpr auto decode_cid(bytes_view in) -> result<cid, cid_errc> {
  auto const c = read_cid(in);
  if (!c) return std::unexpected(c.error());
  if (!c->rest.empty()) return std::unexpected(cid_errc::trailing_bytes);
  return c->value;
}

constexpr void append_cid(bytes& out, cid const& c) {
  if (c.version() != 0) {
    append_varint(out, 1);
    append_varint(out, c.codec());
  }
  append_multihash(out, c.hash());
}

/// Write into `out`, which has room for `c.encoded_size()` bytes; returns what was written.
constexpr auto write_cid(byte* out, cid const& c) -> std::size_t {
  std::size_t n = 0;
  if (c.version() != 0) {
    n += write_varint(out, 1);
    n += write_varint(out + n, c.codec());
  }
  return n + write_multihash(out + n, c.hash());
}

constexpr auto to_bytes(cid const& c) -> bytes {
  bytes out;
  out.reserve(c.encoded_size());
  append_cid(out, c);
  return out;
}

/// Parse the text of a CID: base58btc of a CIDv0 ("Qm..."), or multibase of a CIDv1.
///
/// errors    too_short · too_long · bad_base · v0_in_multibase · those of decode_cid
/// spec      multiformats/cid, decoding algorithm
CAIRN_DECL auto parse_cid(std::string_view text) -> result<cid, cid_errc>;

/// The usual text: base58btc for v0, base32 for v1.
///
/// cost      one allocation; 35 ns for the base32 of a sha2-256, 100 ns for a CIDv0
CAIRN_DECL auto to_string(cid const& c) -> std::string;

/// The text in a base of choice.
///
/// errors    v0_only_base58
CAIRN_DECL auto to_string(cid const& c, multibase base) -> result<std::string, cid_errc>;

static_assert(cid::v0(multihash::of(code::blake3, digest<32>{})).error() == cid_errc::v0_needs_sha2_256);

}  // namespace cairn

template <>
struct std::hash<cairn::cid> {
  auto operator()(cairn::cid const& c) const -> std::size_t {
    return cairn::detail::hash_of_digest(c.codec() ^ c.hash().code() << 16, c.hash().digest());
  }
};

#if CAIRN_HEADER_ONLY
#  include <cairn/multiformats/impl/cid.ipp>
#endif
