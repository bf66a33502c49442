#include "adapter.hpp"

#include <cairn/blockstore/memory.hpp>
#include <cairn/blockstore/null.hpp>
#include <cairn/car/import.hpp>
#include <cairn/crypto/hash.hpp>
#include <cairn/ipld/dag_pb_wire.hpp>
#include <cairn/unixfs/add_file.hpp>
#include <cairn/unixfs/directory.hpp>
#include <cairn/unixfs/directory_builder.hpp>
#include <cairn/unixfs/directory_cursor.hpp>
#include <cairn/unixfs/file_reader.hpp>
#include <cairn/unixfs/importer.hpp>

#include <map>

namespace adapter {
namespace {

auto metadata_of(test_case const& c) -> file_metadata {
  auto out = file_metadata{};
  if (c.has("mode")) out.mode = static_cast<std::uint32_t>(c.unsigned_number("mode"));
  if (c.has("mtime")) out.mtime = unixfs_time{c.array("mtime").at(0).to_number<std::int64_t>(), c.array("mtime").at(1).to_number<std::uint32_t>()};
  return out;
}

auto hash_code(std::string_view name) -> std::uint64_t {
  for (auto const& h : hash_functions())
    if (h.name == name) return h.code;
  throw conformance::bad_case{"no hash " + std::string{name}};
}

auto options_of(test_case const& c) -> import_options {
  auto o = import_options{};
  o.cid_version = static_cast<unsigned>(c.unsigned_number("cid_version"));
  o.raw_leaves = c.flag("raw_leaves");
  o.hash = hash_code(c.text_or("hash", "sha2-256"));
  auto const chunker = parse_chunker(c.text("chunker"));
  if (!chunker) throw conformance::bad_case{"chunker " + c.text("chunker")};
  o.chunker = *chunker;
  auto const links = static_cast<std::size_t>(c.unsigned_number("max_links"));
  if (c.text_or("layout", "balanced") == "trickle")
    o.layout = trickle_layout{links};
  else
    o.layout = balanced_layout{links};
  o.metadata = metadata_of(c);
  return o;
}

auto directory_options_of_case(test_case const& c) -> directory_options {
  auto o = directory_options{};
  o.cid_version = static_cast<unsigned>(c.unsigned_number("cid_version"));
  o.hash = hash_code(c.text_or("hash", "sha2-256"));
  o.fanout = c.has("fanout") ? c.unsigned_number("fanout") : 256;
  auto const rule = c.text_or("shard", "links");
  o.estimate = rule == "block" ? directory_estimate::block : directory_estimate::links;
  o.threshold = c.has("threshold") ? c.unsigned_number("threshold") : 256 * limits::KiB;
  if (rule == "always") o.threshold = 1;
  if (rule == "never") o.threshold = 0;
  return o;
}

/// {"data": octets}, {"symlink": target} or {"entries": [[name, node], ...]}
class tree_maker {
public:
  explicit tree_maker(test_case const& c) : options_{directory_options_of_case(c)}, files_{store_, options_of(c)} {}

  auto make(json::object const& o) -> io_result<unixfs_link> {
    if (auto const* data = o.if_contains("data")) {
      CAIRN_TRY(auto const f, files_.add(octets(*data)));
      return unixfs_link{f.root, f.dag_size};
    }
    if (auto const* target = o.if_contains("symlink")) {
      auto const text = conformance::to_text(*target);
      auto node = bytes{};
      append_dag_pb_data(node, encode_unixfs({.type = unixfs_type::symlink, .data = as_bytes(text)}));
      CAIRN_TRY(auto const id, files_.put(node));
      return unixfs_link{id, node.size()};
    }
    auto builder = directory_builder{options_};
    for (auto const& pair : o.at("entries").as_array()) {
      CAIRN_TRY(auto const link, make(pair.at(1).as_object()));
      builder.add(conformance::to_text(pair.at(0)), link);
    }
    CAIRN_TRY(auto const built, builder.finish(files_));
    return built.link;
  }

private:
  memory_blockstore store_{};
  directory_options options_{};
  importer files_;
};

auto type_name(unixfs_type t) -> char const* {
  constexpr char const* names[]{"raw", "directory", "file", "metadata", "symlink", "hamt-sharded-directory"};
  return names[static_cast<int>(t)];
}

auto describe_data(bytes_view in) -> reply {
  auto const v = decode_unixfs(in);
  if (!v) return refuse(v.error());
  auto sizes = json::array{};
  for (auto const n : v->block_sizes) sizes.push_back(n);
  auto out = json::object{{"type", type_name(v->type)}, {"blocksizes", std::move(sizes)}};
  if (v->data) out["data"] = to_hex(*v->data);
  if (v->filesize) out["filesize"] = *v->filesize;
  if (v->hash_type) out["hash_type"] = *v->hash_type;
  if (v->fanout) out["fanout"] = *v->fanout;
  if (v->mode) out["mode"] = v->permissions();
  if (v->mtime) out["mtime"] = {v->mtime->seconds, v->mtime->nanos};
  return out;
}

auto encode_data(test_case const& c) -> reply {
  auto f = unixfs_fields{};
  auto const type = c.text("type");
  for (int i = 0; i < 6; ++i)
    if (type == type_name(static_cast<unixfs_type>(i))) f.type = static_cast<unixfs_type>(i);
  auto data = bytes{};
  if (c.has("data")) f.data = data = octets(c, "data");
  if (c.has("filesize")) f.filesize = c.unsigned_number("filesize");
  if (c.has("hash_type")) f.hash_type = c.unsigned_number("hash_type");
  if (c.has("fanout")) f.fanout = c.unsigned_number("fanout");
  if (c.has("mode")) f.mode = static_cast<std::uint32_t>(c.unsigned_number("mode"));
  f.mtime = metadata_of(c).mtime;
  auto sizes = std::vector<std::uint64_t>{};
  if (c.has("blocksizes"))
    for (auto const& n : c.array("blocksizes")) sizes.push_back(n.to_number<std::uint64_t>());
  f.block_sizes = sizes;
  return json::object{{"bytes", to_hex(encode_unixfs(f))}};
}

/// What stands below a root: each path with what it is; an error of any part is the answer.
struct walker {
  memory_blockstore& store;
  std::map<std::string, json::object> seen{};

