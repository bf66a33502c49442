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

/// IPNS records in the metadata of a repo, under Kubo's keys and in its bytes:
///   /dht/ipns/<base32 of the routing key>  the record of any name, in libp2p's envelope {key, value, time received}
///   /ipns/<base32 of the multihash>        the last record that this node published, bare: its sequence goes on from there
///
/// threads   as the store; a put reads and then writes, callers keep two puts of one name apart
/// lifetime  the store outlives it
class ipns_record_store {
public:
  explicit ipns_record_store(datastore_ref store) : store_{store} {}

  /// The best record of the name that is valid now, from either place.
  CAIRN_DECL auto get(peer_id const& name, utc_time now) const -> io_result<std::optional<bytes>>;

  /// Keep a record where it is valid and better than the one that is there.
  CAIRN_DECL auto put(peer_id const& name, bytes_view record, utc_time now) -> io_result<record_fate>;

  /// Sign and keep a new record. It is what `get` gives at once.
  ///
  /// errors    old_sequence · sequence_exhausted · too_big · those of the store
  CAIRN_DECL auto publish(private_key const& key, content_path const& value, publish_terms const& terms, utc_time now) -> io_result<bytes>;

private:
  auto stored(peer_id const& name) const -> io_result<std::optional<bytes>>;
  auto published(peer_id const& name) const -> io_result<std::optional<bytes>>;

  datastore_ref store_;
};

}  // namespace cairn

#if CAIRN_HEADER_ONLY
#  include <cairn/naming/impl/record_store.ipp>
#endif
