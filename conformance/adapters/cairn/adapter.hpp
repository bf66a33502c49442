#pragma once
// What an operation is given and what it answers. The input is read with test_case's readers, whose bad_case means that the
// runner sent what the operation does not know: an error of the kit, not an answer.

#include <case.hpp>

#include <cairn/core/error.hpp>
#include <cairn/core/result.hpp>
#include <cairn/core/text.hpp>
#include <cairn/ipld/node.hpp>

#include <expected>
#include <span>

namespace adapter {

namespace json = boost::json;
using namespace cairn;
using conformance::test_case;

struct refusal {
  std::string text;
};

using reply = std::expected<json::object, refusal>;

struct operation {
  std::string_view name;
  auto (*run)(test_case const&) -> reply;
};

auto multiformats_operations() -> std::span<operation const>;
auto address_operations() -> std::span<operation const>;
auto codec_operations() -> std::span<operation const>;
auto ipld_operations() -> std::span<operation const>;
auto unixfs_operations() -> std::span<operation const>;
auto car_operations() -> std::span<operation const>;
auto name_operations() -> std::span<operation const>;
auto record_operations() -> std::span<operation const>;

template <class E>
auto refuse(E const& e) -> std::unexpected<refusal> {
  if constexpr (std::is_same_v<E, cairn::error>)
    return std::unexpected(refusal{to_string(e)});
  else
    return std::unexpected(refusal{std::string{describe(e)}});
}
inline auto refuse(char const* why) -> std::unexpected<refusal> { return std::unexpected(refusal{why}); }

/// The kit's notation of values: int, float (its eight octets), bytes and link as objects with one field, a map as pairs.
auto to_value(ipld::node const& n) -> json::value;
auto from_value(json::value const& v) -> ipld::node;

/// Hexadecimal, or {"file": path}.
auto octets(json::value const& v) -> bytes;
inline auto octets(test_case const& c, std::string_view field) -> bytes { return octets(c.at(field)); }

}  // namespace adapter
