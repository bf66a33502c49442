#pragma once
// The core API on keys and the identity.

#include <cairn/core/try.hpp>
#include <cairn/crypto/key.hpp>
#include <cairn/crypto/libp2p_key.hpp>
#include <cairn/crypto/pkcs8.hpp>
#include <cairn/keystore/fs.hpp>
#include <cairn/keystore/keystore_error.hpp>
#include <cairn/multiformats/multibase.hpp>
#include <cairn/multiformats/peer_id.hpp>
#include <cairn/repo/config.hpp>
#include <cairn/service/config_text.hpp>
#include <cairn/service/core_api.hpp>
#include <cairn/service/go_text.hpp>
#include <cairn/service/impl/core_state.hpp>

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

inline auto own_key(core_state const& state) -> io_result<private_key> { return read_identity(*state.config()); }

inline auto set_identity(ipld::node& config, private_key const& key) -> io_result<void> {
  auto identity = identity_of(key);
  CAIRN_TRY(set_config_value(config, "Identity.PeerID", ipld::node{std::move(identity.peer_id)}));
  return set_config_value(config, "Identity.PrivKey", ipld::node{std::move(identity.private_key)});
}

inline auto keys_of(core_state const& state) -> io_result<fs_keystore> { return fs_keystore::open(state.opened().keystore_folder()); }

// The keystore's sentences as they are, without the name.
template <class T>
auto plainly(io_result<T> r) -> io_result<T> {
  if (!r && r.error().module() == errc_traits<keystore_errc>::module) return key_failure(std::string{r.error().clause()});
  return r;
}

// A signature of this command can never be taken for one that some protocol asked for.
inline auto signed_message(bytes_view data) -> bytes {
  constexpr std::string_view prefix = "libp2p-key signed message:";
  auto out = bytes(prefix.begin(), prefix.end());
  append(out, data);
  return out;
}

}  // namespace detail

CAIRN_DECL auto core_api::new_config(std::string_view type, std::optional<std::int64_t> bits) -> io_result<ipld::node> {
  CAIRN_TRY(auto key, detail::new_key(type, bits));
  return default_config(identity_of(key));
}

CAIRN_DECL auto core_api::identity() -> io_result<identity_facts> {
  CAIRN_TRY(auto key, detail::own_key(*state_));
  return identity_facts{to_cid(peer_id::of(key.public_part())), encode_base(multibase::base64pad, encode_libp2p_key(key.public_part()))};
}

CAIRN_DECL auto core_api::key_generate(std::string_view name, std::string_view type, std::optional<std::int64_t> bits) -> io_result<key_facts> {
  if (name == "self") return detail::key_failure("cannot create key with name 'self'");
  CAIRN_TRY(auto keys, detail::keys_of(*state_));
  auto const taken = [&] { return detail::key_failure("key with name '" + std::string{name} + "' already exists"); };
  if (keys.get(name)) return taken();
  CAIRN_TRY(auto key, detail::new_key(type, bits));  // that of RSA takes seconds: others go on meanwhile
  auto const lock = std::lock_guard{state_->node->keys};
  if (keys.get(name)) return taken();
  CAIRN_TRY(detail::plainly(keys.put(name, key)));
  return detail::facts_of(std::string{name}, key);
}

CAIRN_DECL auto core_api::key_list() -> io_result<std::vector<key_facts>> {
  CAIRN_TRY(auto own, identity());
  auto out = std::vector<key_facts>{{"self", own.id}};
  CAIRN_TRY(auto keys, detail::keys_of(*state_));
  auto names = keys.list();
  if (!names) return detail::key_failure("cannot list keys in keystore: " + to_string(names.error()));
  for (auto& name : *names) {
    auto const key = keys.get(name);
    if (key) out.push_back(detail::facts_of(std::move(name), *key));  // what is no key is left out, as Kubo does
  }
  return out;
}

CAIRN_DECL auto core_api::key_rename(std::string_view from, std::string_view to, bool force) -> io_result<std::pair<key_facts, bool>> {
  if (from == "self") return detail::key_failure("cannot rename key with name 'self'");
  if (to == "self") return detail::key_failure("cannot overwrite key with name 'self'");
  auto const lock = std::lock_guard{state_->node->keys};
  CAIRN_TRY(auto keys, detail::keys_of(*state_));
  auto const key = keys.get(from);
  if (!key) return detail::key_failure("no key named " + std::string{from} + " was found");
  auto overwritten = false;
  if (from != to) {
    if (force) {
      CAIRN_TRY(overwritten, detail::plainly(keys.has(to)));
    }
    CAIRN_TRY(detail::plainly(keys.rename(from, to, force)));
  }
  return std::pair{detail::facts_of(std::string{to}, *key), overwritten};
}

CAIRN_DECL auto core_api::key_remove(std::string_view name) -> io_result<key_facts> {
  if (name == "self") return detail::key_failure("cannot remove key with name 'self'");
  auto const lock = std::lock_guard{state_->node->keys};
  CAIRN_TRY(auto keys, detail::keys_of(*state_));
  auto const key = keys.get(name);
  if (!key) return detail::key_failure("no key named " + std::string{name} + " was found");
  CAIRN_TRY(detail::plainly(keys.remove(name)));
  return detail::facts_of(std::string{name}, *key);
}

