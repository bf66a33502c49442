#pragma once

#include <cairn/crypto/chacha20_poly1305.hpp>

#include <cstdlib>

#include <openssl/evp.h>

namespace cairn {

CAIRN_DECL chacha20_poly1305::chacha20_poly1305(bytes_view key) : state_{::EVP_CIPHER_CTX_new()} {
  auto* const context = static_cast<EVP_CIPHER_CTX*>(state_);
  if (!context || key.size() != key_size || ::EVP_CipherInit_ex(context, ::EVP_chacha20_poly1305(), nullptr, key.data(), nullptr, 1) != 1)
    std::abort();  // a key of another size is a broken precondition; without the cipher nothing can be secured
}

CAIRN_DECL chacha20_poly1305::~chacha20_poly1305() { ::EVP_CIPHER_CTX_free(static_cast<EVP_CIPHER_CTX*>(state_)); }

CAIRN_DECL void chacha20_poly1305::seal(bytes_view nonce, bytes_view associated, bytes_view in, byte* out) {
  auto* const context = static_cast<EVP_CIPHER_CTX*>(state_);
  auto n = 0;
  auto ok = ::EVP_CipherInit_ex(context, nullptr, nullptr, nullptr, nonce.data(), 1) == 1;
  if (!associated.empty()) ok = ok && ::EVP_CipherUpdate(context, nullptr, &n, associated.data(), static_cast<int>(associated.size())) == 1;
  if (!in.empty()) ok = ok && ::EVP_CipherUpdate(context, out, &n, in.data(), static_cast<int>(in.size())) == 1;
  ok = ok && ::EVP_CipherFinal_ex(context, out + in.size(), &n) == 1;
  ok = ok && ::EVP_CIPHER_CTX_ctrl(context, EVP_CTRL_AEAD_GET_TAG, tag_size, out + in.size()) == 1;
  if (!ok) std::abort();  // only a broken provider: nothing may be sent unsealed
}

CAIRN_DECL auto chacha20_poly1305::open(bytes_view nonce, bytes_view associated, bytes_view in, byte* out) -> bool {
  if (in.size() < tag_size) return false;
  auto* const context = static_cast<EVP_CIPHER_CTX*>(state_);
  auto const text = in.first(in.size() - tag_size);
  byte tag[tag_size], none[tag_size];
  for (std::size_t i = 0; i < tag_size; ++i) tag[i] = in[text.size() + i];
  auto n = 0;
  auto ok = ::EVP_CipherInit_ex(context, nullptr, nullptr, nullptr, nonce.data(), 0) == 1 &&
            ::EVP_CIPHER_CTX_ctrl(context, EVP_CTRL_AEAD_SET_TAG, tag_size, tag) == 1;
  if (!associated.empty()) ok = ok && ::EVP_CipherUpdate(context, nullptr, &n, associated.data(), static_cast<int>(associated.size())) == 1;
  if (!text.empty()) ok = ok && ::EVP_CipherUpdate(context, out, &n, text.data(), static_cast<int>(text.size())) == 1;
  return ok && ::EVP_CipherFinal_ex(context, none, &n) == 1;
}

}  // namespace cairn
