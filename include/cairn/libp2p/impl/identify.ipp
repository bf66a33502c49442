#pragma once

#include <cairn/core/protobuf.hpp>
#include <cairn/core/try.hpp>
#include <cairn/crypto/libp2p_key.hpp>
#include <cairn/libp2p/identify.hpp>

#include <algorithm>

namespace cairn {
namespace detail {

inline auto identify_text(bytes_view in) -> std::string { return std::string{as_text(in.first(std::min(in.size(), identify_info::max_text)))}; }

inline void push_message(byte_queue& out, bytes_view message) {
  byte head[10];
  out.push(bytes_view{head, write_varint(head, message.size())});
  out.push(message);
}

}  // namespace detail

CAIRN_DECL auto merge_identify(bytes_view in, identify_info& info) -> result<void, identify_errc> {
  while (!in.empty()) {
    auto const f = read_protobuf_field(in);
    if (!f) return std::unexpected(identify_errc::bad_message);
    in = f->rest;
    if (f->value.wire != protobuf_wire::bytes) continue;
    auto const body = f->value.body;
    switch (f->value.number) {
      case 1: info.public_key.emplace(body.begin(), body.end()); break;
      case 2:
        if (info.listen_addresses.size() < identify_info::max_addresses)
          if (auto a = decode_multiaddr(body)) info.listen_addresses.push_back(*std::move(a));
        break;
      case 3:
        if (info.protocols.size() < identify_info::max_protocols && body.size() <= identify_info::max_text)
          info.protocols.emplace_back(as_text(body));
        break;
      case 4:
        if (auto a = decode_multiaddr(body)) info.observed_address = *std::move(a);
        break;
      case 5: info.protocol_version = detail::identify_text(body); break;
      case 6: info.agent_version = detail::identify_text(body); break;
      case 8: info.signed_record.emplace(body.begin(), body.end()); break;
      default: break;
    }
  }
  return {};
}

CAIRN_DECL void append_identify(byte_queue& out, identify_info const& info) {
  auto message = bytes{};
  auto const field = [&](unsigned number, bytes_view body) {
    if (!message.empty() && message.size() + body.size() + 8 > identify_info::max_message) {
      detail::push_message(out, message);
      message.clear();
    }
    append_protobuf(message, number, body);
  };
  if (info.public_key) field(1, *info.public_key);
  for (auto const& a : info.listen_addresses)
    if (!a.empty()) field(2, a.bytes());
  for (auto const& p : info.protocols) field(3, as_bytes(p));
  if (info.observed_address) field(4, info.observed_address->bytes());
  if (info.protocol_version) field(5, as_bytes(*info.protocol_version));
  if (info.agent_version) field(6, as_bytes(*info.agent_version));
  if (info.signed_record) field(8, *info.signed_record);
  detail::push_message(out, message);
}

CAIRN_DECL auto identify_reader::resume(bytes_view in) -> result<std::size_t, identify_errc> {
  auto const all = in.size();
  for (;;) {
    auto const size = read_varint(in);
    if (!size) {
      if (size.error() != varint_errc::truncated) return std::unexpected(identify_errc::bad_message);
      return all - in.size();
    }
    if (size->value > identify_info::max_message || messages_ == identify_info::max_messages) return std::unexpected(identify_errc::too_long);
    if (size->rest.size() < size->value) return all - in.size();
    ++messages_;
    auto const body = size->rest.first(static_cast<std::size_t>(size->value));
    CAIRN_TRY(merge_identify(body, info_));
    in = size->rest.subspan(body.size());
  }
}

CAIRN_DECL auto identify_reader::finish(std::size_t left, public_key const& proven) -> result<identify_info, identify_errc> {
  if (left != 0 || messages_ == 0) return std::unexpected(identify_errc::truncated);
  if (info_.public_key && !equal(*info_.public_key, encode_libp2p_key(proven))) return std::unexpected(identify_errc::wrong_key);
  if (info_.signed_record) {
    auto const record = open_peer_record(*info_.signed_record);
    if (!record || !record->peer.is_of(proven)) info_.signed_record.reset();
  }
  return std::move(info_);
}

}  // namespace cairn
