#pragma once
// Stores of bytes by key: the metadata of a repo.
#include <cairn/datastore/batch.hpp>
#include <cairn/datastore/leveldb.hpp>
#include <cairn/datastore/memory.hpp>
#include <cairn/datastore/ref.hpp>
