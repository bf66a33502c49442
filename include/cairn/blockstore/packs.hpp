#pragma once
// The store of append-only segments: its parts, for who builds on them or tests them.
#include <cairn/blockstore/packs/errc.hpp>
#include <cairn/blockstore/packs/file_system.hpp>
#include <cairn/blockstore/packs/index.hpp>
#include <cairn/blockstore/packs/location.hpp>
#include <cairn/blockstore/packs/manifest.hpp>
#include <cairn/blockstore/packs/options.hpp>
#include <cairn/blockstore/packs/packs.hpp>
#include <cairn/blockstore/packs/removal_log.hpp>
#include <cairn/blockstore/packs/report.hpp>
