#pragma once

#include <cairn/core/error.hpp>
#include <cairn/core/result.hpp>

#include <concepts>
#include <string>
#include <string_view>
#include <vector>

/// Private keys by name: the identities under which a node publishes. The name `self` is the node's own key; a keystore does
/// not know that, its callers refuse to put, rename or remove it.
///
/// Laws (tests/laws/keystore.hpp)
///   L1  after put(n, k), get(n) is k and has(n) is true, for every name of 1 .. 156 octets, whatever they are
///   L2  get, remove and rename of what is not there: keystore_errc::no_such_key
///   L3  put never replaces: keystore_errc::already_exists, and the old key is still there
///   L4  rename moves the key; onto a name that is taken it is already_exists, unless `replace`, then the other key is gone
///   L5  list() yields each name once, in byte order
///   L6  an empty name: keystore_errc::empty_name; a longer one: name_too_long
///   L7  a put or a rename is there whole or not at all, also over a crash
/// Models: fs_keystore · memory_keystore
namespace cairn {

class private_key;

template <class S>
concept keystore = requires(S& s, S const& cs, std::string_view name, private_key const& key, bool replace) {
  { cs.get(name) } -> std::same_as<io_result<private_key>>;
  { cs.has(name) } -> std::same_as<io_result<bool>>;
  { cs.list() } -> std::same_as<io_result<std::vector<std::string>>>;
  { s.put(name, key) } -> std::same_as<io_result<void>>;
  { s.remove(name) } -> std::same_as<io_result<void>>;
  { s.rename(name, name, replace) } -> std::same_as<io_result<void>>;
};

}  // namespace cairn