CAIRN_DECL auto core_api::key_import(std::string_view name, bytes_view file, key_format format, bool any_type) -> io_result<key_facts> {
  if (name == "self") return detail::key_failure("cannot import key with name 'self'");
  auto const pem = as_text(file).find("-----BEGIN ") != std::string_view::npos;
  auto key = format == key_format::pem_pkcs8 ? decode_private_pem(as_text(file)) : decode_libp2p_private_key(file);
  if (!key) {
    if (format == key_format::pem_pkcs8)
      return detail::key_failure((key.error() == key_errc::bad_pem && !pem ? "PEM block not found in input data: " : "parsing PKCS8 format: ") + std::string{describe(key.error())});
    if (pem)
      return detail::key_failure("unexpected PEM block for format=libp2p-protobuf-cleartext: try again with format=pem-pkcs8-cleartext");
    return detail::key_failure("unable to unmarshall format=libp2p-protobuf-cleartext: " + std::string{describe(key.error())});
  }
  if (!any_type && key->type() == key_type::ecdsa)
    return detail::key_failure("key type *crypto.ECDSAPrivateKey is not allowed to be imported, only RSA, Ed25519, or Secp256k1; use flag "
                               "--allow-any-key-type if you are sure of what you're doing");
  auto const lock = std::lock_guard{state_->node->keys};
  CAIRN_TRY(auto keys, detail::keys_of(*state_));
  if (auto const taken = keys.get(name)) return detail::key_failure("key with name '" + std::string{name} + "' already exists");
  CAIRN_TRY(detail::plainly(keys.put(name, *key)));
  return detail::facts_of(std::string{name}, *key);
}

CAIRN_DECL auto core_api::export_key(std::string const& path, std::string_view name, key_format format) -> io_result<bytes> {
  if (name == "self") return detail::key_failure("cannot export key with name 'self'");
  if (!is_repo(path)) return detail::no_repo_in(path);
  CAIRN_TRY(auto keys, fs_keystore::open(path + "/keystore"));
  auto const key = keys.get(name);
  if (!key) return detail::key_failure("key with name '" + std::string{name} + "' doesn't exist");
  if (format == key_format::pem_pkcs8) {
    auto text = encode_pem(*key);
    auto out = bytes(text.begin(), text.end());
    wipe_text(text);
    return out;
  }
  auto const encoded = encode_libp2p_key(*key);
  return bytes(encoded.view().begin(), encoded.view().end());
}

CAIRN_DECL auto core_api::key_sign(std::string_view name, bytes_view data) -> io_result<std::pair<key_facts, bytes>> {
  auto const own = name.empty() || name == "self";
  CAIRN_TRY(auto keys, detail::keys_of(*state_));
  CAIRN_TRY(auto key, own ? detail::own_key(*state_) : detail::plainly(keys.get(name)));
  auto signature = key.sign(detail::signed_message(data));
  if (!signature) return std::unexpected(error{signature.error()});
  return std::pair{detail::facts_of(own ? "self" : std::string{name}, key), *std::move(signature)};
}

CAIRN_DECL auto core_api::key_verify(std::string_view name, bytes_view data, bytes_view signature) -> io_result<std::pair<key_facts, bool>> {
  auto const message = detail::signed_message(data);
  CAIRN_TRY(auto keys, detail::keys_of(*state_));
  auto const own = name.empty() || name == "self";
  auto key = own ? detail::own_key(*state_) : keys.get(name);
  if (key) return std::pair{detail::facts_of(own ? "self" : std::string{name}, *key), key->public_part().verify(message, signature)};
  if (own) return std::unexpected(std::move(key).error());
  auto const peer = parse_peer_id(name);
  auto const known = peer ? peer->inlined_key() : std::unexpected(peer_id_errc::no_inlined_key);
  if (!known) return detail::key_failure("'" + go_quoted(name) + "' is not a known key, an IPNS Name, or a valid PeerID");
  return std::pair{key_facts{"", to_cid(*peer)}, known->verify(message, signature)};
}

CAIRN_DECL auto core_api::key_rotate(std::string_view old_name, std::string_view type, std::optional<std::int64_t> bits) -> io_result<key_facts> {
  CAIRN_TRY(auto fresh, detail::new_key(type, bits));
  auto const lock = std::lock_guard{state_->node->keys};
  CAIRN_TRY(auto old, detail::own_key(*state_));
  CAIRN_TRY(auto keys, detail::keys_of(*state_));
  // the old one is safe before the new one is in force
  if (auto kept = keys.put(old_name, old); !kept) return detail::key_failure("saving old key in keystore (" + std::string{kept.error().clause()} + ")");
  auto const change = [&](ipld::node& config) { return detail::set_identity(config, fresh); };
  if (auto saved = edit_config(change); !saved) return detail::key_failure("saving new key to config (" + to_string(saved.error()) + ")");
  return detail::facts_of("self", fresh);
}

}  // namespace cairn::service
