#pragma once

#include <cairn/multiformats/cid.hpp>

#include <memory>
#include <type_traits>

namespace cairn {

/// A callable `void(cid const&)` or `bool(cid const&)` (false: stop), borrowed: two pointers, no allocation.
class link_sink {
public:
  template <class F>
    requires(std::is_invocable_v<F&, cid const&> && !std::is_same_v<std::remove_cvref_t<F>, link_sink>)
  link_sink(F& f)
      : self_{const_cast<void*>(static_cast<void const*>(std::addressof(f)))}, call_{[](void* self, cid const& id) -> bool {
          if constexpr (std::is_void_v<std::invoke_result_t<F&, cid const&>>) {
            (*static_cast<F*>(self))(id);
            return true;
          } else {
            return static_cast<bool>((*static_cast<F*>(self))(id));
          }
        }} {}

  auto operator()(cid const& id) const -> bool { return call_(self_, id); }

private:
  void* self_;
  bool (*call_)(void*, cid const&);
};

}  // namespace cairn
