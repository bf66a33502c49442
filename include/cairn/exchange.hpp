#pragma once
// How blocks come from other peers, and go to them.
#include <cairn/exchange/bitswap.hpp>
#include <cairn/exchange/dag_fetch.hpp>
#include <cairn/exchange/trustless.hpp>
