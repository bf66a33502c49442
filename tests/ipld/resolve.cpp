#include <cairn/blockstore/memory.hpp>
#include <cairn/blockstore/ref.hpp>
#include <cairn/ipld/codec_set.hpp>
#include <cairn/ipld/resolve.hpp>
#include <cairn/ipld/traversal.hpp>

#include <catch2/catch.hpp>

using namespace cairn;

namespace {

struct fixture {
  memory_blockstore store{};
  mutable std::size_t reads = 0;

  auto get(cid const& id) const -> io_result<block> {
    ++reads;
    return store.get(id);
  }
  auto put(std::uint64_t codec, ipld::node const& n) -> cid {
    auto out = bytes{};
    REQUIRE(default_codecs::encode(codec, n, out));
    auto const b = hash_block({.codec = codec}, buffer{out}).value();
    REQUIRE(store.put(b));
    return b.id();
  }
  auto json(std::string_view text, std::uint64_t codec = code::dag_cbor) -> cid {
    return put(codec, dag_json::decode(as_bytes(text)).value());
  }
  auto resolve(std::string const& text) -> std::string {
    auto const p = to_immutable(parse_path(text).value()).value();
    auto const r = cairn::resolve(*this, p);
    if (!r) return r.error().subject();
    auto out = to_string(r->id);
    for (auto const& s : r->remainder) out += "/" + s;
    return out;
  }
};

auto quoted(cid const& id) -> std::string { return "{\"/\":\"" + to_string(id) + "\"}"; }

}  // namespace

TEST_CASE("capability 4: the CIDs of one node in three codecs, and paths through it") {
  auto f = fixture{};
  auto const foo = *parse_cid("QmYNmQKp6SuaVrpgWRsPTgCQCnpxUYGq76YEKBXuj2N4H6");
  auto const bar = *parse_cid("QmTz3oc4gdpRMKP2sdGUPZTAGRngqjsi99BPoztyP53JMM");
  auto const baz = *parse_cid("QmWLdkp93sNxGRjnFHPaYg8tCQ35NBY3XPn6KiETd3Z4WR");
  auto const text = R"({"hello":"world","cats":[)" + quoted(foo) + R"(,{"water":)" + quoted(bar) + R"(}],"magic":)" + quoted(baz) +
                    R"(,"sub":{"dict":"ionary","beep":[0,"bop"]}})";
  auto const cbor = f.json(text), json = f.json(text, code::dag_json);
  CHECK(to_string(cbor) == "bafyreiblwimnjbqcdoeafiobk6q27jcw64ew7n2fmmhdpldd63edmjecde");
  CHECK(to_string(json) == "baguqeera6gviseelmbzn2ugoddo5vulxlshqs3kw5ymgsb6w4cabnoh4ldpa");
  for (auto const& root : {cbor, json}) {
    auto const at = "/ipfs/" + to_string(root);
    CHECK(f.resolve(at + "/cats/0") == to_string(foo));
    CHECK(f.resolve(at + "/cats/1/water") == to_string(bar));
    CHECK(f.resolve(at + "/sub/beep/1") == to_string(root) + "/sub/beep/1");
    auto const n = get_node(f, {root, {"sub", "beep", "1"}});
    REQUIRE(n);
    CHECK(*n->as_string() == "bop");
  }
  auto const data = R"({"Data":{"/":{"bytes":"AAECAwQ"}},"Links":[]})";
  CHECK(to_string(f.json(data)) == "bafyreieculsmrexh3ty5jentbvuku452o27mst4h2tq2rb2zntqhgcstji");
  CHECK(to_string(f.json(data, code::dag_pb)) == "bafybeibazl2z4vqp2tmwcfag6wirmtpnomxknqcgrauj7m2yisrz3qjbom");
  CHECK(to_string(f.json(data, code::dag_json)) == "baguqeerajwksxu3lxpomdwxvosl542zl3xknhjgxtq3277gafrhl6vdw5tcq");
}

