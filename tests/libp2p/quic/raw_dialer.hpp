#pragma once
// A dialer of QUIC that says what it is told to say: packets and frames are put together by hand, the handshake is ours.

#include <cairn/crypto/header_mask.hpp>
#include <cairn/crypto/hkdf.hpp>
#include <cairn/libp2p/quic/session.hpp>
#include <cairn/libp2p/tls/handshake.hpp>

#include "../../support/cut.hpp"

#include <array>
#include <chrono>
#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <utility>
#include <vector>

namespace cairn::testing {

inline auto quic_address_of(byte n) -> quic_address {
  auto out = quic_address{};
  out.octets[0] = 2;  // AF_INET, little-endian
  out.octets[3] = n;
  out.size = 16;
  return out;
}

/// The two ends of a test, and its clock, from a seed.
struct quic_ends {
  static constexpr auto now_seconds = std::int64_t{1'767'225'600};

  explicit quic_ends(std::uint64_t seed) : random{seed} {}
  quic_ends(quic_ends const&) = delete;

  seeded random;
  random_source source{random};
  private_key alice = *private_key::generate(key_type::ed25519, 0, source), bob = *private_key::generate(key_type::ed25519, 0, source);
  tls_identity alice_tls = *tls_identity::make(alice, now_seconds), bob_tls = *tls_identity::make(bob, now_seconds);
  quic_session::clock_time now{std::chrono::seconds(1000)};
};

/// Numbers and frames of RFC 9000.
struct quic_writer {
  bytes out{};

  auto octet(byte b) -> quic_writer& {
    out.push_back(b);
    return *this;
  }
  auto wide(std::uint64_t n, unsigned size) -> quic_writer& {
    while (size-- != 0) out.push_back(static_cast<byte>(n >> (8 * size)));
    return *this;
  }
  /// In 8, 4, 2 or 1 octets (16).
  auto number(std::uint64_t n) -> quic_writer& {
    if (n < 64) return wide(n, 1);
    if (n < 1 << 14) return wide(n | 1ull << 14, 2);
    if (n < 1 << 30) return wide(n | 2ull << 30, 4);
    return wide(n | 3ull << 62, 8);
  }
  auto raw(bytes_view in) -> quic_writer& {
    append(out, in);
    return *this;
  }
  auto parameter(std::uint64_t id, bytes_view value) -> quic_writer& { return number(id).number(value.size()).raw(value); }
  auto parameter(std::uint64_t id, std::uint64_t value) -> quic_writer& {
    auto v = quic_writer{};
    v.number(value);
    return parameter(id, v.out);
  }

  auto new_connection_id(std::uint64_t sequence, std::uint64_t retire_before) -> quic_writer& {
    octet(0x18).number(sequence).number(retire_before).octet(8).wide(sequence, 8);
    return wide(0, 8).wide(sequence, 8);
  }
  auto path_challenge(std::uint64_t data) -> quic_writer& { return octet(0x1a).wide(data, 8); }
  auto ping() -> quic_writer& { return octet(0x01); }
};

class raw_quic_dialer {
public:
  raw_quic_dialer(tls_identity const& identity, tls_options tls, random_source const& random) : tls_{identity, with_parameters(std::move(tls)), random} {
    auto first = bytes(16);
    random(first);
    there_ = first;
    constexpr byte salt[]{0x38, 0x76, 0x2c, 0xf7, 0xf5, 0x59, 0x34, 0xb3, 0x4d, 0x17, 0x9a, 0xe6, 0xa4, 0xc8, 0x0c, 0xad, 0xcc, 0xbb, 0x7f, 0x0a};
    auto const secret = hmac_sha256(salt, first);
    spaces_[0].write.emplace(aead_kind::aes_128_gcm, tls_expand_label(secret, "client in", {}, 32));
    spaces_[0].read.emplace(aead_kind::aes_128_gcm, tls_expand_label(secret, "server in", {}, 32));
    tls_.start();
    take_outputs();
  }

