#pragma once

#include <cairn/core/try.hpp>
#include <cairn/libp2p/tls/channel.hpp>
#include <cairn/libp2p/tls/impl/fields.hpp>

#include <algorithm>

namespace cairn {
namespace detail {

inline constexpr byte record_change_cipher = 20, record_alert = 21, record_handshake = 22, record_text = 23;

// A key may protect 2^24.5 full records of AES-GCM (5.5); long before that, another one is taken.
inline constexpr auto tls_records_per_key = std::uint64_t{1} << 23;
// The other side may change its key as often in one call as it likes to pay for; each change costs us four hashes.
inline constexpr auto tls_updates_per_call = 32u;

}  // namespace detail

CAIRN_DECL tls_channel::tls_channel(tls_identity const& identity, tls_options options, random_source const& random) : dialer_{options.dialer} {
  handshake_ = std::make_unique<tls_handshake>(identity, std::move(options), random);
}

inline auto tls_channel::make_direction(bytes_view secret, tls_level level) const -> direction {
  auto const key = tls_expand_label(secret, "key", {}, aead::key_size_of(suite_));
  auto const iv = tls_expand_label(secret, "iv", {}, 12);
  auto out = direction{aead{suite_, key}, {}, 0, secret_bytes{secret}, level};
  std::copy_n(iv.data(), 12, out.iv.begin());
  return out;
}

namespace detail {
inline auto tls_nonce(digest<12> iv, std::uint64_t count) -> digest<12> {
  for (auto i = 0uz; i < 8; ++i) iv[11 - i] ^= static_cast<byte>(count >> (8 * i));
  return iv;
}
}  // namespace detail

// One record; in the clear where there is no key yet.
inline void tls_channel::seal(byte type, bytes_view text, byte_queue& wire) {
  auto const size = write_ ? text.size() + 1 + aead::tag_size : text.size();
  auto* const out = wire.prepare(head_size + size).data();
  byte const head[head_size]{write_ ? detail::record_text : type, 3, 3, static_cast<byte>(size >> 8), static_cast<byte>(size)};
  std::copy_n(head, head_size, out);
  if (write_) write_->cipher.seal(detail::tls_nonce(write_->iv, write_->count++), head, text, out + head_size, bytes_view{&type, 1});
  else std::copy(text.begin(), text.end(), out + head_size);
  wire.commit(head_size + size);
}

inline auto tls_channel::fail(error e, byte_queue& wire) -> std::unexpected<error> {
  if (!failed_) {
    auto code = byte{42};  // bad_certificate
    if (e.module() == errc_traits<tls_errc>::module) code = tls_alert_of(static_cast<tls_errc>(e.code()));
    byte const alert[]{byte(code == 0 ? 1 : 2), code};
    seal(detail::record_alert, alert, wire);
    if (e == tls_errc::wrong_peer) remote_ = handshake_->claimed();
    failed_ = std::move(e);
    open_ = false;
    handshake_.reset();
    read_.reset(), write_.reset();
  }
  return std::unexpected(*failed_);
}

inline auto tls_channel::run_outputs(byte_queue& wire) -> io_result<void> {
  suite_ = handshake_->suite();
  for (auto& o : handshake_->take_outputs()) {
    if (o.what == tls_output::kind::message) {
      for (auto left = bytes_view{o.data}; !left.empty();) {
        auto const part = left.first(std::min(left.size(), max_text));
        seal(detail::record_handshake, part, wire);
        left = left.subspan(part.size());
      }
    } else if (o.what == tls_output::kind::write_secret) {
      write_.emplace(make_direction(o.data, o.level));
    } else {
      // "Handshake messages MUST NOT span key changes" (5.1)
      if (!messages_.empty()) return std::unexpected(error{tls_errc::unexpected_message});
      read_.emplace(make_direction(o.data, o.level));
    }
    wipe(o.data);
  }
  if (handshake_->is_finished()) {
    remote_ = handshake_->remote();
    protocol_ = handshake_->protocol();
    handshake_.reset();
    open_ = true;
  }
  return {};
}

CAIRN_DECL auto tls_channel::start(byte_queue& wire) -> io_result<void> {
  if (failed_) return std::unexpected(*failed_);
  if (!dialer_ || !handshake_) return {};
  handshake_->start();
  return run_outputs(wire);
}

inline void tls_channel::next_write_key(byte_queue& wire) {
  byte const update[]{detail::tls_key_update, 0, 0, 1, 0};  // update_not_requested
  seal(detail::record_handshake, update, wire);
  auto const next = tls_expand_label(write_->secret, "traffic upd", {}, 32);
  write_.emplace(make_direction(next, tls_level::application));
  fresh_key_ = true;
}

inline auto tls_channel::after_handshake(bytes_view message, byte_queue& wire) -> io_result<void> {
  if (message[0] == detail::tls_new_session_ticket && dialer_) return {};  // sessions are not resumed
  if (message[0] != detail::tls_key_update) return std::unexpected(error{tls_errc::unexpected_message});
  if (message.size() != 5) return std::unexpected(error{tls_errc::bad_encoding});
  if (message[4] > 1) return std::unexpected(error{tls_errc::illegal_parameter});
  if (++updates_ > detail::tls_updates_per_call) return std::unexpected(error{tls_errc::unexpected_message});
  auto const next = tls_expand_label(read_->secret, "traffic upd", {}, 32);
  read_.emplace(make_direction(next, tls_level::application));
  // one answer for all that were asked in one call: "MUST send a KeyUpdate ... prior to sending its next Application Data record"
  if (message[4] == 1 && !fresh_key_) next_write_key(wire);
  return {};
}

inline auto tls_channel::take_handshake(bytes_view part, byte_queue& wire) -> io_result<void> {
  if (part.empty()) return std::unexpected(error{tls_errc::unexpected_message});
  messages_.push(part);
  while (messages_.size() >= 4) {
    auto const size = 4 + detail::tls_reader{messages_.view().subspan(1)}.number(3);
    if (size > tls_handshake::max_message) return std::unexpected(error{tls_errc::message_too_long});
    if (messages_.size() < size) break;
    auto const view = messages_.view().first(size);
    auto const message = bytes(view.begin(), view.end());
    messages_.consume(size);
    if (!handshake_) {
      if (message[0] == detail::tls_key_update && !messages_.empty()) return std::unexpected(error{tls_errc::unexpected_message});
      CAIRN_TRY(after_handshake(message, wire));
      continue;
    }
    CAIRN_TRY(handshake_->resume(read_ ? read_->level : tls_level::plain, message));
    CAIRN_TRY(run_outputs(wire));
  }
  if (messages_.empty()) messages_.release();
  return {};
}

inline auto tls_channel::take_alert(bytes_view body) -> io_result<void> {
  if (body.size() != 2) return std::unexpected(error{tls_errc::bad_encoding});
  if (body[1] == 90) return {};  // user_canceled; close_notify follows
  if (body[1] == 0) return std::unexpected(error{tls_errc::closed});
  return std::unexpected(error{tls_errc::alert}.about("alert " + std::to_string(body[1])));
}

inline auto tls_channel::take_record(byte type, bytes_view head, bytes_view body, byte_queue& text, byte_queue& wire) -> io_result<void> {
  using namespace detail;
  auto const wrong = [](tls_errc e) { return std::unexpected(error{e}); };
  if (type == record_change_cipher) {
    // of a peer that hides TLS 1.3 from what stands between (appendix D.4): ignored until the handshake is done
    if (open_ || body.size() != 1 || body[0] != 1 || ++compatibility_ > 2) return wrong(tls_errc::unexpected_message);
    return {};
  }
  if (!read_ || type != record_text) {
    if (type == record_alert && !open_) return take_alert(body);
    if (read_ || type != record_handshake) return wrong(tls_errc::unexpected_message);
    return body.size() > max_text ? wrong(tls_errc::too_long) : take_handshake(body, wire);
  }
  if (body.size() < aead::tag_size + 1) return wrong(tls_errc::forged);
  auto const room = text.prepare(body.size() - aead::tag_size);
  if (!read_->cipher.open(tls_nonce(read_->iv, read_->count), head, body, room.data())) return wrong(tls_errc::forged);
  ++read_->count;
  auto n = body.size() - aead::tag_size;
  while (n != 0 && room[n - 1] == 0) --n;  // padding
  if (n == 0) return wrong(tls_errc::unexpected_message);
  auto const inner = room[n - 1];
  auto const content = bytes_view{room.first(n - 1)};
  if (content.size() > max_text) return wrong(tls_errc::too_long);
  if (inner == record_alert) return take_alert(content);
  if (inner == record_handshake) return take_handshake(content, wire);
  // text before the end of the handshake, or between the parts of a message of it (5.1)
  if (inner != record_text || !open_ || !messages_.empty()) return wrong(tls_errc::unexpected_message);
  text.commit(content.size());
  return {};
}

CAIRN_DECL auto tls_channel::resume(bytes_view in, byte_queue& text, byte_queue& wire) -> io_result<std::size_t> {
  if (failed_) return std::unexpected(*failed_);
  auto taken = 0uz;
  updates_ = 0;
  while (in.size() - taken >= head_size) {
    auto const head = in.subspan(taken, head_size);
    auto const size = static_cast<std::size_t>(head[3] << 8 | head[4]);
    if (head[0] < detail::record_change_cipher || head[0] > detail::record_text || head[1] != 3) return fail(tls_errc::unexpected_message, wire);
    if (size > (read_ ? max_record : max_text)) return fail(tls_errc::too_long, wire);
    if (in.size() - taken - head_size < size) break;
    taken += head_size + size;
    if (auto const ok = take_record(head[0], head, in.subspan(taken - size, size), text, wire); !ok) return fail(ok.error(), wire);
  }
  return taken;
}

CAIRN_DECL auto tls_channel::write(bytes_view text, byte_queue& wire) -> io_result<void> {
  if (failed_) return std::unexpected(*failed_);
  if (!open_) return std::unexpected(error{tls_errc::out_of_turn});
  if (!text.empty()) fresh_key_ = false;
  while (!text.empty()) {
    if (write_->count >= detail::tls_records_per_key) next_write_key(wire);
    auto const part = text.first(std::min(text.size(), max_text));
    seal(detail::record_text, part, wire);
    text = text.subspan(part.size());
  }
  return {};
}

}  // namespace cairn
