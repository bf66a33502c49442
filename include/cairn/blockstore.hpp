#pragma once
// Stores of blocks, and the layers that go on top of them.
#include <cairn/blockstore/memory.hpp>
#include <cairn/blockstore/null.hpp>
#include <cairn/blockstore/ops.hpp>
#include <cairn/blockstore/ref.hpp>
