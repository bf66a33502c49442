#pragma once

#include <cairn/core/protobuf.hpp>
#include <cairn/crypto/libp2p_key.hpp>
#include <cairn/libp2p/noise_payload.hpp>

namespace cairn {
namespace detail {

inline constexpr auto most_noise_extensions = 64uz;

inline auto noise_signed_text(bytes_view static_key) -> bytes {
  auto const prefix = as_bytes("noise-libp2p-static-key:");
  auto text = bytes(prefix.begin(), prefix.end());
  append(text, static_key);
  return text;
}

inline auto decode_noise_extensions(bytes_view in, noise_extensions& out) -> result<void, noise_errc> {
  while (!in.empty()) {
    auto const f = read_protobuf_field(in);
    if (!f) return std::unexpected(noise_errc::bad_payload);
    in = f->rest;
    if (f->value.is(1, protobuf_wire::bytes)) out.certhashes.emplace_back(f->value.body.begin(), f->value.body.end());
    if (f->value.is(2, protobuf_wire::bytes)) out.stream_muxers.emplace_back(as_text(f->value.body));
    if (out.certhashes.size() > most_noise_extensions || out.stream_muxers.size() > most_noise_extensions)
      return std::unexpected(noise_errc::bad_payload);
  }
  return {};
}

}  // namespace detail

CAIRN_DECL auto encode_noise_payload(noise_payload const& p) -> bytes {
  auto out = bytes{}, inner = bytes{};
  append_protobuf(out, 1, bytes_view{p.identity_key});
  append_protobuf(out, 2, bytes_view{p.identity_sig});
  for (auto const& hash : p.extensions.certhashes) append_protobuf(inner, 1, bytes_view{hash});
  for (auto const& muxer : p.extensions.stream_muxers) append_protobuf(inner, 2, as_bytes(muxer));
  if (!inner.empty()) append_protobuf(out, 4, bytes_view{inner});
  return out;
}

CAIRN_DECL auto decode_noise_payload(bytes_view in) -> result<noise_payload, noise_errc> {
  auto out = noise_payload{};
  while (!in.empty()) {
    auto const f = read_protobuf_field(in);
    if (!f) return std::unexpected(noise_errc::bad_payload);
    in = f->rest;
    auto const body = f->value.body;
    if (f->value.is(1, protobuf_wire::bytes)) out.identity_key.assign(body.begin(), body.end());
    if (f->value.is(2, protobuf_wire::bytes)) out.identity_sig.assign(body.begin(), body.end());
    if (f->value.is(4, protobuf_wire::bytes))
      if (auto const ok = detail::decode_noise_extensions(body, out.extensions); !ok) return std::unexpected(ok.error());
  }
  return out;
}

CAIRN_DECL auto verify_noise_payload(noise_payload const& p, bytes_view static_key) -> result<public_key, noise_errc> {
  auto key = decode_libp2p_public_key(p.identity_key);
  if (!key) return std::unexpected(noise_errc::bad_identity);
  if (!key->verify(detail::noise_signed_text(static_key), p.identity_sig)) return std::unexpected(noise_errc::bad_signature);
  return *std::move(key);
}

}  // namespace cairn
