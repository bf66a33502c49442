// Multikey alone, fast: octets, texts and did:keys; what is taken is written back, what is refused says why. Keys of RSA are in keys.cpp.
#include <cairn/core/varint.hpp>
#include <cairn/multiformats/multikey.hpp>

#include "law.hpp"

using namespace cairn;

namespace {

void laws(multikey const& key) {
  CAIRN_LAW(decode_multikey(encode_multikey(key)) == key);
  CAIRN_LAW(parse_multikey(to_string(key)) == key);
  CAIRN_LAW(parse_multikey(to_string(key, multibase::base64url)) == key);
  if (key.kind() == multikey_kind::public_key) CAIRN_LAW(parse_did_key(to_did_key(key)) == key);
  auto const info = multikey_row_of(key.code());
  CAIRN_LAW(info.size == 0 || key.octets().size() == info.size);
  constexpr std::uint64_t rsa_public = 0x1205, rsa_private = 0x1305;
  if (key.code() == rsa_public || key.code() == rsa_private) return;
  if (auto const x = to_x25519(key)) CAIRN_LAW(x->code() == 0xec && key.code() == 0xed);
  if (auto const open = to_public_key(key)) CAIRN_LAW(to_multikey(*open) == key);
  if (auto const secret = to_private_key(key)) CAIRN_LAW(to_multikey(*secret) == key);
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(byte const* data, std::size_t size) {
  auto const in = bytes_view{data, size};
  if (auto const key = decode_multikey(in)) {
    CAIRN_LAW(equal(encode_multikey(*key), in));
    laws(*key);
  } else if (auto const code = read_varint(in); code && !code->rest.empty()) {
    // a code and octets behind it: only their number can be wrong
    CAIRN_LAW(key.error() == multikey_errc::wrong_length || key.error() == multikey_errc::too_long || key.error() == multikey_errc::bad_varint);
  }
  if (auto const key = parse_multikey(as_text(in))) laws(*key);
  if (auto const key = parse_did_key(as_text(in))) {
    CAIRN_LAW(key->kind() != multikey_kind::secret_key);
    laws(*key);
  }
  return 0;
}
