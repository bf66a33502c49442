#pragma once

#include <cairn/unixfs/importer.hpp>

namespace cairn {

/// One file into a store. For many, keep an `importer`.
///
/// errors    those of importer::add
CAIRN_DECL auto add_file(blockstore_ref store, source_ref in, import_options const& options = {},
                         std::optional<std::uint64_t> size_hint = {}) -> io_result<imported_file>;

/// The same from memory.
CAIRN_DECL auto add_file(blockstore_ref store, bytes_view in, import_options const& options = {}) -> io_result<imported_file>;

}  // namespace cairn

#if CAIRN_HEADER_ONLY
#  include <cairn/unixfs/impl/add_file.ipp>
#endif
