#pragma once

#include <cairn/car/export.hpp>
#include <cairn/car/import.hpp>
#include <cairn/core/try.hpp>
#include <cairn/node/node.hpp>
#include <cairn/unixfs/add_file.hpp>
#include <cairn/unixfs/add_tree.hpp>
#include <cairn/unixfs/get_tree.hpp>

namespace cairn {

/// Why a node refuses what its recipe does not have.
enum class node_errc : byte {
  unknown_codec = 1,  ///< the CID's codec is not in node.codecs
  unknown_hash,       ///< the CID's hash function is not in node.hashes
};

template <>
struct errc_traits<node_errc> {
  static constexpr std::string_view module = "node";
  static constexpr auto describe(node_errc e) -> std::string_view {
    switch (e) {
      case node_errc::unknown_codec: return "node: the codec is not composed in";
      case node_errc::unknown_hash: return "node: the hash function is not composed in";
    }
    return "node: unknown error";
  }
};

/// A running node: the resource that `open` makes from a recipe. Move-only; its end closes what it opened.
template <class Recipe>
class running_node {
public:
  using codecs = typename Recipe::codecs_type;
  using hashes = typename Recipe::hashes_type;
  using store_type = opened_blocks<typename Recipe::blocks_type, hashes>;

  explicit running_node(store_type store) : store_{std::move(store)} {}

  auto blocks() -> store_type& { return store_; }
  auto blocks() const -> store_type const& { return store_; }
  auto ref() -> blockstore_ref { return blockstore_ref{store_}; }

  /// Encode with a codec, name with a hash function, store.
  ///
  /// errors    those of the codec and of the store
  template <block_codec Codec, multihasher Hash = sha2_256>
  auto put(ipld::node const& value) -> io_result<cid> {
    static_assert(codecs::contains(Codec::code), "this codec is not in node.codecs");
    static_assert(hashes::contains(Hash::code), "this hash function is not in node.hashes");
    auto out = bytes{};
    CAIRN_TRY(Codec::encode(value, out));
    auto const id = cid::v1(Codec::code, multihash::of(Hash::code, Hash::hash(out)));
    CAIRN_TRY(store_.put(detail::block_access::view(id, out)));
    return id;
  }

  /// The data model of a block.
  ///
  /// errors    not_found · unknown_codec · those of the codec
  auto get(cid const& id) const -> io_result<ipld::node> {
    if (!codecs::contains(id.codec())) return std::unexpected(error{node_errc::unknown_codec}.about(to_string(id)));
    CAIRN_TRY(auto b, store_.get(id));
    return codecs::decode(id.codec(), b.data());
  }

  /// Take in bytes that came with a CID, if they are what the CID says, by the recipe's own hash functions.
  ///
  /// errors    unknown_hash · hash_mismatch · those of the store
  auto accept(unverified_block b) -> io_result<void> {
    auto const& want = b.id.hash();
    auto const have = hashes::hash(want.code(), b.data, want.digest().size());
    if (!have) return std::unexpected(error{node_errc::unknown_hash}.about(to_string(b.id)));
    if (*have != want) return std::unexpected(error{block_errc::hash_mismatch}.about(to_string(b.id)));
    return store_.put(detail::block_access::view(b.id, b.data));
  }

  /// A file as UnixFS.
  auto add(source_ref in, import_options const& options = {}) -> io_result<imported_file> { return cairn::add_file(ref(), in, options); }
  auto add(bytes_view in, import_options const& options = {}) -> io_result<imported_file> { return cairn::add_file(ref(), in, options); }

  /// A file, directory or symlink of this machine.
  auto add_tree(tree_argument const& what, tree_options const& options = {}) -> io_result<added_entry> {
    return cairn::add_tree(ref(), what, options);
  }

  /// The other way: a stored tree onto this machine, at `path`.
  auto get_tree(cid const& root, std::string const& path) -> io_result<void> { return cairn::get_tree(ref(), root, path, to_string(root)); }

  auto export_car(cid const& root, sink_ref out) -> io_result<car_export_report> { return cairn::export_car(ref(), root, out); }
  auto import_car(source_ref in) -> io_result<car_import_report> { return cairn::import_car(ref(), in); }

  /// What was stored is as durable as the store promises.
  auto sync() -> io_result<void> { return cairn::sync(store_); }

private:
  store_type store_;
};

/// Make the node that a recipe describes.
///
/// errors    those of the parts that open something
template <class... Roles>
auto open(node<Roles...> const& recipe) -> io_result<running_node<node<Roles...>>> {
  using hashes = typename node<Roles...>::hashes_type;
  CAIRN_TRY(auto store, recipe.blocks.template open<hashes>());
  return running_node<node<Roles...>>{std::move(store)};
}

}  // namespace cairn
