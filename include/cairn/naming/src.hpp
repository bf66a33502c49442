#pragma once
// The bodies of this module; include once in a translation unit compiled with CAIRN_SEPARATE_COMPILATION.
#include <cairn/naming/impl/denylist.ipp>
#include <cairn/naming/impl/dnslink.ipp>
#include <cairn/naming/impl/ipns_name.ipp>
#include <cairn/naming/impl/ipns_record.ipp>
#include <cairn/naming/impl/name_map.ipp>
#include <cairn/naming/impl/name_resolution.ipp>
#include <cairn/naming/impl/record_store.ipp>
