#pragma once

#include <cairn/core/config.hpp>
#include <cairn/core/error.hpp>
#include <cairn/unixfs/buzhash_chunker.hpp>
#include <cairn/unixfs/rabin_chunker.hpp>
#include <cairn/unixfs/size_chunker.hpp>

#include <new>
#include <string_view>
#include <type_traits>

namespace cairn {

/// Any small chunker by value, a reader's own one too: what options hold. One indirect call per chunk.
class any_chunker {
public:
  template <class C>
    requires(!std::same_as<C, any_chunker>) && chunker<C> && (std::is_trivially_copyable_v<C> && sizeof(C) <= 64 && alignof(C) <= 16)
  any_chunker(C const& c) : max_{c.max_size()}, cut_{&call<C>} {
    if constexpr (requires { c.fixed_size(); }) fixed_ = c.fixed_size();
    ::new (static_cast<void*>(self_)) C(c);
  }
  any_chunker() : any_chunker(size_chunker{}) {}

  auto max_size() const -> std::size_t { return max_; }
  auto fixed_size() const -> std::size_t { return fixed_; }
  auto cut(bytes_view rest) const -> std::size_t { return cut_(self_, rest); }

private:
  template <class C>
  static auto call(byte const* self, bytes_view rest) -> std::size_t {
    return std::launder(reinterpret_cast<C const*>(self))->cut(rest);
  }

  alignas(16) byte self_[64]{};
  std::size_t max_, fixed_ = 0;
  std::size_t (*cut_)(byte const*, bytes_view);
};

static_assert(chunker<any_chunker>);

/// Why a text names no chunker; the words are Kubo's.
enum class chunker_errc : byte {
  unrecognized = 1,   ///< unrecognized chunker option
  bad_size_format,    ///< expected size-{size}
  bad_rabin_format,   ///< expected rabin, rabin-{avg} or rabin-{min}-{avg}-{max}
  not_a_number,       ///< a parameter is not a decimal number
  zero_size,          ///< chunker size must be greater than 0
  too_big,            ///< chunker parameters may not exceed the maximum chunk size of 2096896
  rabin_min,          ///< rabin min must be greater than 16
  first_label,        ///< first label must be min
  second_label,       ///< second label must be avg
  final_label,        ///< final label must be max
  min_above_avg,      ///< rabin-min must be smaller than rabin-avg
  avg_above_max,      ///< rabin-avg must be smaller than rabin-max
};

template <>
struct errc_traits<chunker_errc> {
  static constexpr std::string_view module = "chunker";
  static constexpr auto describe(chunker_errc e) -> std::string_view {
    switch (e) {
      case chunker_errc::unrecognized: return "unrecognized chunker option";
      case chunker_errc::bad_size_format: return "incorrect chunker string format (expected size-{size})";
      case chunker_errc::bad_rabin_format: return "incorrect format (expected 'rabin' 'rabin-[avg]' or 'rabin-[min]-[avg]-[max]'";
      case chunker_errc::not_a_number: return "chunker parameter: invalid syntax";
      case chunker_errc::zero_size: return "chunker size must be greater than 0";
      case chunker_errc::too_big: return "chunker parameters may not exceed the maximum chunk size of 2096896";
      case chunker_errc::rabin_min: return "rabin min must be greater than 16";
      case chunker_errc::first_label: return "first label must be min";
      case chunker_errc::second_label: return "second label must be avg";
      case chunker_errc::final_label: return "final label must be max";
      case chunker_errc::min_above_avg: return "incorrect format: rabin-min must be smaller than rabin-avg";
      case chunker_errc::avg_above_max: return "incorrect format: rabin-avg must be smaller than rabin-max";
    }
    return "chunker: unknown error";
  }
};

/// The largest chunk: the block limit of 2 MiB less 256 bytes for what wraps a leaf.
inline constexpr std::size_t chunk_size_limit = limits::block - 256;

/// Read "size-262144", "rabin", "rabin-avg", "rabin-min-avg-max" (also "rabin-min:n-avg:n-max:n"), "buzhash", "default" or "".
///
/// errors    chunker_errc
/// cost      no allocation; numbers that do not fit are errors (SEC-54)
CAIRN_DECL auto parse_chunker(std::string_view text) -> result<any_chunker, chunker_errc>;

}  // namespace cairn

#if CAIRN_HEADER_ONLY
#  include <cairn/unixfs/impl/any_chunker.ipp>
#endif
