#pragma once
// The core API on keys and the identity.

#include <cairn/core/try.hpp>
#include <cairn/crypto/key.hpp>
#include <cairn/crypto/libp2p_key.hpp>
#include <cairn/crypto/pkcs8.hpp>
#include <cairn/multiformats/multibase.hpp>
#include <cairn/multiformats/peer_id.hpp>
#include <cairn/service/config_text.hpp>
#include <cairn/service/core_api.hpp>
#include <cairn/service/impl/core_state.hpp>
#include <cairn/service/impl/default_config.hpp>

namespace cairn::service {
namespace detail {

inline auto key_failure(std::string sentence) { return std::unexpected(error::message("key", std::move(sentence))); }

inline auto key_type_named(std::string_view name) -> io_result<key_type> {
  if (name == "ed25519") return key_type::ed25519;
  if (name == "rsa") return key_type::rsa;
  if (name == "secp256k1") return key_type::secp256k1;
  return key_failure("unrecognized key type: " + std::string{name});
}

inline auto new_key(std::string_view type, std::optional<std::int64_t> bits) -> io_result<private_key> {
  CAIRN_TRY(auto which, key_type_named(type));
  if (which == key_type::rsa && bits && (*bits < 2048 || *bits > 8192))
    return key_failure(*bits < 2048 ? "rsa keys must be >= 2048 bits to be useful" : "rsa keys must be <= 8192 bits");
  if (which != key_type::rsa && bits && *bits != 256)
    return key_failure("invalid key size " + std::to_string(*bits) + ": " + std::string{type} + " keys are always 256 bits");
  auto made = private_key::generate(which, static_cast<unsigned>(bits.value_or(0)));
  if (!made) return std::unexpected(error{made.error()});
  return *std::move(made);
}

inline auto facts_of(std::string name, private_key const& key) -> key_facts { return {std::move(name), to_cid(peer_id::of(key.public_part()))}; }

inline auto key_from_base64(std::string_view text) -> io_result<private_key> {
  auto raw = decode_base(multibase::base64pad, text);
  if (!raw) return key_failure("Identity.PrivKey is not base64");
  auto const wiped = secret_bytes{*raw};
  wipe(*raw);
  auto key = decode_libp2p_private_key(wiped);
  if (!key) return std::unexpected(error{key.error()}.about("Identity.PrivKey"));
  return *std::move(key);
}

inline auto own_key(core_state const& state) -> io_result<private_key> {
  auto const text = config_value(state.backend->config(), "Identity.PrivKey");
  if (!text || !(*text)->as_string()) return key_failure("the config has no Identity.PrivKey");
  return key_from_base64(*(*text)->as_string());
}

inline auto set_identity(ipld::node& config, private_key const& key) -> io_result<void> {
  auto const encoded = encode_libp2p_key(key);
  CAIRN_TRY(set_config_value(config, "Identity.PeerID", ipld::node{to_string(peer_id::of(key.public_part()))}));
  return set_config_value(config, "Identity.PrivKey", ipld::node{encode_base(multibase::base64pad, encoded)});
}

}  // namespace detail

CAIRN_DECL auto core_api::new_config(std::string_view type, std::optional<std::int64_t> bits) -> io_result<ipld::node> {
  CAIRN_TRY(auto config, parse_config(detail::default_config));
  CAIRN_TRY(auto key, detail::new_key(type, bits));
  CAIRN_TRY(detail::set_identity(config, key));
  return config;
}

CAIRN_DECL auto core_api::identity() -> io_result<identity_facts> {
  CAIRN_TRY(auto key, detail::own_key(*state_));
  return identity_facts{to_cid(peer_id::of(key.public_part())), encode_base(multibase::base64pad, encode_libp2p_key(key.public_part()))};
}

}  // namespace cairn::service
