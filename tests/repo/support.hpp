#pragma once

#include <cairn/core/text.hpp>
#include <cairn/repo.hpp>

#include "laws/blockstore.hpp"
#include "support/temporary_folder.hpp"

#include <fstream>

namespace cairn::testing {

/// The key of RFC 8032, section 7.1, test 1, as a node's identity.
inline auto known_identity() -> config_identity {
  return identity_of(*private_key::of_ed25519_seed(*from_hex("9d61b19deffd5a60ba844af492ec2cc44449c5697b326919703bac031cae7f60")));
}

inline auto new_config(std::initializer_list<std::string_view> profiles = {}) -> ipld::node {
  auto config = default_config(known_identity());
  for (auto name : profiles) REQUIRE(*apply_datastore_profile(config, name));
  return config;
}

inline auto text_of(std::string const& path) -> std::string {
  auto in = std::ifstream{path, std::ios::binary};
  return {std::istreambuf_iterator<char>{in}, {}};
}

inline void write_text(std::string const& path, std::string_view text) { std::ofstream{path, std::ios::binary | std::ios::trunc} << text; }

/// A dag-cbor list of links, by hand: tag 42 over 00 and the CID.
inline auto list_block(std::vector<cid> const& links) -> block {
  auto out = bytes{static_cast<byte>(0x80 + links.size())};
  for (auto const& id : links) {
    auto const octets = to_bytes(id);
    append(out, bytes{0xd8, 0x2a, 0x58, static_cast<byte>(octets.size() + 1), 0x00});
    append(out, octets);
  }
  return *hash_block({.codec = code::dag_cbor}, buffer{out});
}

}  // namespace cairn::testing
