#pragma once

#include <cstddef>
#include <cstdint>

/// Every cap of the framework, with the source of its number. Decoders take them as defaults of an argument.
namespace cairn::limits {

inline constexpr std::size_t KiB = 1024, MiB = 1024 * KiB, GiB = 1024 * MiB;

inline constexpr std::size_t digest = 128;          // IPIP-512: identity digests in CIDs up to 128 bytes; the longest hash of the table is 128
inline constexpr std::size_t digest_min = 20;       // Boxo verifcid: a hash digest below 20 bytes is not trusted
inline constexpr std::size_t cid = 168;             // bitswap servers drop longer CIDs
inline constexpr std::size_t block = 2 * MiB;       // Kubo 0.40: blocks that travel are at most 2 MiB
inline constexpr std::size_t stored_block = 8 * MiB;  // go-car: section of at most 8 MiB
inline constexpr std::size_t depth = 1024;          // dag-cbor, dag-json: nesting (Wycheproof of the ecosystem: go-ipld-prime 1024)
inline constexpr std::size_t car_header = 32 * MiB; // go-car MaxAllowedHeaderSize
inline constexpr std::size_t car_section = 8 * MiB; // go-car MaxAllowedSectionSize
inline constexpr std::size_t hamt_fanout = 1024;    // CVE-2023-23625
inline constexpr std::size_t unixfs_depth = 64;     // a balanced tree of width 2 over 2^63 bytes is 63 deep
// a selector travels in a message, deployed ones have some 10 parts; types with all that are written in place, types inside each other, of one type;
// the schema of schemas has 30 KiB
inline constexpr std::size_t selector_nodes = 1024, selector_depth = 64, schema_types = 64 * KiB, schema_depth = 256, schema_fields = 1024, schema_text = 4 * MiB;
inline constexpr std::size_t path_segments = 4096;  // what a path may ask for
inline constexpr std::size_t rsa_bits_min = 2048, rsa_bits_max = 8192;  // CVE-2023-39533
inline constexpr std::size_t car_roots = 64 * KiB;  // one root takes 160 bytes of memory and may take 8 of a header
inline constexpr std::size_t car_index = 1 * GiB;   // an index in memory: 25 million blocks of 40 bytes
inline constexpr std::size_t positional_text = 64 * KiB;  // base10, base36, base58: decoding is quadratic; 64 KiB take some 50 ms
inline constexpr std::size_t registry_text = 1 * MiB;     // a multicodec table at run time; the registry itself has 57 KiB
inline constexpr std::size_t ipns_record = 10 * KiB;      // IPNS Record: "implementations MUST support at least and SHOULD NOT exceed" 10 KiB
inline constexpr std::size_t domain_name = 255;           // RFC 1035, 2.3.4, and room for the final dot
inline constexpr std::size_t dnslink_text = 64 * KiB, dnslink_texts = 1024;  // a DNS message has at most 64 KiB
inline constexpr std::size_t denylist_line = 2 * MiB, denylist_header = 1 * MiB;  // IPIP-383
inline constexpr std::size_t denylist_rules = 16'000'000, denylist_functions = 8, denylist_file = 1 * GiB;  // the largest public list has 500,000 rules
inline constexpr std::size_t name_hops = 32;              // Boxo: a name leads over at most 32 names
inline constexpr std::size_t multiaddr = 4 * KiB;         // identify sends all addresses of a peer in 8 KiB
inline constexpr std::size_t certificate = 16 * KiB;      // a key and a signature of RSA-8192 in both places take 6 KiB

}  // namespace cairn::limits
