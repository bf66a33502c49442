#pragma once
// The bodies of this module; include once in a translation unit compiled with CAIRN_SEPARATE_COMPILATION.
#include <cairn/core/impl/bulk_write.ipp>
#include <cairn/core/impl/error.ipp>
#include <cairn/core/impl/text.ipp>
#include <cairn/core/impl/utc_time.ipp>
