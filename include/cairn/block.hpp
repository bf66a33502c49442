#pragma once
// Blocks, and who may call bytes one.
#include <cairn/block/block.hpp>
#include <cairn/block/verify.hpp>
