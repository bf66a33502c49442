#pragma once
// What runs in virtual time: whole nodes in one thread, from a seed.
#include <cairn/sim/bitswap.hpp>
#include <cairn/sim/connection.hpp>
#include <cairn/sim/host.hpp>
#include <cairn/sim/lab.hpp>
#include <cairn/sim/network.hpp>
#include <cairn/sim/random.hpp>
#include <cairn/sim/stream.hpp>
#include <cairn/sim/world.hpp>
