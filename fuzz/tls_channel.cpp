// A TLS channel fed with anything: it never opens, and delivers nothing; whole messages of a handshake at any level end it or not.
// With an end that has the keys and says what a script tells it to: it opens only where nothing of the handshake was altered, and
// what it delivers is what was sent.
#include <cairn/libp2p/tls/channel.hpp>

#include "ends.hpp"

using namespace cairn;

namespace {

auto options_of(bool dialer) -> tls_options { return {.dialer = dialer, .now = fuzz::handshake_time, .protocols = {"/yamux/1.0.0", "libp2p"}}; }

// Without keys: records, then the messages without records, as QUIC has them.
void of_anything(bytes_view in, byte kind) {
  auto const source = fuzz::same{7};
  auto options = options_of(kind % 2 == 0);
  byte_queue text, wire;
  auto channel = tls_channel{fuzz::own_identity(), options, random_source{source}};
  (void)channel.start(wire);
  if (auto const n = channel.resume(in, text, wire)) CAIRN_LAW(*n <= in.size());
  CAIRN_LAW(!channel.is_open());
  CAIRN_LAW(text.empty());
  CAIRN_LAW(wire.size() < 64 * 1024);
  CAIRN_LAW(!channel.write(as_bytes("x"), wire));

  if (kind & 2) options.quic_parameters = bytes{1, 2, 3};
  if (kind & 4) options.web = "example.org";
  auto handshake = tls_handshake{fuzz::own_identity(), options, random_source{source}};
  handshake.start();
  for (auto rest = in; rest.size() > 5;) {
    auto const n = 4 + (std::size_t{rest[2]} << 16 | std::size_t{rest[3]} << 8 | rest[4]);
    if (n > rest.size() - 1) break;
    if (!handshake.resume(static_cast<tls_level>(rest[0] % 3), rest.subspan(1, n))) break;
    rest = rest.subspan(1 + n);
  }
  CAIRN_LAW(!handshake.is_finished());
}

// An end that has the keys: its messages are the handshake's, its records what it is told.
class speaker {
public:
  speaker(bool dialer, fuzz::script& say, random_source const& random) : say_{say}, handshake_{fuzz::other_identity(), options_(dialer, say), random} {
    handshake_.start();
    take_outputs();
  }

  byte_queue wire{};
  bytes text{};            // of the records of text behind its handshake
  bool altered = false;    // a message of the handshake
  bool disturbed = false;  // records among those of the handshake that are not of it

  // What the channel says, as far as it matters: its messages.
  void hear(byte_queue& in) {
    while (in.size() >= tls_channel::head_size && !deaf_) {
      auto const size = std::size_t{in.view()[3]} << 8 | in.view()[4];
      auto const record = bytes(in.view().begin(), in.view().begin() + static_cast<std::ptrdiff_t>(tls_channel::head_size + size));
      in.consume(record.size());
      auto const head = bytes_view{record}.first(tls_channel::head_size), body = bytes_view{record}.subspan(tls_channel::head_size);
      auto content = bytes(body.begin(), body.end());
      auto type = head[0];
      if (read_ && type == 23) {
        if (!read_->cipher.open(read_->nonce(), head, body, content.data())) {
          CAIRN_LAW(altered || disturbed);  // else they agree on the keys
          deaf_ = true;
          return;
        }
        content.resize(content.size() - aead::tag_size);
        type = content.back();
        content.pop_back();
      }
      if (type != 22) continue;
      if (handshake_.is_finished()) {  // an answer to "update your key"
        CAIRN_LAW(content.size() == 5 && content[0] == 24);
        read_.emplace(handshake_.suite(), tls_expand_label(read_->secret, "traffic upd", {}, 32));
        continue;
      }
      append(heard_, content);
      while (heard_.size() >= 4) {
        auto const n = 4 + (std::size_t{heard_[1]} << 16 | std::size_t{heard_[2]} << 8 | heard_[3]);
        if (heard_.size() < n) break;
        auto const message = bytes(heard_.begin(), heard_.begin() + static_cast<std::ptrdiff_t>(n));
        heard_.erase(heard_.begin(), heard_.begin() + static_cast<std::ptrdiff_t>(n));
        if (!handshake_.resume(level_, message)) deaf_ = true;
        if (deaf_) return;
        take_outputs();
      }
    }
  }

