#pragma once

#include <cairn/crypto/hash.hpp>
#include <cairn/crypto/impl/table.hpp>

namespace cairn {

CAIRN_DECL auto hash_functions() -> std::span<hash_info const> { return detail::the_hash_table.info; }

CAIRN_DECL auto find_hash(std::uint64_t code) -> hash_info const* {
  auto const row = detail::hash_row_index(code);
  return row == detail::hash_row_count ? nullptr : &detail::the_hash_table.info[row];
}

CAIRN_DECL auto hash_bytes(std::uint64_t code, bytes_view data, std::size_t digest_size) -> result<multihash, multihash_errc> {
  if (code == code::identity) return multihash::wrap(code, data);
  auto const row = detail::hash_row_index(code);
  if (row == detail::hash_row_count) return std::unexpected(multihash_errc::unknown_hash);
  auto const& info = detail::the_hash_table.info[row];
  auto const size = digest_size == 0 ? info.digest_size : digest_size;
  if (size > info.max_size) return std::unexpected(multihash_errc::bad_length);
  byte out[limits::digest];
  detail::the_hash_table.ops[row].one_shot(data, out, size);
  return multihash::wrap(code, {out, size});
}

CAIRN_DECL auto murmur3_128(bytes_view data, std::uint64_t seed) -> std::array<std::uint64_t, 2> {
  auto h = detail::murmur3_128_state{seed};
  h.update(data);
  auto const [first, second] = h.finish();
  return {first, second};
}

CAIRN_DECL auto murmur3_x86_32(bytes_view data, std::uint32_t seed) -> std::uint32_t {
  auto h = detail::murmur3_32_state{seed};
  h.update(data);
  return h.finish();
}

}  // namespace cairn
