#pragma once
// What a repo keeps, whatever is collected.
#include <cairn/pin/mark.hpp>
#include <cairn/pin/pin.hpp>
#include <cairn/pin/pinset.hpp>
#include <cairn/pin/snapshot.hpp>
