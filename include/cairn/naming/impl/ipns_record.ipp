#pragma once

#include <cairn/core/protobuf.hpp>
#include <cairn/core/try.hpp>
#include <cairn/crypto/libp2p_key.hpp>
#include <cairn/ipld/codec/dag_cbor.hpp>
#include <cairn/naming/ipns_record.hpp>

#include <algorithm>

namespace cairn {
namespace detail {

// The fields of the protobuf IpnsEntry.
enum ipns_field : unsigned { ipns_value = 1, ipns_signature_v1, ipns_validity_type, ipns_validity, ipns_sequence, ipns_ttl, ipns_public_key, ipns_signature_v2, ipns_data };

struct ipns_entry {
  std::optional<bytes_view> value, signature_v1, validity, public_key, signature_v2, data;
  std::uint64_t validity_type = 0, sequence = 0, ttl = 0;
};

inline auto read_ipns_entry(bytes_view in) -> result<ipns_entry, ipns_errc> {
  auto e = ipns_entry{};
  while (!in.empty()) {
    auto const f = read_protobuf_field(in);
    if (!f) return std::unexpected(ipns_errc::no_protobuf);
    in = f->rest;
    auto const& v = f->value;
    if (v.wire == protobuf_wire::bytes) {
      switch (v.number) {
        case ipns_value: e.value = v.body; break;
        case ipns_signature_v1: e.signature_v1 = v.body; break;
        case ipns_validity: e.validity = v.body; break;
        case ipns_public_key: e.public_key = v.body; break;
        case ipns_signature_v2: e.signature_v2 = v.body; break;
        case ipns_data: e.data = v.body; break;
        default: break;
      }
    } else if (v.wire == protobuf_wire::varint) {
      switch (v.number) {
        case ipns_validity_type: e.validity_type = v.value; break;
        case ipns_sequence: e.sequence = v.value; break;
        case ipns_ttl: e.ttl = v.value; break;
        default: break;
      }
    }
  }
  return e;
}

// Octets of a key of the signed data; writers used text too.
inline auto signed_octets(ipld::node const& data, std::string_view key) -> std::optional<bytes> {
  auto const* n = data.find(key);
  if (!n) return std::nullopt;
  if (auto const* b = n->as_bytes()) return *b;
  if (auto const* s = n->as_string()) return bytes(s->begin(), s->end());
  return std::nullopt;
}

// A whole number of the signed data as 64 bits: Kubo writes sequences above 2^63 as negative ones.
inline auto signed_number(ipld::node const& data, std::string_view key) -> std::optional<std::uint64_t> {
  auto const* n = data.find(key);
  auto const* i = n ? n->as_integer() : nullptr;
  if (!i) return std::nullopt;
  if (!i->is_negative()) return i->rank();
  auto const value = i->to_int64();
  return value ? std::optional{static_cast<std::uint64_t>(*value)} : std::nullopt;
}

inline auto octets_of(std::optional<bytes_view> v) -> bytes { return v ? bytes(v->begin(), v->end()) : bytes{}; }

inline auto v2_message(bytes_view data) -> bytes {
  constexpr std::string_view prefix = "ipns-signature:";
  auto out = bytes(prefix.begin(), prefix.end());
  append(out, data);
  return out;
}

inline auto key_of_record(ipns_record const& record, peer_id const& name) -> result<public_key, ipns_errc> {
  if (!record.public_key.empty()) {
    auto key = decode_libp2p_public_key(record.public_key);
    if (!key) return std::unexpected(ipns_errc::bad_public_key);
    if (!name.is_of(*key)) return std::unexpected(ipns_errc::other_public_key);
    return *std::move(key);
  }
  auto key = name.inlined_key();
  if (!key) return std::unexpected(key.error() == peer_id_errc::bad_key ? ipns_errc::bad_public_key : ipns_errc::no_public_key);
  return *std::move(key);
}

}  // namespace detail

CAIRN_DECL auto ipns_record::end_of_life() const -> result<utc_time, ipns_errc> {
  if (validity_type != 0) return std::unexpected(ipns_errc::unknown_validity);
  auto const at = parse_rfc3339(validity);
  if (!at) return std::unexpected(ipns_errc::bad_validity);
  return *at;
}

CAIRN_DECL auto ipns_record::path() const -> result<content_path, ipns_errc> {
  if (value.empty()) return *parse_path("/ipfs/bafkqaaa");
  if (auto const id = decode_cid(value)) return immutable_path{*id};
  auto p = parse_path(as_text(value));
  if (!p) return std::unexpected(ipns_errc::bad_value);
  return *std::move(p);
}

CAIRN_DECL auto ipns_record::time_to_live(utc_time now) const -> std::int64_t {
  auto const end = end_of_life();
  if (!end || *end <= now) return 0;
  return std::clamp(ttl, std::int64_t{0}, end->since(now));
}

CAIRN_DECL auto decode_ipns_record(bytes_view in) -> result<ipns_record, ipns_errc> {
  if (in.size() > limits::ipns_record) return std::unexpected(ipns_errc::too_big);
  CAIRN_TRY(auto const entry, detail::read_ipns_entry(in));
  if (!entry.data || entry.data->empty()) return std::unexpected(ipns_errc::no_data);
  auto const decoded = dag_cbor::decode(*entry.data, codec_mode::lax);
  if (!decoded || !decoded->as_map()) return std::unexpected(ipns_errc::malformed);
  auto value = detail::signed_octets(*decoded, "Value");
  auto validity = detail::signed_octets(*decoded, "Validity");
  auto const type = detail::signed_number(*decoded, "ValidityType"), sequence = detail::signed_number(*decoded, "Sequence"), ttl = detail::signed_number(*decoded, "TTL");
  if (!value || !validity || !type || !sequence || !ttl) return std::unexpected(ipns_errc::malformed);

  auto out = ipns_record{};
  out.value = *std::move(value);
  out.validity = std::string{as_text(*validity)};
  out.validity_type = *type;
  out.sequence = *sequence;
  out.ttl = static_cast<std::int64_t>(*ttl);
  // a TTL above 2^63 is only a long one
  if (auto const* n = decoded->find("TTL")->as_integer(); !n->is_negative() && out.ttl < 0) out.ttl = INT64_MAX;
  out.signature_v1 = detail::octets_of(entry.signature_v1);
  out.signature_v2 = detail::octets_of(entry.signature_v2);
  out.data = detail::octets_of(entry.data);
  out.public_key = detail::octets_of(entry.public_key);
  out.size = in.size();
  if (!out.signature_v1.empty() || (entry.value && !entry.value->empty()))
    out.twins_differ = !equal(entry.value.value_or(bytes_view{}), out.value) || as_text(entry.validity.value_or(bytes_view{})) != out.validity ||
                       entry.validity_type != *type || entry.sequence != *sequence || entry.ttl != *ttl;
  return out;
}

CAIRN_DECL auto validate(ipns_record const& record, peer_id const& name, utc_time now) -> result<void, ipns_errc> {
  if (record.size > limits::ipns_record) return std::unexpected(ipns_errc::too_big);
  if (record.signature_v2.empty()) return std::unexpected(ipns_errc::bad_signature);
  if (record.data.empty()) return std::unexpected(ipns_errc::no_data);
  CAIRN_TRY(auto const key, detail::key_of_record(record, name));
  if (!key.verify(detail::v2_message(record.data), record.signature_v2)) return std::unexpected(ipns_errc::bad_signature);
  if (record.twins_differ) return std::unexpected(ipns_errc::not_the_same);
  if (record.ttl < 0) return std::unexpected(ipns_errc::negative_ttl);
  CAIRN_TRY(auto const end, record.end_of_life());
  if (now > end) return std::unexpected(ipns_errc::expired);
  return {};
}

CAIRN_DECL auto compare(ipns_record const& a, ipns_record const& b) -> int {
  if (a.signature_v2.empty() != b.signature_v2.empty()) return a.signature_v2.empty() ? -1 : 1;
  if (a.sequence != b.sequence) return a.sequence < b.sequence ? -1 : 1;
  auto const ends_a = a.end_of_life(), ends_b = b.end_of_life();
  if (ends_a.has_value() != ends_b.has_value()) return ends_a ? 1 : -1;
  if (!ends_a || *ends_a == *ends_b) return 0;
  return *ends_a < *ends_b ? -1 : 1;
}

CAIRN_DECL auto select_ipns_record(std::span<bytes_view const> records) -> std::optional<std::size_t> {
  auto best = std::optional<std::size_t>{};
  auto best_record = ipns_record{};
  for (std::size_t i = 0; i < records.size(); ++i) {
    auto one = decode_ipns_record(records[i]);
    if (!one) continue;
    auto const order = best ? compare(*one, best_record) : 1;
    if (order < 0 || (order == 0 && cairn::compare(records[i], records[*best]) <= 0)) continue;
    best = i;
    best_record = *std::move(one);
  }
  return best;
}

CAIRN_DECL auto make_ipns_record(private_key const& key, std::string_view value, ipns_record_options const& options) -> result<bytes, ipns_errc> {
  auto const validity = to_rfc3339(options.end_of_life);
  auto const ttl = std::max(options.ttl, std::int64_t{0});
  auto const octets = [](std::string_view text) { return bytes(text.begin(), text.end()); };
  auto fields = ipld::map{};
  fields.append("TTL", ipld::node{ttl});
  fields.append("Value", ipld::node{octets(value)});
  fields.append("Sequence", ipld::node{static_cast<std::int64_t>(options.sequence)});  // as Kubo writes what is above 2^63
  fields.append("Validity", ipld::node{octets(validity)});
  fields.append("ValidityType", ipld::node{0});
  auto data = bytes{};
  if (!dag_cbor::encode(ipld::node{std::move(fields)}, data)) return std::unexpected(ipns_errc::malformed);
  auto const signature = key.sign(detail::v2_message(data));
  if (!signature) return std::unexpected(ipns_errc::bad_signature);

  auto out = bytes{};
  if (options.v1_compatible) {
    auto message = octets(value);
    append(message, as_bytes(validity));
    append(message, as_bytes("EOL"));
    auto const old = key.sign(message);
    if (!old) return std::unexpected(ipns_errc::bad_signature);
    append_protobuf(out, detail::ipns_value, as_bytes(value));
    append_protobuf(out, detail::ipns_signature_v1, *old);
    append_protobuf(out, detail::ipns_validity_type, 0);
    append_protobuf(out, detail::ipns_validity, as_bytes(validity));
    append_protobuf(out, detail::ipns_sequence, options.sequence);
    append_protobuf(out, detail::ipns_ttl, static_cast<std::uint64_t>(ttl));
  }
  if (!peer_id::of(key.public_part()).inlined_key()) append_protobuf(out, detail::ipns_public_key, encode_libp2p_key(key.public_part()));
  append_protobuf(out, detail::ipns_signature_v2, *signature);
  append_protobuf(out, detail::ipns_data, data);
  if (out.size() > limits::ipns_record) return std::unexpected(ipns_errc::too_big);
  return out;
}

}  // namespace cairn
