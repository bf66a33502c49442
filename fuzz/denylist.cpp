// Denylists: any text is read in bounded time, and a rule that allows, put last, always decides.
#include <cairn/naming/denylist.hpp>

#include "law.hpp"

using namespace cairn;

extern "C" int LLVMFuzzerTestOneInput(byte const* data, std::size_t size) {
  auto const text = as_text({data, size});
  auto list = denylist{};
  auto const added = list.add(text);
  if (!added) CAIRN_LAW(list.empty());
  CAIRN_LAW(list.size() <= 2 * size + 2);
  auto const probes = {"/ipfs/bafybeihvvulpp4evxj7x7armbqcyg6uezzuig6jp3lktpbovlqfkuqeuoq/a", "/ipns/a.example",
                       "/ipns/k51qzi5uqu5dhmzyv3zac033i7rl9hkgczxyl81lwoukda2htteop7d3x0y1mf", "/ipfs/bafkqaaa", "/ipns/a-example", "/ipns/en-wikipedia--on--ipfs-org/x"};
  for (auto const* probe : probes) {
    auto const path = *parse_path(probe);
    static_cast<void>(list.blocks(path));
    auto both = list;
    CAIRN_LAW(both.add("!" + std::string{probe}));
    CAIRN_LAW(!both.blocks(path));
  }
  CAIRN_LAW(!list.blocks(*parse_path("/ipfs/bafkqaaa")));
  CAIRN_LAW(!list.blocks(*parse_cid("QmUNLLsPACCz1vLxQVkXqqLX5R1X345qqfHbsf67hvA3Nn")));  // the empty directory
  CAIRN_LAW(is_blocked_error(blocked_error(text)));
  return 0;
}
