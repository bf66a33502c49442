#pragma once

#include <cairn/core/config.hpp>
#include <cairn/core/error.hpp>
#include <cairn/ipld/codec/mode.hpp>
#include <cairn/ipld/link_sink.hpp>
#include <cairn/ipld/node.hpp>
#include <cairn/multiformats/codes.hpp>

namespace cairn {

/// Why bytes are not a dag-cbor block, or a node has no dag-cbor form.
enum class dag_cbor_errc : byte {
  truncated = 1,      ///< input ended inside a value, or a length or count reaches past its end
  trailing_bytes,     ///< bytes after the value                                    ("a single top-level object")
  non_minimal_int,    ///< an integer, length or tag is not in its shortest form    ("as short as possible")
  indefinite_length,  ///< indefinite-length items are not allowed, nor a lone break
  reserved_head,      ///< additional information 28 to 30                          (RFC 8949, 3)
  unsorted_keys,      ///< map keys are not sorted by length, then by octets
  duplicate_key,      ///< the same map key twice
  non_string_key,     ///< map keys are strings
  unknown_tag,        ///< no tag but 42
  bad_link,           ///< tag 42 needs a byte string of 0x00 and one CID
  short_float,        ///< floats are written with 64 bits
  not_finite,         ///< NaN and infinities are not allowed
  simple_value,       ///< no simple value but false, true and null; undefined neither
  bad_utf8,           ///< a string is not UTF-8
  too_deep,           ///< nesting above limits::depth
  no_links,           ///< plain CBOR has no links
  negative_zero,      ///< DRISL has no -0.0
  not_dasl_cid,       ///< DRISL links are CIDv1, raw or dag-cbor, sha2-256 or blake3 with 32 bytes  (DASL, CIDs)
};

template <>
struct errc_traits<dag_cbor_errc> {
  static constexpr std::string_view module = "dag-cbor";
  static constexpr auto describe(dag_cbor_errc e) -> std::string_view {
    switch (e) {
      case dag_cbor_errc::truncated: return "dag-cbor: unexpected end of input";
      case dag_cbor_errc::trailing_bytes: return "dag-cbor: bytes after the value";
      case dag_cbor_errc::non_minimal_int: return "dag-cbor: an integer or length is not in its shortest form";
      case dag_cbor_errc::indefinite_length: return "dag-cbor: indefinite length";
      case dag_cbor_errc::reserved_head: return "dag-cbor: reserved additional information";
      case dag_cbor_errc::unsorted_keys: return "dag-cbor: map keys are not sorted";
      case dag_cbor_errc::duplicate_key: return "dag-cbor: duplicate map key";
      case dag_cbor_errc::non_string_key: return "dag-cbor: a map key is not a string";
      case dag_cbor_errc::unknown_tag: return "dag-cbor: a tag other than 42";
      case dag_cbor_errc::bad_link: return "dag-cbor: tag 42 does not hold 0x00 and a CID";
      case dag_cbor_errc::short_float: return "dag-cbor: a float of less than 64 bits";
      case dag_cbor_errc::not_finite: return "dag-cbor: NaN or infinity";
      case dag_cbor_errc::simple_value: return "dag-cbor: a simple value other than false, true and null";
      case dag_cbor_errc::bad_utf8: return "dag-cbor: a string is not UTF-8";
      case dag_cbor_errc::too_deep: return "dag-cbor: nested too deeply";
      case dag_cbor_errc::no_links: return "cbor: links have no plain CBOR form";
      case dag_cbor_errc::negative_zero: return "drisl: negative zero";
      case dag_cbor_errc::not_dasl_cid: return "drisl: a link that is no DASL CID";
    }
    return "dag-cbor: unknown error";
  }
};

/// The codec dag-cbor.
///
/// lax       reads also 16 and 32 bit floats, unsorted keys, `undefined` as null, strings that are not UTF-8;
///           writes strings that are not UTF-8
/// spec      ipld/dag-cbor
struct dag_cbor {
  using errc = dag_cbor_errc;
  static constexpr std::uint64_t code = cairn::code::dag_cbor;
  static constexpr std::string_view name = "dag-cbor";

  /// A whole block as a node.
  ///
  /// errors    all but no_links
  /// cost      O(in.size() log n) time; memory follows what was read, never a declared count
  CAIRN_DECL static auto decode(bytes_view in, codec_mode mode = codec_mode::strict) -> result<ipld::node, errc>;

  /// A whole block as it stands, with no copy of what is in it; see cairn/ipld/document.hpp.
  ///
  /// errors    those of decode
  CAIRN_DECL static auto read(bytes_view in, codec_mode mode = codec_mode::strict) -> result<ipld::document, errc>;

  /// Append the canonical form: keys sorted, shortest heads, floats of 64 bits. On an error `out` is as it was.
  ///
  /// errors    duplicate_key · not_finite · bad_utf8 · too_deep
  CAIRN_DECL static auto encode(ipld::node const& n, bytes& out, codec_mode mode = codec_mode::strict) -> result<void, errc>;
  CAIRN_DECL static auto encode(ipld::document const& d, bytes& out, codec_mode mode = codec_mode::strict) -> result<void, errc>;

  /// Each link in the order of the bytes. Reads what either mode reads and checks neither key order nor UTF-8.
  ///
  /// cost      O(in.size()), no allocation, 8 KiB of stack
  CAIRN_DECL static auto links(bytes_view in, link_sink sink) -> result<void, errc>;
};

/// Plain CBOR within the data model, as Kubo's `cbor`: no links; keys are written in the order of the map.
struct plain_cbor {
  using errc = dag_cbor_errc;
  static constexpr std::uint64_t code = cairn::code::cbor;
  static constexpr std::string_view name = "cbor";

  /// errors    those of dag_cbor::decode; tag 42 is unknown_tag
  CAIRN_DECL static auto decode(bytes_view in, codec_mode mode = codec_mode::lax) -> result<ipld::node, errc>;
  /// errors    those of dag_cbor::encode · no_links
  CAIRN_DECL static auto encode(ipld::node const& n, bytes& out, codec_mode mode = codec_mode::lax) -> result<void, errc>;
  /// There are none.
  static auto links(bytes_view, link_sink) -> result<void, errc> { return {}; }
};

/// DRISL, the profile of dag-cbor that DASL fixes: strict, with DASL CIDs only and without -0.0. A composition has either
/// this or dag_cbor, since both are the codec 0x71.
struct drisl {
  using errc = dag_cbor_errc;
  static constexpr std::uint64_t code = cairn::code::dag_cbor;
  static constexpr std::string_view name = "dag-cbor";

  /// errors    those of dag_cbor::decode · negative_zero · not_dasl_cid
  CAIRN_DECL static auto decode(bytes_view in) -> result<ipld::node, errc>;
  /// errors    those of dag_cbor::encode · negative_zero · not_dasl_cid
  CAIRN_DECL static auto encode(ipld::node const& n, bytes& out) -> result<void, errc>;
  static auto links(bytes_view in, link_sink sink) -> result<void, errc> { return dag_cbor::links(in, sink); }
};

/// Whether a CID is one of DASL's: version 1, raw or dag-cbor, sha2-256 or blake3, 32 bytes.
constexpr auto is_dasl_cid(cid const& id) -> bool {
  return id.version() == 1 && (id.codec() == code::raw || id.codec() == code::dag_cbor) &&
         (id.hash().code() == code::sha2_256 || id.hash().code() == code::blake3) && id.hash().digest().size() == 32;
}

}  // namespace cairn

#if CAIRN_HEADER_ONLY
#  include <cairn/ipld/impl/dag_cbor.ipp>
#endif
