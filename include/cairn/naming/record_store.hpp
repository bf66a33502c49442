#pragma once

#include <cairn/core/config.hpp>
#include <cairn/datastore/ref.hpp>
#include <cairn/naming/ipns_name.hpp>
#include <cairn/naming/ipns_record.hpp>

namespace cairn {

/// What became of a record that was put.
enum class record_fate : byte {
  kept,     ///< it is the best one now
  not_better,  ///< a better one was there and stays
  invalid,  ///< it is not valid for the name, and not stored
};

/// What a publisher says of the record it wants.
struct publish_terms {
  std::int64_t lifetime = 48ll * 3600 * 1'000'000'000;  ///< nanoseconds
  std::int64_t ttl = 300'000'000'000;                   ///< nanoseconds
  std::optional<std::uint64_t> sequence{};              ///< unset: one more where the value changed, else as it is
  bool v1_compatible = true;
};

enum class publish_errc : byte {
  old_sequence = 1,  ///< the sequence number asked for is not above the current one
};

template <>
struct errc_traits<publish_errc> {
  static constexpr std::string_view module = "publish";
  static constexpr auto describe(publish_errc e) -> std::string_view {
    return e == publish_errc::old_sequence ? "sequence number must be greater than the current record sequence" : "publish: unknown error";
  }
};

enum class record_store_errc : byte {
  full = 1,  ///< so many names have a record that holds, and this is none of them
};

template <>
struct errc_traits<record_store_errc> {
  static constexpr std::string_view module = "records";
  static constexpr auto describe(record_store_errc e) -> std::string_view {
    return e == record_store_errc::full ? "no more names are kept here: as many as may be have a record that has not expired" : "records: unknown error";
  }
};

/// IPNS records in the metadata of a repo, under Kubo's keys and in its bytes:
///   /dht/ipns/<base32 of the routing key>  the record of any name, in libp2p's envelope {key, value, time received}
///   /ipns/<base32 of the multihash>        the last record that this node published, bare: its sequence goes on from there
///
/// threads   as the store; a put reads and then writes, callers keep two puts of one name apart
/// lifetime  the store outlives it
class ipns_record_store {
public:
  static constexpr std::size_t most_names = 16384;  ///< others may put them: 160 MiB of the largest records

  explicit ipns_record_store(datastore_ref store, std::size_t most = most_names) : store_{store}, most_{most} {}

  /// The best record of the name that is valid now, from either place.
  CAIRN_DECL auto get(peer_id const& name, utc_time now) const -> io_result<std::optional<bytes>>;

  /// Keep a record where it is valid and better than the one that is there. Where many names are kept, what has expired makes room.
  ///
  /// errors    full · those of the store
  CAIRN_DECL auto put(peer_id const& name, bytes_view record, utc_time now) -> io_result<record_fate>;

  /// Sign and keep a new record. It is what `get` gives at once.
  ///
  /// errors    old_sequence (also 0 for a name without a record) · sequence_exhausted · too_big · those of the store
  CAIRN_DECL auto publish(private_key const& key, content_path const& value, publish_terms const& terms, utc_time now) -> io_result<bytes>;

  /// Sign again what this node last published under the key, so that it holds until `lifetime` nanoseconds from now, or until its old end
  /// where that is later: value, sequence and TTL stay. A better record of the name, put by whoever has the key too, stays as well.
  ///
  /// returns   the record; nothing where none was published
  /// errors    those of the record's fields · too_big · those of the store
  CAIRN_DECL auto renew(private_key const& key, std::int64_t lifetime, utc_time now) -> io_result<std::optional<bytes>>;

private:
  auto stored(peer_id const& name) const -> io_result<std::optional<bytes>>;
  auto published(peer_id const& name) const -> io_result<std::optional<bytes>>;

  auto make_room(utc_time now) -> io_result<void>;

  datastore_ref store_;
  std::size_t most_;
};

}  // namespace cairn

#if CAIRN_HEADER_ONLY
#  include <cairn/naming/impl/record_store.ipp>
#endif
