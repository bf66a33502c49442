#pragma once

#include <cairn/crypto/hash_types.hpp>
#include <cairn/crypto/impl/table.hpp>

namespace cairn {

namespace detail {
template <class Hasher, class Type>
auto digest_by(bytes_view data) -> digest<Type::digest_size> {
  auto out = digest<Type::digest_size>{};
  hash_one_shot<Hasher>(data, out.data(), out.size());
  return out;
}
}  // namespace detail

CAIRN_DECL auto sha1::hash(bytes_view data) -> digest<20> { return detail::digest_by<detail::sha1_hasher, sha1>(data); }
CAIRN_DECL auto sha2_256::hash(bytes_view data) -> digest<32> { return detail::digest_by<detail::sha256_hasher, sha2_256>(data); }
CAIRN_DECL auto sha2_512::hash(bytes_view data) -> digest<64> { return detail::digest_by<detail::sha512_hasher, sha2_512>(data); }
CAIRN_DECL auto sha3_512::hash(bytes_view data) -> digest<64> { return detail::digest_by<detail::sha3_hasher<64>, sha3_512>(data); }
CAIRN_DECL auto sha3_384::hash(bytes_view data) -> digest<48> { return detail::digest_by<detail::sha3_hasher<48>, sha3_384>(data); }
CAIRN_DECL auto sha3_256::hash(bytes_view data) -> digest<32> { return detail::digest_by<detail::sha3_hasher<32>, sha3_256>(data); }
CAIRN_DECL auto sha3_224::hash(bytes_view data) -> digest<28> { return detail::digest_by<detail::sha3_hasher<28>, sha3_224>(data); }
CAIRN_DECL auto shake_128::hash(bytes_view data) -> digest<32> { return detail::digest_by<detail::shake128_hasher, shake_128>(data); }
CAIRN_DECL auto shake_256::hash(bytes_view data) -> digest<64> { return detail::digest_by<detail::shake256_hasher, shake_256>(data); }
CAIRN_DECL auto keccak_224::hash(bytes_view data) -> digest<28> { return detail::digest_by<detail::old_keccak_hasher<28>, keccak_224>(data); }
CAIRN_DECL auto keccak_256::hash(bytes_view data) -> digest<32> { return detail::digest_by<detail::old_keccak_hasher<32>, keccak_256>(data); }
CAIRN_DECL auto keccak_384::hash(bytes_view data) -> digest<48> { return detail::digest_by<detail::old_keccak_hasher<48>, keccak_384>(data); }
CAIRN_DECL auto keccak_512::hash(bytes_view data) -> digest<64> { return detail::digest_by<detail::old_keccak_hasher<64>, keccak_512>(data); }
CAIRN_DECL auto blake3::hash(bytes_view data) -> digest<32> { return detail::digest_by<detail::blake3_hasher, blake3>(data); }
CAIRN_DECL auto sha2_384::hash(bytes_view data) -> digest<48> { return detail::digest_by<detail::sha384_hasher, sha2_384>(data); }
CAIRN_DECL auto murmur3_x64_64::hash(bytes_view data) -> digest<8> { return detail::digest_by<detail::murmur3_64_hasher, murmur3_x64_64>(data); }
CAIRN_DECL auto murmur3_32::hash(bytes_view data) -> digest<4> { return detail::digest_by<detail::murmur3_32_hasher, murmur3_32>(data); }
CAIRN_DECL auto dbl_sha2_256::hash(bytes_view data) -> digest<32> { return detail::digest_by<detail::double_sha256_hasher, dbl_sha2_256>(data); }
CAIRN_DECL auto md5::hash(bytes_view data) -> digest<16> { return detail::digest_by<detail::md5_hasher, md5>(data); }
CAIRN_DECL auto sha2_224::hash(bytes_view data) -> digest<28> { return detail::digest_by<detail::sha224_hasher, sha2_224>(data); }
CAIRN_DECL auto sha2_512_224::hash(bytes_view data) -> digest<28> { return detail::digest_by<detail::sha512_224_hasher, sha2_512_224>(data); }
CAIRN_DECL auto sha2_512_256::hash(bytes_view data) -> digest<32> { return detail::digest_by<detail::sha512_256_hasher, sha2_512_256>(data); }
CAIRN_DECL auto murmur3_x64_128::hash(bytes_view data) -> digest<16> { return detail::digest_by<detail::murmur3_128_hasher, murmur3_x64_128>(data); }

CAIRN_DECL void sha2_256::hash_many(std::span<bytes_view const> in, digest<32>* out) {
  detail::sha256_many_on(in, out, detail::this_crypto_cpu());
}

CAIRN_DECL void detail::blake2b_into(bytes_view data, byte* out, std::size_t size) {
  auto h = blake2_hasher<blake2b_shape>{size};
  h.update(data);
  h.finish(out, size);
}

CAIRN_DECL void detail::blake2s_into(bytes_view data, byte* out, std::size_t size) {
  auto h = blake2_hasher<blake2s_shape>{size};
  h.update(data);
  h.finish(out, size);
}

}  // namespace cairn
