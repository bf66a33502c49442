#pragma once

#include <cairn/core/protobuf.hpp>
#include <cairn/core/try.hpp>
#include <cairn/multiformats/multibase.hpp>
#include <cairn/naming/record_store.hpp>

#include <algorithm>

namespace cairn {
namespace detail {

inline auto routing_datastore_key(peer_id const& name) -> std::string { return "/dht/ipns/" + encode_base(multibase::base32upper, ipns_routing_key(name)); }
inline auto published_datastore_key(peer_id const& name) -> std::string { return "/ipns/" + encode_base(multibase::base32upper, to_bytes(name)); }

// libp2p's Record: {key = 1, value = 2, timeReceived = 5}
inline auto record_envelope(peer_id const& name, bytes_view record, utc_time now) -> bytes {
  auto out = bytes{};
  append_protobuf(out, 1, ipns_routing_key(name));
  append_protobuf(out, 2, record);
  append_protobuf(out, 5, as_bytes(to_rfc3339(now)));
  return out;
}

// Whether what an envelope holds is of the past, or nothing at all.
inline auto has_expired(bytes_view in, utc_time now) -> bool {
  while (!in.empty()) {
    auto const f = read_protobuf_field(in);
    if (!f) return true;
    if (f->value.is(2, protobuf_wire::bytes)) {
      auto const record = decode_ipns_record(f->value.body);
      auto const end = record ? record->end_of_life() : std::unexpected(ipns_errc::malformed);
      return !end || *end < now;
    }
    in = f->rest;
  }
  return true;
}

// The record in an envelope that is this name's; nothing where it is damaged, as if it had never been there.
inline auto open_envelope(peer_id const& name, bytes_view in) -> std::optional<bytes> {
  auto key = std::optional<bytes_view>{}, value = std::optional<bytes_view>{};
  while (!in.empty()) {
    auto const f = read_protobuf_field(in);
    if (!f) return std::nullopt;
    if (f->value.is(1, protobuf_wire::bytes)) key = f->value.body;
    if (f->value.is(2, protobuf_wire::bytes)) value = f->value.body;
    in = f->rest;
  }
  if (!key || !value || !equal(*key, ipns_routing_key(name))) return std::nullopt;
  return bytes(value->begin(), value->end());
}

inline auto valid_record(bytes_view in, peer_id const& name, utc_time now) -> std::optional<ipns_record> {
  auto record = decode_ipns_record(in);
  if (!record || !validate(*record, name, now)) return std::nullopt;
  return *std::move(record);
}

}  // namespace detail

CAIRN_DECL auto ipns_record_store::stored(peer_id const& name) const -> io_result<std::optional<bytes>> {
  CAIRN_TRY(auto found, store_.get(detail::routing_datastore_key(name)));
  if (!found) return std::nullopt;
  return detail::open_envelope(name, *found);
}

CAIRN_DECL auto ipns_record_store::published(peer_id const& name) const -> io_result<std::optional<bytes>> {
  return store_.get(detail::published_datastore_key(name));
}

CAIRN_DECL auto ipns_record_store::get(peer_id const& name, utc_time now) const -> io_result<std::optional<bytes>> {
  auto best = std::optional<bytes>{};
  auto best_record = ipns_record{};
  CAIRN_TRY(auto routed, stored(name));
  CAIRN_TRY(auto own, published(name));
  for (auto* one : {&routed, &own}) {
    if (!*one) continue;
    auto record = detail::valid_record(**one, name, now);
    if (!record || (best && compare(*record, best_record) <= 0)) continue;
    best_record = *std::move(record);
    best = std::move(*one);
  }
  return best;
}

// Where there is no room for one more name: what has expired goes.
inline auto ipns_record_store::make_room(utc_time now) -> io_result<void> {
  auto names = std::size_t{0};
  CAIRN_TRY(auto counted, store_.scan("/dht/ipns/"));
  for (;;) {
    CAIRN_TRY(auto const more, counted->next());
    if (!more) return {};
    if (++names >= most_) break;
  }
  auto old = write_batch{};
  CAIRN_TRY(auto all, store_.scan("/dht/ipns/"));
  for (;;) {
    CAIRN_TRY(auto const more, all->next());
    if (!more) break;
    if (detail::has_expired(all->value(), now)) old.remove(all->key());
  }
  if (old.empty()) return std::unexpected(record_store_errc::full);
  return store_.apply(old);
}

CAIRN_DECL auto ipns_record_store::put(peer_id const& name, bytes_view record, utc_time now) -> io_result<record_fate> {
  auto const fresh = detail::valid_record(record, name, now);
  if (!fresh) return record_fate::invalid;
  CAIRN_TRY(auto const before, stored(name));
  if (before)
    if (auto const old = detail::valid_record(*before, name, now); old && compare(*fresh, *old) < 0) return record_fate::not_better;
  if (!before) CAIRN_TRY(make_room(now));
  CAIRN_TRY(store_.put(detail::routing_datastore_key(name), detail::record_envelope(name, record, now)));
  return record_fate::kept;
}

CAIRN_DECL auto ipns_record_store::publish(private_key const& key, content_path const& value, publish_terms const& terms, utc_time now) -> io_result<bytes> {
  auto const name = peer_id::of(key.public_part());
  // what is known of the name, also where it has expired: its sequence must not be used again
  auto current = std::optional<ipns_record>{};
  CAIRN_TRY(auto const own, published(name));
  CAIRN_TRY(auto const routed, stored(name));
  for (auto const* one : {&own, &routed}) {
    if (!*one) continue;
    auto record = decode_ipns_record(**one);
    if (!record) continue;
    auto const verdict = validate(*record, name, now);
    if (!verdict && verdict.error() != ipns_errc::expired) continue;
    if (!current || compare(*record, *current) > 0) current = *std::move(record);
  }

  auto const text = to_string(value);
  auto options = ipns_record_options{.end_of_life = now.plus(terms.lifetime), .ttl = terms.ttl, .v1_compatible = terms.v1_compatible};
  if (terms.sequence && *terms.sequence <= (current ? current->sequence : 0)) return std::unexpected(publish_errc::old_sequence);
  if (current) {
    auto const same = as_text(current->value) == text;
    if (!terms.sequence && !same && current->sequence == UINT64_MAX) return std::unexpected(ipns_errc::sequence_exhausted);
    options.sequence = current->sequence + (same ? 0 : 1);
  }
  if (terms.sequence) options.sequence = *terms.sequence;
  CAIRN_TRY(auto record, make_ipns_record(key, text, options));

  auto changes = write_batch{};
  changes.put(detail::published_datastore_key(name), record);
  changes.put(detail::routing_datastore_key(name), detail::record_envelope(name, record, now));
  CAIRN_TRY(store_.apply(changes));
  return record;
}

CAIRN_DECL auto ipns_record_store::renew(private_key const& key, std::int64_t lifetime, utc_time now) -> io_result<std::optional<bytes>> {
  auto const name = peer_id::of(key.public_part());
  CAIRN_TRY(auto const before, published(name));
  if (!before) return std::nullopt;
  auto const old = decode_ipns_record(*before);
  if (!old) return std::nullopt;  // as if it had never been there
  if (auto const good = validate(*old, name, now); !good && good.error() != ipns_errc::expired) return std::nullopt;
  CAIRN_TRY(auto const value, old->path());
  CAIRN_TRY(auto const old_end, old->end_of_life());
  auto const options = ipns_record_options{.sequence = old->sequence, .end_of_life = std::max(old_end, now.plus(lifetime)), .ttl = old->ttl, .v1_compatible = !old->signature_v1.empty()};
  CAIRN_TRY(auto record, make_ipns_record(key, to_string(value), options));

  auto changes = write_batch{};
  changes.put(detail::published_datastore_key(name), record);
  CAIRN_TRY(auto const routed, stored(name));
  auto const other = routed ? detail::valid_record(*routed, name, now) : std::nullopt;
  auto const fresh = decode_ipns_record(record);
  if (!other || !fresh || compare(*other, *fresh) <= 0) changes.put(detail::routing_datastore_key(name), detail::record_envelope(name, record, now));
  CAIRN_TRY(store_.apply(changes));
  return record;
}

}  // namespace cairn
