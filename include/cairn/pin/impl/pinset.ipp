#pragma once

#include <cairn/pin/pinset.hpp>

#include <cairn/core/text.hpp>
#include <cairn/core/try.hpp>
#include <cairn/crypto/hash.hpp>

#include <mutex>

namespace cairn {
namespace detail {

inline constexpr std::string_view pin_records = "/pins/pin/", pin_dirty_key = "/pins/state/dirty", pin_names = "/pins/index/nameIndex/";

inline auto pin_index(pin_mode mode) -> std::string_view {
  return mode == pin_mode::recursive ? "/pins/index/cidRindex/" : "/pins/index/cidDindex/";
}

// Index keys hold any octets, written in multibase base64url.
inline auto pin_index_part(bytes_view in) -> std::string { return encode_multibase(multibase::base64url, in); }

inline auto pin_index_key(pin const& p, std::string_view id) -> std::string {
  return std::string{pin_index(p.mode)} + pin_index_part(to_bytes(p.id)) + "/" + pin_index_part(as_bytes(id));
}
inline auto pin_name_key(pin const& p, std::string_view id) -> std::string {
  return std::string{pin_names} + pin_index_part(as_bytes(p.name)) + "/" + pin_index_part(as_bytes(id));
}

// 32 hexadecimal digits like a UUID's; derived, so that writing one pin twice writes one record.
inline auto pin_record_id(pin const& p) -> std::string {
  auto seed = to_bytes(p.id);
  seed.push_back(static_cast<byte>(p.mode));
  append(seed, as_bytes(p.name));
  auto const hash = sha256(seed);
  return to_hex(bytes_view{hash}.first(16));
}

// Held from reading what is pinned to having written the change.
struct pin_locks {
  static constexpr std::size_t count = 64;
  std::mutex stripes[count];

