#include <cairn/crypto/hash.hpp>

#include <cairn/core/text.hpp>
#include <cairn/crypto/hasher.hpp>
#include <cairn/multiformats/cid.hpp>
#include <cairn/multiformats/multicodec.hpp>

#include <catch2/catch.hpp>

using namespace cairn;

namespace {
auto counted(std::size_t size) -> bytes {
  auto out = bytes(size);
  for (std::size_t i = 0; i < size; ++i) out[i] = static_cast<byte>(i * 131 + (i >> 7));
  return out;
}
}  // namespace

// Each line is the SHA-256 of the digests, one after the other, of the first 0, 1, ... 299, 1000 and 4096 counted bytes, made
// with Python's hashlib; the SHAKEs with 128 bytes.
TEST_CASE("the functions that other libraries have too, at every length around their blocks") {
  struct row {
    std::uint64_t code;
    std::string_view of_all;
  };
  for (auto [code, of_all] : {
           row{0x11, "e5b479b05b4aea35acb62eacc130c81fdca7afe736c9672cab7835af2fac2df3"},
           row{0x12, "e2656d560c94d4b8f16edc03953dddfcc94c941db150224faca01320a01e626b"},
           row{0x13, "42e1fbf397498e781c9a3ca65ac2dcf75a88a105181da38d765e924d02c46441"},
           row{0x14, "27a994d6fe2445339891deac806aeed8675db92c3ea6dd6793eacd29ff3c148e"},
           row{0x15, "a125c90b0748084dc797e0d5f323c4ce1744516ef44c4fe2bdc017776835a4ef"},
           row{0x16, "80f2f866105d9b6c3b40abec9d311eb2a5e92a756a9ee57f4ef8eb0f24a7cff9"},
           row{0x17, "1e0c8a4b5d7175fe1b48c012d92cb7e5e4355d91e1db5df6137efc9628bc9ee1"},
           row{0x18, "21a325db0fd05eed3ad8c8ff8049120a85d5a39abbb73812a4186340969f4fca"},
           row{0x19, "d2a702a0b464bfe3cd8b507671735cbc45e604325fe7a401eff8afb638dc85e2"},
           row{0x20, "a81e5591e660bf11fc95c6bd46d028a287e3e3a9af3ae5067771a9adf1960730"},
           row{0xd5, "e2a54750d928508f47316ddf2e67dabf5c14224b1696b00c8b992bbb65330e07"},
           row{0x1013, "3a5d1d6df9b5f6ada4537243ab38faf96011b7a286de72afd143d4b9d7949e5b"},
           row{0x1014, "2b9d7e25959a54c5b70965c656dad19a5f930385e36998b98fb34596da2d271a"},
           row{0x1015, "a187b044e7f89c7b0838cd8ef0ecc36106dba34d4fc5f1bf8a4fe24dc5d50dd7"},
       }) {
    auto const shake = code == code::shake_128 || code == code::shake_256;
    auto all = *hasher::make(code::sha2_256);
    auto const add = [&](std::size_t size) { all.update(hash_bytes(code, counted(size), shake ? 128 : 0)->digest()); };
    for (std::size_t size = 0; size < 300; ++size) add(size);
    add(1000);
    add(4096);
    CHECK(to_hex(all.finish()->digest()) == of_all);
  }
}

TEST_CASE("every BLAKE2 of the table") {
  for (auto [first, last, of_all] : {std::tuple{code::blake2b_8, code::blake2b_512, "cfb8cc69aa929bf22580a8a3edec09a0845464e5d67c9182d55ce55ebfa12d7e"},
                                     std::tuple{code::blake2s_8, code::blake2s_256, "58826410445c887fc50d6ef8a1213524e18ba6f4a1df2ce1017cecf363e70e99"}}) {
    auto all = *hasher::make(code::sha2_256);
    for (auto code = first; code <= last; ++code)
      for (auto size : {0uz, 1uz, 63uz, 64uz, 65uz, 127uz, 128uz, 129uz, 1000uz}) {
        auto const h = hash_bytes(code, counted(size));
        REQUIRE(h->digest().size() == code - first + 1);
        all.update(h->digest());
      }
    CHECK(to_hex(all.finish()->digest()) == of_all);
  }
}