TEST_CASE("capability 27 (5): what leads nowhere, in Kubo's words") {
  auto f = fixture{};
  auto const root = f.json(R"({"a":{"b":[1,{"c":"x"}]},"l":{"/":"bafkqaaa"},"n":null})");
  CHECK(to_string(root) == "bafyreicxed4i3xavfgkxkygbsjnp3bnlmsi42nrq4gzzl6voafgx66fqmu");
  auto const at = "/ipfs/" + to_string(root);
  CHECK(f.resolve(at) == to_string(root));
  CHECK(f.resolve(at + "/n") == to_string(root) + "/n");
  CHECK(f.resolve(at + "/l") == "bafkqaaa");
  CHECK(f.resolve(at + "/a/b/1/c") == to_string(root) + "/a/b/1/c");
  CHECK(f.resolve(at + "/a/b/7") == "key not found: \"7\"");
  CHECK(f.resolve(at + "/zz") == "key not found: \"zz\"");
  CHECK(f.resolve(at + "/a/zz/y") == "no link named \"zz\" under " + to_string(root));
  CHECK(f.resolve(at + "/a/b/x") == "invalid segment for lookup on a list: \"x\": strconv.ParseInt: parsing \"x\": invalid syntax");
  CHECK(f.resolve(at + "/n/x") ==
        "func called on wrong kind: \"LookupBySegment\" called on a null node (kind: null), but only makes sense on map or list");
  CHECK(f.resolve("/ipfs/bafkqaaa/x") == "bafkqaaa");  // an identity block is not in this store
}

TEST_CASE("resolving through dag-pb by name, by the data model, and by a name lookup of one's own") {
  auto f = fixture{};
  auto const leaf = f.put(code::raw, bytes{1, 2, 3});
  auto const sub = f.put(code::dag_pb, to_node({{{leaf, "f", 3}}, bytes{8, 1}}));
  auto const root = f.put(code::dag_pb, to_node({{{sub, "sub", 9}}, bytes{8, 1}}));
  auto const name = to_string(root);
  f.reads = 0;
  CHECK(f.resolve("/ipfs/" + name + "/sub/f") == to_string(leaf));
  CHECK(f.reads == 2);  // the leaf itself is not read
  CHECK(f.resolve("/ipfs/" + name + "/sub/zz") == "no link named \"zz\" under " + to_string(sub));
  CHECK(f.resolve("/ipfs/" + name + "/Links") == "no link named \"Links\" under " + name);
  CHECK(f.resolve("/ipld/" + name + "/Links") == name + "/Links");
  CHECK(f.resolve("/ipld/" + name + "/Links/0/Hash") == to_string(sub));
  CHECK(f.resolve("/ipld/" + name + "/Links/0/Hash/Links/0/Hash") == to_string(leaf));
  CHECK(f.resolve("/ipld/" + name + "/sub") == "no link named \"sub\" under " + name);
  auto const without = f.put(code::dag_pb, to_node({{{leaf, "", 0, false, false}}, std::nullopt}));
  CHECK(get_node(f, {without})->find("Data")->is_null());
  CHECK(get_node(f, {without, {"Links", "0", "Tsize"}})->is_null());

  struct upper final : name_lookup {
    auto find(block_reader blocks, block const& in, std::string_view n) const -> io_result<std::optional<cid>> override {
      auto lower = std::string{n};
      for (auto& c : lower) c = static_cast<char>(c | 0x20);
      return pb_name_lookup{}.find(blocks, in, lower);
    }
  };
  auto const mine = upper{};
  CHECK(cairn::resolve(f, {root, {"SUB", "F"}}, &mine)->id == leaf);
}

