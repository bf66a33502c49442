#pragma once
// The judgement: an adapter only answers, here it is compared.

#include "model.hpp"

namespace kit {

/// Of a line that an adapter wrote for a case.
///
/// An object that is expected may have more fields in the answer; "map" lists pairs in any order; all else is equal or not.
auto judge(test_case const& c, json::value const& line) -> result;

/// Whether `have` is an answer that `want` describes; where it is not, `where` names the place.
auto matches(json::value const& have, json::value const& want, std::string& where) -> bool;

}  // namespace kit
