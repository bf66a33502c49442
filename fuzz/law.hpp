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
