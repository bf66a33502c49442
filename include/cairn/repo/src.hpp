#pragma once
// The bodies of this module; include once in a translation unit compiled with CAIRN_SEPARATE_COMPILATION.
#include <cairn/repo/impl/blocks.ipp>
#include <cairn/repo/impl/config.ipp>
#include <cairn/repo/impl/convert.ipp>
#include <cairn/repo/impl/datastore_spec.ipp>
#include <cairn/repo/impl/files.ipp>
#include <cairn/repo/impl/gc.ipp>
#include <cairn/repo/impl/leases.ipp>
#include <cairn/repo/impl/metadata.ipp>
#include <cairn/repo/impl/repo.ipp>
