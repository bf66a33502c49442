// Selectors: what parses is written as a node that parses to the same; a walk ends within its limits, and each value that it visits
// is where its path leads. The input is a dag-cbor list of a selector, data, and the blocks that it links to.
#include <cairn/block/verify.hpp>
#include <cairn/blockstore/memory.hpp>
#include <cairn/core/text.hpp>
#include <cairn/ipld/codec/dag_cbor.hpp>
#include <cairn/ipld/resolve.hpp>
#include <cairn/ipld/selector/walk.hpp>

#include "law.hpp"

using namespace cairn;

namespace {

auto at_path(ipld::node const& root, std::vector<std::string> const& path) -> ipld::node const* {
  auto const* at = &root;
  for (auto const& segment : path) {
    auto const next = step(*at, segment);
    if (!next) return nullptr;
    at = *next;
  }
  return at;
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(byte const* data, std::size_t size) {
  auto const in = dag_cbor::decode({data, size}, codec_mode::lax);
  if (!in || !in->at(0) || !in->at(1)) return 0;
  auto const selector = ipld::selector::parse(*in->at(0));
  if (!selector) return 0;
  auto const form = to_node(*selector);
  auto const again = ipld::selector::parse(form);
  CAIRN_LAW(again && to_node(*again) == form);
  auto store = memory_blockstore{};
  for (std::size_t i = 2; i < 6 && in->at(i); ++i)
    if (auto const* const octets = in->at(i)->as_bytes())
      if (auto const b = hash_block({.codec = code::dag_cbor}, buffer{*octets})) (void)store.put(*b);
  auto const* const link = in->at(2) ? in->at(1)->as_link() : nullptr;
  auto const limits = ipld::select_limits{.depth = 64, .nodes = 2000, .blocks = 4, .open_bytes = 1 << 16, .steps = 200'000};
  auto const options = ipld::select_options{.limits = limits, .unique_blocks = size % 2 == 0, .skip_missing = true};
  auto walk = link ? ipld::select_walk{store, *link, *selector, options} : ipld::select_walk{store, *in->at(1), *selector, options};
  auto visits = 0uz;
  for (;;) {
    auto const v = walk.next();
    if (!v || !*v) break;
    CAIRN_LAW(++visits <= limits.nodes && (*v)->path->size() <= limits.depth);
    if (in->at(2)) continue;  // behind a link the path goes on in another block
    auto const* const there = at_path(*in->at(1), *(*v)->path);
    CAIRN_LAW(there && there->kind() == (*v)->value->kind());
  }
  return 0;
}
