#pragma once

#include <cairn/core/bytes.hpp>
#include <cairn/core/config.hpp>
#include <cairn/core/error.hpp>

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

/// The texts of Kubo's options are read by Go's rules, and its messages quote by Go's rules: scripts depend on both.
namespace cairn::service {

/// A text in double quotes with what is not printable escaped, as in Kubo's messages.
CAIRN_DECL auto go_quoted(std::string_view text) -> std::string;

/// A name as Kubo prints it: control characters, marks that reorder text, broken UTF-8 and backslashes escaped, the rest as
/// it is. Safe on a terminal (SEC-42).
CAIRN_DECL auto escaped_name(std::string_view text) -> std::string;

/// A whole number with an optional sign and the prefixes 0x, 0o, 0b, 0; underscores between digits with a prefix (SEC-54).
CAIRN_DECL auto parse_go_integer(std::string_view text) -> std::optional<std::int64_t>;

/// The same without sign.
CAIRN_DECL auto parse_go_unsigned(std::string_view text) -> std::optional<std::uint64_t>;

/// "1h30m", "250ms", "1.5s", in nanoseconds. errors: Kubo's sentence
CAIRN_DECL auto parse_duration(std::string_view text) -> io_result<std::int64_t>;

/// The same back: 5400000000000 -> "1h30m0s", 1500000 -> "1.5ms".
CAIRN_DECL auto duration_text(std::int64_t nanoseconds) -> std::string;

/// Octets as a dump of 16 a line: offset, hexadecimal, printable characters.
CAIRN_DECL auto hex_dump(bytes_view in) -> std::string;

/// Kubo's sizes for people: 1024 -> "1.0 kB", decimal steps.
CAIRN_DECL auto human_size(std::uint64_t size) -> std::string;

}  // namespace cairn::service

#if CAIRN_HEADER_ONLY
#  include <cairn/service/impl/go_text.ipp>
#endif
