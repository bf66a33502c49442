#pragma once

#include <cairn/core/bytes.hpp>
#include <cairn/core/error.hpp>
#include <cairn/core/result.hpp>
#include <cairn/core/varint.hpp>

#include <string_view>

namespace cairn {

/// Why bytes are not a protobuf message.
enum class protobuf_errc : byte {
  truncated = 1,  ///< input ended inside a field, or a length reaches past its end
  bad_varint,     ///< a varint is wider than 64 bits
  bad_field,      ///< a field number outside 1 .. 2^29 - 1, or a wire type that is a group or none
};

template <>
struct errc_traits<protobuf_errc> {
  static constexpr std::string_view module = "protobuf";
  static constexpr auto describe(protobuf_errc e) -> std::string_view {
    switch (e) {
      case protobuf_errc::truncated: return "protobuf: input ended inside a field";
      case protobuf_errc::bad_varint: return "protobuf: a varint is wider than 64 bits";
      case protobuf_errc::bad_field: return "protobuf: no such field number or wire type";
    }
    return "protobuf: unknown error";
  }
};

enum class protobuf_wire : byte { varint = 0, fixed64 = 1, bytes = 2, fixed32 = 5 };

/// One field of a message, borrowed.
struct protobuf_field {
  std::uint64_t number = 0;
  protobuf_wire wire = protobuf_wire::varint;
  std::uint64_t value = 0;  ///< of varint and the fixed ones
  bytes_view body{};        ///< of bytes

  constexpr auto is(std::uint64_t n, protobuf_wire w) const -> bool { return number == n && wire == w; }
};

namespace detail {

// protobuf readers take overlong varints
constexpr auto read_protobuf_varint(bytes_view in) -> result<decoded<std::uint64_t>, protobuf_errc> {
  std::uint64_t value = 0;
  for (std::size_t i = 0; i < in.size(); ++i) {
    if (i == 10 || (i == 9 && in[i] > 1)) return std::unexpected(protobuf_errc::bad_varint);
    value |= static_cast<std::uint64_t>(in[i] & 0x7f) << (7 * i);
    if (in[i] < 0x80) return decoded<std::uint64_t>{value, in.subspan(i + 1)};
  }
  return std::unexpected(in.size() >= 10 ? protobuf_errc::bad_varint : protobuf_errc::truncated);
}

}  // namespace detail

/// Read one field from the front of `in`. Groups are refused.
///
/// errors    truncated · bad_varint · bad_field
/// cost      no allocation
constexpr auto read_protobuf_field(bytes_view in) -> result<decoded<protobuf_field>, protobuf_errc> {
  auto const tag = detail::read_protobuf_varint(in);
  if (!tag) return std::unexpected(tag.error());
  auto f = protobuf_field{tag->value >> 3, static_cast<protobuf_wire>(tag->value & 7)};
  auto rest = tag->rest;
  if (f.number == 0 || f.number > 0x1fffffff) return std::unexpected(protobuf_errc::bad_field);
  switch (f.wire) {
    case protobuf_wire::varint: {
      auto const v = detail::read_protobuf_varint(rest);
      if (!v) return std::unexpected(v.error());
      f.value = v->value;
      return decoded<protobuf_field>{f, v->rest};
    }
    case protobuf_wire::bytes: {
      auto const size = detail::read_protobuf_varint(rest);
      if (!size) return std::unexpected(size.error());
      if (size->value > size->rest.size()) return std::unexpected(protobuf_errc::truncated);
      f.body = size->rest.first(static_cast<std::size_t>(size->value));
      return decoded<protobuf_field>{f, size->rest.subspan(f.body.size())};
    }
    case protobuf_wire::fixed64:
    case protobuf_wire::fixed32: {
      auto const n = f.wire == protobuf_wire::fixed64 ? 8uz : 4uz;
      if (rest.size() < n) return std::unexpected(protobuf_errc::truncated);
      for (std::size_t i = 0; i < n; ++i) f.value |= static_cast<std::uint64_t>(rest[i]) << (8 * i);
      return decoded<protobuf_field>{f, rest.subspan(n)};
    }
  }
  return std::unexpected(protobuf_errc::bad_field);
}

constexpr void append_protobuf(bytes& out, unsigned number, std::uint64_t value) {
  append_varint(out, static_cast<std::uint64_t>(number) << 3);
  append_varint(out, value);
}

constexpr void append_protobuf(bytes& out, unsigned number, bytes_view body) {
  append_varint(out, static_cast<std::uint64_t>(number) << 3 | 2);
  append_varint(out, body.size());
  append(out, body);
}

}  // namespace cairn
