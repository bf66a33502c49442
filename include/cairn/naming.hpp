#pragma once
// Names that lead to content: IPNS records, DNSLink, and the walk from name to name.
#include <cairn/naming/denylist.hpp>
#include <cairn/naming/dnslink.hpp>
#include <cairn/naming/ipns_errc.hpp>
#include <cairn/naming/ipns_name.hpp>
#include <cairn/naming/ipns_record.hpp>
#include <cairn/naming/name_map.hpp>
#include <cairn/naming/name_resolution.hpp>
#include <cairn/naming/record_store.hpp>
