#pragma once
// The laws of <cairn/concept/multihasher.hpp>, for every model.

#include <cairn/concept/multihasher.hpp>
#include <cairn/crypto/hash.hpp>
#include <cairn/crypto/hash_set.hpp>
#include <cairn/crypto/hasher.hpp>
#include <cairn/multiformats/multicodec.hpp>

#include "support/property.hpp"

namespace cairn::laws {

template <class H>
constexpr auto is_cryptographic() -> bool {
  if constexpr (requires { H::cryptographic; })
    return H::cryptographic;
  else
    return true;
}

template <multihasher H>
void multihasher_laws() {
  INFO("hash function " << H::name);
  // L2
  if (auto const name = multicodec_name(H::code); !name.empty()) CHECK(name == H::name);
  if (auto const* row = find_hash(H::code)) {
    CHECK(row->name == H::name);
    CHECK(row->digest_size == H::digest_size);
  }
  testing::check_property("L1, L4, and the table and the stream agree with the type", [](bytes const& data) {
    auto const copy = data;
    auto const once = H::hash(data);
    RC_ASSERT(H::hash(copy) == once);
    RC_ASSERT(copy == data);
    if (find_hash(H::code)) {
      RC_ASSERT(*hash_bytes(H::code, data) == multihash::of(H::code, once));
      auto stream = *hasher::make(H::code);
      for (std::size_t at = 0, step = 1; at < data.size(); at += step, step = step * 3 % 67) {
        step = std::min(step, data.size() - at);
        stream.update(bytes_view{data}.subspan(at, step));
      }
      RC_ASSERT(*stream.finish() == multihash::of(H::code, once));
    }
  });
  testing::check_property("L3", [](std::vector<bytes> const& messages) {
    auto views = std::vector<bytes_view>(messages.begin(), messages.end());
    auto out = std::vector<digest<H::digest_size>>(messages.size());
    hash_many<H>(views, out.data());
    for (std::size_t i = 0; i < messages.size(); ++i) RC_ASSERT(out[i] == H::hash(messages[i]));
  });
  if constexpr (is_cryptographic<H>() && H::digest_size >= 16)
    testing::check_property("L5", [](bytes data, std::uint16_t bit) {
      auto const before = H::hash(data);
      auto longer = data;
      longer.push_back(0);
      RC_ASSERT(H::hash(longer) != before);
      if (data.empty()) return;
      data[bit / 8 % data.size()] ^= static_cast<byte>(1 << bit % 8);
      RC_ASSERT(H::hash(data) != before);
    });
}

}  // namespace cairn::laws
