#pragma once
// The bodies of packs; include once in a translation unit compiled with CAIRN_SEPARATE_COMPILATION.
#include <cairn/blockstore/packs/impl/file_system.ipp>
#include <cairn/blockstore/packs/impl/segment_frame.ipp>
#include <cairn/blockstore/packs/impl/manifest.ipp>
#include <cairn/blockstore/packs/impl/removal_log.ipp>
#include <cairn/blockstore/packs/impl/index.ipp>
#include <cairn/blockstore/packs/impl/write.ipp>
#include <cairn/blockstore/packs/impl/recover.ipp>
#include <cairn/blockstore/packs/impl/rewrite.ipp>
#include <cairn/blockstore/packs/impl/collect.ipp>
#include <cairn/blockstore/packs/impl/check.ipp>
#include <cairn/blockstore/packs/impl/packs.ipp>
