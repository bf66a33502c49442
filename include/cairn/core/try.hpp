#pragma once

#include <expected>
#include <utility>

// CAIRN_TRY(auto x, expression);   binds the value, or returns the error from the enclosing function
// CAIRN_TRY(expression);           the same for a result whose value is not wanted
// CAIRN_CO_TRY(...)                the same inside a coroutine (co_return)
// One per line: the hidden temporary is named by the line number.

#define CAIRN_DETAIL_CAT2(a, b) a##b
#define CAIRN_DETAIL_CAT(a, b) CAIRN_DETAIL_CAT2(a, b)
#define CAIRN_DETAIL_TRY_NAME CAIRN_DETAIL_CAT(cairn_try_, __LINE__)

#define CAIRN_DETAIL_TRY1(ret, expr) \
  do {                                \
    if (auto CAIRN_DETAIL_TRY_NAME = (expr); !CAIRN_DETAIL_TRY_NAME) ret std::unexpected(std::move(CAIRN_DETAIL_TRY_NAME).error()); \
  } while (false)

#define CAIRN_DETAIL_TRY2(ret, decl, ...)                                                              \
  auto CAIRN_DETAIL_TRY_NAME = (__VA_ARGS__);                                                          \
  if (!CAIRN_DETAIL_TRY_NAME) ret std::unexpected(std::move(CAIRN_DETAIL_TRY_NAME).error());           \
  decl = *std::move(CAIRN_DETAIL_TRY_NAME)

#define CAIRN_DETAIL_PICK(_1, _2, _3, _4, _5, _6, _7, _8, which, ...) which
#define CAIRN_DETAIL_TRY(ret, ...)                                                                                    \
  CAIRN_DETAIL_PICK(__VA_ARGS__, CAIRN_DETAIL_TRY2, CAIRN_DETAIL_TRY2, CAIRN_DETAIL_TRY2, CAIRN_DETAIL_TRY2,          \
                    CAIRN_DETAIL_TRY2, CAIRN_DETAIL_TRY2, CAIRN_DETAIL_TRY2, CAIRN_DETAIL_TRY1, 0)                    \
  (ret, __VA_ARGS__)

#define CAIRN_TRY(...) CAIRN_DETAIL_TRY(return, __VA_ARGS__)
#define CAIRN_CO_TRY(...) CAIRN_DETAIL_TRY(co_return, __VA_ARGS__)
