// Signatures and keys on one core: operations a second, best of several runs.
#include <cairn/crypto/libp2p_key.hpp>
#include <cairn/multiformats/peer_id.hpp>

#include <algorithm>
#include <chrono>
#include <cstdio>

using namespace cairn;

namespace {

template <class Work>
auto per_second(Work work) -> double {
  using clock = std::chrono::steady_clock;
  auto best = 0.0;
  for (int run = 0; run < 5; ++run) {
    auto const start = clock::now();
    auto rounds = 0;
    auto seconds = 0.0;
    do {
      for (int i = 0; i < 8; ++i) work();
      rounds += 8;
      seconds = std::chrono::duration<double>(clock::now() - start).count();
    } while (seconds < 0.1);
    best = std::max(best, rounds / seconds);
  }
  return best;
}

}  // namespace

int main() {
  struct kind { char const* name; key_type type; unsigned bits; };
  auto volatile sink = 0;
  for (auto [name, type, bits] : {kind{"Ed25519", key_type::ed25519, 0}, {"secp256k1", key_type::secp256k1, 0}, {"P-256", key_type::ecdsa, 256},
                                  {"P-384", key_type::ecdsa, 384}, {"P-521", key_type::ecdsa, 521}, {"RSA-2048", key_type::rsa, 2048}}) {
    auto const key = *private_key::generate(type, bits);
    auto const message = bytes(100, 7);
    auto const signature = *key.sign(message);
    auto const octets = encode_libp2p_key(key.public_part());
    auto const secret = encode_libp2p_key(key);
    std::printf("%-10s sign %9.0f/s  verify %9.0f/s  decode public %9.0f/s  decode private %9.0f/s  peer id %9.0f/s\n", name,
                per_second([&] { sink = sink + (*key.sign(message))[0]; }),
                per_second([&] { sink = sink + key.public_part().verify(message, signature); }),
                per_second([&] { sink = sink + decode_libp2p_public_key(octets)->data()[0]; }),
                per_second([&] { sink = sink + decode_libp2p_private_key(secret)->data()[0]; }),
                per_second([&] { sink = sink + peer_id::of(key.public_part()).hash().digest()[0]; }));
  }
}
