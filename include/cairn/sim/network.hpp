#pragma once

#include <cairn/core/byte_queue.hpp>
#include <cairn/sim/world.hpp>

#include <array>
#include <deque>
#include <functional>
#include <map>
#include <memory>
#include <set>
#include <utility>
#include <vector>

namespace cairn::sim {

class network;

/// A machine's place in the network.
using place = std::uint32_t;

/// How octets travel from one place to another, each way by itself.
struct link_options {
  duration latency = std::chrono::milliseconds{20};
  duration jitter{};                            ///< so much more at most, of each piece by itself; later pieces wait for it
  std::uint64_t bandwidth = 0;                  ///< octets per second of one connection; 0: no bound
  double loss = 0;                              ///< of each segment of 1,460 octets; it is sent again, and what is behind it waits
  std::size_t buffer = 256 * 1024;              ///< of one direction: under way, and not read yet
};

/// One end of a connection, as a socket of TCP is: octets come in order or not at all.
class wire : public std::enable_shared_from_this<wire> {
public:
  wire(network& of, place here, place there, link_options const& link) : network_{of}, here_{here}, there_{there}, link_{link} {}

  auto here() const -> place { return here_; }
  auto there() const -> place { return there_; }

  /// As much as the buffer takes; `on_room` tells when there is room again after it took less.
  CAIRN_DECL auto write(bytes_view in) -> std::size_t;
  /// What has arrived.
  auto in() const -> bytes_view { return in_.view(); }
  CAIRN_DECL void consume(std::size_t n);
  /// The other side writes no more, and all that it wrote is in `in`.
  auto is_ended() const -> bool { return ended_ && arriving_.empty(); }
  /// Nothing comes or goes any more.
  auto is_broken() const -> bool { return broken_; }

  /// What was written goes out; then the other side sees the end. Nothing is told here any more.
  CAIRN_DECL void close();

  std::function<void()> on_data{};   ///< more has arrived, or the end
  std::function<void()> on_room{};

private:
  friend class network;
  struct piece {
    time_point arrives;
    bytes octets;
  };

  void depart(bytes_view in);
  void arrive();                     // what was sent to this end and is due
  void fail();
  void tell_room(time_point when);

  network& network_;
  place here_, there_;
  link_options link_;
  std::weak_ptr<wire> other_{};
  std::deque<piece> arriving_{};     // to this end, in order
  byte_queue in_{};
  std::size_t taken_ = 0;            // octets that left here and are not read there, as far as is known here
  std::deque<std::pair<time_point, std::size_t>> freed_{};  // what was read there, and when it is known here
  time_point line_free_{}, last_arrival_{};
  bool ended_ = false, closed_ = false, broken_ = false, short_of_room_ = false;
};

/// Places, the links between them, and what is cut.
class network {
public:
  explicit network(world& w) : world_{w} {}
  network(network const&) = delete;

  auto of_world() -> world& { return world_; }

  CAIRN_DECL auto add_place() -> place;
  auto place_count() const -> std::size_t { return places_.size(); }

  /// Of all pairs that have none of their own, from now on.
  void set_link(link_options const& o) { link_ = o; }
  CAIRN_DECL void set_link(place a, place b, link_options const& o);
  CAIRN_DECL auto link(place a, place b) const -> link_options const&;
  /// Octets per second that leave a place, over all of its connections; 0: no bound.
  void set_uplink(place p, std::uint64_t bandwidth) { places_[p].uplink = bandwidth; }
  /// Nobody can dial it: it is behind a NAT.
  void set_hidden(place p, bool hidden) { places_[p].hidden = hidden; }

  /// Who connects to that place is handed to it; no function: connections are refused.
  void listen(place p, std::function<void(std::shared_ptr<wire>)> accept) { places_[p].accept = std::move(accept); }
  /// Called with the wire, or with nothing where it was refused; never where nobody answers.
  CAIRN_DECL void dial(place from, place to, std::function<void(std::shared_ptr<wire>)> then);

  /// Nothing gets from the one to the other; what is sent meanwhile is sent again when it does.
  CAIRN_DECL void cut(place a, place b);
  CAIRN_DECL void mend(place a, place b);
  /// The places of that set reach one another and nobody else.
  CAIRN_DECL void partition(std::vector<place> const& island);
  CAIRN_DECL void heal();
  CAIRN_DECL auto reaches(place a, place b) const -> bool;

  /// It stops without a word; its wires are gone. `restart`: it may dial and listen again.
  CAIRN_DECL void crash(place p);
  void restart(place p) { places_[p].down = false; }

  /// Called once a second, until `no_more` of that number.
  CAIRN_DECL auto every_second(std::function<void()> what) -> std::uint64_t;
  CAIRN_DECL void no_more(std::uint64_t number);

  /// Octets that arrived at their place, of all.
  auto delivered() const -> std::uint64_t { return delivered_; }

private:
  friend class wire;
  struct site {
    std::function<void(std::shared_ptr<wire>)> accept{};
    std::vector<std::weak_ptr<wire>> wires{};
    std::uint64_t uplink = 0;
    time_point uplink_free{};
    std::uint32_t island = 0;
    bool hidden = false, down = false;
  };
  static auto pair_of(place a, place b) -> std::pair<place, place> { return a < b ? std::pair{a, b} : std::pair{b, a}; }
  // those of one part of a second share an event
  struct beat {
    std::vector<std::pair<std::uint64_t, std::function<void()>>> all{};
    bool runs = false;
  };
  void strike(std::size_t beat);
  void resend();
  void keep(std::shared_ptr<wire> const& w);

  world& world_;
  link_options link_{};
  std::map<std::pair<place, place>, link_options> links_{};
  std::vector<site> places_{};
  std::set<std::pair<place, place>> cuts_{};
  std::vector<std::weak_ptr<wire>> stalled_{};   // what is under way to them waits for a link
  std::array<beat, 32> beats_{};
  std::uint64_t beat_numbers_ = 0;
  std::uint32_t islands_ = 0;
  std::uint64_t delivered_ = 0;
};

}  // namespace cairn::sim

#if CAIRN_HEADER_ONLY
#  include <cairn/sim/impl/network.ipp>
#endif