  /// The datagrams that the handshake wants to send now.
  auto take_datagrams() -> std::vector<bytes> {
    auto out = std::vector<bytes>{};
    for (auto level = 0u; level < 2; ++level) {
      auto& s = spaces_[level];
      if (!s.write || (s.say.empty() && !s.owes)) continue;
      auto frames = quic_writer{};
      if (std::exchange(s.owes, false)) frames.octet(0x02).number(s.largest).number(0).number(0).number(s.count - 1);
      // one CRYPTO frame to a packet
      auto const part = bytes_view{s.say}.first(std::min<std::size_t>(s.say.size(), 1000));
      if (!part.empty()) frames.octet(0x06).number(s.said).number(part.size()).raw(part);
      if (level == 0 && frames.out.size() < 1150) frames.out.resize(1150);  // padded, as each Initial packet of a client
      out.push_back(long_packet(level, frames.out));
      s.said += part.size();
      s.say.erase(s.say.begin(), s.say.begin() + static_cast<std::ptrdiff_t>(part.size()));
      if (!s.say.empty()) --level;
    }
    return out;
  }
  void receive(bytes_view datagram) {
    while (!datagram.empty() && (datagram[0] & 0x80) != 0) datagram = take_long(datagram);
  }
  auto is_open() const -> bool { return tls_.is_finished() && spaces_[2].write.has_value(); }

  /// One packet under the keys of the connection.
  auto packet(bytes_view frames) -> bytes {
    auto head = quic_writer{};
    head.octet(0x43).raw(there_);
    return sealed(spaces_[2], std::move(head.out), frames);
  }

private:
  struct keys {
    keys(aead_kind k, bytes_view secret)
        : cipher{k, tls_expand_label(secret, "quic key", {}, aead::key_size_of(k))}, mask{k, tls_expand_label(secret, "quic hp", {}, aead::key_size_of(k))},
          iv{tls_expand_label(secret, "quic iv", {}, aead::nonce_size)} {}
    aead cipher;
    header_mask mask;
    secret_bytes iv;
    auto nonce(std::uint64_t n) const -> bytes {
      auto out = bytes(iv.data(), iv.data() + aead::nonce_size);
      for (auto i = 0u; i < 8; ++i) out[11 - i] ^= static_cast<byte>(n >> (8 * i));
      return out;
    }
  };
  struct space {
    std::optional<keys> write{}, read{};
    std::uint64_t next = 0, largest = 0, count = 0;
    bool owes = false;  // an ACK
    bytes say{}, heard{};
    std::uint64_t said = 0;
    std::map<std::uint64_t, bytes> early{};
    std::uint64_t taken = 0;  // of what was heard
  };

