#pragma once

#include <cairn/core/byte_queue.hpp>
#include <cairn/core/config.hpp>
#include <cairn/core/error.hpp>
#include <cairn/core/limits.hpp>
#include <cairn/multiformats/cid.hpp>
#include <cairn/multiformats/cid_prefix.hpp>

#include <optional>
#include <unordered_map>
#include <vector>

namespace cairn {

/// Why octets are not a bitswap message.
enum class bitswap_errc : byte {
  bad_message = 1,  ///< not the protobuf Message, or an entry that is no CID                   (bitswap specification, "Wire Format")
  too_long,         ///< a message is longer than 4 MiB, or a block in it than 2 MiB            (bitswap specification; Kubo's limits)
  too_much,         ///< a peer has begun more messages, or longer ones, than may wait for their rest     (SEC-03)
};

template <>
struct errc_traits<bitswap_errc> {
  static constexpr std::string_view module = "bitswap";
  static constexpr auto describe(bitswap_errc e) -> std::string_view {
    switch (e) {
      case bitswap_errc::bad_message: return "bitswap: not a bitswap message";
      case bitswap_errc::too_long: return "bitswap: a message or a block in it is too long";
      case bitswap_errc::too_much: return "bitswap: too much of messages that are not whole";
    }
    return "bitswap: unknown error";
  }
};

/// The versions of the protocol, newest first; 1.1 has no presences, 1.0 has blocks without prefixes.
enum class bitswap_version : byte { v1_2, v1_1, v1_0 };

/// The protocol's names, in the order in which they are offered and asked for; the nameless one is 1.0.
inline constexpr std::string_view bitswap_protocols[]{"/ipfs/bitswap/1.2.0", "/ipfs/bitswap/1.1.0", "/ipfs/bitswap/1.0.0", "/ipfs/bitswap"};

constexpr auto bitswap_version_of(std::string_view protocol) -> bitswap_version {
  return protocol == bitswap_protocols[0] ? bitswap_version::v1_2 : protocol == bitswap_protocols[1] ? bitswap_version::v1_1 : bitswap_version::v1_0;
}

/// One line of a wantlist.
struct bitswap_want {
  cid id;
  std::int32_t priority = 1;
  bool have = false;            ///< only whether it is there
  bool cancel = false;
  bool send_dont_have = false;  ///< a no is wanted too

  friend auto operator==(bitswap_want const&, bitswap_want const&) -> bool = default;
};

struct bitswap_presence {
  cid id;
  bool have;

  friend auto operator==(bitswap_presence const&, bitswap_presence const&) -> bool = default;
};

/// A block as it came: nobody has hashed it.
struct bitswap_payload {
  cid_prefix prefix;
  bytes_view data;
};

/// A message that was read; payloads borrow it.
struct bitswap_message_view {
  static constexpr std::size_t max_size = 4 * limits::MiB;

  bool full = false;  ///< the wantlist replaces all that was wanted before
  std::vector<bitswap_want> wants{};
  std::vector<bitswap_payload> payloads{};
  std::vector<bitswap_presence> presences{};
  std::int32_t pending_bytes = 0;
};

/// Read one message, without its length. Identity CIDs and CIDs longer than 168 bytes are left out (IX-62, SEC-28); a field that
/// is absent is empty. Blocks of an unknown prefix are left out too.
///
/// errors    bad_message · too_long
/// cost      payloads are not copied
CAIRN_DECL auto decode_bitswap(bytes_view in) -> result<bitswap_message_view, bitswap_errc>;

/// Messages in pieces, one behind the other: what was written for them, and blocks where they lie.
///
/// lifetime  that of the blocks
struct bitswap_frames {
  std::vector<bytes> heads{};
  std::vector<bytes_view> parts{};

  auto empty() const -> bool { return parts.empty(); }
  void clear() { heads.clear(), parts.clear(); }
  CAIRN_DECL void append_to(byte_queue& out) const;
};

/// A message in the making: one line per CID, merged as the specification has it. A block makes its presence needless.
class bitswap_message {
public:
  /// Want-block stands above want-have; a wanted no stays wanted; the priority changes with the same kind of want only.
  CAIRN_DECL void want(bitswap_want const& w);
  void cancel(cid const& id) { want({.id = id, .cancel = true}); }
  CAIRN_DECL void presence(cid const& id, bool have);
  /// lifetime  the data outlives the message
  CAIRN_DECL void add_block(cid const& id, bytes_view data);
  void set_full(bool full) { full_ = full; }
  void set_pending(std::int32_t n) { pending_ = n; }

  auto empty() const -> bool { return wants_.empty() && blocks_.empty() && presences_.empty() && !full_; }
  auto wants() const -> std::vector<bitswap_want> const& { return wants_; }
  auto block_count() const -> std::size_t { return blocks_.size(); }
  auto presences() const -> std::vector<bitswap_presence> const& { return presences_; }
  /// About how many octets it will be.
  auto size() const -> std::size_t { return size_; }

  /// Append the message behind its length, as that version has it.
  CAIRN_DECL void encode(bitswap_version version, byte_queue& out) const;
  /// The same without a copy of the blocks.
  CAIRN_DECL void encode(bitswap_version version, bitswap_frames& out) const;

private:
  struct block_entry {
    cid id;
    bytes_view data;
  };
  std::vector<bitswap_want> wants_;
  std::vector<block_entry> blocks_;
  std::vector<bitswap_presence> presences_;
  std::unordered_map<cid, std::size_t> want_at_, presence_at_, block_at_;
  std::size_t size_ = 8;
  std::int32_t pending_ = 0;
  bool full_ = false;
};

}  // namespace cairn

#if CAIRN_HEADER_ONLY
#  include <cairn/exchange/bitswap/impl/message.ipp>
#endif
