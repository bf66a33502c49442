#pragma once

#include <cairn/core/try.hpp>
#include <cairn/unixfs/add_file.hpp>

namespace cairn {

CAIRN_DECL auto add_file(blockstore_ref store, source_ref in, import_options const& options, std::optional<std::uint64_t> size_hint)
    -> io_result<imported_file> {
  auto i = importer{store, options};
  CAIRN_TRY(auto file, i.add(in, size_hint));
  CAIRN_TRY(i.flush());
  return file;
}

CAIRN_DECL auto add_file(blockstore_ref store, bytes_view in, import_options const& options) -> io_result<imported_file> {
  auto source = memory_source{in};
  return add_file(store, source_ref{source}, options, in.size());
}

}  // namespace cairn
