#pragma once

#include <cairn/crypto/impl/ready_sodium.hpp>
#include <cairn/crypto/xsalsa20.hpp>

#include <algorithm>

#include <sodium.h>

namespace cairn {

CAIRN_DECL xsalsa20::xsalsa20(bytes_view key, bytes_view nonce) : key_{key} {
  if (key.size() != key_size || nonce.size() != nonce_size) std::abort();
  std::copy(nonce.begin(), nonce.end(), nonce_.begin());
  detail::ready_sodium();
}

CAIRN_DECL void xsalsa20::mix(bytes_span in_place) {
  auto const rest = std::min(unused_, in_place.size());
  for (std::size_t i = 0; i < rest; ++i) in_place[i] ^= left_[64 - unused_ + i];
  unused_ -= rest;
  in_place = in_place.subspan(rest);
  auto const whole = in_place.size() / 64 * 64;
  if (whole != 0) {
    ::crypto_stream_xsalsa20_xor_ic(in_place.data(), in_place.data(), whole, nonce_.data(), block_, key_.data());
    block_ += whole / 64;
    in_place = in_place.subspan(whole);
  }
  if (in_place.empty()) return;
  left_.fill(0);
  ::crypto_stream_xsalsa20_xor_ic(left_.data(), left_.data(), 64, nonce_.data(), block_++, key_.data());
  for (std::size_t i = 0; i < in_place.size(); ++i) in_place[i] ^= left_[i];
  unused_ = 64 - in_place.size();
}

}  // namespace cairn