TEST_CASE("a walk gives each block once, parents first, children in order") {
  auto f = fixture{};
  auto const leaf = f.put(code::raw, bytes{1});
  auto const other = f.put(code::raw, bytes{2});
  auto const a = f.put(code::dag_cbor, ipld::list{leaf, other});
  auto const b = f.put(code::dag_cbor, ipld::map{{"x", other}, {"y", a}});
  auto const root = f.put(code::dag_pb, to_node({{{b, "b", 1}, {a, "c", 1}, {leaf, "d", 1}}, std::nullopt}));
  auto const walk = [&](walk_options o, cid const& from) {
    auto w = dag_walk{f, from, o};
    auto out = std::vector<std::pair<cid, std::size_t>>{};
    for (;;) {
      auto const item = w.next();
      REQUIRE(item);
      if (!*item) return out;
      out.emplace_back((*item)->id, (*item)->depth);
    }
  };
  using seen = std::vector<std::pair<cid, std::size_t>>;
  CHECK(walk({}, root) == seen{{root, 0}, {b, 1}, {other, 2}, {a, 2}, {leaf, 3}});
  CHECK(walk({.max_depth = 0}, root) == seen{{root, 0}});
  CHECK(walk({.max_depth = 1}, root) == seen{{root, 0}, {b, 1}, {a, 1}, {leaf, 1}});
  // b's path reaches a at the limit; from above it is followed after all
  auto const deep = f.put(code::dag_cbor, ipld::list{b, a});
  CHECK(walk({.max_depth = 2}, deep) == seen{{deep, 0}, {b, 1}, {other, 2}, {a, 2}, {leaf, 2}});
  CHECK(walk({.unique = false}, a).size() == 3);
  CHECK(walk({.unique = false}, root).size() == 10);
  f.reads = 0;
  CHECK(walk({.read_leaves = false}, root).size() == 5);
  CHECK(f.reads == 3);

  REQUIRE(f.store.remove(other));
  auto w = dag_walk{f, root};
  auto failed = false;
  for (auto i = 0; i < 9 && !failed; ++i) failed = !w.next();
  CHECK(failed);
  CHECK(walk({.skip_missing = true}, root).size() == 4);

  // the same bytes as raw and as dag-cbor: the links of the second are followed
  auto const twin = cid::v1(code::raw, a.hash());
  CHECK(walk({.skip_missing = true}, f.put(code::dag_cbor, ipld::list{twin, a})).size() == 4);
}

TEST_CASE("a walk can leave a part out, and says which block it could not read") {
  auto f = fixture{};
  auto const leaf = f.put(code::raw, bytes{1});
  auto const a = f.put(code::dag_cbor, ipld::list{leaf});
  auto w = dag_walk{f, a};
  REQUIRE(*w.next());
  w.leave_out();
  CHECK_FALSE(w.next()->has_value());
  w.add(leaf);
  CHECK(w.next()->value().id == leaf);

  auto const broken = hash_block({.codec = code::dag_cbor}, buffer{bytes{0x81}}).value();
  REQUIRE(f.store.put(broken));
  auto v = dag_walk{f, broken.id()};
  REQUIRE(v.next());
  auto const failed = v.next();
  REQUIRE_FALSE(failed);
  CHECK(failed.error() == dag_cbor_errc::truncated);
  CHECK(failed.error().subject() == to_string(broken.id()));
}

TEST_CASE("a chain of 100000 blocks is walked without recursion") {
  auto f = fixture{};
  auto at = f.put(code::raw, bytes{1});
  for (auto i = 0; i < 100'000; ++i) at = f.put(code::dag_cbor, at);
  auto w = dag_walk{f, at};
  auto n = 0;
  while (w.next().value()) ++n;
  CHECK(n == 100'001);
}

TEST_CASE("a set of CIDs: versions are two, and so are codecs") {
  auto s = cid_set{};
  auto const v0 = *parse_cid("QmYNmQKp6SuaVrpgWRsPTgCQCnpxUYGq76YEKBXuj2N4H6");
  CHECK_FALSE(s.contains(v0));
  CHECK(s.insert(v0));
  CHECK_FALSE(s.insert(v0));
  CHECK(s.insert(v0.to_v1()));
  CHECK(s.insert(cid::v1(code::raw, v0.hash())));
  for (std::uint32_t i = 0; i < 10'000; ++i) {
    byte digest[100]{static_cast<byte>(i), static_cast<byte>(i >> 8)};
    CHECK(s.insert(cid::v1(code::raw, *multihash::wrap(code::identity, bytes_view{digest}.first(2 + i % 99)))));
  }
  CHECK(s.size() == 10'003);
  byte digest[100]{7};
  CHECK(s.contains(cid::v1(code::raw, *multihash::wrap(code::identity, bytes_view{digest}.first(9)))));
  CHECK_FALSE(s.contains(cid::v1(code::raw, *multihash::wrap(code::identity, bytes_view{digest}.first(10)))));
  s.clear();
  CHECK_FALSE(s.contains(v0));
}
