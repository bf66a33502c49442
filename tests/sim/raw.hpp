#pragma once

#include <cairn/sim.hpp>

#include <memory>
#include <optional>
#include <string>

namespace cairn::testing {

/// A peer that says what it is told to, octet by octet: over the wire itself, or inside a secure connection as frames of yamux.
/// What comes back is kept; `reads` false: not even taken off the wire.
class raw_peer : public std::enable_shared_from_this<raw_peer> {
public:
  raw_peer(sim::lab& in, std::uint64_t identity) : lab_{in}, at_{in.net.add_place()}, random_{identity}, key_{make_key(random_)}, noise_{*noise_identity::make(key_, random_source{random_})} {}

  auto id() const -> peer_id { return peer_id::of(key_.public_part()); }
  auto place() const -> sim::place { return at_; }

  /// Connected, and nothing more.
  auto dial(sim::place to) -> bool {
    wire = nullptr;
    lab_.net.dial(at_, to, [weak = weak_from_this()](std::shared_ptr<sim::wire> w) {
      if (auto const self = weak.lock(); self && w) self->take(std::move(w));
    });
    return lab_.time.run_until([&] { return wire != nullptr; }, std::chrono::seconds{1});
  }
  /// Security and muxer too.
  auto enter(sim::place to) -> bool {
    if (!dial(to)) return false;
    auto options = upgrade_options{};
    options.security = {"/noise"};
    options.noise = &noise_;
    upgrade_.emplace(std::move(options), random_source{random_});
    auto out = byte_queue{};
    upgrade_->start(out);
    (void)wire->write(out.view());
    return lab_.time.run_until([&] { return open || over(); }, std::chrono::seconds{5}) && open;
  }
  /// Inside the secure connection; false: the wire takes no more.
  auto seal(bytes_view text) -> bool {
    auto out = byte_queue{};
    return channel_.write(text, out).has_value() && wire->write(out.view()) == out.size();
  }
  /// A frame of yamux: type, flags, stream, length, body.
  auto frame(byte type, std::uint16_t flags, std::uint32_t id, std::uint32_t length, bytes_view body = {}) -> bool {
    return seal(frame_of(type, flags, id, length, body));
  }
  static auto frame_of(byte type, std::uint16_t flags, std::uint32_t id, std::uint32_t length, bytes_view body = {}) -> bytes {
    auto out = bytes{0, type, static_cast<byte>(flags >> 8), static_cast<byte>(flags)};
    for (auto const v : {id, length})
      for (auto shift = 24; shift >= 0; shift -= 8) out.push_back(static_cast<byte>(v >> shift));
    out.insert(out.end(), body.begin(), body.end());
    return out;
  }
  /// A stream with a protocol: proposed, and what is said on it right behind the proposal.
  auto stream(std::uint32_t id, std::string_view protocol, bytes_view said = {}) -> bool {
    auto text = byte_queue{};
    append_multistream(text, "/multistream/1.0.0");
    append_multistream(text, protocol);
    text.push(said);
    return frame(1, 1, id, 0) && frame(0, 0, id, static_cast<std::uint32_t>(text.size()), text.view());
  }
  /// The other side has let go of it.
  auto over() const -> bool { return wire && (wire->is_broken() || wire->is_ended()); }

  std::shared_ptr<sim::wire> wire{};
  byte_queue in{}, text{};   // what came outside, and inside
  bool open = false, reads = true;

private:
  static auto make_key(sim::seeded_random& random) -> private_key {
    auto seed = bytes(32);
    random(seed);
    return *private_key::of_ed25519_seed(seed);
  }
  void take(std::shared_ptr<sim::wire> w) {
    wire = std::move(w);
    wire->on_data = [weak = weak_from_this()] {
      if (auto const self = weak.lock()) self->read();
    };
  }
  void read() {
    if (!reads) return;
    in.push(wire->in());
    wire->consume(wire->in().size());
    auto out = byte_queue{};
    if (upgrade_ && !open) {
      auto const done = upgrade_->resume(in, text, out);
      open = done && *done;
      if (open) channel_ = upgrade_->take_channel();
    }
    if (open)
      if (auto const n = channel_.resume(in.view(), text, out)) in.consume(*n);
    (void)wire->write(out.view());
  }

  sim::lab& lab_;
  sim::place at_;
  sim::seeded_random random_;
  private_key key_;
  noise_identity noise_;
  std::optional<connection_upgrade> upgrade_{};
  secured_channel channel_{};
};

/// A node that is attacked, and one that wants something of it meanwhile.
struct siege {
  explicit siege(std::uint64_t seed, libp2p::host_options const& options = {}) : lab{seed} {
    lab.add(options);
    lab.add();
    root = sim::put_dag(lab[0].blocks, lab.time.random(), 20, 10'000);
  }
  auto attacker() -> std::shared_ptr<raw_peer> { return std::make_shared<raw_peer>(lab, lab.time.random().next()); }
  auto victim() -> sim::host& { return *lab[0].peer; }
  /// Somebody else is served, as fast as ever.
  auto serves() -> bool {
    auto const begin = lab.time.elapsed();
    if (!lab[1].peer->find(victim().id()) && !lab.connect(1, 0)) return false;
    lab[1].blocks = memory_blockstore{};
    return lab.fetch(1, root, std::chrono::seconds{10}).has_value() && lab.time.elapsed() - begin < std::chrono::seconds{2};
  }
  /// All that the victim's connections hold.
  auto waiting() -> std::size_t {
    auto n = 0uz;
    for (auto const& c : victim().connections()) n += c->waiting();
    return n;
  }

  sim::lab lab;
  cid root = cid::v1(code::raw, multihash::of(code::sha2_256, digest<32>{}));
};

}  // namespace cairn::testing
