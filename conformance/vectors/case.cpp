#include "case.hpp"

#include <cairn/core/text.hpp>
#include <cairn/crypto/hash.hpp>

#include <bit>
#include <fstream>
#include <iterator>

namespace conformance {
namespace {

auto shortened(std::string_view text) -> std::string {
  auto const safe = cairn::printable(text.substr(0, 400));
  return text.size() > 400 ? safe + "... (" + std::to_string(text.size()) + " characters)" : safe;
}

void quarter_round(std::uint32_t& a, std::uint32_t& b, std::uint32_t& c, std::uint32_t& d) {
  a += b, d = std::rotl(d ^ a, 16);
  c += d, b = std::rotl(b ^ c, 12);
  a += b, d = std::rotl(d ^ a, 8);
  c += d, b = std::rotl(b ^ c, 7);
}

}  // namespace

auto pass() -> answer { return {}; }
auto fail(std::string reason) -> answer { return {verdict::fail, std::move(reason)}; }
auto unsupported(std::string reason) -> answer { return {verdict::unsupported, std::move(reason)}; }

auto same(std::string_view what, std::string_view have, std::string_view want) -> answer {
  if (have == want) return pass();
  return fail(std::string{what} + ": have " + shortened(have) + ", want " + shortened(want));
}

auto same(std::string_view what, bytes_view have, bytes_view want) -> answer {
  if (cairn::equal(have, want)) return pass();
  return same(what, cairn::to_hex(have), cairn::to_hex(want));
}

auto expect_error(bool expected, bool refused, std::string why) -> answer {
  if (expected == refused) return pass();
  return fail(expected ? "accepted what has to be refused: " + why : "refused: " + why);
}

auto test_case::has(std::string_view field) const -> bool {
  auto const* const v = body.if_contains(field);
  return v && !v->is_null();
}

auto test_case::at(std::string_view field) const -> json::value const& {
  if (auto const* const v = body.if_contains(field)) return *v;
  throw bad_case{"the case has no field \"" + std::string{field} + '"'};
}

auto test_case::text(std::string_view field) const -> std::string {
  auto const& v = at(field);
  if (!v.is_string()) throw bad_case{"the field \"" + std::string{field} + "\" is not a text"};
  return std::string{std::string_view{v.get_string()}};
}

auto test_case::text_or(std::string_view field, std::string fallback) const -> std::string {
  return has(field) ? text(field) : std::move(fallback);
}

auto test_case::number(std::string_view field) const -> std::int64_t {
  auto const& v = at(field);
  if (v.is_int64()) return v.get_int64();
  return static_cast<std::int64_t>(unsigned_number(field));
}

auto test_case::unsigned_number(std::string_view field) const -> std::uint64_t {
  auto const& v = at(field);
  if (v.is_uint64()) return v.get_uint64();
  if (v.is_int64() && v.get_int64() >= 0) return static_cast<std::uint64_t>(v.get_int64());
  if (v.is_string())
    if (auto const n = cairn::parse_decimal(v.get_string())) return *n;
  throw bad_case{"the field \"" + std::string{field} + "\" is not an unsigned number"};
}

auto test_case::flag(std::string_view field, bool fallback) const -> bool {
  if (!has(field)) return fallback;
  if (!at(field).is_bool()) throw bad_case{"the field \"" + std::string{field} + "\" is not true or false"};
  return at(field).get_bool();
}

auto test_case::hex(std::string_view field) const -> bytes { return unhex(text(field)); }

auto test_case::object(std::string_view field) const -> json::object const& {
  if (!at(field).is_object()) throw bad_case{"the field \"" + std::string{field} + "\" is not an object"};
  return at(field).get_object();
}

auto test_case::array(std::string_view field) const -> json::array const& {
  if (!at(field).is_array()) throw bad_case{"the field \"" + std::string{field} + "\" is not an array"};
  return at(field).get_array();
}

auto test_case::expects_error() const -> bool { return has("expect") && at("expect").is_string() && text("expect") == "error"; }

auto test_case::file(std::string_view name) const -> bytes { return read_file(folder / name); }

auto to_text(json::value const& v) -> std::string {
  return v.is_string() ? std::string{std::string_view{v.get_string()}} : json::serialize(v);
}

auto unhex(std::string_view text) -> bytes {
  auto octets = cairn::from_hex(text);
  if (!octets) throw bad_case{"not hexadecimal: " + shortened(text)};
  return *std::move(octets);
}

auto read_text(std::filesystem::path const& path) -> std::string {
  auto in = std::ifstream{path, std::ios::binary};
  if (!in) throw bad_case{"cannot open " + path.string()};
  auto text = std::string{std::istreambuf_iterator<char>{in}, {}};
  if (in.bad()) throw bad_case{"cannot read " + path.string()};
  return text;
}

auto read_file(std::filesystem::path const& path) -> bytes {
  auto const text = read_text(path);
  return {text.begin(), text.end()};
}

auto lines(std::string_view text) -> std::vector<std::string_view> {
  auto out = std::vector<std::string_view>{};
  for (auto line : split(text, '\n'))
    if (!line.empty()) out.push_back(line);
  return out;
}

auto split(std::string_view line, char by) -> std::vector<std::string_view> {
  auto const trimmed = [](std::string_view s) {
    auto const first = s.find_first_not_of(" \t\r"), last = s.find_last_not_of(" \t\r");
    return first == s.npos ? std::string_view{} : s.substr(first, last - first + 1);
  };
  auto out = std::vector<std::string_view>{};
  for (;;) {
    auto const at = line.find(by);
    out.push_back(trimmed(line.substr(0, at)));
    if (at == line.npos) return out;
    line.remove_prefix(at + 1);
  }
}

auto parse_json(std::string_view text) -> json::value {
  auto options = json::parse_options{};
  options.max_depth = 4096;
  options.allow_invalid_utf8 = true;
  auto why = boost::system::error_code{};
  auto value = json::parse(text, why, {}, options);
  if (why) throw bad_case{"not JSON: " + why.message()};
  return value;
}

auto chacha20(std::string_view seed, std::size_t size) -> bytes {
  auto const key = cairn::sha256(cairn::as_bytes(seed));
  std::uint32_t start[16]{0x61707865, 0x3320646e, 0x79622d32, 0x6b206574};
  for (std::size_t i = 0; i < 32; ++i) start[4 + i / 4] |= static_cast<std::uint32_t>(key[i]) << 8 * (i % 4);
  auto out = bytes(size);
  for (std::size_t at = 0; at < size; at += 64) {
    std::uint32_t x[16];
    for (std::size_t i = 0; i < 16; ++i) x[i] = start[i];
    for (int round = 0; round < 10; ++round) {
      for (std::size_t i = 0; i < 4; ++i) quarter_round(x[i], x[4 + i], x[8 + i], x[12 + i]);
      for (std::size_t i = 0; i < 4; ++i) quarter_round(x[i], x[4 + (i + 1) % 4], x[8 + (i + 2) % 4], x[12 + (i + 3) % 4]);
    }
    for (std::size_t i = 0; i < 64 && at + i < size; ++i)
      out[at + i] = static_cast<cairn::byte>((x[i / 4] + start[i / 4]) >> 8 * (i % 4));
    if (++start[12] == 0) ++start[13];
  }
  return out;
}

}  // namespace conformance