  auto walk(std::string const& path, cid const& id, int depth) -> io_result<void> {
    if (depth > 64) return std::unexpected(error{unixfs_errc::too_deep});
    CAIRN_TRY(auto const root, get_block(store, id));
    auto what = json::object{{"path", path}, {"cid", to_string(id)}};
    if (id.codec() != code::raw && id.codec() != code::dag_pb) {
      what["type"] = "other";
      seen[path] = std::move(what);
      return {};
    }
    auto entries = directory_cursor::open(store, root);
    if (entries) {
      what["type"] = "directory";
      seen[path] = std::move(what);
      for (;;) {
        CAIRN_TRY(auto const e, entries->next());
        if (!e) return {};
        auto const inner = path.empty() ? e->name : path + "/" + e->name;
        CAIRN_TRY(walk(inner, e->link.id, depth + 1));
      }
    }
    if (id.codec() == code::dag_pb)
      if (auto const node = read_dag_pb(root.data()); node && node->data())
        if (auto const data = decode_unixfs(*node->data()); data && data->type == unixfs_type::symlink) {
          what["type"] = "symlink", what["target"] = as_text(data->content());
          seen[path] = std::move(what);
          return {};
        }
    CAIRN_TRY(auto file, open_file(store, root));
    auto content = memory_sink{};
    CAIRN_TRY(file.copy_to(content));
    what["type"] = "file", what["size"] = content.written().size(), what["sha256"] = to_hex(sha256(content.written()));
    seen[path] = std::move(what);
    return {};
  }
};

auto read_tree(test_case const& c) -> reply {
  auto store = memory_blockstore{};
  auto const car = octets(c, "car");
  auto source = memory_source{car};
  if (auto const done = import_car(store, source); !done) return refuse(done.error());
  auto const root = parse_cid(c.text("root"));
  if (!root) return refuse(root.error());
  auto w = walker{store};
  if (auto const done = w.walk("", *root, 0); !done) return refuse(done.error());
  auto out = json::array{};
  for (auto& [path, what] : w.seen) out.push_back(std::move(what));
  return json::object{{"entries", std::move(out)}};
}

/// ["set", name, octets of a raw leaf] and ["remove", name], one after the other.
auto edit(test_case const& c) -> reply {
  auto store = memory_blockstore{};
  auto dir = directory{store, directory_options_of_case(c)};
  for (auto const& step : c.array("steps")) {
    auto const name = conformance::to_text(step.at(1));
    if (conformance::to_text(step.at(0)) == "remove") {
      if (auto const done = dir.remove(name); !done) return refuse(done.error());
      continue;
    }
    auto const leaf = hash_block({.codec = code::raw}, buffer{octets(step.at(2))});
    if (!leaf) return refuse(leaf.error());
    if (auto const done = dir.set(name, {leaf->id(), leaf->data().size()}); !done) return refuse(done.error());
  }
  auto const root = dir.save();
  if (!root) return refuse(root.error());
  return json::object{{"cid", to_string(root->id)}};
}

auto cuts(test_case const& c) -> reply {
  auto const chunker = parse_chunker(c.text("chunker"));
  if (!chunker) return refuse(chunker.error());
  auto const data = octets(c, "data");
  auto in = bytes_view{data};
  auto out = json::array{};
  while (!in.empty()) {
    auto const n = chunker->cut(in);
    out.push_back(n);
    in = in.subspan(n);
  }
  return json::object{{"lengths", std::move(out)}};
}

constexpr operation operations[]{
    {"chunker.cuts", cuts},
    {"unixfs.data_decode", [](test_case const& c) -> reply { return describe_data(octets(c, "bytes")); }},
    {"unixfs.data_encode", encode_data},
    {"unixfs.import_file",
     [](test_case const& c) -> reply {
       auto store = null_blockstore{};
       auto const data = octets(c, "data");
       auto const got = add_file(store, bytes_view{data}, options_of(c));
       if (!got) return refuse(got.error());
       return json::object{{"cid", to_string(got->root)}, {"dag_size", got->dag_size}};
     }},
    {"unixfs.import_tree",
     [](test_case const& c) -> reply {
       auto maker = tree_maker{c};
       auto const got = maker.make(c.object("tree"));
       if (!got) return refuse(got.error());
       return json::object{{"cid", to_string(got->id)}, {"dag_size", got->tsize}};
     }},
    {"unixfs.edit", edit},
    {"unixfs.read", read_tree},
    {"hamt.name_hash", [](test_case const& c) -> reply { return json::object{{"hash", to_hex(unixfs_name_hash(c.text("name")).digest())}}; }},
};

}  // namespace

auto unixfs_operations() -> std::span<operation const> { return operations; }

}  // namespace adapter
