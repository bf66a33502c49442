#pragma once
// The bodies of this module; include once in a translation unit compiled with CAIRN_SEPARATE_COMPILATION.
#include <cairn/blockstore/impl/file_references.ipp>
#include <cairn/blockstore/impl/flatfs.ipp>
#include <cairn/blockstore/impl/flatfs_shard.ipp>
#include <cairn/blockstore/impl/flatfs_walk.ipp>
#include <cairn/blockstore/packs/src.hpp>
