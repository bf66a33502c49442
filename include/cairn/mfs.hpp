#pragma once
// A tree of files and directories that changes, over blocks that do not.
#include <cairn/mfs/errc.hpp>
#include <cairn/mfs/file_edit.hpp>
#include <cairn/mfs/tree.hpp>
