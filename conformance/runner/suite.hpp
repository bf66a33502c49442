#pragma once
// Cases as data: files in the format "cairn-conformance/1", their recipes, the clauses that they prove.

#include "model.hpp"

namespace kit {

struct filter {
  std::vector<std::string> areas, ops, ids;  ///< empty: all; ids are prefixes
};

/// All files `vectors/*.json` of the folders below each path, or the file itself; the clauses of the READMEs beside them.
/// Throws usage_error for a file that is not in the format, and for an id that stands twice.
auto load_suite(std::vector<fs::path> const& paths, filter const& f) -> suite;

/// The input as it is sent: recipes are made, what is longer than 64 KiB becomes a file in `folder` ({"file": path}).
auto expand_input(json::value const& v, fs::path const& folder) -> json::value;

auto read_text(fs::path const& path) -> std::string;
auto parse_json(std::string_view text) -> json::value;
auto to_text(json::value const& v) -> std::string;
auto sha256_hex(std::string_view text) -> std::string;

}  // namespace kit
