#include "adapter.hpp"

#include <cairn/block/verify.hpp>
#include <cairn/blockstore/memory.hpp>
#include <cairn/hamt/hashmap.hpp>
#include <cairn/ipld/schema/typed.hpp>
#include <cairn/ipld/selector/walk.hpp>

namespace adapter {
namespace {

/// Notes which blocks are read.
struct watched_store {
  memory_blockstore inner{};
  mutable json::array read{};

  auto get(cid const& id) const -> io_result<block> {
    read.push_back(json::string{to_string(id)});
    return inner.get(id);
  }
};

void load(test_case const& c, memory_blockstore& into) {
  for (auto const& one : c.array("blocks")) {
    auto const b = hash_block({.codec = code::dag_cbor}, buffer{octets(one)});
    if (!b || !into.put(*b)) throw conformance::bad_case{"blocks"};
  }
}

auto cid_of(std::string const& text) -> cid {
  auto const id = parse_cid(text);
  if (!id) throw conformance::bad_case{"no CID: " + text};
  return *id;
}

auto schema_of(test_case const& c) -> io_result<ipld::schema> {
  return c.has("text") ? ipld::schema::parse(c.text("text")) : ipld::schema::from_node(from_value(c.at("dmt")));
}

constexpr operation operations[]{
    {"selector.parse",
     [](test_case const& c) -> reply {
       auto const s = ipld::selector::parse(from_value(c.at("selector")));
       if (!s) return refuse(s.error());
       return json::object{{"selector", to_value(to_node(*s))}};
     }},
    {"selector.walk",
     [](test_case const& c) -> reply {
       auto const s = ipld::selector::parse(from_value(c.at("selector")));
       if (!s) return refuse(s.error());
       auto store = memory_blockstore{};
       load(c, store);
       auto const root = from_value(c.at("value"));
       auto walk = ipld::select_walk{store, root, *s, {.limits = {.nodes = 100'000, .steps = 10'000'000}}};
       auto visits = json::array{};
       for (;;) {
         auto const v = walk.next();
         if (!v) return refuse(v.error());
         if (!*v) return json::object{{"visits", std::move(visits)}};
         auto const& at = *(*v)->value;
         auto const shown = at.as_map() ? to_value(ipld::map{}) : at.as_list() ? to_value(ipld::list{}) : to_value(at);
         visits.push_back({json::string{(*v)->path_text()}, (*v)->matched, shown});
       }
     }},
    {"schema.parse",
     [](test_case const& c) -> reply {
       auto const s = schema_of(c);
       if (!s) return refuse(s.error());
       return json::object{{"dmt", to_value(s->dmt())}};
     }},
    {"schema.check",
     [](test_case const& c) -> reply {
       auto const s = schema_of(c);
       if (!s) return refuse(s.error());
       return json::object{};
     }},
    {"schema.read",
     [](test_case const& c) -> reply {
       auto const s = schema_of(c);
       if (!s) return refuse(s.error());
       auto const v = read_typed(*s, c.text("type"), from_value(c.at("value")));
       if (!v) return refuse(v.error());
       return json::object{{"typed", to_value(*v)}};
     }},
    {"schema.write",
     [](test_case const& c) -> reply {
       auto const s = schema_of(c);
       if (!s) return refuse(s.error());
       auto const v = write_typed(*s, c.text("type"), from_value(c.at("typed")));
       if (!v) return refuse(v.error());
       return json::object{{"value", to_value(*v)}};
     }},
    {"hashmap.build",
     [](test_case const& c) -> reply {
       auto store = memory_blockstore{};
       auto map = make_hashmap(store, store, {c.unsigned_number("hash"), static_cast<unsigned>(c.unsigned_number("bitWidth")), c.unsigned_number("bucketSize")});
       if (!map) return refuse(map.error());
       for (auto const& pair : c.array("entries"))
         if (auto const done = map->set(as_text(octets(pair.at(0))), from_value(pair.at(1))); !done) return refuse(done.error());
       // what is removed was stored before
       if (auto const saved = map->save(); !saved) return refuse(saved.error());
       for (auto const& key : c.array("remove"))
         if (auto const done = map->remove(as_text(octets(key))); !done) return refuse(done.error());
       auto const root = map->save();
       if (!root) return refuse(root.error());
       return json::object{{"root", to_string(*root)}};
     }},
    {"hashmap.get",
     [](test_case const& c) -> reply {
       auto store = watched_store{};
       load(c, store.inner);
       auto const v = hashmap_get(block_reader{store}, cid_of(c.text("root")), as_text(c.hex("key")));
       if (!v) return refuse(v.error());
       auto out = json::object{{"found", v->has_value()}, {"visited", std::move(store.read)}};
       if (*v) out["value"] = to_value(**v);
       return out;
     }},
};

}  // namespace

auto ipld_operations() -> std::span<operation const> { return operations; }

}  // namespace adapter
