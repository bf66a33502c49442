#pragma once

#include <cairn/core/error.hpp>

namespace cairn {

/// Why bytes are not UnixFS, or why a DAG is not a UnixFS file.
enum class unixfs_errc : byte {
  truncated = 1,       ///< the Data message ended inside a field
  bad_varint,          ///< a varint of the Data message is longer than ten bytes or 64 bits
  bad_field,           ///< a field with number 0, or a wire type that protobuf does not have for messages of version 2 without groups
  no_type,             ///< the required field Type is missing
  unknown_type,        ///< Type is none of Raw, Directory, File, Metadata, Symlink, HAMTShard
  no_seconds,          ///< an mtime without its required field seconds
  bad_mtime,           ///< fractional nanoseconds outside 0 .. 999999999
  no_data,             ///< a dag-pb node without Data is not UnixFS
  is_directory,        ///< this dag node is a directory
  not_a_file,          ///< this is a symlink or metadata where a file was expected
  not_unixfs,          ///< the CID's codec is neither raw nor dag-pb
  sizes_differ,        ///< as many blocksizes as links are required
  sizes_overflow,      ///< the sum of blocksizes leaves 63 bits
  wrong_size,          ///< a child holds another number of bytes than its parent's blocksizes say
  wrong_filesize,      ///< filesize is not the length of Data plus the sum of blocksizes
  too_deep,            ///< more levels than a file of that size can need
  leaf_too_big,        ///< a leaf above the block size limit of 2 MiB
  raw_leaves_metadata, ///< raw-leaves can't be used with UnixFS metadata
  v0_needs_sha2_256,   ///< CIDv0 only supports sha2-256
  too_few_links,       ///< a node of a file tree needs room for at least two links
  bad_cut,             ///< the chunker made an empty chunk, or one longer than what it was given
};

template <>
struct errc_traits<unixfs_errc> {
  static constexpr std::string_view module = "unixfs";
  static constexpr auto describe(unixfs_errc e) -> std::string_view {
    switch (e) {
      case unixfs_errc::truncated: return "unixfs: the Data message ended inside a field";
      case unixfs_errc::bad_varint: return "unixfs: a varint is longer than ten bytes or 64 bits";
      case unixfs_errc::bad_field: return "unixfs: a field has an invalid number or wire type";
      case unixfs_errc::no_type: return "unixfs: the required field Type is missing";
      case unixfs_errc::unknown_type: return "unixfs: unrecognized node type";
      case unixfs_errc::no_seconds: return "unixfs: mtime lacks its required field seconds";
      case unixfs_errc::bad_mtime: return "unixfs: fractional nanoseconds of mtime above 999999999";
      case unixfs_errc::no_data: return "unixfs: a dag-pb node without Data is not UnixFS";
      case unixfs_errc::is_directory: return "this dag node is a directory";
      case unixfs_errc::not_a_file: return "unixfs: a symlink or metadata where a file was expected";
      case unixfs_errc::not_unixfs: return "unixfs: the codec is neither raw nor dag-pb";
      case unixfs_errc::sizes_differ: return "unixfs: the number of blocksizes differs from the number of links";
      case unixfs_errc::sizes_overflow: return "unixfs: the sum of blocksizes overflows";
      case unixfs_errc::wrong_size: return "unixfs: a child does not hold as many bytes as its parent's blocksizes say";
      case unixfs_errc::wrong_filesize: return "unixfs: filesize is not the length of Data plus the sum of blocksizes";
      case unixfs_errc::too_deep: return "unixfs: the file tree is deeper than its size can need";
      case unixfs_errc::leaf_too_big: return "unixfs: object size limit exceeded: a leaf is at most 2 MiB";
      case unixfs_errc::raw_leaves_metadata: return "raw-leaves can't be used with UnixFS metadata";
      case unixfs_errc::v0_needs_sha2_256: return "CIDv0 only supports sha2-256";
      case unixfs_errc::too_few_links: return "unixfs: a node of a file tree needs room for at least two links";
      case unixfs_errc::bad_cut: return "unixfs: the chunker made an empty chunk, or one longer than its input";
    }
    return "unixfs: unknown error";
  }
};

}  // namespace cairn
