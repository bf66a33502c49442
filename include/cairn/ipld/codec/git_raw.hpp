#pragma once

#include <cairn/core/config.hpp>
#include <cairn/core/error.hpp>
#include <cairn/ipld/link_sink.hpp>
#include <cairn/ipld/node.hpp>
#include <cairn/multiformats/codes.hpp>

namespace cairn {

/// Why bytes are not an object of git, or a node has no such form.
enum class git_raw_errc : byte {
  bad_header = 1,   ///< an object begins with blob, tree, commit or tag, a space, its size in decimal and 0x00
  bad_size,         ///< the size is not that of what follows
  bad_entry,        ///< a tree has entries "mode name", 0x00, 20 bytes of SHA-1
  duplicate_entry,  ///< the same name twice in a tree
  bad_commit,       ///< a commit has tree, parents, author, committer, more headers, an empty line and a message
  bad_tag,          ///< a tag has object, type, tag, tagger, an empty line and a message
  bad_person,       ///< a person is "name <email> seconds zone"
  not_canonical,    ///< what is here twice, in another order or with other spaces would be written in another way
  bad_node,         ///< the node has not the fields of any object of git
  bad_link,         ///< links are CIDs of git-raw with sha1, 20 bytes
};

template <>
struct errc_traits<git_raw_errc> {
  static constexpr std::string_view module = "git-raw";
  static constexpr auto describe(git_raw_errc e) -> std::string_view {
    switch (e) {
      case git_raw_errc::bad_header: return "git-raw: not the header of an object";
      case git_raw_errc::bad_size: return "git-raw: the size of the header is not that of the object";
      case git_raw_errc::bad_entry: return "git-raw: invalid entry of a tree";
      case git_raw_errc::duplicate_entry: return "git-raw: the same name twice in a tree";
      case git_raw_errc::bad_commit: return "git-raw: invalid commit";
      case git_raw_errc::bad_tag: return "git-raw: invalid tag";
      case git_raw_errc::bad_person: return "git-raw: invalid person";
      case git_raw_errc::not_canonical: return "git-raw: an object that would be written in another way";
      case git_raw_errc::bad_node: return "git-raw: no object of git";
      case git_raw_errc::bad_link: return "git-raw: a link that is no SHA-1 of an object of git";
    }
    return "git-raw: unknown error";
  }
};

/// The codec git-raw: objects of git with their header, as they are hashed.
///
/// A blob is bytes, header and all; a tree maps names to {mode, hash}; a commit and a tag are maps as Kubo shows them. Headers of a
/// commit that have no field of their own, and any behind such a one, are lines of `other`.
/// spec      specs/git-raw
struct git_raw {
  using errc = git_raw_errc;
  static constexpr std::uint64_t code = cairn::code::git_raw;
  static constexpr std::string_view name = "git-raw";

  /// Takes what `encode` would write again, byte by byte.
  ///
  /// errors    all but bad_node and bad_link
  /// cost      O(n log n); the object is written once more to be compared
  CAIRN_DECL static auto decode(bytes_view in) -> result<ipld::node, errc>;
  /// Entries of a tree are sorted as git does. Fields of a commit that are null or empty may be left out.
  ///
  /// errors    bad_node · bad_link · bad_person · duplicate_entry · those of decode, where a field holds what would be read as another
  CAIRN_DECL static auto encode(ipld::node const& n, bytes& out) -> result<void, errc>;
  /// A tree's entries in their order; of a commit tree, parents and merged tags; a tag's object.
  ///
  /// cost      O(n), no allocation for trees
  CAIRN_DECL static auto links(bytes_view in, link_sink sink) -> result<void, errc>;
};

}  // namespace cairn

#if CAIRN_HEADER_ONLY
#  include <cairn/ipld/impl/git_raw.ipp>
#endif
