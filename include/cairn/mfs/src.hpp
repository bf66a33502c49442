#pragma once
// The bodies of this module; include once in a translation unit compiled with CAIRN_SEPARATE_COMPILATION.
#include <cairn/mfs/impl/file_edit.ipp>
#include <cairn/mfs/impl/tree.ipp>
