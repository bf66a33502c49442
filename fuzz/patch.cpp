// Patches of the data model: a line of dag-json to change, a line of dag-json that says how. All steps apply, or none.
#include <cairn/ipld/codec/dag_json.hpp>
#include <cairn/ipld/patch.hpp>

#include "law.hpp"

#include <algorithm>

using namespace cairn;

extern "C" int LLVMFuzzerTestOneInput(byte const* data, std::size_t size) {
  auto const in = bytes_view{data, size};
  auto const end = std::find(in.begin(), in.end(), byte{'\n'});
  if (end == in.end()) return 0;
  auto const before = dag_json::decode({in.begin(), end}, codec_mode::lax);
  auto const text = dag_json::decode({end + 1, in.end()}, codec_mode::lax);
  if (!text) return 0;
  auto const steps = ipld::parse_patch(*text);
  if (!before || !steps) return 0;
  auto after = *before;
  auto const done = ipld::apply_patch(after, *steps);
  if (!done) {
    CAIRN_LAW(after == *before && !describe(done.error()).empty());
    return 0;
  }
  // nothing but a test leaves the value as it is for sure
  if (std::ranges::all_of(*steps, [](auto const& s) { return s.op == ipld::patch_op::test; })) CAIRN_LAW(after == *before);
  // the same steps on the same value
  auto again = *before;
  CAIRN_LAW(ipld::apply_patch(again, *steps) && again == after);
  return 0;
}
