#pragma once

#include <cairn/block/verify.hpp>
#include <cairn/blockstore/forward.hpp>
#include <cairn/concept/layer.hpp>

#include <type_traits>

namespace cairn {

namespace detail {
// The check of cairn::check with the hash functions of a recipe in place of all.
template <class Hashes>
auto check_with(cid const& id, bytes_view data) -> result<void, block_errc> {
  auto const want = id.hash().digest();
  auto const identity = id.hash().code() == code::identity;
  if (!identity && want.size() < limits::digest_min) return std::unexpected(block_errc::digest_too_short);
  if (identity) return equal(want, data) ? result<void, block_errc>{} : std::unexpected(block_errc::hash_mismatch);
  auto const have = Hashes::hash(id.hash().code(), data);
  if (!have) return std::unexpected(block_errc::unknown_hash);
  auto const digest = have->digest();
  if (want.size() > digest.size() || !equal(digest.first(want.size()), want)) return std::unexpected(block_errc::hash_mismatch);
  return {};
}
}  // namespace detail

/// Checks the hash of everything that comes out of an engine on a disk: makes a `blockstore` of a `raw_blockstore`.
///
/// errors    get: those of check, about the CID; the bytes are not given out
/// cost      one hash per get; get_many hashes several at a time
template <raw_blockstore S, class Hashes = void>
class verified_blockstore : public forwarding_blockstore<S> {
public:
  using forwarding_blockstore<S>::forwarding_blockstore;

  auto get(cid const& id) const -> io_result<block> {
    CAIRN_TRY(auto raw, this->below_.get(id));
    auto checked = check(id, raw.data);
    if (!checked) return std::unexpected(damaged(id, checked.error()));
    return detail::block_access::make(id, std::move(raw.data));
  }

  auto get_many(std::span<cid const> ids) const -> io_result<std::vector<block>> {
    auto raw = std::vector<unverified_block>{};
    if constexpr (requires { { this->below_.get_many(ids) } -> std::same_as<io_result<std::vector<unverified_block>>>; }) {
      CAIRN_TRY(raw, this->below_.get_many(ids));
    } else {
      raw.reserve(ids.size());
      for (auto const& id : ids) {
        CAIRN_TRY(auto one, this->below_.get(id));
        raw.push_back(std::move(one));
      }
    }
    if constexpr (std::is_void_v<Hashes>) {
      auto copies = raw;  // references, not bytes
      if (auto all = verify_many(std::move(raw))) return *std::move(all);
      raw = std::move(copies);  // one fails: find out which
    }
    auto out = std::vector<block>{};
    out.reserve(ids.size());
    for (auto& one : raw) {
      auto checked = check(one.id, one.data);
      if (!checked) return std::unexpected(damaged(one.id, checked.error()));
      out.push_back(detail::block_access::make(one.id, std::move(one.data)));
    }
    return out;
  }

private:
  static auto check(cid const& id, bytes_view data) -> result<void, block_errc> {
    if constexpr (std::is_void_v<Hashes>)
      return cairn::check(id, data);
    else
      return detail::check_with<Hashes>(id, data);
  }
  static auto damaged(cid const& id, block_errc why) -> error { return error{why}.about(to_string(id)).during("while reading the store"); }
};

/// The layer that checks.
struct verified_layer {
  static constexpr std::string_view layer_name = "verified";
  auto peak_bytes() const -> std::uint64_t { return 0; }

  template <class S>
  static constexpr bool takes = raw_blockstore<S>;
  template <class Hashes = void, class S>
  auto wrap(S store) const {
    return verified_blockstore<S, Hashes>{std::move(store)};
  }
};
inline constexpr verified_layer verified{};

static_assert(blockstore_layer<verified_layer>);

}  // namespace cairn
