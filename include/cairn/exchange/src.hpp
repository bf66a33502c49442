#pragma once
// The bodies of this module; include once in a translation unit compiled with CAIRN_SEPARATE_COMPILATION.
#include <cairn/exchange/bitswap/impl/client.ipp>
#include <cairn/exchange/bitswap/impl/engine.ipp>
#include <cairn/exchange/bitswap/impl/message.ipp>
#include <cairn/exchange/bitswap/impl/server.ipp>
#include <cairn/exchange/bitswap/impl/work.ipp>
#include <cairn/exchange/impl/dag_fetch.ipp>
#include <cairn/exchange/impl/trustless.ipp>
