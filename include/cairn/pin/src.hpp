#pragma once
// The bodies of this module; include once in a translation unit compiled with CAIRN_SEPARATE_COMPILATION.
#include <cairn/pin/impl/mark.ipp>
#include <cairn/pin/impl/old_pins.ipp>
#include <cairn/pin/impl/pin.ipp>
#include <cairn/pin/impl/pinset.ipp>
#include <cairn/pin/impl/snapshot.ipp>
