#pragma once

#include <cairn/block.hpp>

#include <memory>
#include <type_traits>

namespace cairn {

/// Anything with `get(cid) -> io_result<block>`, borrowed: two pointers. Every `readable_blockstore` is one.
///
/// lifetime  what it was made from outlives it
class block_reader {
public:
  template <class S>
    requires(!std::is_same_v<std::remove_cvref_t<S>, block_reader> && requires(S const& s, cid const& id) {
      { s.get(id) } -> std::same_as<io_result<block>>;
    })
  block_reader(S const& store)
      : self_{std::addressof(store)}, get_{[](void const* s, cid const& id) { return static_cast<S const*>(s)->get(id); }} {}

  auto get(cid const& id) const -> io_result<block> { return get_(self_, id); }

private:
  void const* self_;
  io_result<block> (*get_)(void const*, cid const&);
};

}  // namespace cairn
