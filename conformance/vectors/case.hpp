#pragma once
// What an area's runner is given and what it answers. The cases are data (format "ipfs-vectors/1"); a runner only translates.

#include <cairn/core/bytes.hpp>

#include <boost/json.hpp>

#include <cstdint>
#include <filesystem>
#include <optional>
#include <stdexcept>
#include <string>
#include <string_view>
#include <vector>

namespace conformance {

namespace json = boost::json;
using cairn::bytes;
using cairn::bytes_view;

enum class verdict : cairn::byte { pass, fail, unsupported };

/// What a runner says of one case. `unsupported` is "this build does not do that": the case counts as not run.
struct answer {
  verdict outcome = verdict::pass;
  std::string reason;
};

auto pass() -> answer;
auto fail(std::string reason) -> answer;
auto unsupported(std::string reason) -> answer;

/// `pass` where both are the same text, else `fail` with both: `return same("text", have, want);`
auto same(std::string_view what, std::string_view have, std::string_view want) -> answer;
/// The same for octets, shown as hexadecimal.
auto same(std::string_view what, bytes_view have, bytes_view want) -> answer;
/// For a case that says `"expect": "error"` or not: `refused` is what happened, `why` is shown.
auto expect_error(bool expected, bool refused, std::string why) -> answer;

/// One case. Fields are read with `text`, `number`, ...; a field that is missing or of another kind throws `bad_case`,
/// which the frame reports as a failure of that case.
struct bad_case : std::runtime_error {
  using std::runtime_error::runtime_error;
};

struct test_case {
  json::object const& body;      ///< the case itself
  json::object const& document;  ///< the whole file it stands in (a zone, a root, ...); empty for foreign files
  std::filesystem::path folder;  ///< the area's folder: inputs are named relative to it
  std::string id;
  std::string op;

  auto has(std::string_view field) const -> bool;  ///< there, and not null
  auto at(std::string_view field) const -> json::value const&;
  auto text(std::string_view field) const -> std::string;
  auto text_or(std::string_view field, std::string fallback) const -> std::string;
  auto number(std::string_view field) const -> std::int64_t;
  auto unsigned_number(std::string_view field) const -> std::uint64_t;  ///< a JSON number or a decimal string
  auto flag(std::string_view field, bool fallback = false) const -> bool;
  auto hex(std::string_view field) const -> bytes;
  auto object(std::string_view field) const -> json::object const&;
  auto array(std::string_view field) const -> json::array const&;
  /// Whether `"expect"` is `"error"`.
  auto expects_error() const -> bool;
  /// A whole input file of the area's folder.
  auto file(std::string_view name) const -> bytes;
};

/// A file of cases that is not in the format "ipfs-vectors/1" (a CSV table, a fixture as it was found, a folder).
struct foreign_file {
  std::filesystem::path folder;  ///< the area's folder
  std::string name;              ///< as the manifest names it; a folder ends with '/'
  std::size_t cases;             ///< as many as the manifest counts
};

// ---- helpers ----

auto to_text(json::value const& v) -> std::string;                    ///< a string's content; anything else as JSON
auto unhex(std::string_view text) -> bytes;                           ///< throws bad_case
auto read_file(std::filesystem::path const& path) -> bytes;           ///< throws bad_case
auto read_text(std::filesystem::path const& path) -> std::string;     ///< throws bad_case
auto lines(std::string_view text) -> std::vector<std::string_view>;   ///< without line ends, without empty lines
auto split(std::string_view line, char by) -> std::vector<std::string_view>;  ///< fields, spaces around them dropped
auto parse_json(std::string_view text) -> json::value;                ///< throws bad_case

/// The keystream of ChaCha20 with key sha256(seed), nonce 0, counter 0: the recipe of big contents.
auto chacha20(std::string_view seed, std::size_t size) -> bytes;

}  // namespace conformance