  auto of(cid const& id) -> std::mutex& { return stripes[std::hash<multihash>{}(id.hash()) % count]; }
};

inline auto bad_pin_record(std::string_view key) -> error { return error{pin_errc::bad_record}.about(std::string{key}); }

}  // namespace detail

CAIRN_DECL pinset::pinset(datastore_ref store) : store_{store}, locks_{std::make_shared<detail::pin_locks>()} {}

CAIRN_DECL auto pinset::open(datastore_ref store) -> io_result<pinset> {
  auto pins = pinset{store};
  CAIRN_TRY(auto dirty, store.get(detail::pin_dirty_key));
  if (dirty && !dirty->empty() && dirty->front() == 1) CAIRN_TRY(pins.rebuild());
  return pins;
}

CAIRN_DECL auto pinset::records_of(cid const& id, pin_mode mode) const -> io_result<std::vector<std::string>> {
  auto ids = std::vector<std::string>{};
  auto const prefix = std::string{detail::pin_index(mode)} + detail::pin_index_part(to_bytes(id)) + "/";
  CAIRN_TRY(auto entries, store_.scan(prefix));
  for (;;) {
    CAIRN_TRY(auto more, entries->next());
    if (!more) return ids;
    auto const last = decode_multibase(entries->key().substr(prefix.size()));
    if (!last) return std::unexpected(detail::bad_pin_record(entries->key()));
    ids.emplace_back(as_text(last->second));
  }
}

CAIRN_DECL auto pinset::stage_removal(write_batch& batch, cid const& id, pin_mode mode) const -> io_result<bool> {
  CAIRN_TRY(auto ids, records_of(id, mode));
  for (auto const& record : ids) {
    auto const key = std::string{detail::pin_records} + record;
    auto old = pin{id, mode, {}};
    CAIRN_TRY(auto value, store_.get(key));
    if (value) {
      auto const decoded = decode_pin(*value);
      if (!decoded) return std::unexpected(detail::bad_pin_record(key));
      old = *decoded;
    }
    batch.remove(detail::pin_index_key(pin{id, mode, {}}, record));
    if (!old.name.empty()) batch.remove(detail::pin_name_key(old, record));
    batch.remove(key);
  }
  return !ids.empty();
}

CAIRN_DECL auto pinset::add(pin const& p) -> io_result<void> {
  if (p.name.size() > 255) return std::unexpected(pin_errc::name_too_long);
  if (!is_utf8(as_bytes(p.name))) return std::unexpected(pin_errc::bad_name);
  auto batch = write_batch{};
  auto const lock = std::lock_guard{locks_->of(p.id)};
  if (p.mode == pin_mode::direct) {
    CAIRN_TRY(auto recursive, records_of(p.id, pin_mode::recursive));
    if (!recursive.empty()) return std::unexpected(error{pin_errc::pinned_recursively}.about(to_string(p.id)));
  } else {
    CAIRN_TRY(stage_removal(batch, p.id, pin_mode::recursive));
  }
  CAIRN_TRY(stage_removal(batch, p.id, pin_mode::direct));
  stage_record(batch, p);
  return store_.apply(batch);
}

CAIRN_DECL void pinset::stage_record(write_batch& batch, pin const& p) {
  auto const id = detail::pin_record_id(p);
  batch.put(std::string{detail::pin_records} + id, encode_pin(p));
  batch.put(detail::pin_index_key(p, id), {});
  if (!p.name.empty()) batch.put(detail::pin_name_key(p, id), {});
}

CAIRN_DECL auto pinset::remove(cid const& id, bool recursive) -> io_result<void> {
  auto batch = write_batch{};
  auto const lock = std::lock_guard{locks_->of(id)};
  CAIRN_TRY(auto was_recursive, stage_removal(batch, id, pin_mode::recursive));
  if (was_recursive && !recursive) return std::unexpected(error{pin_errc::pinned_recursively}.about(to_string(id)));
  CAIRN_TRY(auto was_direct, stage_removal(batch, id, pin_mode::direct));
  if (!was_recursive && !was_direct) return std::unexpected(pin_errc::not_pinned);
  return store_.apply(batch);
}

CAIRN_DECL auto pinset::update(cid const& from, cid const& to, bool unpin) -> io_result<void> {
  auto &first = locks_->of(from), &second = locks_->of(to);
  auto const lock = std::unique_lock{std::min(&first, &second) == &first ? first : second};
  auto const inner = &first == &second ? std::unique_lock<std::mutex>{} : std::unique_lock{std::min(&first, &second) == &first ? second : first};
  CAIRN_TRY(auto old, find(from));
  if (!old || old->mode != pin_mode::recursive) return std::unexpected(pin_errc::from_not_pinned);
  if (from == to) return {};
  CAIRN_TRY(auto already, records_of(to, pin_mode::recursive));
  if (!already.empty()) return std::unexpected(pin_errc::to_already_pinned);
  auto batch = write_batch{};
  if (unpin) CAIRN_TRY(stage_removal(batch, from, pin_mode::recursive));
  CAIRN_TRY(stage_removal(batch, to, pin_mode::direct));
  stage_record(batch, pin{to, pin_mode::recursive, old->name});
  return store_.apply(batch);
}

CAIRN_DECL auto pinset::find(cid const& id) const -> io_result<std::optional<pin>> {
  for (auto mode : {pin_mode::recursive, pin_mode::direct}) {
    CAIRN_TRY(auto ids, records_of(id, mode));
    if (ids.empty()) continue;
    auto const key = std::string{detail::pin_records} + ids.front();
    CAIRN_TRY(auto value, store_.get(key));
    if (!value) return pin{id, mode, {}};
    auto found = decode_pin(*value);
    if (!found) return std::unexpected(detail::bad_pin_record(key));
    return *std::move(found);
  }
  return std::nullopt;
}

CAIRN_DECL auto pinset::list(pin_mode mode, bool names) const -> io_result<cursor> {
  CAIRN_TRY(auto entries, store_.scan(detail::pin_index(mode)));
  return cursor{store_, std::move(entries), mode, names};
}

CAIRN_DECL auto pinset::cursor::next() -> io_result<std::optional<pin>> {
  CAIRN_TRY(auto more, entries_->next());
  if (!more) return std::nullopt;
  auto const key = entries_->key();
  auto const parts = key.substr(detail::pin_index(mode_).size());
  auto const slash = parts.find('/');
  if (slash == parts.npos) return std::unexpected(detail::bad_pin_record(key));
  auto const octets = decode_multibase(parts.substr(0, slash));
  if (!octets) return std::unexpected(detail::bad_pin_record(key));
  auto const id = decode_cid(octets->second);
  if (!id) return std::unexpected(detail::bad_pin_record(key));
  auto out = pin{*id, mode_, {}};
  if (!names_) return out;
  auto const record = decode_multibase(parts.substr(slash + 1));
  if (!record) return std::unexpected(detail::bad_pin_record(key));
  CAIRN_TRY(auto value, store_.get(std::string{detail::pin_records} + std::string{as_text(record->second)}));
  if (!value) return out;
  auto found = decode_pin(*value);
  if (!found) return std::unexpected(detail::bad_pin_record(key));
  out.name = std::move(found->name);
  return out;
}

CAIRN_DECL auto pinset::rebuild() -> io_result<void> {
  auto batch = write_batch{};
  for (auto prefix : {std::string_view{"/pins/index/"}}) {
    CAIRN_TRY(auto stale, store_.scan(prefix));
    for (;;) {
      CAIRN_TRY(auto more, stale->next());
      if (!more) break;
      batch.remove(stale->key());
    }
  }
  CAIRN_TRY(auto records, store_.scan(detail::pin_records));
  for (;;) {
    CAIRN_TRY(auto more, records->next());
    if (!more) break;
    auto const found = decode_pin(records->value());
    if (!found) return std::unexpected(detail::bad_pin_record(records->key()));
    auto const id = records->key().substr(detail::pin_records.size());
    batch.put(detail::pin_index_key(*found, id), {});
    if (!found->name.empty()) batch.put(detail::pin_name_key(*found, id), {});
  }
  constexpr byte clean[]{0};
  batch.put(detail::pin_dirty_key, clean);
  return store_.apply(batch);
}

}  // namespace cairn
