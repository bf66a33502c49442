// A certificate of a TLS handshake: whatever the octets, a peer is proven or an error is said.
#include "law.hpp"

#include <cairn/libp2p/tls/certificate.hpp>

extern "C" auto LLVMFuzzerTestOneInput(cairn::byte const* data, std::size_t size) -> int {
  auto const key = cairn::x509::verify_certificate({data, size}, 1'767'225'600);
  CAIRN_LAW(key || !cairn::describe(key.error()).empty());
  return 0;
}
