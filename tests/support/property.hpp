#pragma once
// A RapidCheck property as a Catch2 assertion.

#include <catch2/catch.hpp>
#include <rapidcheck.h>

namespace cairn::testing {

template <class Property>
void check_property(char const* name, Property&& property) {
  auto const result = rc::detail::checkTestable(std::forward<Property>(property));
  auto text = std::ostringstream{};
  rc::detail::printResultMessage(result, text);
  INFO(name << ": " << text.str());
  CHECK(result.template is<rc::detail::SuccessResult>());
}

}  // namespace cairn::testing
