#pragma once

#include <cairn/core/bytes.hpp>
#include <cairn/core/config.hpp>

#include <concepts>
#include <type_traits>

namespace cairn {

/// Where random octets come from: a borrowed callable `void(bytes_span)`. A simulation passes its own seeded one.
///
/// lifetime  the callable outlives the source
class random_source {
public:
  template <class F>
    requires(!std::same_as<std::remove_const_t<F>, random_source> && requires(F& f, bytes_span out) { f(out); })
  random_source(F& fill)
      : context_{const_cast<std::remove_const_t<F>*>(&fill)}, call_{[](void* f, bytes_span out) { (*static_cast<F*>(f))(out); }} {}

  void operator()(bytes_span out) const { call_(context_, out); }

  /// The operating system's.
  CAIRN_DECL static auto system() -> random_source;

private:
  random_source(void* context, void (*call)(void*, bytes_span)) : context_{context}, call_{call} {}

  void* context_;
  void (*call_)(void*, bytes_span);
};

}  // namespace cairn

#if CAIRN_HEADER_ONLY
#  include <cairn/crypto/impl/random.ipp>
#endif