  // What is put among the records.
  void disturb() { disturbed = disturbed || !application_; }
  // One record under the key of now; in the clear where there is none.
  void add(byte type, bytes_view content, std::size_t padding = 0) {
    disturb();
    if (application_ && type == 23) append(text, content);
    seal(type, content, padding);
  }
  void next_key() {
    if (!write_) return;
    auto const next = tls_expand_label(write_->secret, "traffic upd", {}, 32);
    write_.emplace(handshake_.suite(), next);
  }

private:
  struct direction {
    direction(aead_kind k, bytes_view s)
        : cipher{k, tls_expand_label(s, "key", {}, aead::key_size_of(k))}, iv{tls_expand_label(s, "iv", {}, 12)}, secret{s} {}
    auto nonce() -> bytes {
      auto out = bytes(iv.data(), iv.data() + 12);
      for (auto i = 0u; i < 8; ++i) out[11 - i] ^= static_cast<byte>(count >> (8 * i));
      ++count;
      return out;
    }
    aead cipher;
    secret_bytes iv, secret;
    std::uint64_t count = 0;
  };

  static auto options_(bool dialer, fuzz::script& say) -> tls_options {
    auto out = options_of(dialer);
    auto const kind = say.octet();
    if (kind % 4 == 1) out.protocols = {"libp2p"};
    if (kind % 4 == 2) out.protocols = {};
    if (kind % 4 == 3) out.protocols = {"/other/1"};
    return out;
  }
  void seal(byte type, bytes_view content, std::size_t padding = 0) {
    auto tail = bytes(1 + padding);
    tail[0] = type;
    auto const size = write_ ? content.size() + tail.size() + aead::tag_size : content.size();
    byte const head[]{write_ ? byte{23} : type, 3, 3, static_cast<byte>(size >> 8), static_cast<byte>(size)};
    auto out = bytes(size);
    if (write_) write_->cipher.seal(write_->nonce(), head, content, out.data(), tail);
    else std::ranges::copy(content, out.begin());
    wire.push(head);
    wire.push(out);
  }
  // Each message as it is, or as the script alters it.
  void take_outputs() {
    for (auto const& o : handshake_.take_outputs()) {
      if (o.what == tls_output::kind::write_secret) write_.emplace(handshake_.suite(), o.data), application_ = o.level == tls_level::application;
      if (o.what == tls_output::kind::read_secret) read_.emplace(handshake_.suite(), o.data), level_ = o.level;
      if (o.what != tls_output::kind::message) continue;
      for (auto rest = bytes_view{o.data}; !rest.empty();) {
        auto const n = 4 + (std::size_t{rest[1]} << 16 | std::size_t{rest[2]} << 8 | rest[3]);
        send(bytes(rest.begin(), rest.begin() + static_cast<std::ptrdiff_t>(n)));
        rest = rest.subspan(n);
      }
    }
  }
  void send(bytes message) {
    auto const before = message;
    switch (say_.octet()) {
      case 1: message[say_.number() % message.size()] ^= say_.octet(); break;
      case 2: message.resize(say_.number() % message.size()); break;
      case 3: append(message, say_.take(say_.octet())); break;
      case 4: {  // a body of the script's
        auto const body = say_.take(say_.number());
        message.resize(4);
        append(message, body);
        for (auto i = 0u; i < 3; ++i) message[3 - i] = static_cast<byte>(body.size() >> (8 * i));
        break;
      }
      case 5: {  // some octets of it are others
        auto const at = say_.number() % message.size();
        auto const part = say_.take(std::min<std::size_t>(say_.octet(), message.size() - at));
        std::ranges::copy(part, message.begin() + static_cast<std::ptrdiff_t>(at));
        break;
      }
      case 6: {  // in two records
        auto const part = bytes_view{message}.first(say_.number() % message.size());
        if (!part.empty()) seal(22, part);
        seal(22, bytes_view{message}.subspan(part.size()));
        return;
      }
      default: break;
    }
    altered = altered || message != before;
    for (auto rest = bytes_view{message}; !rest.empty();) {
      auto const part = rest.first(std::min(rest.size(), tls_channel::max_text));
      seal(22, part);
      rest = rest.subspan(part.size());
    }
  }

