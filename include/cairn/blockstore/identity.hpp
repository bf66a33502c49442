#pragma once

#include <cairn/blockstore/forward.hpp>
#include <cairn/concept/layer.hpp>

namespace cairn {

/// Answers identity CIDs from the CIDs themselves: such a block is always here, is never stored, and cannot be removed.
/// `multihash` holds at most 128 bytes of it (IPIP-512).
template <blockstore S>
class identity_blockstore : public forwarding_blockstore<S> {
public:
  using forwarding_blockstore<S>::forwarding_blockstore;

  static auto is_identity(cid const& id) -> bool { return id.hash().code() == code::identity; }

  auto has(cid const& id) const -> io_result<bool> {
    if (is_identity(id)) return true;
    return this->below_.has(id);
  }
  auto get(cid const& id) const -> io_result<block> {
    if (is_identity(id)) return of(id);
    return this->below_.get(id);
  }
  auto get_many(std::span<cid const> ids) const -> io_result<std::vector<block>> {
    auto stored = std::vector<cid>{};
    for (auto const& id : ids)
      if (!is_identity(id)) stored.push_back(id);
    if (stored.size() == ids.size()) return cairn::get_many(this->below_, ids);
    CAIRN_TRY(auto found, cairn::get_many(this->below_, std::span<cid const>{stored}));
    auto out = std::vector<block>{};
    out.reserve(ids.size());
    auto next = found.begin();
    for (auto const& id : ids) out.push_back(is_identity(id) ? of(id) : std::move(*next++));
    return out;
  }
  auto get_size(cid const& id) const -> io_result<std::optional<std::uint64_t>> {
    if (is_identity(id)) return id.hash().digest().size();
    return cairn::get_size(this->below_, id);
  }
  auto put(block_view const& b) -> io_result<void> {
    if (is_identity(b.id())) return {};
    return this->below_.put(b);
  }
  auto put_many(std::span<block_view const> blocks) -> io_result<void> {
    auto all = true;
    for (auto const& b : blocks) all = all && !is_identity(b.id());
    if (all) return cairn::put_many(this->below_, blocks);
    auto rest = std::vector<block_view>{};
    for (auto const& b : blocks)
      if (!is_identity(b.id())) rest.push_back(b);
    return cairn::put_many(this->below_, std::span<block_view const>{rest});
  }
  auto remove(cid const& id) -> io_result<void> {
    if (is_identity(id)) return {};
    return this->below_.remove(id);
  }

private:
  static auto of(cid const& id) -> block { return detail::block_access::make(id, buffer{id.hash().digest()}); }
};

/// The layer that answers identity CIDs.
struct identity_layer {
  static constexpr std::string_view layer_name = "identity";
  auto peak_bytes() const -> std::uint64_t { return 0; }

  template <class S>
  static constexpr bool takes = blockstore<S>;
  template <class Hashes = void, class S>
  auto wrap(S store) const {
    return identity_blockstore<S>{std::move(store)};
  }
};
inline constexpr identity_layer identity{};

static_assert(blockstore_layer<identity_layer>);

}  // namespace cairn
