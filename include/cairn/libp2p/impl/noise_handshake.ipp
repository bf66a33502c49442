#pragma once

#include <cairn/core/try.hpp>
#include <cairn/crypto/hash.hpp>
#include <cairn/crypto/hkdf.hpp>
#include <cairn/crypto/x25519.hpp>
#include <cairn/libp2p/noise_handshake.hpp>

#include <algorithm>

namespace cairn {
namespace detail {

inline auto noise_nonce(std::uint64_t n) -> digest<12> {
  auto out = digest<12>{};
  for (std::size_t i = 0; i < 8; ++i) out[4 + i] = static_cast<byte>(n >> (8 * i));
  return out;
}
inline constexpr auto last_noise_nonce = ~std::uint64_t{0};

}  // namespace detail

CAIRN_DECL auto noise_cipher::seal(bytes_view associated, bytes_view in, byte* out) -> result<void, noise_errc> {
  if (nonce_ == detail::last_noise_nonce) return std::unexpected(noise_errc::nonce_exhausted);
  aead_.seal(detail::noise_nonce(nonce_++), associated, in, out);
  return {};
}

CAIRN_DECL auto noise_cipher::open(bytes_view associated, bytes_view in, byte* out) -> result<void, noise_errc> {
  if (nonce_ == detail::last_noise_nonce) return std::unexpected(noise_errc::nonce_exhausted);
  if (!aead_.open(detail::noise_nonce(nonce_), associated, in, out)) return std::unexpected(noise_errc::forged);
  ++nonce_;
  return {};
}

CAIRN_DECL auto noise_hkdf(bytes_view chaining_key, bytes_view secret, unsigned count) -> secret_bytes {
  auto out = bytes(32uz * count);
  hkdf_sha256(chaining_key, secret, {}, out);
  return secret_bytes{std::move(out)};
}

CAIRN_DECL noise_symmetric::noise_symmetric(std::string_view protocol_name) {
  auto const name = as_bytes(protocol_name);
  if (name.size() <= 32)
    std::copy(name.begin(), name.end(), hash_.begin());
  else
    hash_ = sha256(name);
  chain_ = secret_bytes{bytes_view{hash_}};
}

CAIRN_DECL void noise_symmetric::mix_hash(bytes_view data) {
  auto text = bytes(hash_.begin(), hash_.end());
  append(text, data);
  hash_ = sha256(text);
}

CAIRN_DECL void noise_symmetric::mix_key(bytes_view secret) {
  auto const out = noise_hkdf(chain_, secret, 2);
  chain_ = secret_bytes{out.view().first(32)};
  cipher_.emplace(out.view().subspan(32));
}

CAIRN_DECL auto noise_symmetric::encrypt_and_hash(bytes_view in, bytes& out) -> result<void, noise_errc> {
  auto const before = out.size();
  out.resize(before + in.size() + overhead());
  if (cipher_) {
    CAIRN_TRY(cipher_->seal(hash_, in, out.data() + before));
  } else {
    std::copy(in.begin(), in.end(), out.begin() + static_cast<std::ptrdiff_t>(before));
  }
  mix_hash(bytes_view{out}.subspan(before));
  return {};
}

CAIRN_DECL auto noise_symmetric::decrypt_and_hash(bytes_view in, bytes& out) -> result<void, noise_errc> {
  if (in.size() < overhead()) return std::unexpected(noise_errc::truncated);
  auto const before = out.size();
  out.resize(before + in.size() - overhead());
  if (cipher_) {
    CAIRN_TRY(cipher_->open(hash_, in, out.data() + before));
  } else {
    std::copy(in.begin(), in.end(), out.begin() + static_cast<std::ptrdiff_t>(before));
  }
  mix_hash(in);
  return {};
}

CAIRN_DECL auto noise_handshake::make(std::string_view protocol_name, bool initiator, bytes_view prologue, keys k)
    -> result<noise_handshake, noise_errc> {
  constexpr auto begin = std::string_view{"Noise_"}, end = std::string_view{"_25519_ChaChaPoly_SHA256"};
  if (!protocol_name.starts_with(begin) || !protocol_name.ends_with(end) || protocol_name.size() < begin.size() + end.size())
    return std::unexpected(noise_errc::unknown_pattern);
  auto const* const pattern = find_noise_pattern(protocol_name.substr(begin.size(), protocol_name.size() - begin.size() - end.size()));
  if (!pattern) return std::unexpected(noise_errc::unknown_pattern);
  auto const knows_own = initiator ? pattern->knows_initiator : pattern->knows_responder;
  auto const knows_remote = initiator ? pattern->knows_responder : pattern->knows_initiator;
  if (k.own_static.size() != 0 && k.own_static.size() != 32) return std::unexpected(noise_errc::missing_key);
  if (knows_own && k.own_static.size() == 0) return std::unexpected(noise_errc::missing_key);
  if (knows_remote && k.remote_static.size() != 32) return std::unexpected(noise_errc::missing_key);

  auto out = noise_handshake{*pattern, protocol_name, initiator, std::move(k)};
  if (out.keys_.own_static.size() != 0) out.own_static_public_ = x25519_public(out.keys_.own_static);
  if (knows_remote) out.remote_static_ = out.keys_.remote_static;
  out.symmetric_.mix_hash(prologue);
  if (pattern->knows_initiator) out.symmetric_.mix_hash(initiator ? bytes_view{out.own_static_public_} : bytes_view{out.remote_static_});
  if (pattern->knows_responder) out.symmetric_.mix_hash(initiator ? bytes_view{out.remote_static_} : bytes_view{out.own_static_public_});
  return out;
}

inline auto noise_handshake::mix_secret(char token) -> result<void, noise_errc> {
  // the first letter of "es" and "se" is the initiator's key
  auto const own_is_ephemeral = token == 'E' || (token == 'A') == initiator_;
  auto const remote_is_ephemeral = token == 'E' || (token == 'B') == initiator_;
  auto const& own = token != 'S' && own_is_ephemeral ? keys_.ephemeral : keys_.own_static;
  auto const& remote = token != 'S' && remote_is_ephemeral ? remote_ephemeral_ : remote_static_;
  if (own.size() != 32 || remote.size() != 32) return std::unexpected(noise_errc::missing_key);
  auto const secret = x25519(own, remote);
  if (!secret) return std::unexpected(noise_errc::bad_point);
  symmetric_.mix_key(*secret);
  return {};
}

inline void noise_handshake::end_message() {
  ++at_;  // past the bar, or past the end
  my_turn_ = !my_turn_;
}

CAIRN_DECL auto noise_handshake::write(bytes_view payload, bytes& out) -> result<void, noise_errc> {
  if (!is_my_turn()) return std::unexpected(noise_errc::out_of_turn);
  for (; at_ < pattern_->tokens.size() && pattern_->tokens[at_] != '|'; ++at_) {
    auto const token = pattern_->tokens[at_];
    if (token == 'e') {
      if (keys_.ephemeral.size() != 32) return std::unexpected(noise_errc::missing_key);
      auto const own = x25519_public(keys_.ephemeral);
      append(out, own);
      symmetric_.mix_hash(own);
    } else if (token == 's') {
      if (keys_.own_static.size() == 0) return std::unexpected(noise_errc::missing_key);
      CAIRN_TRY(symmetric_.encrypt_and_hash(own_static_public_, out));
    } else {
      CAIRN_TRY(mix_secret(token));
    }
  }
  CAIRN_TRY(symmetric_.encrypt_and_hash(payload, out));
  end_message();
  return {};
}

CAIRN_DECL auto noise_handshake::read(bytes_view in, bytes& payload) -> result<void, noise_errc> {
  if (finished() || my_turn_) return std::unexpected(noise_errc::out_of_turn);
  for (; at_ < pattern_->tokens.size() && pattern_->tokens[at_] != '|'; ++at_) {
    auto const token = pattern_->tokens[at_];
    if (token == 'e') {
      if (in.size() < 32) return std::unexpected(noise_errc::truncated);
      remote_ephemeral_.assign(in.begin(), in.begin() + 32);
      symmetric_.mix_hash(remote_ephemeral_);
      in = in.subspan(32);
    } else if (token == 's') {
      auto const size = 32 + symmetric_.overhead();
      if (in.size() < size) return std::unexpected(noise_errc::truncated);
      remote_static_.clear();
      CAIRN_TRY(symmetric_.decrypt_and_hash(in.first(size), remote_static_));
      in = in.subspan(size);
    } else {
      CAIRN_TRY(mix_secret(token));
    }
  }
  CAIRN_TRY(symmetric_.decrypt_and_hash(in, payload));
  end_message();
  return {};
}

CAIRN_DECL auto noise_handshake::split() const -> ciphers {
  auto const out = noise_hkdf(symmetric_.chaining_key(), {}, 2);
  auto const first = out.view().first(32), second = out.view().subspan(32);
  return initiator_ ? ciphers{noise_cipher{first}, noise_cipher{second}} : ciphers{noise_cipher{second}, noise_cipher{first}};
}

}  // namespace cairn
