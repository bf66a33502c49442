#pragma once
// Every body of the library, for one translation unit compiled with CAIRN_SEPARATE_COMPILATION.
#include <cairn/asio/src.hpp>
#include <cairn/block/src.hpp>
#include <cairn/blockstore/src.hpp>
#include <cairn/car/src.hpp>
#include <cairn/core/src.hpp>
#include <cairn/crypto/src.hpp>
#include <cairn/datastore/src.hpp>
#include <cairn/ipld/src.hpp>
#include <cairn/keystore/src.hpp>
#include <cairn/multiformats/src.hpp>
#include <cairn/pin/src.hpp>
#include <cairn/repo/src.hpp>
#include <cairn/service/impl/commands.src.hpp>
#include <cairn/service/impl/core.src.hpp>
#include <cairn/service/src.hpp>
#include <cairn/unixfs/src.hpp>
