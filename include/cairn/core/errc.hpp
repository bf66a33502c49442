#pragma once

#include <concepts>
#include <string_view>
#include <type_traits>

namespace cairn {

/// What an error enumeration of a module says of itself. Specialise it beside the enumeration:
///   static constexpr std::string_view module;                        the module's name, "varint"
///   static constexpr auto describe(E) -> std::string_view;           the violated sentence of the spec
template <class E>
struct errc_traits;

template <class E>
concept module_errc = std::is_enum_v<E> && requires(E e) {
  { errc_traits<E>::module } -> std::convertible_to<std::string_view>;
  { errc_traits<E>::describe(e) } -> std::convertible_to<std::string_view>;
};

/// The violated sentence, of any module's error.
template <module_errc E>
constexpr auto describe(E e) -> std::string_view {
  return errc_traits<E>::describe(e);
}

}  // namespace cairn
