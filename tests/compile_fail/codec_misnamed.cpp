// expect: a codec's code or name is another codec's in the multicodec table
#include <cairn/ipld/codec_set.hpp>

using namespace cairn;

struct renamed : raw {
#if CONTROL
  static constexpr std::string_view name = "raw";
#else
  static constexpr std::string_view name = "rough";
#endif
};
static_assert(codec_set<renamed>::contains(code::raw));
