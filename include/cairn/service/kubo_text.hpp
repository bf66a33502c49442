#pragma once

#include <cairn/core/config.hpp>
#include <cairn/core/error.hpp>
#include <cairn/multiformats/cid.hpp>

#include <optional>
#include <string>
#include <string_view>

/// Kubo's sentences for what goes wrong, where scripts and people know them, and its spelling of CIDs in answers.
namespace cairn::service {

/// Parse the text of a CID as every command reads it. errors: Kubo's sentence
CAIRN_DECL auto read_cid_text(std::string_view text) -> io_result<cid>;

/// How CIDs are written in an answer: --cid-base.
struct cid_style {
  multibase base = multibase::base32;  ///< of a CIDv1
  bool upgrade = false;                ///< a CIDv0 is written as its CIDv1
};

/// In that style. A CIDv0 that is not upgraded stays what it is.
CAIRN_DECL auto cid_text(cid const& id, cid_style const& style) -> std::string;

/// A base by its name or its prefix, as --cid-base takes it. errors: Kubo's sentence
CAIRN_DECL auto base_named(std::string_view name) -> io_result<multibase>;

/// A peer ID, given as its CID: base58btc of the multihash, or the CID in a base.
CAIRN_DECL auto peer_text(cid const& id, std::optional<multibase> base) -> std::string;

/// A peer ID in any of its texts, as its CID. errors: nothing where it is none
CAIRN_DECL auto peer_cid(std::string_view text) -> std::optional<cid>;

/// The public key that a peer ID holds, as base64 of its protobuf; empty where it holds a hash only.
CAIRN_DECL auto inlined_public_key(cid const& peer) -> std::string;

/// --ipns-base, --peerid-base: "b58mh" (nothing), or a multibase. errors: Kubo's sentence
CAIRN_DECL auto peer_base_named(std::string_view name) -> io_result<std::optional<multibase>>;

}  // namespace cairn::service

#if CAIRN_HEADER_ONLY
#  include <cairn/service/impl/kubo_text.ipp>
#endif
