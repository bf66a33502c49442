#pragma once

#include <cairn/core/error.hpp>
#include <cairn/core/result.hpp>
#include <cairn/multiformats/multicodec_table.hpp>

#include <iterator>
#include <optional>
#include <span>

namespace cairn {

/// Why a code point cannot be used for what it was asked.
enum class multicodec_errc : byte {
  unknown_code = 1,   ///< no row of the multicodec table has this code
  unknown_name,       ///< no row of the multicodec table has this name
  not_a_multihash,    ///< the code is registered for something else: a `hash` row is no CID multihash   (multicodec, tag "hash")
};

template <>
struct errc_traits<multicodec_errc> {
  static constexpr std::string_view module = "multicodec";
  static constexpr auto describe(multicodec_errc e) -> std::string_view {
    switch (e) {
      case multicodec_errc::unknown_code: return "multicodec: no row of the table has this code";
      case multicodec_errc::unknown_name: return "multicodec: no row of the table has this name";
      case multicodec_errc::not_a_multihash: return "multicodec: the code is not registered as a multihash";
    }
    return "multicodec: unknown error";
  }
};

/// All rows of the registry, by code.
constexpr auto multicodec_table() -> std::span<multicodec_row const> { return detail::multicodec_rows; }

/// The row of a code, or nothing.
///
/// cost      a binary search, at compile time too
constexpr auto find_multicodec(std::uint64_t code) -> multicodec_row const* {
  auto const* first = detail::multicodec_rows;
  auto const* last = first + std::size(detail::multicodec_rows);
  while (first != last) {
    auto const* const middle = first + (last - first) / 2;
    if (middle->code == code) return middle;
    if (middle->code < code)
      first = middle + 1;
    else
      last = middle;
  }
  return nullptr;
}

/// The row of a name, or nothing.
constexpr auto find_multicodec(std::string_view name) -> multicodec_row const* {
  auto const* first = detail::multicodec_rows_by_name;
  auto const* last = first + std::size(detail::multicodec_rows_by_name);
  while (first != last) {
    auto const* const middle = first + (last - first) / 2;
    auto const& row = detail::multicodec_rows[*middle];
    if (row.name == name) return &row;
    if (row.name < name)
      first = middle + 1;
    else
      last = middle;
  }
  return nullptr;
}

/// The name of a code, or an empty text.
constexpr auto multicodec_name(std::uint64_t code) -> std::string_view {
  auto const* const row = find_multicodec(code);
  return row ? row->name : std::string_view{};
}

/// The code of a name.
constexpr auto multicodec_code(std::string_view name) -> std::optional<std::uint64_t> {
  auto const* const row = find_multicodec(name);
  return row ? std::optional{row->code} : std::nullopt;
}

constexpr auto to_string(multicodec_tag tag) -> std::string_view { return detail::multicodec_tag_names[static_cast<std::size_t>(tag)]; }

constexpr auto to_string(multicodec_status status) -> std::string_view {
  return status == multicodec_status::permanent ? "permanent" : status == multicodec_status::draft ? "draft" : "deprecated";
}

/// What may stand as the hash function of a CID.
enum class multihash_codes : byte {
  multihash_only,  ///< rows with the tag "multihash"
  any_hash,        ///< also rows with the tag "hash": checksums, murmur3; they do not bind content
};

/// Whether a code may stand as the hash function of a CID. A code that no row has is refused too: nothing says what it is.
///
/// errors    unknown_code · not_a_multihash
constexpr auto check_multihash_code(std::uint64_t code, multihash_codes allowed = multihash_codes::multihash_only)
    -> result<void, multicodec_errc> {
  auto const* const row = find_multicodec(code);
  if (!row) return std::unexpected(multicodec_errc::unknown_code);
  if (row->tag == multicodec_tag::multihash) return {};
  if (row->tag == multicodec_tag::hash && allowed == multihash_codes::any_hash) return {};
  return std::unexpected(multicodec_errc::not_a_multihash);
}

static_assert(multicodec_code("dag-cbor") == 0x71 && multicodec_name(0x12) == "sha2-256");

}  // namespace cairn
