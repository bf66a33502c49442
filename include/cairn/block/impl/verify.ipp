#pragma once

#include <cairn/block/verify.hpp>
#include <cairn/core/try.hpp>

namespace cairn {

CAIRN_DECL auto check(cid const& id, bytes_view data) -> result<void, block_errc> {
  auto const& want = id.hash();
  if (want.code() == code::identity)
    return equal(want.digest(), data) ? result<void, block_errc>{} : std::unexpected(block_errc::hash_mismatch);
  if (want.digest().size() < limits::digest_min) return std::unexpected(block_errc::digest_too_short);
  auto const have = hash_bytes(want.code(), data);
  if (!have) return std::unexpected(block_errc::unknown_hash);
  auto const digest = have->digest();
  if (want.digest().size() > digest.size() || !equal(digest.first(want.digest().size()), want.digest()))
    return std::unexpected(block_errc::hash_mismatch);
  return {};
}

CAIRN_DECL auto verify(unverified_block b) -> result<block, block_errc> {
  CAIRN_TRY(check(b.id, b.data));
  return detail::block_access::make(b.id, std::move(b.data));
}

CAIRN_DECL auto verify_many(std::vector<unverified_block> in) -> result<std::vector<block>, block_errc> {
  constexpr auto plain = [](cid const& id) { return id.hash().code() == code::sha2_256 && id.hash().digest().size() == 32; };
  auto views = std::vector<bytes_view>{};
  views.reserve(in.size());
  for (auto const& b : in)
    if (plain(b.id)) views.push_back(b.data);
  auto digests = std::vector<digest<32>>(views.size());
  sha256_many(views, digests.data());
  auto out = std::vector<block>{};
  out.reserve(in.size());
  auto next = digests.begin();
  for (auto& b : in) {
    if (!plain(b.id)) {
      CAIRN_TRY(check(b.id, b.data));
    } else if (!equal(*next++, b.id.hash().digest())) {
      return std::unexpected(block_errc::hash_mismatch);
    }
    out.push_back(detail::block_access::make(b.id, std::move(b.data)));
  }
  return out;
}

CAIRN_DECL auto verify_view(cid const& id, bytes_view data) -> result<block_view, block_errc> {
  CAIRN_TRY(check(id, data));
  return detail::block_access::view(id, data);
}

CAIRN_DECL auto hash_cid(cid_prefix const& prefix, bytes_view data) -> io_result<cid> {
  CAIRN_TRY(auto hash, hash_bytes(prefix.hash, data, prefix.digest_size));
  if (prefix.version != 0) return cid::v1(prefix.codec, hash);
  if (prefix.codec != code::dag_pb) return std::unexpected(cid_errc::v0_needs_dag_pb);
  CAIRN_TRY(auto id, cid::v0(hash));
  return id;
}

CAIRN_DECL auto hash_block(cid_prefix const& prefix, buffer data) -> io_result<block> {
  CAIRN_TRY(auto id, hash_cid(prefix, data));
  return detail::block_access::make(id, std::move(data));
}

}  // namespace cairn
