#pragma once

#include <cairn/crypto/key.hpp>
#include <cairn/multiformats/multibase.hpp>

#include <span>

namespace cairn {

/// Why octets or a text are not a Multikey, or one cannot be converted.
enum class multikey_errc : byte {
  truncated = 1,       ///< input ended inside the code
  bad_varint,          ///< the code is not a minimal unsigned varint                        (unsigned-varint)
  empty,               ///< a code without a key
  wrong_length,        ///< the key does not have the length of its code                     (Controlled Identifiers, "Multikey")
  too_long,            ///< longer than any key that is known
  bad_text,            ///< not a multibase text
  wrong_base,          ///< Multikey is written in base58btc or base64url, did:key in base58btc
  not_a_did_key,       ///< the text does not begin with "did:key:"
  no_such_key,         ///< libp2p has no key type for this code
  not_public,          ///< a public key was asked for
  not_secret,          ///< a private key was asked for
  bad_key,             ///< the octets are no valid key of their code
};

template <>
struct errc_traits<multikey_errc> {
  static constexpr std::string_view module = "multikey";
  static constexpr auto describe(multikey_errc e) -> std::string_view {
    switch (e) {
      case multikey_errc::truncated: return "multikey: input ended inside the code";
      case multikey_errc::bad_varint: return "multikey: the code is not a minimal unsigned varint";
      case multikey_errc::empty: return "multikey: a code without a key";
      case multikey_errc::wrong_length: return "multikey: wrong length for its code";
      case multikey_errc::too_long: return "multikey: longer than any known key";
      case multikey_errc::bad_text: return "multikey: not a multibase text";
      case multikey_errc::wrong_base: return "multikey: written in another base than base58btc or base64url";
      case multikey_errc::not_a_did_key: return "multikey: the text does not begin with did:key:";
      case multikey_errc::no_such_key: return "multikey: libp2p has no key type for this code";
      case multikey_errc::not_public: return "multikey: not a public key";
      case multikey_errc::not_secret: return "multikey: not a private key";
      case multikey_errc::bad_key: return "multikey: the octets are no valid key";
    }
    return "multikey: unknown error";
  }
};

/// What a key is for, as its row's name says: "-pub", "-priv", or a symmetric cipher.
enum class multikey_kind : byte { unknown, public_key, secret_key, symmetric_key };

/// What is known of one code: its kind, and the length of its keys in octets (0: not fixed).
struct multikey_row {
  std::uint64_t code;
  std::size_t size;
  multikey_kind kind;
};

/// The row of a code; `unknown` and 0 for a code that is not known. Rules come from here, not from code.
CAIRN_DECL auto multikey_row_of(std::uint64_t code) -> multikey_row;

/// A self-describing key: a multicodec code and octets. Unknown codes are kept and written again as they came.
///
/// security  wiped when released, compared in constant time
/// spec      W3C Controlled Identifiers 1.0, "Multikey"; did:key
class multikey {
public:
  /// errors    empty · wrong_length · too_long
  CAIRN_DECL static auto make(std::uint64_t code, bytes_view octets) -> result<multikey, multikey_errc>;

  auto code() const -> std::uint64_t { return code_; }
  auto octets() const -> bytes_view { return octets_; }
  auto kind() const -> multikey_kind { return multikey_row_of(code_).kind; }

  friend auto operator==(multikey const& a, multikey const& b) -> bool { return a.code_ == b.code_ && a.octets_ == b.octets_; }

private:
  multikey(std::uint64_t code, bytes_view octets) : code_{code}, octets_{octets} {}

  std::uint64_t code_;
  secret_bytes octets_;
};

/// errors    truncated · bad_varint · those of multikey::make
CAIRN_DECL auto decode_multikey(bytes_view in) -> result<multikey, multikey_errc>;
CAIRN_DECL auto encode_multikey(multikey const& key) -> secret_bytes;

/// "z6Mk..."; base58btc ("z") or base64url ("u").
///
/// errors    bad_text · wrong_base · those of decode_multikey
CAIRN_DECL auto parse_multikey(std::string_view text) -> result<multikey, multikey_errc>;
CAIRN_DECL auto to_string(multikey const& key, multibase base = multibase::base58btc) -> std::string;

/// "did:key:z6Mk...", without a fragment.
///
/// errors    not_a_did_key · wrong_base · not_public · those of parse_multikey
CAIRN_DECL auto parse_did_key(std::string_view text) -> result<multikey, multikey_errc>;
CAIRN_DECL auto to_did_key(multikey const& key) -> std::string;

/// libp2p's keys as multikeys: total, and lossless both ways.
CAIRN_DECL auto to_multikey(public_key const& key) -> multikey;
CAIRN_DECL auto to_multikey(private_key const& key) -> multikey;

/// errors    no_such_key · not_public · bad_key
CAIRN_DECL auto to_public_key(multikey const& key) -> result<public_key, multikey_errc>;

/// errors    no_such_key · not_secret · bad_key
CAIRN_DECL auto to_private_key(multikey const& key) -> result<private_key, multikey_errc>;

/// The X25519 public key of an Ed25519 one (RFC 7748, 4.1).
///
/// errors    no_such_key (not Ed25519) · bad_key
CAIRN_DECL auto to_x25519(multikey const& key) -> result<multikey, multikey_errc>;

}  // namespace cairn

#if CAIRN_HEADER_ONLY
#  include <cairn/multiformats/impl/multikey.ipp>
#endif
