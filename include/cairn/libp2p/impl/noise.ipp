#pragma once

#include <cairn/core/try.hpp>
#include <cairn/crypto/libp2p_key.hpp>
#include <cairn/crypto/x25519.hpp>
#include <cairn/libp2p/impl/noise_payload.ipp>
#include <cairn/libp2p/noise.hpp>

#include <algorithm>
#include <cstdlib>

namespace cairn {

CAIRN_DECL auto noise_identity::make(private_key const& identity, random_source const& random, noise_extensions extensions)
    -> result<noise_identity, key_errc> {
  auto out = noise_identity{};
  auto secret = bytes(32);
  random(secret);
  out.secret_ = secret_bytes{std::move(secret)};
  CAIRN_TRY(out.payload_.identity_sig, identity.sign(detail::noise_signed_text(x25519_public(out.secret_))));
  out.payload_.identity_key = encode_libp2p_key(identity.public_part());
  out.payload_.extensions = std::move(extensions);
  return out;
}

CAIRN_DECL noise_channel::noise_channel(noise_identity const& identity, noise_options options, random_source const& random)
    : own_{identity.payload()}, options_{std::move(options)} {
  auto ephemeral = bytes(32);
  random(ephemeral);
  auto keys = noise_handshake::keys{secret_bytes{std::move(ephemeral)}, secret_bytes{identity.secret()}, {}};
  auto handshake = noise_handshake::make("Noise_XX_25519_ChaChaPoly_SHA256", options_.dialer, options_.prologue, std::move(keys));
  if (!handshake) std::abort();  // the name is known and XX needs no key beforehand
  handshake_.emplace(*std::move(handshake));
}

inline auto noise_channel::fail(noise_errc e) -> std::unexpected<noise_errc> {
  failed_ = e;
  handshake_.reset();
  ciphers_.reset();
  return std::unexpected(e);
}

inline auto noise_channel::send_handshake(bytes_view payload, byte_queue& wire) -> result<void, noise_errc> {
  auto message = bytes{};
  CAIRN_TRY(handshake_->write(payload, message));
  if (message.size() > max_frame) return std::unexpected(noise_errc::too_long);
  byte const head[]{static_cast<byte>(message.size() >> 8), static_cast<byte>(message.size())};
  wire.push(head);
  wire.push(message);
  return {};
}

CAIRN_DECL auto noise_channel::start(byte_queue& wire) -> result<void, noise_errc> {
  if (failed_) return std::unexpected(*failed_);
  if (!options_.dialer) return {};
  if (!handshake_ || !handshake_->is_my_turn()) return fail(noise_errc::out_of_turn);
  if (auto const ok = send_handshake({}, wire); !ok) return fail(ok.error());
  return {};
}

inline auto noise_channel::learn(bytes_view in) -> result<void, noise_errc> {
  CAIRN_TRY(auto payload, decode_noise_payload(in));
  CAIRN_TRY(auto key, verify_noise_payload(payload, handshake_->remote_static()));
  remote_.emplace(std::move(key));  // proven, whoever it is
  if (options_.expected && !options_.expected->is_of(*remote_)) return std::unexpected(noise_errc::wrong_peer);
  auto const& sent = payload.extensions.certhashes;
  for (auto const& hash : options_.certhashes)
    if (std::find(sent.begin(), sent.end(), hash) == sent.end()) return std::unexpected(noise_errc::unknown_certhash);
  remote_extensions_ = std::move(payload.extensions);
  return {};
}

inline auto noise_channel::handshake_message(bytes_view in, byte_queue& wire) -> result<void, noise_errc> {
  auto payload = bytes{};
  CAIRN_TRY(handshake_->read(in, payload));
  // the first message carries nothing that is proven; the second and the third carry an identity
  if (!handshake_->remote_static().empty()) {
    CAIRN_TRY(learn(payload));
  }
  if (handshake_->is_my_turn()) {
    CAIRN_TRY(send_handshake(encode_noise_payload(own_), wire));
  }
  if (handshake_->finished()) {
    ciphers_.emplace(handshake_->split());
    handshake_.reset();
  }
  return {};
}

CAIRN_DECL auto noise_channel::resume(bytes_view in, byte_queue& text, byte_queue& wire) -> result<std::size_t, noise_errc> {
  if (failed_) return std::unexpected(*failed_);
  auto taken = 0uz;
  while (in.size() - taken >= 2) {
    auto const size = static_cast<std::size_t>(in[taken] << 8 | in[taken + 1]);
    if (in.size() - taken - 2 < size) break;
    auto const frame = in.subspan(taken + 2, size);
    taken += 2 + size;
    if (!ciphers_) {
      if (!handshake_ || handshake_->is_my_turn()) return fail(noise_errc::out_of_turn);
      if (auto const ok = handshake_message(frame, wire); !ok) return fail(ok.error());
      continue;
    }
    if (size < 16) return fail(noise_errc::forged);
    auto* const out = text.prepare(size - 16).data();
    if (auto const ok = ciphers_->receive.open({}, frame, out); !ok) return fail(ok.error());
    text.commit(size - 16);
  }
  return taken;
}

CAIRN_DECL auto noise_channel::write(bytes_view text, byte_queue& wire) -> result<void, noise_errc> {
  if (failed_) return std::unexpected(*failed_);
  if (!ciphers_) return std::unexpected(noise_errc::out_of_turn);
  while (!text.empty()) {
    auto const part = text.first(std::min(text.size(), max_text));
    auto const size = part.size() + 16;
    auto* const out = wire.prepare(2 + size).data();
    out[0] = static_cast<byte>(size >> 8), out[1] = static_cast<byte>(size);
    if (auto const ok = ciphers_->send.seal({}, part, out + 2); !ok) return fail(ok.error());
    wire.commit(2 + size);
    text = text.subspan(part.size());
  }
  return {};
}

CAIRN_DECL auto noise_channel::early_muxer() const -> std::string {
  auto const& first = options_.dialer ? own_.extensions.stream_muxers : remote_extensions_.stream_muxers;
  auto const& second = options_.dialer ? remote_extensions_.stream_muxers : own_.extensions.stream_muxers;
  for (auto const& name : first)
    if (std::find(second.begin(), second.end(), name) != second.end()) return name;
  return {};
}

}  // namespace cairn
