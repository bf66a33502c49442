#pragma once

#include <cairn/crypto/header_mask.hpp>

#include <cstdlib>

#include <openssl/evp.h>

namespace cairn {

CAIRN_DECL header_mask::header_mask(aead_kind kind, bytes_view key) : state_{::EVP_CIPHER_CTX_new()} {
  auto* const context = static_cast<EVP_CIPHER_CTX*>(state_);
  auto const* const cipher = kind == aead_kind::aes_128_gcm ? ::EVP_aes_128_ecb() : ::EVP_chacha20();
  if (!context || key.size() != aead::key_size_of(kind) || ::EVP_EncryptInit_ex(context, cipher, nullptr, key.data(), nullptr) != 1) std::abort();
  ::EVP_CIPHER_CTX_set_padding(context, 0);
}

CAIRN_DECL header_mask::~header_mask() { ::EVP_CIPHER_CTX_free(static_cast<EVP_CIPHER_CTX*>(state_)); }

CAIRN_DECL void header_mask::make(byte const* sample, byte* out) {
  auto* const context = static_cast<EVP_CIPHER_CTX*>(state_);
  auto n = 0;
  // of the cipher, not of the context: that one looks it up by its name, once for every packet
  if (::EVP_CIPHER_get_iv_length(::EVP_CIPHER_CTX_get0_cipher(context)) == 0) {  // AES encrypts the sample
    if (::EVP_EncryptUpdate(context, out, &n, sample, sample_size) != 1) std::abort();
    return;
  }
  // ChaCha20: the sample is its counter and its nonce
  byte const zeros[mask_size]{};
  if (::EVP_EncryptInit_ex(context, nullptr, nullptr, nullptr, sample) != 1 || ::EVP_EncryptUpdate(context, out, &n, zeros, mask_size) != 1) std::abort();
}

}  // namespace cairn
