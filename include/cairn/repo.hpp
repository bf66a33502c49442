#pragma once
// The repo of a node: its folder, its stores, its config, and what keeps it clean.
#include <cairn/repo/blocks.hpp>
#include <cairn/repo/config.hpp>
#include <cairn/repo/convert.hpp>
#include <cairn/repo/datastore_spec.hpp>
#include <cairn/repo/errc.hpp>
#include <cairn/repo/files.hpp>
#include <cairn/repo/gc.hpp>
#include <cairn/repo/leases.hpp>
#include <cairn/repo/metadata.hpp>
#include <cairn/repo/repo.hpp>
