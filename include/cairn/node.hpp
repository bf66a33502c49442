#pragma once
// A node is a recipe, opened.
#include <cairn/node/blocks.hpp>
#include <cairn/node/fwd.hpp>
#include <cairn/node/host.hpp>
#include <cairn/node/manifest.hpp>
#include <cairn/node/node.hpp>
#include <cairn/node/open.hpp>
