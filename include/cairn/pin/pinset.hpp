#pragma once

#include <cairn/datastore/ref.hpp>
#include <cairn/pin/pin.hpp>

#include <memory>
#include <vector>

namespace cairn {

namespace detail {
struct pin_locks;
}

/// Recursive and direct pins as records with indexes in the metadata store, with the keys and bytes of Kubo's nodes:
///   /pins/pin/<id>                                   the record
///   /pins/index/{cidRindex,cidDindex}/<cid>/<id>     by CID;  /pins/index/nameIndex/<name>/<id>  by name
///   /pins/state/dirty                                01 while another program was between record and index
/// A change is one batch, so the flag is only ever read here, never left behind.
///
/// cost      add, remove and find: a few store operations, whatever the number of pins
/// threads   every member from several threads. Changes of one CID wait for each other, those of others share a sync of the store;
///           reads wait for none
class pinset {
public:
  /// Rebuilds the indexes from the records where the dirty flag is set.
  ///
  /// errors    bad_record · those of the store
  CAIRN_DECL static auto open(datastore_ref store) -> io_result<pinset>;

  /// Pin; an older pin of the same CID is replaced (a direct one also by a recursive one).
  /// The caller has made sure that the DAG is here and durable.
  ///
  /// errors    pinned_recursively · name_too_long · bad_name
  CAIRN_DECL auto add(pin const& p) -> io_result<void>;

  /// errors    not_pinned · pinned_recursively (asked to remove a direct pin only)
  CAIRN_DECL auto remove(cid const& id, bool recursive = true) -> io_result<void>;

  /// Move a recursive pin; `unpin` false keeps the old one too.
  ///
  /// errors    from_not_pinned · to_already_pinned
  CAIRN_DECL auto update(cid const& from, cid const& to, bool unpin) -> io_result<void>;

  /// The pin of this very CID, recursive before direct.
  CAIRN_DECL auto find(cid const& id) const -> io_result<std::optional<pin>>;

  /// All pins, one at a time, in the order of their CIDs' index; the names cost one more look-up each.
  class cursor {
  public:
    CAIRN_DECL auto next() -> io_result<std::optional<pin>>;

  private:
    friend class pinset;
    cursor(datastore_ref store, std::unique_ptr<entry_cursor> entries, pin_mode mode, bool names)
        : store_{store}, entries_{std::move(entries)}, mode_{mode}, names_{names} {}
    datastore_ref store_;
    std::unique_ptr<entry_cursor> entries_;
    pin_mode mode_;
    bool names_;
  };
  CAIRN_DECL auto list(pin_mode mode, bool names = false) const -> io_result<cursor>;

private:
  CAIRN_DECL explicit pinset(datastore_ref store);
  CAIRN_DECL auto records_of(cid const& id, pin_mode mode) const -> io_result<std::vector<std::string>>;
  CAIRN_DECL auto stage_removal(write_batch& batch, cid const& id, pin_mode mode) const -> io_result<bool>;
  CAIRN_DECL static void stage_record(write_batch& batch, pin const& p);
  CAIRN_DECL auto rebuild() -> io_result<void>;

  datastore_ref store_;
  std::shared_ptr<detail::pin_locks> locks_;
};

}  // namespace cairn

#if CAIRN_HEADER_ONLY
#  include <cairn/pin/impl/pinset.ipp>
#endif
