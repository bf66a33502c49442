#pragma once

#include <cairn/core/config.hpp>
#include <cairn/core/error.hpp>
#include <cairn/ipld/codec/mode.hpp>
#include <cairn/ipld/link_sink.hpp>
#include <cairn/ipld/node.hpp>
#include <cairn/multiformats/codes.hpp>

namespace cairn {

/// Why bytes are not a dag-json block, or a node has no dag-json form.
enum class dag_json_errc : byte {
  truncated = 1,   ///< input ended inside a value
  syntax,          ///< not JSON                                                    (RFC 8259)
  bad_string,      ///< a control character or an unknown escape in a string
  bad_utf8,        ///< a string is not UTF-8, or has half of a surrogate pair
  bad_number,      ///< not a number of JSON, or a float without a value
  number_range,    ///< an integer outside -2^64 .. 2^64 - 1
  not_finite,      ///< NaN and infinities have no form
  duplicate_key,   ///< the same map key twice
  bad_link,        ///< {"/": text} whose text is no CID
  bad_bytes,       ///< {"/": {"bytes": text}} whose text is not base64
  reserved_key,    ///< a map that reads as a link or as bytes, or has one beside other entries  ("reserved namespace")
  too_deep,        ///< nesting above limits::depth
  trailing_bytes,  ///< something but white space after the value
  no_links,        ///< plain JSON has no links
  no_bytes,        ///< plain JSON has no bytes
};

template <>
struct errc_traits<dag_json_errc> {
  static constexpr std::string_view module = "dag-json";
  static constexpr auto describe(dag_json_errc e) -> std::string_view {
    switch (e) {
      case dag_json_errc::truncated: return "dag-json: unexpected end of input";
      case dag_json_errc::syntax: return "dag-json: not JSON";
      case dag_json_errc::bad_string: return "dag-json: a control character or an unknown escape in a string";
      case dag_json_errc::bad_utf8: return "dag-json: a string is not UTF-8";
      case dag_json_errc::bad_number: return "dag-json: not a number";
      case dag_json_errc::number_range: return "dag-json: an integer outside of 64 bits";
      case dag_json_errc::not_finite: return "dag-json: NaN or infinity";
      case dag_json_errc::duplicate_key: return "dag-json: duplicate map key";
      case dag_json_errc::bad_link: return "dag-json: a link whose text is no CID";
      case dag_json_errc::bad_bytes: return "dag-json: bytes whose text is not base64";
      case dag_json_errc::reserved_key: return "dag-json: the key \"/\" is reserved for links and bytes";
      case dag_json_errc::too_deep: return "dag-json: nested too deeply";
      case dag_json_errc::trailing_bytes: return "dag-json: something after the value";
      case dag_json_errc::no_links: return "json: links have no plain JSON form";
      case dag_json_errc::no_bytes: return "json: bytes have no plain JSON form";
    }
    return "dag-json: unknown error";
  }
};

/// How dag-json is written where deployed encoders and the specification differ.
struct dag_json_style {
  bool keep_point = false;    ///< 10.0 as "10.0" (specification) in place of "10" (Kubo, js: an integer when it is read again)
  bool replace_utf8 = false;  ///< octets that are not UTF-8 as \ufffd (Kubo) in place of an error
};

/// The codec dag-json.
///
/// strict    refuses {"/": "text", ...} with other entries, as the specification; lax reads an ordinary map, as Kubo does
/// spec      ipld/dag-json
struct dag_json {
  using errc = dag_json_errc;
  static constexpr std::uint64_t code = cairn::code::dag_json;
  static constexpr std::string_view name = "dag-json";

  /// A whole block as a node. White space and any order of keys are read; padded base64 too (IX-41).
  ///
  /// errors    all but not_finite, no_links, no_bytes
  /// cost      O(in.size() log n) time; memory follows what was read
  CAIRN_DECL static auto decode(bytes_view in, codec_mode mode = codec_mode::strict) -> result<ipld::node, errc>;

  /// A whole block as it stands, with no copy of what needs none; see cairn/ipld/document.hpp.
  ///
  /// errors    those of decode
  CAIRN_DECL static auto read(bytes_view in, codec_mode mode = codec_mode::strict) -> result<ipld::document, errc>;

  /// Append Kubo's canonical form: no space, keys sorted by octets, base64 without padding, shortest floats.
  /// A map that would be read as a link or as bytes is refused. On an error `out` is as it was.
  ///
  /// errors    not_finite · bad_utf8 · duplicate_key · reserved_key · too_deep
  CAIRN_DECL static auto encode(ipld::node const& n, bytes& out, codec_mode mode = codec_mode::strict, dag_json_style style = {})
      -> result<void, errc>;
  CAIRN_DECL static auto encode(ipld::document const& d, bytes& out, codec_mode mode = codec_mode::strict, dag_json_style style = {})
      -> result<void, errc>;

  /// Each link in the order of the text. Reads what either mode reads; duplicate keys are not looked for.
  ///
  /// cost      O(in.size()), no tree
  CAIRN_DECL static auto links(bytes_view in, link_sink sink) -> result<void, errc>;
};

/// Plain JSON within the data model, as Kubo's `json`: no links, no bytes, "/" is a key as any other; written with tabs,
/// one entry per line, in the order of the map.
struct plain_json {
  using errc = dag_json_errc;
  static constexpr std::uint64_t code = cairn::code::json;
  static constexpr std::string_view name = "json";

  /// errors    truncated · syntax · bad_string · bad_utf8 · bad_number · number_range · duplicate_key · too_deep · trailing_bytes
  CAIRN_DECL static auto decode(bytes_view in) -> result<ipld::node, errc>;
  /// errors    not_finite · bad_utf8 · too_deep · no_links · no_bytes · duplicate_key
  CAIRN_DECL static auto encode(ipld::node const& n, bytes& out, dag_json_style style = {}) -> result<void, errc>;
  /// There are none.
  static auto links(bytes_view, link_sink) -> result<void, errc> { return {}; }
};

}  // namespace cairn

#if CAIRN_HEADER_ONLY
#  include <cairn/ipld/impl/dag_json.ipp>
#endif
