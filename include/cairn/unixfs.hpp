#pragma once
// Files and directories as UnixFS DAGs.
#include <cairn/unixfs/data.hpp>
#include <cairn/unixfs/errc.hpp>
