#pragma once
// The area "unixfs" in parts: files here and in unixfs_import.cpp, directories and trees in unixfs_trees.cpp.

#include "areas.hpp"

#include <cairn/unixfs/import_options.hpp>

namespace conformance {

/// The options that a case's "params" and the metadata beside its content ask for; throws bad_case.
auto import_options_of(test_case const& c) -> cairn::import_options;

/// op unixfs.import of one file.
auto import_file(test_case const& c) -> answer;

/// op unixfs.import of a directory, a tree or a symlink.
auto import_tree(test_case const& c) -> answer;

/// op unixfs.tree: what a CAR holds.
auto walk_tree(test_case const& c) -> answer;

}  // namespace conformance
