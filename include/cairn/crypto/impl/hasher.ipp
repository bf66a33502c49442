#pragma once

#include <cairn/crypto/hasher.hpp>
#include <cairn/crypto/impl/table.hpp>

namespace cairn {

CAIRN_DECL auto hasher::make(std::uint64_t code) -> result<hasher, multihash_errc> {
  auto const row = detail::hash_row_index(code);
  if (row == detail::hash_row_count || code == code::identity) return std::unexpected(multihash_errc::unknown_hash);
  auto h = hasher{};
  h.code_ = code;
  h.row_ = row;
  detail::the_hash_table.ops[row].init(h.state_);
  return h;
}

CAIRN_DECL void hasher::update(bytes_view in) { detail::the_hash_table.ops[row_].update(state_, in); }

CAIRN_DECL auto hasher::finish(std::size_t digest_size) const -> result<multihash, multihash_errc> {
  auto const& info = detail::the_hash_table.info[row_];
  auto const size = digest_size == 0 ? info.digest_size : digest_size;
  if (size > info.max_size) return std::unexpected(multihash_errc::bad_length);
  auto copy = *this;
  byte out[limits::digest];
  detail::the_hash_table.ops[row_].finish(copy.state_, out, size);
  return multihash::wrap(code_, {out, size});
}

}  // namespace cairn
