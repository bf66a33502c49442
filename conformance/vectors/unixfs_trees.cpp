#include "unixfs_cases.hpp"

namespace conformance {

auto import_tree(test_case const&) -> answer { return unsupported("directories"); }

auto walk_tree(test_case const&) -> answer { return unsupported("directories"); }

}  // namespace conformance
