#pragma once
// Stores of blocks, and the layers that go on top of them.
#include <cairn/blockstore/cached.hpp>
#include <cairn/blockstore/file_references.hpp>
#include <cairn/blockstore/filestore.hpp>
#include <cairn/blockstore/flatfs.hpp>
#include <cairn/blockstore/flatfs_shard.hpp>
#include <cairn/blockstore/forward.hpp>
#include <cairn/blockstore/identity.hpp>
#include <cairn/blockstore/measured.hpp>
#include <cairn/blockstore/memory.hpp>
#include <cairn/blockstore/null.hpp>
#include <cairn/blockstore/ops.hpp>
#include <cairn/blockstore/packs.hpp>
#include <cairn/blockstore/pipe.hpp>
#include <cairn/blockstore/ref.hpp>
#include <cairn/blockstore/verified.hpp>
