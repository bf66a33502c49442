#include <cairn/crypto/hash_set.hpp>

#include <cairn/crypto/hash_types.hpp>

#include "archetypes/toy_hash.hpp"
#include "laws/multihasher.hpp"

using namespace cairn;

namespace {
template <class... Hs>
void each_obeys_the_laws() {
  (laws::multihasher_laws<Hs>(), ...);
}
}  // namespace

TEST_CASE("laws of multihasher") {
  each_obeys_the_laws<sha1, sha2_224, sha2_256, sha2_384, sha2_512, sha2_512_224, sha2_512_256, sha3_224, sha3_256, sha3_384, sha3_512,
                      shake_128, shake_256, keccak_224, keccak_256, keccak_384, keccak_512, blake3, blake2b<160>, blake2b<256>,
                      blake2b<512>, blake2s<128>, blake2s<256>, dbl_sha2_256, md5, murmur3_32, murmur3_x64_64, murmur3_x64_128,
                      archetypes::toy_hash>();
}

TEST_CASE("a set is what is written down, a function of one's own included") {
  using set = hash_set<sha2_256, blake3, archetypes::toy_hash>;
  CHECK(set::size() == 3);
  CHECK(set::contains(code::blake3));
  CHECK_FALSE(set::contains(code::sha1));
  auto const data = as_bytes("data");
  CHECK(set::hash(code::sha2_256, data) == hash_bytes(code::sha2_256, data));
  CHECK(set::hash(code::blake3, data, 20) == hash_bytes(code::blake3, data, 20));
  CHECK(set::hash(archetypes::toy_hash::code, data)->digest().size() == 4);
  CHECK(set::hash(code::sha1, data).error() == multihash_errc::unknown_hash);
  CHECK(set::hash(code::sha2_256, data, 33).error() == multihash_errc::bad_length);
  CHECK(set::hash(code::identity, data)->digest().size() == 4);
  CHECK(set::hash(code::identity, bytes(200)).error() == multihash_errc::digest_too_long);
  auto name = std::string_view{};
  CHECK(set::visit(code::blake3, [&]<class H> { name = H::name; }));
  CHECK(name == "blake3");
  CHECK_FALSE(set::visit(0x99, [&]<class H> { name = H::name; }));
}
