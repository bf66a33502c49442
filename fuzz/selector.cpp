// Selectors: what parses is written as a node that parses to the same; a walk ends within its limits, and each value that it visits
// is where its path leads. The input is a dag-cbor list of a selector and data.
#include <cairn/blockstore/null.hpp>
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
  auto const nothing = null_blockstore{};
  auto const limits = ipld::select_limits{.depth = 64, .nodes = 2000, .blocks = 4, .open_bytes = 1 << 16, .steps = 200'000};
  auto walk = ipld::select_walk{nothing, *in->at(1), *selector, {.limits = limits, .skip_missing = true}};
  auto visits = 0uz;
  for (;;) {
    auto const v = walk.next();
    if (!v || !*v) break;
    CAIRN_LAW(++visits <= limits.nodes && (*v)->path->size() <= limits.depth);
    auto const* const there = at_path(*in->at(1), *(*v)->path);
    CAIRN_LAW(there && there->kind() == (*v)->value->kind());
  }
  return 0;
}
