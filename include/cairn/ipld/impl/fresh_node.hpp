#pragma once

#include <cairn/ipld/node.hpp>

#include <memory>

namespace cairn::detail {

/// A new value in place of the null that was made for it, without the detours of an assignment. Moving into it cannot fail.
template <class T>
void put_fresh(ipld::node& to, T&& value) {
  static_assert(!std::is_lvalue_reference_v<T>);
  std::destroy_at(&to);
  std::construct_at(&to, std::move(value));
}

/// A null behind the others, to be filled.
inline auto append_null(ipld::map& m, std::string_view key) -> ipld::node& {
  auto& value = m.append({}, nullptr);
  m.end()[-1].key = key;
  return value;
}

}  // namespace cairn::detail
