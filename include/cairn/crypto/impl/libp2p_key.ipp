#pragma once

#include <cairn/core/try.hpp>
#include <cairn/core/varint.hpp>
#include <cairn/crypto/libp2p_key.hpp>

namespace cairn {

namespace detail {

struct libp2p_key_fields {
  key_type type;
  bytes_view data;
};

inline auto read_libp2p_key(bytes_view in) -> result<libp2p_key_fields, key_errc> {
  if (in.size() < 4 || in[0] != 0x08) return std::unexpected(key_errc::bad_protobuf);
  auto const type = read_varint<varint_width::protobuf>(in.subspan(1));
  if (!type) return std::unexpected(key_errc::bad_protobuf);
  if (type->rest.empty() || type->rest[0] != 0x12) return std::unexpected(key_errc::bad_protobuf);
  auto const size = read_varint<varint_width::protobuf>(type->rest.subspan(1));
  if (!size || size->value != size->rest.size()) return std::unexpected(key_errc::bad_protobuf);
  if (type->value > 3) return std::unexpected(key_errc::unknown_type);
  return libp2p_key_fields{static_cast<key_type>(type->value), size->rest};
}

inline auto write_libp2p_key(key_type type, bytes_view data) -> bytes {
  auto out = bytes{};
  out.reserve(data.size() + 8);
  out.push_back(0x08);
  out.push_back(static_cast<byte>(type));
  out.push_back(0x12);
  append_varint(out, data.size());
  append(out, data);
  return out;
}

}  // namespace detail

CAIRN_DECL auto encode_libp2p_key(public_key const& key) -> bytes { return detail::write_libp2p_key(key.type(), key.data()); }

CAIRN_DECL auto encode_libp2p_key(private_key const& key) -> secret_bytes {
  return secret_bytes{detail::write_libp2p_key(key.type(), key.data())};
}

CAIRN_DECL auto decode_libp2p_public_key(bytes_view in) -> result<public_key, key_errc> {
  CAIRN_TRY(auto const fields, detail::read_libp2p_key(in));
  return public_key::make(fields.type, fields.data);
}

CAIRN_DECL auto decode_libp2p_private_key(bytes_view in) -> result<private_key, key_errc> {
  CAIRN_TRY(auto const fields, detail::read_libp2p_key(in));
  return private_key::make(fields.type, fields.data);
}

}  // namespace cairn
