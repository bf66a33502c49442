#pragma once
// Hashes and keys: facts here, providers in impl/.
#include <cairn/crypto/hash.hpp>
