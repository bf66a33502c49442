#pragma once
// Bitswap: messages, the side that asks, the side that answers, and both together.
#include <cairn/exchange/bitswap/client.hpp>
#include <cairn/exchange/bitswap/engine.hpp>
#include <cairn/exchange/bitswap/message.hpp>
#include <cairn/exchange/bitswap/server.hpp>
#include <cairn/exchange/bitswap/work.hpp>
