#pragma once
// Who has what, and how it is asked for.
#include <cairn/routing/filters.hpp>
