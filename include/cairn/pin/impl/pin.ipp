#pragma once

#include <cairn/pin/pin.hpp>

#include <cairn/ipld/codec/dag_cbor.hpp>
#include <cairn/ipld/node.hpp>

namespace cairn {

// Kubo writes the keys cid, metadata, mode, name: for those of a pin without metadata that is dag-cbor's own order.
CAIRN_DECL auto encode_pin(pin const& p) -> bytes {
  auto record = ipld::map{{"cid", to_bytes(p.id)}, {"mode", static_cast<int>(p.mode)}};
  if (!p.name.empty()) record.append("name", p.name);
  auto out = bytes{};
  // a map of bytes, a number and a text always has a form; a name that is no UTF-8 has been refused by then
  if (!dag_cbor::encode(ipld::node{std::move(record)}, out)) out.clear();
  return out;
}

CAIRN_DECL auto decode_pin(bytes_view record) -> result<pin, pin_errc> {
  auto const value = dag_cbor::decode(record, codec_mode::lax);
  if (!value) return std::unexpected(pin_errc::bad_record);
  auto const* const id = value->find("cid");
  auto const* const mode = value->find("mode");
  auto const* const name = value->find("name");
  if (!id || !id->as_bytes() || !mode || !mode->as_integer() || (name && !name->as_string())) return std::unexpected(pin_errc::bad_record);
  auto out = pin{};
  auto const decoded = decode_cid(*id->as_bytes());
  if (!decoded) return std::unexpected(pin_errc::bad_record);
  out.id = *decoded;
  if (*mode->as_integer() == ipld::integer{1})
    out.mode = pin_mode::direct;
  else if (!(*mode->as_integer() == ipld::integer{0}))
    return std::unexpected(pin_errc::bad_record);
  if (name) out.name = *name->as_string();
  return out;
}

}  // namespace cairn
