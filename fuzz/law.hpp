#pragma once
// A law that a fuzz target holds its subject to; breaking one is a crash that libFuzzer keeps.

#include <cstdio>
#include <cstdlib>

#define CAIRN_LAW(condition)                                                             \
  do {                                                                                   \
    if (!(condition)) {                                                                  \
      std::fprintf(stderr, "%s:%d: law broken: %s\n", __FILE__, __LINE__, #condition);   \
      std::abort();                                                                      \
    }                                                                                    \
  } while (false)

namespace cairn::fuzz {

/// What was refused has a sentence.
template <class Result>
void says_why(Result const& r) {
  if (!r) CAIRN_LAW(!describe(r.error()).empty());
}

}  // namespace cairn::fuzz