  auto with_parameters(tls_options in) -> tls_options {
    auto p = quic_writer{};
    p.parameter(0x0f, here_).parameter(0x01, std::uint64_t{30'000}).parameter(0x04, std::uint64_t{1 << 20}).parameter(0x05, std::uint64_t{1 << 18});
    p.parameter(0x06, std::uint64_t{1 << 18}).parameter(0x08, std::uint64_t{16}).parameter(0x0e, std::uint64_t{8});
    in.quic_parameters = std::move(p.out);
    return in;
  }

  static auto sealed(space& s, bytes head, bytes_view frames) -> bytes {
    auto const at = head.size();
    auto const n = s.next++;
    for (auto i = 0u; i < 4; ++i) head.push_back(static_cast<byte>(n >> (8 * (3 - i))));
    auto out = head;
    out.resize(head.size() + frames.size() + aead::tag_size);
    s.write->cipher.seal(s.write->nonce(n), head, frames, out.data() + head.size());
    byte mask[16];
    s.write->mask.make(out.data() + at + 4, mask);
    out[0] ^= static_cast<byte>(mask[0] & ((out[0] & 0x80) != 0 ? 0x0f : 0x1f));
    for (auto i = 0u; i < 4; ++i) out[at + i] ^= mask[1 + i];
    return out;
  }
  auto long_packet(unsigned level, bytes_view frames) -> bytes {
    auto head = quic_writer{};
    head.octet(static_cast<byte>(level == 0 ? 0xc3 : 0xe3)).wide(1, 4).octet(static_cast<byte>(there_.size())).raw(there_);
    head.octet(static_cast<byte>(here_.size())).raw(here_);
    if (level == 0) head.number(0);  // no token
    head.wide((4 + frames.size() + aead::tag_size) | 1u << 14, 2);
    return sealed(spaces_[level], std::move(head.out), frames);
  }

  static auto read_number(bytes_view in, std::size_t& at) -> std::uint64_t {
    auto const size = 1u << (in[at] >> 6);
    auto out = std::uint64_t{in[at]} & 0x3f;
    for (auto i = 1u; i < size; ++i) out = out << 8 | in[at + i];
    at += size;
    return out;
  }
  // Gives what stands behind the packet.
  auto take_long(bytes_view in) -> bytes_view {
    auto const level = (in[0] >> 4 & 3) == 0 ? 0u : 1u;
    auto at = 5uz;
    at += 1 + in[at];
    auto const source = in.subspan(at + 1, in[at]);
    at += 1 + in[at];
    if (level == 0) {
      auto const token = read_number(in, at);
      at += token;
    }
    auto const length = read_number(in, at);
    auto const rest = in.subspan(at + length);
    auto& s = spaces_[level];
    if (!s.read) return rest;
    there_ = bytes(source.begin(), source.end());
    auto packet = bytes(in.begin(), in.begin() + static_cast<std::ptrdiff_t>(at + length));
    byte mask[16];
    s.read->mask.make(packet.data() + at + 4, mask);
    packet[0] ^= static_cast<byte>(mask[0] & 0x0f);
    auto const size = 1uz + (packet[0] & 3);
    auto n = std::uint64_t{0};
    for (auto i = 0uz; i < size; ++i) n = n << 8 | (packet[at + i] ^= mask[1 + i]);
    auto const head = bytes_view{packet}.first(at + size);
    auto text = bytes(length - size);
    if (!s.read->cipher.open(s.read->nonce(n), head, bytes_view{packet}.subspan(at + size), text.data())) return rest;
    text.resize(text.size() - aead::tag_size);
    s.largest = std::max(s.largest, n), ++s.count;
    take_frames(level, text);
    return rest;
  }
  void take_frames(unsigned level, bytes_view in) {
    auto& s = spaces_[level];
    for (auto at = 0uz; at < in.size();) {
      auto const type = in[at++];
      if (type == 0x00) continue;
      s.owes = s.owes || (type != 0x02 && type != 0x03);
      if (type == 0x02 || type == 0x03) {
        for (auto i = 0; i < 2; ++i) read_number(in, at);
        auto const ranges = read_number(in, at);
        for (auto i = std::uint64_t{0}; i < 2 * ranges + 1; ++i) read_number(in, at);
      } else if (type == 0x06) {
        auto const offset = read_number(in, at), size = read_number(in, at);
        s.early[offset] = {in.begin() + static_cast<std::ptrdiff_t>(at), in.begin() + static_cast<std::ptrdiff_t>(at + size)};
        at += size;
      } else if (type != 0x01) {
        return;  // nothing else comes in a handshake that goes well
      }
    }
    for (auto next = s.early.begin(); next != s.early.end() && next->first == s.taken; next = s.early.erase(next)) {
      s.taken += next->second.size();
      append(s.heard, next->second);
    }
    while (s.heard.size() >= 4) {
      auto const size = 4 + (std::size_t{s.heard[1]} << 16 | std::size_t{s.heard[2]} << 8 | s.heard[3]);
      if (s.heard.size() < size) return;
      auto const message = bytes(s.heard.begin(), s.heard.begin() + static_cast<std::ptrdiff_t>(size));
      s.heard.erase(s.heard.begin(), s.heard.begin() + static_cast<std::ptrdiff_t>(size));
      if (!tls_.resume(level == 0 ? tls_level::plain : tls_level::handshake, message)) return;
      take_outputs();
    }
  }
  void take_outputs() {
    for (auto& o : tls_.take_outputs()) {
      auto& s = spaces_[o.level == tls_level::plain ? 0 : o.level == tls_level::handshake ? 1 : 2];
      if (o.what == tls_output::kind::message) append(s.say, o.data);
      else (o.what == tls_output::kind::write_secret ? s.write : s.read).emplace(tls_.suite(), o.data);
    }
  }

  bytes const here_ = bytes(8, 'h');
  bytes there_;
  tls_handshake tls_;
  std::array<space, 3> spaces_;
};

}  // namespace cairn::testing
