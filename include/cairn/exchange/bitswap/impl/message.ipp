#pragma once

#include <cairn/core/protobuf.hpp>
#include <cairn/core/try.hpp>
#include <cairn/exchange/bitswap/message.hpp>

#include <utility>

namespace cairn {
namespace detail {

inline auto bitswap_cid(bytes_view in) -> result<std::optional<cid>, bitswap_errc> {
  using nothing = std::optional<cid>;
  if (in.size() > limits::cid) return nothing{};
  auto const id = decode_cid(in);
  if (!id) return std::unexpected(bitswap_errc::bad_message);
  if (id->hash().code() == code::identity) return nothing{};
  return nothing{*id};
}

// Calls f(field) for each field of a message.
template <class F>
auto each_bitswap_field(bytes_view in, F f) -> result<void, bitswap_errc> {
  while (!in.empty()) {
    auto const field = read_protobuf_field(in);
    if (!field) return std::unexpected(bitswap_errc::bad_message);
    in = field->rest;
    CAIRN_TRY(f(field->value));
  }
  return {};
}

inline auto read_bitswap_entry(bytes_view in, bitswap_message_view& out) -> result<void, bitswap_errc> {
  auto w = bitswap_want{};
  auto there = false;
  CAIRN_TRY(each_bitswap_field(in, [&](protobuf_field const& f) -> result<void, bitswap_errc> {
    if (f.is(1, protobuf_wire::bytes)) {
      CAIRN_TRY(auto const id, bitswap_cid(f.body));
      there = id.has_value();
      if (id) w.id = *id;
    } else if (f.wire == protobuf_wire::varint) {
      if (f.number == 2) w.priority = static_cast<std::int32_t>(f.value);
      if (f.number == 3) w.cancel = f.value != 0;
      if (f.number == 4) w.have = f.value == 1;
      if (f.number == 5) w.send_dont_have = f.value != 0;
    }
    return {};
  }));
  if (there) out.wants.push_back(w);
  return {};
}

inline auto read_bitswap_wantlist(bytes_view in, bitswap_message_view& out) -> result<void, bitswap_errc> {
  return each_bitswap_field(in, [&](protobuf_field const& f) -> result<void, bitswap_errc> {
    if (f.is(1, protobuf_wire::bytes)) return read_bitswap_entry(f.body, out);
    if (f.is(2, protobuf_wire::varint)) out.full = f.value != 0;
    return {};
  });
}

inline auto read_bitswap_payload(bytes_view in, bitswap_message_view& out) -> result<void, bitswap_errc> {
  auto prefix = std::optional<cid_prefix>{};
  auto data = bytes_view{};
  CAIRN_TRY(each_bitswap_field(in, [&](protobuf_field const& f) -> result<void, bitswap_errc> {
    if (f.is(1, protobuf_wire::bytes)) {
      // version 0 may come spelled out: 00 70 12 20
      auto const body = !f.body.empty() && f.body[0] == 0 ? f.body.subspan(f.body.size() > 1 ? 2 : 1) : f.body;
      if (auto const p = read_cid_prefix(body)) prefix = *p;
    }
    if (f.is(2, protobuf_wire::bytes)) data = f.body;
    return {};
  }));
  if (data.size() > limits::block) return std::unexpected(bitswap_errc::too_long);
  if (prefix && prefix->hash != code::identity) out.payloads.push_back({*prefix, data});
  return {};
}

inline auto read_bitswap_presence(bytes_view in, bitswap_message_view& out) -> result<void, bitswap_errc> {
  auto id = std::optional<cid>{};
  auto kind = std::uint64_t{0};
  CAIRN_TRY(each_bitswap_field(in, [&](protobuf_field const& f) -> result<void, bitswap_errc> {
    if (f.is(1, protobuf_wire::bytes)) {
      CAIRN_TRY(id, bitswap_cid(f.body));
    }
    if (f.is(2, protobuf_wire::varint)) kind = f.value;
    return {};
  }));
  if (id && kind <= 1) out.presences.push_back({*id, kind == 0});
  return {};
}

}  // namespace detail

CAIRN_DECL auto decode_bitswap(bytes_view in) -> result<bitswap_message_view, bitswap_errc> {
  if (in.size() > bitswap_message_view::max_size) return std::unexpected(bitswap_errc::too_long);
  auto out = bitswap_message_view{};
  CAIRN_TRY(detail::each_bitswap_field(in, [&](protobuf_field const& f) -> result<void, bitswap_errc> {
    if (f.is(1, protobuf_wire::bytes)) return detail::read_bitswap_wantlist(f.body, out);
    if (f.is(2, protobuf_wire::bytes)) {
      if (f.body.size() > limits::block) return std::unexpected(bitswap_errc::too_long);
      out.payloads.push_back({cid_prefix{0, code::dag_pb, code::sha2_256, 32}, f.body});
    }
    if (f.is(3, protobuf_wire::bytes)) return detail::read_bitswap_payload(f.body, out);
    if (f.is(4, protobuf_wire::bytes)) return detail::read_bitswap_presence(f.body, out);
    if (f.is(5, protobuf_wire::varint)) out.pending_bytes = static_cast<std::int32_t>(f.value);
    return {};
  }));
  return out;
}

CAIRN_DECL void bitswap_message::want(bitswap_want const& w) {
  auto const [at, fresh] = want_at_.emplace(w.id, wants_.size());
  if (fresh) {
    wants_.push_back(w);
    size_ += w.id.encoded_size() + 16;
    return;
  }
  auto& old = wants_[at->second];
  if (w.cancel || old.cancel) {
    old = w;
    return;
  }
  if (old.have == w.have) old.priority = w.priority;
  old.have = old.have && w.have;
  old.send_dont_have = old.send_dont_have || w.send_dont_have;
}

CAIRN_DECL void bitswap_message::presence(cid const& id, bool have) {
  if (block_at_.contains(id)) return;
  auto const [at, fresh] = presence_at_.emplace(id, presences_.size());
  if (!fresh) {
    presences_[at->second].have = presences_[at->second].have || have;
    return;
  }
  presences_.push_back({id, have});
  size_ += id.encoded_size() + 8;
}

CAIRN_DECL void bitswap_message::add_block(cid const& id, bytes_view data) {
  if (!block_at_.emplace(id, blocks_.size()).second) return;
  if (auto const at = presence_at_.find(id); at != presence_at_.end()) {
    auto const place = at->second;
    presence_at_.erase(at);
    if (place + 1 != presences_.size()) {
      presences_[place] = presences_.back();
      presence_at_[presences_[place].id] = place;
    }
    presences_.pop_back();
  }
  blocks_.push_back({id, data});
  size_ += data.size() + 24;
}

CAIRN_DECL void bitswap_frames::append_to(byte_queue& out) const {
  auto total = 0uz;
  for (auto const part : parts) total += part.size();
  (void)out.prepare(total);
  for (auto const part : parts) out.push(part);
}

CAIRN_DECL void bitswap_message::encode(bitswap_version version, byte_queue& out) const {
  auto frames = bitswap_frames{};
  encode(version, frames);
  frames.append_to(out);
}

CAIRN_DECL void bitswap_message::encode(bitswap_version version, bitswap_frames& out) const {
  auto const newest = version == bitswap_version::v1_2;
  auto list = bytes{}, inner = bytes{}, tail = bytes{};
  for (auto const& w : wants_) {
    inner.clear();
    append_protobuf(inner, 1, bytes_view{to_bytes(w.id)});
    append_protobuf(inner, 2, static_cast<std::uint64_t>(static_cast<std::int64_t>(w.priority)));
    if (w.cancel) append_protobuf(inner, 3, 1);
    if (newest && w.have) append_protobuf(inner, 4, 1);
    if (newest && w.send_dont_have) append_protobuf(inner, 5, 1);
    append_protobuf(list, 1, bytes_view{inner});
  }
  if (full_) append_protobuf(list, 2, 1);
  auto head = bytes{};
  append_protobuf(head, 1, bytes_view{list});  // always there: an older peer failed without (IX-63)
  if (newest)
    for (auto const& p : presences_) {
      inner.clear();
      append_protobuf(inner, 1, bytes_view{to_bytes(p.id)});
      append_protobuf(inner, 2, p.have ? 0 : 1);
      append_protobuf(tail, 4, bytes_view{inner});
    }
  if (newest && pending_ != 0) append_protobuf(tail, 5, static_cast<std::uint64_t>(static_cast<std::int64_t>(pending_)));

  auto heads = std::vector<bytes>{};
  auto total = head.size() + tail.size();
  for (auto const& b : blocks_) {
    auto h = bytes{};
    if (version == bitswap_version::v1_0) {
      append_varint(h, 2 << 3 | 2);
      append_varint(h, b.data.size());
    } else {
      auto const p = prefix_of(b.id);
      auto prefix = bytes{};
      append_varint(prefix, p.version);
      append_varint(prefix, p.codec);
      append_varint(prefix, p.hash);
      append_varint(prefix, p.digest_size);
      auto body = bytes{};
      append_protobuf(body, 1, bytes_view{prefix});
      append_varint(body, 2 << 3 | 2);
      append_varint(body, b.data.size());
      append_varint(h, 3 << 3 | 2);
      append_varint(h, body.size() + b.data.size());
      append(h, body);
    }
    total += h.size() + b.data.size();
    heads.push_back(std::move(h));
  }
  auto const put = [&out](bytes own) {
    out.heads.push_back(std::move(own));
    out.parts.push_back(out.heads.back());
  };
  auto begin = bytes{};
  append_varint(begin, total);
  append(begin, head);
  put(std::move(begin));
  for (auto i = 0uz; i < blocks_.size(); ++i) {
    put(std::move(heads[i]));
    if (!blocks_[i].data.empty()) out.parts.push_back(blocks_[i].data);
  }
  if (!tail.empty()) put(std::move(tail));
}

}  // namespace cairn
