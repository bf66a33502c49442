#pragma once

#include <cairn/block/verify.hpp>
#include <cairn/multiformats/peer_id.hpp>

#include "support/cut.hpp"

inline auto peer_of(std::uint64_t n) -> cairn::peer_id {
  auto random = cairn::testing::seeded{n * 77 + 1};
  return cairn::peer_id::of(cairn::private_key::generate(cairn::key_type::ed25519, 0, cairn::random_source{random})->public_part());
}

inline auto block_of(std::uint64_t n, std::size_t size = 5000) -> cairn::block {
  auto random = cairn::testing::seeded{n + 1};
  auto data = cairn::bytes(size);
  random(data);
  return *cairn::hash_block({}, cairn::buffer{cairn::bytes_view{data}});
}
