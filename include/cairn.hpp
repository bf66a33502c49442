#pragma once
// All of the framework.
#include <cairn/asio.hpp>
include <cairn/block.hpp>
#include <cairn/blockstore.hpp>
#include <cairn/car.hpp>
#include <cairn/core.hpp>
#include <cairn/crypto.hpp>
#include <cairn/datastore.hpp>
#include <cairn/hamt.hpp>
#include <cairn/ipld.hpp>
#include <cairn/keystore.hpp>
#include <cairn/multiformats.hpp>
#include <cairn/node.hpp>
#include <cairn/pin.hpp>
#include <cairn/repo.hpp>
#include <cairn/service.hpp>
#include <cairn/unixfs.hpp>
