#pragma once
// The bodies of this module; include once in a translation unit compiled with CAIRN_SEPARATE_COMPILATION.
#include <cairn/unixfs/impl/add_file.ipp>
#include <cairn/unixfs/impl/add_tree.ipp>
#include <cairn/unixfs/impl/any_chunker.ipp>
#include <cairn/unixfs/impl/buzhash_chunker.ipp>
#include <cairn/unixfs/impl/byte_sink.ipp>
#include <cairn/unixfs/impl/byte_source.ipp>
#include <cairn/unixfs/impl/data.ipp>
#include <cairn/unixfs/impl/directory.ipp>
#include <cairn/unixfs/impl/directory_builder.ipp>
#include <cairn/unixfs/impl/directory_cursor.ipp>
#include <cairn/unixfs/impl/file_reader.ipp>
#include <cairn/unixfs/impl/importer.ipp>
#include <cairn/unixfs/impl/node_sink.ipp>
#include <cairn/unixfs/impl/rabin_chunker.ipp>
#include <cairn/unixfs/impl/shard.ipp>
