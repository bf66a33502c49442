// UnixFS Data messages: what decodes is written again with the same meaning, and sizes are as announced.
#include <cairn/unixfs/data.hpp>

#include "law.hpp"

using namespace cairn;

extern "C" int LLVMFuzzerTestOneInput(byte const* data, std::size_t size) {
  auto const view = decode_unixfs({data, size});
  if (!view) return 0;
  auto sizes = std::vector<std::uint64_t>{};
  for (auto const one : view->block_sizes) sizes.push_back(one);
  CAIRN_LAW(sizes.size() == view->block_sizes.size());
  auto const fields = unixfs_fields{view->type, view->data, view->filesize, sizes, view->hash_type, view->fanout, view->mode, view->mtime};
  auto const wire = encode_unixfs(fields);
  CAIRN_LAW(wire.size() == encoded_size(fields));
  auto const again = decode_unixfs(wire);
  CAIRN_LAW(again.has_value());
  CAIRN_LAW(again->type == view->type && again->filesize == view->filesize && again->hash_type == view->hash_type);
  CAIRN_LAW(again->fanout == view->fanout && again->mode == view->mode && again->mtime == view->mtime);
  CAIRN_LAW(again->data.has_value() == view->data.has_value() && equal(again->content(), view->content()));
  CAIRN_LAW(again->block_sizes.sum() == view->block_sizes.sum());
  return 0;
}
