#pragma once
// Private keys by name.
#include <cairn/keystore/fs.hpp>
#include <cairn/keystore/keystore_error.hpp>
#include <cairn/keystore/memory.hpp>