TEST_CASE("Kubo's CIDs of a text under each of its functions") {
  for (auto text : {"bafkrcfgo24p2oi2sgg7nha72z7oedrg5zqroz4i",
                    "bafkreie6zm3fme2b2ghlmvee5az672tb5xduxbgplzvodoa4mnjt4jp4r4",
                    "bafkrgqgz2oapfg4xvvvb3exjq7md7jnaezjtahqqa3osxtkrv6szvekh5hfo3l4jkinlydylnavnzvd7wujlqnb4qnfdf4zg72n66acuftuio",
                    "bafkriqhxzlc23ayeeksubczwuyfgayqgq67bqb3fuprisw6dxw6yk7e6basgzaygjvhdmexqzojh6pvneccbhk4ymjf7pmdbplypap3cbaexm",
                    "bafkrkmdrltjyzp4nbovue23kbbgwjf3axzkv3vslgtpg3mkiup57ftjkuxmlapvw5wttupu2q5u4ac2meejq",
                    "bafkrmihexwdg5q72klptw6ccvkl3isf4qwnhmbwo7tnnc4kyi72lqktmsm",
                    "bafkrohgo3epgtwe4qn7ipt7zmc6wj7m3t6jdex5zvxmjrdjt2adq",
                    "bafkrsqaxnon5svf6uxivectvs4dzth2hb26y3lm2uk4a45pzuvbirihyr3s2i5pmdeqg5q4f7zdwl7ou3oqmku4nnr4gls7fyztwg5lltt5ru",
                    "bafkrwigqmqjly7iw2ratb5tyomsecysqvcu3olc3dc3skxjn5ojxcpwoum",
                    "bafkr2qg4mcu5hhg3gbwvyi2jwjglkb2vscye3gbbbk54aobplynutorbkrzcivoegvked6copeoqg6jgdq3j2zuypmyed6ta752z6esxhaz4m",
                    "bafkr4idfrfjzvxmg3afnm3u2ciie3rauzxvph4xcasdmuy6luqrsjl2iky",
                    "bafkvmibum2kox5xwotwrvn4zrqlm2dzq65du4czo5fqmcpkhw6l7etcqpi"}) {
    auto const id = parse_cid(text);
    REQUIRE(id);
    CHECK(hash_bytes(id->hash().code(), as_bytes("the quick brown fox")) == id->hash());
  }
}

TEST_CASE("the old Keccak padding, in the sizes that Kubo lists but cannot hash with") {
  CHECK(to_hex(hash_bytes(code::keccak_224, {})->digest()) == "f71837502ba8e10837bdd8d365adb85591895602fc552b48b7390abd");
  CHECK(to_hex(hash_bytes(code::keccak_384, {})->digest()) ==
        "2c23146a63a29acf99e73b88f8c24eaa7dc60aa771780ccc006afbfa8fe2479b2dd2b21362337441ac12b515911957ff");
}

TEST_CASE("the table of hash functions agrees with the multicodec table") {
  CHECK(hash_functions().size() == 120);
  for (auto const& row : hash_functions()) {
    INFO(row.name);
    CHECK(multicodec_name(row.code) == row.name);
    CHECK(find_hash(row.code) == &row);
    if (row.code == code::identity) continue;
    CHECK(hash_bytes(row.code, as_bytes("x"))->digest().size() == row.digest_size);
    CHECK(hash_bytes(row.code, as_bytes("x"), row.max_size)->digest().size() == row.max_size);
    CHECK(hash_bytes(row.code, as_bytes("x"), row.max_size + 1).error() == multihash_errc::bad_length);
    auto const cut = hash_bytes(row.code, as_bytes("x"), 1), full = hash_bytes(row.code, as_bytes("x"));
    CHECK(cut->digest()[0] == full->digest()[0]);
  }
  for (auto none : {0x7full, 0x5full, 0xd4ull, 0xb200ull, 0xb261ull, 0x1052ull, ~0ull}) {
    CHECK(hash_bytes(none, {}).error() == multihash_errc::unknown_hash);
    CHECK(hasher::make(none).error() == multihash_errc::unknown_hash);
    CHECK(find_hash(none) == nullptr);
  }
  CHECK(hash_bytes(code::identity, bytes(129)).error() == multihash_errc::digest_too_long);
}

TEST_CASE("a hasher may be asked in between and fed on") {
  for (auto const& row : hash_functions()) {
    if (row.code == code::identity) continue;
    INFO(row.name);
    auto const data = counted(3000);
    auto h = *hasher::make(row.code);
    h.update(bytes_view{data}.first(1500));
    CHECK(h.finish() == hash_bytes(row.code, bytes_view{data}.first(1500)));
    h.update(bytes_view{data}.subspan(1500));
    CHECK(h.finish() == hash_bytes(row.code, data));
  }
}

TEST_CASE("IX-23 murmur3-x64-64 is the first eight octets of murmur3-x64-128, most significant first") {
  // "hello" with the seed 0: the halves of the published function are cbd8a7b341bd9b02 and 5b1e906a48ae1d19
  CHECK(to_hex(hash_bytes(0x22, as_bytes("hello"))->digest()) == "cbd8a7b341bd9b02");
  CHECK(to_hex(hash_bytes(0x1022, as_bytes("hello"))->digest()) == "cbd8a7b341bd9b025b1e906a48ae1d19");
  for (std::size_t size = 0; size < 100; ++size) {
    auto const in = counted(size);
    CHECK(equal(hash_bytes(0x22, in)->digest(), hash_bytes(0x1022, in)->digest().first(8)));
  }
}
