#pragma once

#include <cairn/unixfs/directory_builder.hpp>
#include <cairn/unixfs/directory_cursor.hpp>
#include <cairn/unixfs/directory_options.hpp>

#include <memory>
#include <variant>

namespace cairn {

namespace detail {
class flat_encoding;
}

/// A directory open for changes, flat or sharded as its size asks for; it changes its form by itself, both ways.
///
/// The same entries and options give the same CID, whatever happened before, as long as all blocks of it can be read.
/// memory    a flat one: its entries; a sharded one: the blocks touched since the last `save`
/// lifetime  the store outlives it
class directory {
public:
  /// Empty.
  CAIRN_DECL directory(blockstore_ref store, directory_options options);

  /// A stored one. CID version, hash, fanout and metadata are taken from it, all else from `options`.
  ///
  /// errors    not_a_directory · those of shard_page::open · those of the store
  CAIRN_DECL static auto open(blockstore_ref store, cid const& root, directory_options options = {}) -> io_result<directory>;

  CAIRN_DECL auto find(std::string_view name) -> io_result<std::optional<unixfs_link>>;

  /// Add or replace an entry.
  ///
  /// errors    bad_name · bad_fanout · too_deep · those of the store
  CAIRN_DECL auto set(std::string_view name, unixfs_link const& link) -> io_result<void>;

  /// Remove an entry; whether it was there.
  CAIRN_DECL auto remove(std::string_view name) -> io_result<bool>;

  /// All entries as they are now; ends with the next change.
  CAIRN_DECL auto entries() -> directory_cursor;

  /// Write what has changed. A directory without changes keeps its CID, whoever made it.
  ///
  /// keep      entries that a sharded one may keep in memory, so that the next change reads nothing
  CAIRN_DECL auto save(std::size_t keep = 0) -> io_result<unixfs_link>;

  /// How its own blocks are named from now on; those of a sharded one that do not change keep their names.
  CAIRN_DECL auto set_prefix(unsigned cid_version, std::uint64_t hash) -> io_result<void>;

  /// Entries in memory, about.
  auto held() const -> std::size_t { return is_sharded() ? std::get<1>(form_).trie->held() : std::get<0>(form_).links.size(); }

  auto is_sharded() const -> bool { return form_.index() == 1; }
  auto options() const -> directory_options const& { return options_; }
  auto metadata() const -> file_metadata const& { return options_.metadata; }
  CAIRN_DECL void set_metadata(file_metadata const& metadata);

private:
  struct flat {
    std::vector<pb_link> links;  // sorted by name once changed
    std::size_t weight = 0;
    std::shared_ptr<detail::flat_encoding> encoding{};  // once it was saved
  };
  struct sharded {
    std::unique_ptr<hamt<unixfs_shard_policy>> trie;
    // what is known of the weight and the number of entries: all, or only that they are not less
    std::size_t weight = 0, count = 0;
    bool exact = false;
  };

  auto weight_of(std::string_view name, unixfs_link const& link) const -> std::size_t;
  auto base_weight() const -> std::size_t;
  auto wants_shards(std::size_t weight, std::size_t count) const -> bool;
  auto policy() const -> unixfs_shard_policy;
  auto to_sharded() -> io_result<void>;
  auto to_flat_if_small() -> io_result<void>;

  struct access {
    blockstore_ref store;
    node_writer writer;
  };
  directory_options options_;
  std::unique_ptr<access> access_;
  std::variant<flat, sharded> form_;
  std::optional<unixfs_link> saved_;
};

}  // namespace cairn

#if CAIRN_HEADER_ONLY
#  include <cairn/unixfs/impl/directory.ipp>
#endif
