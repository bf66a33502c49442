// A certificate of a TLS handshake: whatever the octets, a peer is proven or an error is said.
#include "law.hpp"

#include <cairn/libp2p/tls/certificate.hpp>

extern "C" auto LLVMFuzzerTestOneInput(cairn::byte const* data, std::size_t size) -> int {
  auto const key = cairn::x509::verify_certificate({data, size}, 1'767'225'600);
  cairn::fuzz::says_why(key);
  // a key of the input's: its certificate proves it, until one octet of it is another
  if (size < 34 || data[0] != 0) return 0;
  auto const own = cairn::private_key::of_ed25519_seed({data + 1, 32});
  CAIRN_LAW(own.has_value());
  auto made = cairn::x509::make_credentials(*own, 1'767'225'600);
  CAIRN_LAW(made.has_value());
  CAIRN_LAW(cairn::x509::verify_certificate(made->certificate, 1'767'225'600) == own->public_part());
  made->certificate[data[33] * made->certificate.size() / 256] ^= 1;
  CAIRN_LAW(!cairn::x509::verify_certificate(made->certificate, 1'767'225'600));
  return 0;
}
