// Directories as an attacker makes them: flat ones and shards over earlier nodes, fanouts and bitfields that lie, names of any
// octets, some blocks missing. Every way of reading ends, and those that read the same thing say the same.
#include <cairn/unixfs/directory.hpp>
#include <cairn/unixfs/get_tree.hpp>
#include <cairn/unixfs/list.hpp>
#include <cairn/unixfs/resolve.hpp>

#include "script.hpp"

#include <cairn/blockstore/memory.hpp>
#include <cairn/ipld/dag_pb_wire.hpp>
#include <cairn/unixfs/directory_builder.hpp>

#include <algorithm>
#include <map>

using namespace cairn;

namespace {

constexpr std::size_t enough = 2000;  // entries, then reading stops

struct bounded_sink {
  std::size_t size = 0;
  auto write(bytes_view in) -> io_result<void> {
    size += in.size();
    if (size > (1 << 20)) return std::unexpected(error::message("fuzz", "enough"));
    return {};
  }
};

// commands of the input: 0 raw leaf, 1 file or symlink, 2 flat directory, 3 shard, 4 a shard as it should be, 5 any octets
class tree_maker {
public:
  explicit tree_maker(bytes_view in) : say_{in} {}

  auto run(memory_blockstore& store) -> std::vector<unixfs_link> {
    while (!say_.is_over() && made_.size() < 40) make(store, say_.octet());
    return made_;
  }

private:
  void make(memory_blockstore& store, byte kind) {
    auto data = bytes{};
    switch (kind % 6) {
      case 0: assign(data, say_.take(say_.octet() % 16)); break;
      case 1:
        if (kind & 32) {
          file(data);
          break;
        }
        append_dag_pb_data(data, encode_unixfs({.type = kind & 64 ? unixfs_type::symlink : unixfs_type::file, .data = say_.take(say_.octet() % 32)}));
        break;
      case 2: flat(data); break;
      case 3: shard(data, kind); break;
      case 4: return whole_shard(store);
      default: assign(data, say_.take(say_.octet() % 64));
    }
    auto const b = *hash_block({.version = 1, .codec = kind % 6 == 0 ? code::raw : code::dag_pb}, buffer{data});
    if (kind < 240) (void)store.put(b);
    made_.push_back({b.id(), data.size()});
  }
  static void assign(bytes& out, bytes_view from) { out.assign(from.begin(), from.end()); }
  auto earlier() -> unixfs_link { return made_.empty() ? unixfs_link{*parse_cid("bafkqaaa"), 0} : made_[say_.octet() % made_.size()]; }

  // of several blocks, whose sizes are what their nodes take
  void file(bytes& out) {
    auto links = std::vector<pb_link>{};
    auto sizes = std::vector<std::uint64_t>{};
    for (int n = say_.octet() % 3 + 1; n > 0; --n) {
      auto const to = earlier();
      links.push_back({.id = to.id, .tsize = to.tsize});
      sizes.push_back(to.tsize);
    }
    append_dag_pb(out, links, encode_unixfs({.type = unixfs_type::file, .block_sizes = sizes}));
  }

  void flat(bytes& out) {
    auto links = std::vector<pb_link>{};
    for (int n = say_.octet() % 12; n > 0; --n) {
      auto const to = earlier();
      links.push_back({.id = to.id, .name = std::string{as_text(say_.take(say_.octet() % 10))}, .tsize = to.tsize});
    }
    append_dag_pb(out, links, encode_unixfs({.type = unixfs_type::directory}));
  }

  void shard(bytes& out, byte kind) {
    constexpr std::uint64_t fanouts[]{8, 16, 256, 1024, 0, 3, 2048, std::uint64_t{1} << 63};
    auto const fanout = fanouts[say_.octet() % 8];
    auto const width = fanout == 8 || fanout == 16 ? 1u : fanout == 256 ? 2u : 3u;
    auto slots = std::map<unsigned, std::pair<std::string, unixfs_link>>{};
    for (int n = say_.octet() % 12; n > 0; --n) {
      auto const slot = say_.octet() % (fanout == 8 ? 8u : fanout == 16 ? 16u : 256u);
      auto const name = std::string{as_text(say_.take(say_.octet() % 6))};
      slots.insert_or_assign(slot, std::pair{name, earlier()});
    }
    auto field = bytes(32, 0);
    auto links = std::vector<pb_link>{};
    for (auto const& [slot, entry] : slots) {
      field[31 - slot / 8] |= static_cast<byte>(1 << slot % 8);
      char digits[8];
      std::snprintf(digits, sizeof digits, "%0*X", static_cast<int>(width), slot);
      links.push_back({.id = entry.second.id, .name = digits + entry.first, .tsize = entry.second.tsize});
    }
    if (kind & 64 && !links.empty()) links.erase(links.begin());  // fewer links than bits
    if (kind & 128 && !links.empty()) links[0].name = as_text(say_.take(4));
    auto const first = std::find_if(field.begin(), field.end(), [](byte b) { return b != 0; });
    auto const bits = bytes(kind & 32 ? field.begin() : first, field.end());
    append_dag_pb(out, links, encode_unixfs({.type = unixfs_type::hamt_shard, .data = bits, .hash_type = kind & 16 ? 0x12 : 0x22, .fanout = fanout}));
  }

  void whole_shard(memory_blockstore& store) {
    auto options = directory_options{.cid_version = 1, .fanout = say_.octet() % 2 ? 8u : 256u, .threshold = 1};
    auto builder = directory_builder{options};
    auto names = std::vector<std::string>{};
    for (int n = say_.octet() % 40; n > 0; --n) builder.add(names.emplace_back("f" + std::to_string(say_.octet())), earlier());
    auto writer = node_writer{store, options.prefix()};
    auto const built = builder.finish(writer).value();
    CAIRN_LAW(writer.flush());
    for (auto const& name : names) CAIRN_LAW(find_entry(store, built.link.id, name).value());
    CAIRN_LAW(!find_entry(store, built.link.id, "g").value());
    made_.push_back(built.link);
  }

  fuzz::script say_;
  std::vector<unixfs_link> made_;
};

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(byte const* data, std::size_t size) {
  auto store = memory_blockstore{};
  auto const made = tree_maker{{data, size}}.run(store);
  if (made.empty()) return 0;
  auto const root = made.back().id;

  auto entries = std::vector<directory_entry>{};
  auto clean = false;
  if (auto cursor = directory_cursor::open(store, root)) {
    clean = true;
    for (std::size_t n = 0; n < enough; ++n) {
      auto const e = cursor->next();
      if (e && !*e) break;
      if (e)
        entries.push_back(**e);
      else
        clean = false;
    }
    for (auto const& e : entries) (void)find_entry(store, root, e.name);
    // opened for changes and saved without one, it keeps its name
    if (auto dir = directory::open(store, root)) {
      auto const saved = dir->save();
      CAIRN_LAW(!saved || saved->id == root);
    }
  }
  if (auto list = list_cursor::open(store, root)) {
    std::size_t seen = 0;
    for (std::size_t n = 0; n < enough; ++n) {
      auto const e = list->next();
      if (e && !*e) break;
      seen += e.has_value();
    }
    if (clean) CAIRN_LAW(seen <= entries.size());
  }
  auto archive = bounded_sink{};
  (void)write_tar(store, root, "x", archive, {});
  if (!entries.empty())
    if (auto const path = parse_path("/ipfs/" + to_string(root) + "/" + entries[size % entries.size()].name))
      if (auto const* const fixed = std::get_if<immutable_path>(&*path)) (void)resolve_unixfs(store, *fixed);
  return 0;
}
