#pragma once
// The bodies of this module; include once in a translation unit compiled with CAIRN_SEPARATE_COMPILATION.
#include <cairn/sim/impl/bitswap.ipp>
#include <cairn/sim/impl/connection.ipp>
#include <cairn/sim/impl/host.ipp>
#include <cairn/sim/impl/lab.ipp>
#include <cairn/sim/impl/network.ipp>
#include <cairn/sim/impl/world.ipp>
