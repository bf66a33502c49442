#pragma once

#include <cairn/core/protobuf.hpp>
#include <cairn/core/try.hpp>
#include <cairn/crypto/libp2p_key.hpp>
#include <cairn/libp2p/envelope.hpp>

namespace cairn {
namespace detail {

inline auto envelope_signed_text(std::string_view domain, bytes_view type, bytes_view payload) -> bytes {
  auto out = bytes{};
  for (auto part : {as_bytes(domain), type, payload}) {
    append_varint(out, part.size());
    append(out, part);
  }
  return out;
}

}  // namespace detail

CAIRN_DECL auto open_envelope(bytes_view in, std::string_view domain) -> result<opened_envelope, envelope_errc> {
  auto key_octets = bytes_view{}, type = bytes_view{}, payload = bytes_view{}, signature = bytes_view{};
  while (!in.empty()) {
    auto const f = read_protobuf_field(in);
    if (!f) return std::unexpected(envelope_errc::bad_protobuf);
    in = f->rest;
    if (f->value.wire != protobuf_wire::bytes) continue;
    switch (f->value.number) {
      case 1: key_octets = f->value.body; break;
      case 2: type = f->value.body; break;
      case 3: payload = f->value.body; break;
      case 5: signature = f->value.body; break;
      default: break;
    }
  }
  auto key = decode_libp2p_public_key(key_octets);
  if (!key) return std::unexpected(envelope_errc::bad_key);
  if (!key->verify(detail::envelope_signed_text(domain, type, payload), signature)) return std::unexpected(envelope_errc::bad_signature);
  return opened_envelope{*std::move(key), bytes(type.begin(), type.end()), bytes(payload.begin(), payload.end())};
}

CAIRN_DECL auto seal_envelope(private_key const& key, std::string_view domain, bytes_view payload_type, bytes_view payload)
    -> result<bytes, envelope_errc> {
  auto const signature = key.sign(detail::envelope_signed_text(domain, payload_type, payload));
  if (!signature) return std::unexpected(envelope_errc::cannot_sign);
  auto out = bytes{};
  append_protobuf(out, 1, bytes_view{encode_libp2p_key(key.public_part())});
  if (!payload_type.empty()) append_protobuf(out, 2, payload_type);  // proto3 writes no field of no octets
  if (!payload.empty()) append_protobuf(out, 3, payload);
  append_protobuf(out, 5, bytes_view{*signature});
  return out;
}

CAIRN_DECL auto decode_peer_record(bytes_view in) -> result<peer_record, envelope_errc> {
  auto peer = std::optional<peer_id>{};
  auto seq = std::uint64_t{0};
  auto addresses = std::vector<multiaddr>{};
  while (!in.empty()) {
    auto const f = read_protobuf_field(in);
    if (!f) return std::unexpected(envelope_errc::bad_protobuf);
    in = f->rest;
    if (f->value.is(1, protobuf_wire::bytes)) {
      auto const id = decode_peer_id(f->value.body);
      if (!id) return std::unexpected(envelope_errc::bad_protobuf);
      peer = *id;
    } else if (f->value.is(2, protobuf_wire::varint)) {
      seq = f->value.value;
    } else if (f->value.is(3, protobuf_wire::bytes)) {
      for (auto info = f->value.body; !info.empty();) {
        auto const inner = read_protobuf_field(info);
        if (!inner) return std::unexpected(envelope_errc::bad_protobuf);
        info = inner->rest;
        if (!inner->value.is(1, protobuf_wire::bytes)) continue;
        auto address = decode_multiaddr(inner->value.body);
        if (!address) continue;
        if (addresses.size() == peer_record::max_addresses) return std::unexpected(envelope_errc::too_many);
        addresses.push_back(*std::move(address));
      }
    }
  }
  if (!peer) return std::unexpected(envelope_errc::bad_protobuf);
  return peer_record{*peer, seq, std::move(addresses)};
}

CAIRN_DECL auto encode_peer_record(peer_record const& r) -> bytes {
  auto out = bytes{}, inner = bytes{};
  append_protobuf(out, 1, bytes_view{to_bytes(r.peer)});
  if (r.seq != 0) append_protobuf(out, 2, r.seq);
  for (auto const& a : r.addresses) {
    if (a.empty()) continue;
    inner.clear();
    append_protobuf(inner, 1, a.bytes());
    append_protobuf(out, 3, bytes_view{inner});
  }
  return out;
}

CAIRN_DECL auto open_peer_record(bytes_view in) -> result<peer_record, envelope_errc> {
  CAIRN_TRY(auto const envelope, open_envelope(in, peer_record::domain));
  if (!equal(envelope.payload_type(), peer_record::payload_type)) return std::unexpected(envelope_errc::wrong_type);
  CAIRN_TRY(auto record, decode_peer_record(envelope.payload()));
  if (!record.peer.is_of(envelope.signer())) return std::unexpected(envelope_errc::wrong_peer);
  return record;
}

CAIRN_DECL auto seal_peer_record(private_key const& key, std::uint64_t seq, std::vector<multiaddr> addresses) -> result<bytes, envelope_errc> {
  auto const record = peer_record{peer_id::of(key.public_part()), seq, std::move(addresses)};
  return seal_envelope(key, peer_record::domain, peer_record::payload_type, encode_peer_record(record));
}

}  // namespace cairn
