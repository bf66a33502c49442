#pragma once

#include <cairn/crypto/aead.hpp>

#include <cstdlib>

#include <openssl/evp.h>

namespace cairn {

CAIRN_DECL aead::aead(aead_kind kind, bytes_view key) : state_{::EVP_CIPHER_CTX_new()} {
  auto* const context = static_cast<EVP_CIPHER_CTX*>(state_);
  auto const* const cipher = kind == aead_kind::aes_128_gcm ? ::EVP_aes_128_gcm() : ::EVP_chacha20_poly1305();
  if (!context || key.size() != key_size_of(kind) || ::EVP_CipherInit_ex(context, cipher, nullptr, key.data(), nullptr, 1) != 1)
    std::abort();  // a key of another size is a broken precondition; without the cipher nothing can be secured
}

CAIRN_DECL aead::~aead() { ::EVP_CIPHER_CTX_free(static_cast<EVP_CIPHER_CTX*>(state_)); }

CAIRN_DECL void aead::seal(bytes_view nonce, bytes_view associated, bytes_view in, byte* out, bytes_view tail) {
  auto* const context = static_cast<EVP_CIPHER_CTX*>(state_);
  auto n = 0;
  auto ok = ::EVP_CipherInit_ex(context, nullptr, nullptr, nullptr, nonce.data(), 1) == 1;
  if (!associated.empty()) ok = ok && ::EVP_CipherUpdate(context, nullptr, &n, associated.data(), static_cast<int>(associated.size())) == 1;
  if (!in.empty()) ok = ok && ::EVP_CipherUpdate(context, out, &n, in.data(), static_cast<int>(in.size())) == 1;
  out += in.size();
  if (!tail.empty()) ok = ok && ::EVP_CipherUpdate(context, out, &n, tail.data(), static_cast<int>(tail.size())) == 1;
  out += tail.size();
  ok = ok && ::EVP_CipherFinal_ex(context, out, &n) == 1;
  ok = ok && ::EVP_CIPHER_CTX_ctrl(context, EVP_CTRL_AEAD_GET_TAG, tag_size, out) == 1;
  if (!ok) std::abort();  // only a broken provider: nothing may be sent unsealed
}

CAIRN_DECL auto aead::open(bytes_view nonce, bytes_view associated, bytes_view in, byte* out) -> bool {
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