  fuzz::script& say_;
  tls_handshake handshake_;
  tls_level level_ = tls_level::plain;
  std::optional<direction> read_, write_;
  bytes heard_;
  bool application_ = false, deaf_ = false;
};

auto key_of(byte n) -> public_key const& {
  static public_key const keys[]{private_key::of_ed25519_seed(bytes(32, 3))->public_part(), private_key::of_ed25519_seed(bytes(32, 4))->public_part()};
  return keys[n - 3];
}

void of_two_ends(fuzz::script say, bool dials) {
  auto const sevens = fuzz::same{7}, nines = fuzz::same{9};
  auto options = options_of(dials);
  auto const expects = say.octet() % 4;
  if (expects == 1) options.expected = peer_id::of(key_of(4));
  if (expects == 2) options.expected = peer_id::of(key_of(3));
  auto channel = tls_channel{fuzz::own_identity(), options, random_source{sevens}};
  auto other = speaker{!dials, say, random_source{nines}};
  byte_queue text, wire, pending;
  (void)channel.start(wire);
  auto open = false;
  auto const exchange = [&] {
    for (auto round = 0; round < 4; ++round) {
      pending.push(other.wire.view());
      other.wire.clear();
      auto const n = channel.resume(pending.view(), text, wire);
      if (!n) {
        CAIRN_LAW(!to_string(n.error()).empty());
        CAIRN_LAW(!channel.is_open());
        return false;
      }
      pending.consume(*n);
      other.hear(wire);
    }
    return true;
  };
  for (auto well = true; well && !say.is_over();) {
    switch (say.octet() % 8) {
      case 0: well = exchange(); break;
      case 1: {  // a record of any kind
        auto const type = std::max(say.octet(), byte{1});  // zeros are padding
        auto const content = say.take(say.octet());
        other.add(type, content, say.octet() % 8);
        break;
      }
      case 2: {  // a text of many octets
        auto const size = say.number() % 17'000;
        other.add(23, bytes(size, say.octet()));
        break;
      }
      case 3: {  // "update your key"
        byte const update[]{24, 0, 0, 1, static_cast<byte>(say.octet() % 3)};
        other.add(22, update);
        other.next_key();
        break;
      }
      case 4: {  // a ticket, or an alert
        byte const ticket[]{4, 0, 0, 1, 0}, alert[]{1, say.octet()};
        if (alert[1] % 2 == 0) other.add(22, ticket);
        else other.add(21, alert);
        break;
      }
      case 5: {  // octets that are no record of its
        other.disturb();
        other.wire.push(say.take(say.octet()));
        break;
      }
      case 6: {
        byte const one[]{say.octet()};
        (void)channel.write(one, wire);
        break;
      }
      default: {  // a bit on its way is another
        auto const waiting = other.wire.writable();
        if (waiting.empty()) break;
        other.disturbed = true;
        waiting[say.number() % waiting.size()] ^= static_cast<byte>(1 << say.octet() % 8);
        break;
      }
    }
    open = open || channel.is_open();
    CAIRN_LAW(text.size() <= other.text.size() && equal(text.view(), bytes_view{other.text}.first(text.size())));
  }
  CAIRN_LAW(!(open && expects == 2));
  if (open) CAIRN_LAW(!other.altered && channel.remote() == key_of(4));
  CAIRN_LAW(wire.size() < 256 * 1024);
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(byte const* data, std::size_t size) {
  if (size == 0) return 0;
  auto const in = bytes_view{data, size}.subspan(1);
  if (data[0] & 0x80) of_two_ends(fuzz::script{in}, data[0] % 2 == 0);
  else of_anything(in, data[0]);
  return 0;
}
