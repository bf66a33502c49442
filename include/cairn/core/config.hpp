#pragma once
// How non-template bodies are compiled: header-only by default; with CAIRN_SEPARATE_COMPILATION they live in the one
// library made from `cairn/src.hpp`.

#if defined(CAIRN_SEPARATE_COMPILATION)
#  define CAIRN_DECL
#else
#  define CAIRN_DECL inline
#  define CAIRN_HEADER_ONLY 1
#endif
