#pragma once
// Files and directories as UnixFS DAGs.
#include <cairn/unixfs/any_chunker.hpp>
#include <cairn/unixfs/buzhash_chunker.hpp>
#include <cairn/unixfs/data.hpp>
#include <cairn/unixfs/errc.hpp>
#include <cairn/unixfs/rabin_chunker.hpp>
#include <cairn/unixfs/size_chunker.hpp>
