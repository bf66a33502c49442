#pragma once

#include <cairn/core/config.hpp>
#include <cairn/core/error.hpp>
#include <cairn/ipld/codec/mode.hpp>
#include <cairn/ipld/link_sink.hpp>
#include <cairn/ipld/node.hpp>
#include <cairn/multiformats/codes.hpp>

namespace cairn {

/// Why bytes are not a dag-jose block, or a node has no dag-jose form.
enum class dag_jose_errc : byte {
  bad_cbor = 1,   ///< not dag-cbor, or with links in a header
  bad_form,       ///< neither a JWS {payload, signatures} nor a JWE {ciphertext, ...}, or with fields that those do not have
  bad_base64,     ///< a field whose text is not base64url without padding
  link_mismatch,  ///< `link` or `pld` is not what `payload` says
};

template <>
struct errc_traits<dag_jose_errc> {
  static constexpr std::string_view module = "dag-jose";
  static constexpr auto describe(dag_jose_errc e) -> std::string_view {
    switch (e) {
      case dag_jose_errc::bad_cbor: return "dag-jose: not dag-cbor without links";
      case dag_jose_errc::bad_form: return "dag-jose: invalid JOSE object";
      case dag_jose_errc::bad_base64: return "dag-jose: a field is not base64url";
      case dag_jose_errc::link_mismatch: return "dag-jose: cid mismatch, link or pld is not what payload says";
    }
    return "dag-jose: unknown error";
  }
};

/// The codec dag-jose: signed (JWS) and encrypted (JWE) objects. A block is dag-cbor with byte strings; its node has base64url
/// texts in their place, as JOSE's general serialization, and beside `payload` what it holds: `link` where it is a CID,
/// `pld` where it is JSON, with texts "ipfs://CID" as links. Nothing is signed, checked or decrypted here.
///
/// spec      ipld/dag-jose
struct dag_jose {
  using errc = dag_jose_errc;
  static constexpr std::uint64_t code = cairn::code::dag_jose;
  static constexpr std::string_view name = "dag-jose";

  /// errors    bad_cbor · bad_form
  CAIRN_DECL static auto decode(bytes_view in, codec_mode mode = codec_mode::strict) -> result<ipld::node, errc>;
  /// Takes the flattened serialization too, and writes the general one.
  ///
  /// errors    bad_cbor · bad_form · bad_base64 · link_mismatch
  CAIRN_DECL static auto encode(ipld::node const& n, bytes& out) -> result<void, errc>;
  /// The links of the node: of `link` or of `pld`. This one builds the node.
  CAIRN_DECL static auto links(bytes_view in, link_sink sink) -> result<void, errc>;
};

}  // namespace cairn

#if CAIRN_HEADER_ONLY
#  include <cairn/ipld/impl/dag_jose.ipp>
#endif
