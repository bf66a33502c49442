// A directory changed again and again, flat or sharded, small fanouts: it holds what a map would hold, and has the CID that it
// would have, were it made at once (IX-26, IX-27).
#include <cairn/unixfs/directory.hpp>
#include <cairn/unixfs/directory_builder.hpp>

#include "law.hpp"

#include <cairn/blockstore/memory.hpp>
#include <cairn/crypto/hash.hpp>

#include <map>

using namespace cairn;

namespace {

auto link_of(byte n) -> unixfs_link { return {cid::v1(code::raw, multihash::of(code::sha2_256, sha256({&n, 1}))), n}; }

auto made_at_once(std::map<std::string, unixfs_link> const& entries, directory_options const& options) -> cid {
  auto store = memory_blockstore{};
  auto builder = directory_builder{options};
  for (auto const& [name, link] : entries) builder.add(name, link);
  auto writer = node_writer{store, options.prefix()};
  return builder.finish(writer).value().link.id;
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(byte const* data, std::size_t size) {
  if (size < 2 || size > 400) return 0;
  auto options = directory_options{};
  constexpr std::size_t fanouts[]{8, 16, 64, 256};
  constexpr std::size_t thresholds[]{0, 1, 150, 600};
  options.cid_version = data[0] & 1;
  options.fanout = fanouts[data[0] >> 1 & 3];
  options.threshold = thresholds[data[0] >> 3 & 3];
  options.estimate = data[0] & 32 ? directory_estimate::block : directory_estimate::links;
  options.max_links = data[0] & 64 ? 5 : 0;
  auto store = memory_blockstore{};
  auto model = std::map<std::string, unixfs_link>{};
  auto dir = directory{store, options};
  for (std::size_t i = 1; i + 1 < size; i += 2) {
    auto const name = "n" + std::to_string(data[i + 1]);
    switch (data[i] % 8) {
      case 1:
        if (data[i] & 64) {
          options.metadata.mode = data[i + 1] % 2 ? 0755u : 0u;
          dir.set_metadata(options.metadata);
          break;
        }
        if (data[i] & 32 && !dir.is_sharded()) {  // of a sharded one, what does not change keeps its name
          options.cid_version = data[i + 1] & 1;
          CAIRN_LAW(dir.set_prefix(options.cid_version, code::sha2_256));
          break;
        }
        [[fallthrough]];
      case 0:
        CAIRN_LAW(dir.remove(name).value() == (model.erase(name) == 1));
        break;
      case 2: {
        auto const saved = dir.save(data[i] >> 4).value();
        CAIRN_LAW(saved.id == made_at_once(model, options));
        break;
      }
      case 3: {
        auto const saved = dir.save().value();
        dir = directory::open(store, saved.id, options).value();
        break;
      }
      default:
        CAIRN_LAW(dir.set(name, link_of(data[i])));
        model.insert_or_assign(name, link_of(data[i]));
    }
    auto const found = dir.find(name).value();
    auto const want = model.find(name);
    CAIRN_LAW(found.has_value() == (want != model.end()) && (!found || found->id == want->second.id));
  }
  auto seen = std::map<std::string, unixfs_link>{};
  auto cursor = dir.entries();
  while (auto const e = cursor.next().value()) CAIRN_LAW(seen.emplace(e->name, e->link).second);
  CAIRN_LAW(seen.size() == model.size());
  for (auto const& [name, link] : model) CAIRN_LAW(seen.at(name).id == link.id && seen.at(name).tsize == link.tsize);
  CAIRN_LAW(dir.save().value().id == made_at_once(model, options));
  return 0;
}
