#pragma once

#include <cairn/core/try.hpp>
#include <cairn/multiformats/peer_id.hpp>
#include <cairn/service/kubo_text.hpp>

namespace cairn::service {
namespace detail {

inline auto cid_sentence(std::string_view text, cid_errc why) -> std::string {
  using enum cid_errc;
  if (text.size() == 46 && text.starts_with("Qm")) return "input isn't valid multihash";
  auto const encoded = decode_multibase(text);
  if (!encoded && text.size() >= 2) {
    if (encoded.error() == multibase_errc::unknown_prefix) return "selected encoding not supported";
    return std::string{describe(encoded.error())};
  }
  switch (why) {
    case too_short: return "cid too short";
    case bad_base: return "selected encoding not supported";
    case bad_version: {
      auto const version = encoded ? read_varint(encoded->second) : std::unexpected(varint_errc::truncated);
      return "expected 1 as the cid version number, got: " + std::to_string(version ? version->value : 0);
    }
    case truncated: {
      // inside the version, the codec, or the multihash's header: the varint; behind it: the digest
      auto rest = encoded ? bytes_view{encoded->second} : bytes_view{};
      for (int i = 0; i < 4; ++i) {
        auto const v = read_varint(rest);
        if (!v) return "invalid cid: varints malformed, could not reach the end";
        rest = v->rest;
      }
      return "invalid cid: length greater than remaining number of bytes in buffer";
    }
    case bad_varint: return "invalid cid: varint not minimally encoded";
    case trailing_bytes: return "trailing bytes in data buffer passed to cid Cast";
    case v0_in_multibase: return "a CIDv0 carries no multibase prefix";
    default: return std::string{describe(why)};
  }
}

}  // namespace detail

CAIRN_DECL auto read_cid_text(std::string_view text) -> io_result<cid> {
  auto parsed = parse_cid(text);
  if (parsed) return *parsed;
  auto sentence = detail::cid_sentence(text, parsed.error());
  if (parsed.error() == cid_errc::bad_version) sentence = "invalid cid: " + sentence;
  return std::unexpected(error::message("cid", "invalid cid: " + sentence));
}

CAIRN_DECL auto cid_text(cid const& id, cid_style const& style) -> std::string {
  if (id.version() == 0 && !style.upgrade) return to_string(id);
  return to_string(id.to_v1(), style.base).value_or(to_string(id));
}

CAIRN_DECL auto peer_text(cid const& id, std::optional<multibase> base) -> std::string {
  if (base) return to_string(id.to_v1(), *base).value_or(to_string(id));
  auto raw = bytes{};
  append_multihash(raw, id.hash());
  return encode_base(multibase::base58btc, raw);
}

CAIRN_DECL auto peer_cid(std::string_view text) -> std::optional<cid> {
  auto const peer = parse_peer_id(text);
  return peer ? std::optional{to_cid(*peer)} : std::nullopt;
}

CAIRN_DECL auto inlined_public_key(cid const& peer) -> std::string {
  return peer.hash().code() == code::identity ? encode_base(multibase::base64pad, peer.hash().digest()) : std::string{};
}

CAIRN_DECL auto peer_base_named(std::string_view name) -> io_result<std::optional<multibase>> {
  if (name == "b58mh" || name == "v0") return std::nullopt;
  CAIRN_TRY(auto base, base_named(name));
  return base;
}

CAIRN_DECL auto base_named(std::string_view name) -> io_result<multibase> {
  if (auto const base = parse_multibase_name(name)) return *base;
  if (auto const base = name.empty() ? std::nullopt : read_multibase_prefix(name))
    for (auto const& row : multibase_table())
      if (row.base == *base && row.prefix == name) return *base;
  return std::unexpected(error::message("multibase", "unsupported multibase encoding: " + std::string{name}));
}

}  // namespace cairn::service
