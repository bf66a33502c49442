#pragma once

#include <cairn/core/config.hpp>
#include <cairn/ipld/block_reader.hpp>
#include <cairn/ipld/node.hpp>
#include <cairn/ipld/path.hpp>

#include <optional>

namespace cairn {

/// Why a path leads nowhere. The error's subject is the whole sentence, as Kubo's users see it.
enum class resolve_errc : byte {
  no_link = 1,  ///< there is no such name under a block
  no_key,       ///< there is no such key, or the list ends before that place
  bad_index,    ///< a list wants a number
  wrong_kind,   ///< a path goes on below what is neither map nor list
};

template <>
struct errc_traits<resolve_errc> {
  static constexpr std::string_view module = "resolve";
  static constexpr auto describe(resolve_errc e) -> std::string_view {
    switch (e) {
      case resolve_errc::no_link: return "the path leads to nothing";
      case resolve_errc::no_key: return "the path leads to no key of the block";
      case resolve_errc::bad_index: return "the path wants an item of a list by something that is no number";
      case resolve_errc::wrong_kind: return "the path goes on below a value that is neither map nor list";
    }
    return "resolve: unknown error";
  }
};

/// How a name is looked up under a dag-pb block of a path in /ipfs. UnixFS brings its own, for sharded directories.
class name_lookup {
public:
  virtual ~name_lookup() = default;
  /// Where the name leads; nothing where there is no such name.
  virtual auto find(block_reader blocks, block const& in, std::string_view name) const -> io_result<std::optional<cid>> = 0;
};

/// The first link of that name, whatever the block's Data says.
class pb_name_lookup final : public name_lookup {
public:
  CAIRN_DECL auto find(block_reader blocks, block const& in, std::string_view name) const -> io_result<std::optional<cid>> override;
};

/// Where a path ends: in a block, and at a place in it.
struct resolved {
  cid id;
  std::vector<std::string> remainder{};  ///< segments from the root of that block; empty: the block itself
};

/// Walk a path over blocks to the last block it names; that one is read only where the path ends inside of it.
///
/// names     looks names up under dag-pb blocks of /ipfs paths; nullptr: pb_name_lookup. /ipld paths see the data model.
/// errors    no_link · no_key · bad_index · wrong_kind · unknown_codec · those of the codec and of the store
/// cost      one block in memory at a time
CAIRN_DECL auto resolve(block_reader blocks, immutable_path const& path, name_lookup const* names = nullptr) -> io_result<resolved>;

/// One step into a value: a key of a map, a decimal place in a list. `under` is named in the error.
///
/// errors    no_key · bad_index · wrong_kind
CAIRN_DECL auto step(ipld::node const& from, std::string_view segment) -> io_result<ipld::node const*>;

/// The value where a path ended, as `ipfs dag get` gives it: dag-pb fields that are not there are null.
///
/// errors    those of resolve
CAIRN_DECL auto get_node(block_reader blocks, resolved const& at) -> io_result<ipld::node>;

}  // namespace cairn

#if CAIRN_HEADER_ONLY
#  include <cairn/ipld/impl/resolve.ipp>
#endif
