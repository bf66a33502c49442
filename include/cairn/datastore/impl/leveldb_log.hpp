#pragma once

#include <cairn/core/bytes.hpp>

#include <algorithm>
#include <cstdint>
#include <cstdio>
#include <memory>
#include <optional>

namespace cairn::detail {

/// CRC-32C as a log has it: masked, so that a checksum of data that holds checksums is sound. Only damaged logs are read here.
inline auto masked_crc32c(bytes_view in) -> std::uint32_t {
  auto crc = ~std::uint32_t{0};
  for (auto const b : in) {
    crc ^= b;
    for (auto bit = 0; bit < 8; ++bit) crc = (crc >> 1) ^ (0x82f63b78u & (0u - (crc & 1u)));
  }
  crc = ~crc;
  return ((crc >> 15) | (crc << 17)) + 0xa282ead8u;
}

/// Where a log of LevelDB is damaged. What a power cut leaves at its end, a record that is not whole or ends in zeros, is no damage:
/// nothing of that was acknowledged.
///
/// spec      LevelDB, doc/log_format.md: blocks of 32 KiB of records, each a checksum [4], a length [2], a type [1] and its octets
inline auto damage_of_leveldb_log(bytes_view log) -> std::optional<std::size_t> {
  constexpr auto block = std::size_t{32} << 10, head = std::size_t{7};
  auto torn = std::optional<std::size_t>{};
  for (auto begin = std::size_t{0}; begin < log.size(); begin += block) {
    auto const in = log.subspan(begin, std::min(block, log.size() - begin));
    for (auto at = std::size_t{0}; at + head <= in.size();) {
      auto const stored = in[at] | std::uint32_t{in[at + 1]} << 8 | std::uint32_t{in[at + 2]} << 16 | std::uint32_t{in[at + 3]} << 24;
      auto const size = in[at + 4] | std::size_t{in[at + 5]} << 8;
      auto const fits = at + head + size <= in.size();
      if (size == 0 && in[at + 6] == 0) {  // room that was made ahead, or was never written
        auto const rest = in.subspan(at);
        if (std::any_of(rest.begin(), rest.end(), [](byte b) { return b != 0; })) return begin + at;
        break;
      }
      auto const record = in.subspan(at + 6, fits ? 1 + size : in.size() - at - 6);
      if (fits && masked_crc32c(record) == stored) {
        if (torn) return torn;  // something whole follows
      } else {
        if (!torn) torn = begin + at;
        auto const cut = !fits || std::all_of(record.end() - static_cast<std::ptrdiff_t>(std::min<std::size_t>(8, record.size())), record.end(), [](byte b) { return b == 0; });
        if (!cut) return torn;
        if (!fits) break;
      }
      at += head + size;
    }
  }
  return std::nullopt;
}

inline auto damage_of_leveldb_log(char const* path) -> std::optional<std::size_t> {
  auto const file = std::unique_ptr<std::FILE, int (*)(std::FILE*)>{std::fopen(path, "rb"), std::fclose};
  auto all = bytes{};
  byte part[4096];
  constexpr auto most = std::size_t{64} << 20;  // a log is as long as the write buffer of who wrote it
  while (file && all.size() < most) {
    auto const n = std::fread(part, 1, sizeof part, file.get());
    if (n == 0) break;
    all.insert(all.end(), part, part + n);
  }
  return damage_of_leveldb_log(all);
}

}  // namespace cairn::detail
