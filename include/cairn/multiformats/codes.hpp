#pragma once

#include <cstdint>

/// The code points that the framework itself speaks of, by the table's names; `multicodec.hpp` has all of them.
namespace cairn::code {

inline constexpr std::uint64_t identity = 0x00, sha1 = 0x11, sha2_256 = 0x12, sha2_512 = 0x13, sha3_512 = 0x14, sha3_384 = 0x15,
                               sha3_256 = 0x16, sha3_224 = 0x17, shake_128 = 0x18, shake_256 = 0x19, keccak_224 = 0x1a,
                               keccak_256 = 0x1b, keccak_384 = 0x1c, keccak_512 = 0x1d, blake3 = 0x1e, sha2_384 = 0x20,
                               murmur3_x64_64 = 0x22, dbl_sha2_256 = 0x56, blake2b_8 = 0xb201, blake2b_256 = 0xb220,
                               blake2b_512 = 0xb240, blake2s_8 = 0xb241, blake2s_256 = 0xb260;

inline constexpr std::uint64_t cbor = 0x51, raw = 0x55, dag_pb = 0x70, dag_cbor = 0x71, libp2p_key = 0x72, git_raw = 0x78,
                               dag_jose = 0x85, dag_json = 0x0129, json = 0x0200;

}  // namespace cairn::code
