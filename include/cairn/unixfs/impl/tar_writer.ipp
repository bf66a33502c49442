#pragma once

#include <cairn/core/try.hpp>
#include <cairn/unixfs/tar_writer.hpp>

#include <algorithm>
#include <array>
#include <cstring>

namespace cairn {
namespace detail {

using tar_header = std::array<char, 512>;
struct tar_field {
  std::size_t at, size;
};
inline constexpr tar_field tar_name{0, 100}, tar_mode{100, 8}, tar_uid{108, 8}, tar_gid{116, 8}, tar_size{124, 12}, tar_mtime{136, 12},
    tar_checksum{148, 8}, tar_target{157, 100}, tar_magic{257, 8}, tar_major{329, 8}, tar_minor{337, 8}, tar_prefix{345, 155};

inline auto tar_fits(tar_field f, std::int64_t value) -> bool {
  return value >= 0 && (static_cast<std::uint64_t>(value) >> std::min<std::size_t>(63, 3 * (f.size - 1))) == 0;
}

inline void tar_put(tar_header& h, tar_field f, std::string_view text) { text.copy(h.data() + f.at, f.size); }

inline void tar_put_number(tar_header& h, tar_field f, std::int64_t value) {
  auto v = static_cast<std::uint64_t>(tar_fits(f, value) ? value : 0);
  for (auto i = f.size - 1; i-- > 0; v >>= 3) h[f.at + i] = static_cast<char>('0' + (v & 7));
}

inline auto tar_ascii(std::string_view text) -> std::string {
  auto out = std::string{};
  for (auto c : text)
    if (static_cast<unsigned char>(c) < 0x80 && c != 0) out.push_back(c);
  return out;
}

inline auto tar_is_ascii(std::string_view text) -> bool {
  return std::all_of(text.begin(), text.end(), [](char c) { return static_cast<unsigned char>(c) < 0x80 && c != 0; });
}

/// Where a long name is cut in prefix and name; npos where it cannot be.
inline auto tar_split(std::string_view name) -> std::size_t {
  auto length = name.size();
  if (length <= tar_name.size || !tar_is_ascii(name)) return name.npos;
  if (length > tar_prefix.size + 1) length = tar_prefix.size + 1;
  else if (name[length - 1] == '/') --length;
  auto const at = name.substr(0, length).rfind('/');
  if (at == name.npos || at == 0 || at > tar_prefix.size) return name.npos;
  auto const rest = name.size() - at - 1;
  return rest == 0 || rest > tar_name.size ? name.npos : at;
}

inline void tar_record(std::string& out, std::string_view key, std::string_view value) {
  // a record begins with its own length, whose digits count
  auto const bare = key.size() + value.size() + 3;
  auto size = bare + std::to_string(bare).size();
  size = bare + std::to_string(size).size();
  (out += std::to_string(size)) += ' ';
  (out += key) += '=';
  (out += value) += '\n';
}

inline auto tar_finish_header(tar_header& h) -> bytes_view {
  tar_put(h, tar_magic, std::string_view{"ustar\00000", 8});
  tar_put(h, tar_checksum, "        ");
  auto sum = 0u;
  for (auto c : h) sum += static_cast<unsigned char>(c);
  tar_put_number(h, {tar_checksum.at, 7}, sum);
  h[tar_checksum.at + 6] = 0;
  return as_bytes({h.data(), h.size()});
}

inline void tar_put_zeros(tar_header& h) {
  for (auto f : {tar_mode, tar_uid, tar_gid, tar_size, tar_mtime}) tar_put_number(h, f, 0);
}

}  // namespace detail

inline auto tar_writer::pad() -> io_result<void> {
  if (left_ != 0) return std::unexpected(error::message("tar", "an entry has less content than it promised"));
  constexpr byte zeros[512]{};
  if (padding_ != 0) CAIRN_TRY(out_.write(bytes_view{zeros}.first(padding_)));
  padding_ = 0;
  return {};
}

CAIRN_DECL auto tar_writer::begin(tar_entry const& e) -> io_result<void> {
  using namespace detail;
  CAIRN_TRY(pad());
  auto const seconds = e.mtime.seconds + (e.mtime.nanos >= 500'000'000 ? 1 : 0);
  auto const split = tar_split(e.name);
  auto const size = static_cast<std::int64_t>(e.size);
  if (size < 0 || e.name.find('\0') != e.name.npos || e.target.find('\0') != e.target.npos)
    return std::unexpected(error::message("tar", "an entry cannot be written to an archive").about(std::string{e.name}));

  // which records there are is one question, whether they are needed another: a long name may be cut in two instead
  auto const long_name = !tar_is_ascii(e.name) || e.name.size() > tar_name.size;
  auto const long_target = !tar_is_ascii(e.target) || e.target.size() > tar_target.size;
  auto const pax = long_target || (long_name && split == e.name.npos) || !tar_fits(tar_mtime, seconds) || !tar_fits(tar_size, size);
  auto records = std::string{};
  if (pax && long_target) tar_record(records, "linkpath", e.target);
  if (pax && !tar_fits(tar_mtime, seconds)) tar_record(records, "mtime", std::to_string(seconds));
  if (pax && long_name) tar_record(records, "path", e.name);
  if (pax && !tar_fits(tar_size, size)) tar_record(records, "size", std::to_string(size));

  if (pax) {
    auto const slash = e.name.rfind('/');
    auto const stem = slash == e.name.npos ? std::string_view{} : e.name.substr(0, slash + 1);
    auto name = tar_ascii(std::string{stem} + "PaxHeaders.0/" + std::string{e.name.substr(stem.size())});
    name.resize(std::min(name.size(), tar_name.size));
    while (name.ends_with('/')) name.pop_back();
    auto h = tar_header{};
    tar_put(h, tar_name, name);
    tar_put_zeros(h);
    tar_put_number(h, tar_size, static_cast<std::int64_t>(records.size()));
    h[156] = 'x';
    CAIRN_TRY(out_.write(tar_finish_header(h)));
    CAIRN_TRY(out_.write(as_bytes(records)));
    padding_ = (512 - records.size() % 512) % 512;
    CAIRN_TRY(pad());
  }

  auto h = tar_header{};
  if (!pax && split != e.name.npos) {
    tar_put(h, tar_prefix, e.name.substr(0, split));
    tar_put(h, tar_name, e.name.substr(split + 1));
  } else {
    tar_put(h, tar_name, tar_ascii(e.name));
  }
  tar_put_zeros(h);
  tar_put_number(h, tar_mode, e.mode);
  tar_put_number(h, tar_size, size);
  tar_put_number(h, tar_mtime, seconds);
  tar_put_number(h, tar_major, 0);
  tar_put_number(h, tar_minor, 0);
  tar_put(h, tar_target, tar_ascii(e.target));
  h[156] = static_cast<char>(e.type);
  CAIRN_TRY(out_.write(tar_finish_header(h)));
  left_ = e.size;
  padding_ = static_cast<std::size_t>((512 - e.size % 512) % 512);
  return {};
}

CAIRN_DECL auto tar_writer::write(bytes_view in) -> io_result<void> {
  if (in.size() > left_) return std::unexpected(error::message("tar", "an entry has more content than it promised"));
  left_ -= in.size();
  return out_.write(in);
}

CAIRN_DECL auto tar_writer::finish() -> io_result<void> {
  CAIRN_TRY(pad());
  constexpr byte zeros[1024]{};
  return out_.write(zeros);
}

}  // namespace cairn
