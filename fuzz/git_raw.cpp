// git-raw: what decodes is written again byte by byte, and has the links that the fast path finds.
#include <cairn/ipld/codec/git_raw.hpp>

#include "codec_law.hpp"

using namespace cairn;

extern "C" int LLVMFuzzerTestOneInput(byte const* data, std::size_t size) {
  auto const in = bytes_view{data, size};
  auto const ignore = [](cid const&) {};
  (void)git_raw::links(in, link_sink{ignore});
  auto const n = git_raw::decode(in);
  if (!n) return 0;
  auto out = bytes{};
  CAIRN_LAW(git_raw::encode(*n, out) && equal(out, in));
  fuzz::same_links<git_raw>(in, *n);
  return 0;
}
