#include <cairn/ipld/selector/select.hpp>
#include <cairn/ipld/selector/walk.hpp>

#include <cairn/blockstore/memory.hpp>
#include <cairn/core/try.hpp>
#include <cairn/ipld/codec/dag_cbor.hpp>
#include <cairn/ipld/codec/dag_json.hpp>

#include <catch2/catch.hpp>
#include <rapidcheck/catch.h>

using namespace cairn;
using ipld::selector_errc;
namespace s = cairn::ipld::select;

namespace {

auto json(std::string_view text) -> ipld::node { return dag_json::decode(as_bytes(text)).value(); }

auto parsed(std::string_view text) -> result<ipld::selector, selector_errc> { return ipld::selector::parse(json(text)); }

/// Each visit as "path", with "!" behind a match; the error at the end.
auto walked(ipld::select_walk w) -> std::string {
  auto out = std::string{};
  for (;;) {
    auto const v = w.next();
    if (!v) return out + "error: " + std::string{v.error().clause()};
    if (!*v) return out;
    out += (*v)->path_text() + ((*v)->matched ? "! " : " ");
  }
}

auto walked(std::string_view data, ipld::selector_program p, ipld::select_options o = {}) -> std::string {
  auto const store = memory_blockstore{};
  auto const n = json(data);
  return walked({store, n, p, o});
}

auto walked(std::string_view data, std::string_view selector, ipld::select_options o = {}) -> std::string {
  auto const parsed_selector = parsed(selector);
  if (!parsed_selector) return std::string{describe(parsed_selector.error())};
  return walked(data, *parsed_selector, o);
}

auto put(memory_blockstore& store, ipld::node const& n) -> cid {
  auto out = bytes{};
  REQUIRE(dag_cbor::encode(n, out));
  auto b = hash_block({.codec = code::dag_cbor}, buffer{out});
  REQUIRE(b);
  REQUIRE(store.put(*b));
  return b->id();
}

/// Levels of blocks, each with two links to the next one: 2^levels ways through them.
auto diamonds(memory_blockstore& store, int levels) -> cid {
  auto at = put(store, ipld::node{"bottom"});
  for (int i = 0; i < levels; ++i) at = put(store, ipld::node{ipld::list{at, at}});
  return at;
}

constexpr auto everything = R"({"R":{"l":{"none":{}},":>":{"|":[{".":{}},{"a":{">":{"@":{}}}}]}}})";

}  // namespace

TEST_CASE("selectors explore fields, indices, ranges and everything, in their own order") {
  CHECK(walked(R"({"a":1,"b":{"c":2}})", R"({"f":{"f>":{"b":{"f":{"f>":{"c":{".":{}}}}},"a":{".":{}},"x":{".":{}}}}})") == " b b/c! a! ");
  CHECK(walked("[1,2,3,4]", R"({"r":{"^":1,"$":3,">":{".":{}}}})") == " 1! 2! ");
  CHECK(walked("[1,2,3,4]", R"({"i":{"i":2,">":{".":{}}}})") == " 2! ");
  CHECK(walked(R"({"2":1})", R"({"i":{"i":2,">":{".":{}}}})") == " ");
  CHECK(walked(R"([[1],{"x":2}])", R"({"a":{">":{"a":{">":{".":{}}}}}})") == " 0 0/0! 1 1/x! ");
  CHECK(walked(R"([1,[2,[3]]])", everything) == "! 0! 1! 1/0! 1/1! 1/1/0! ");
  CHECK(walked("[1]", R"({"|":[{".":{}},{"a":{">":{".":{}}}},{"i":{"i":0,">":{".":{}}}}]})") == "! 0! ");
}

TEST_CASE("recursion ends at its depth, at its stop and in the nearest recursion") {
  CHECK(walked("[[[[[1]]]]]", R"({"R":{"l":{"depth":3},":>":{"a":{">":{"@":{}}}}}})") == " 0 0/0 ");
  CHECK(walked("[[[[[1]]]]]", R"({"R":{"l":{"depth":0},":>":{"a":{">":{"@":{}}}}}})") == " ");
  CHECK(walked("[1]", R"({"R":{"l":{"none":{}},":>":{"@":{}}}})") == " ");
  // the inner edge is of the inner recursion
  CHECK(walked(R"({"n":{"n":{"v":[[1]]}}})",
               R"({"R":{"l":{"none":{}},":>":{"f":{"f>":{"n":{"@":{}},"v":{"R":{"l":{"depth":2},":>":{"|":[{".":{}},{"a":{">":{"@":{}}}}]}}}}}}}})") ==
        " n n/n n/n/v! n/n/v/0! ");
  auto const stop = R"({"R":{"l":{"none":{}},"!":{"hasField":"end"},":>":{"a":{">":{"@":{}}}}}})";
  CHECK(walked(R"({"a":{"b":1},"c":{"end":1,"d":1}})", stop) == " a a/b ");
}

TEST_CASE("conditions decide what is matched and what is explored") {
  auto const data = R"({"a":5,"b":"x","c":[1],"d":12})";
  auto const only = [](std::string const& c) { return R"({"a":{">":{".":{"onlyIf":)" + c + "}}}}"; };
  CHECK(walked(data, only(R"({"%":"int"})")) == " a! b c d! ");
  CHECK(walked(data, only(R"({"=":"x"})")) == " a b! c d ");
  CHECK(walked(data, only(R"({"greaterThan":5})")) == " a b c d! ");
  CHECK(walked(data, only(R"({"or":[{"lessThan":6},{"%":"list"}]})")) == " a! b c! d ");
  CHECK(walked(data, only(R"({"and":[{"lessThan":20},{"greaterThan":5}]})")) == " a b c d! ");
  CHECK(walked(data, R"({"a":{">":{"&":{"&":{"%":"list"},">":{"a":{">":{".":{}}}}}}}})") == " c c/0! ");
}

TEST_CASE("subsets cut strings and bytes, labels name the matcher") {
  auto const store = memory_blockstore{};
  auto const n = json(R"({"t":"a long string","b":{"/":{"bytes":"AQIDBA"}},"i":7})");
  auto const p = parsed(R"({"f":{"f>":{"t":{".":{"subset":{"[":2,"]":6},"label":"text"}},"b":{".":{"subset":{"[":3,"]":99}}},"i":{".":{"subset":{"[":0,"]":1}}}}}})");
  REQUIRE(p);
  auto w = ipld::select_walk{store, n, *p};
  REQUIRE(w.next());
  auto const t = w.next();
  CHECK(*(**t).value->as_string() == "long");
  CHECK((**t).label == "text");
  auto const b = w.next();
  CHECK(*(**b).value->as_bytes() == bytes{4});
  auto const i = w.next();
  CHECK_FALSE((**i).matched);
}

TEST_CASE("bounds of a subset below zero are counted from the end; one that begins behind the end is no match") {
  auto const store = memory_blockstore{};
  auto const part = [&](std::string const& bounds) -> std::string {
    auto const n = json(R"("abcde")");
    auto const p = parsed(R"({".":{"subset":)" + bounds + "}}");
    REQUIRE(p);
    CHECK(ipld::selector::parse(to_node(*p)));
    auto w = ipld::select_walk{store, n, *p};
    auto const v = w.next();
    REQUIRE((v && *v));
    return (**v).matched ? *(**v).value->as_string() : "none";
  };
  CHECK(part(R"({"[":-3,"]":-1})") == "cd");
  CHECK(part(R"({"[":-2,"]":99})") == "de");
  CHECK(part(R"({"[":-99,"]":2})") == "ab");
  CHECK(part(R"({"[":5,"]":-1})") == "none");
  CHECK(part(R"({"[":-1,"]":-3})") == "none");
  CHECK(part(R"({"[":4,"]":4})").empty());
  CHECK(part(R"({"[":5,"]":5})") == "none");
  CHECK(part(R"({"[":0,"]":-99})") == "none");
}

TEST_CASE("links are followed from block to block, stop at a CID, and may be missing") {
  auto store = memory_blockstore{};
  auto const leaf = put(store, ipld::map{{"v", 1}});
  auto const mid = put(store, ipld::list{leaf, 2});
  auto const root = put(store, ipld::map{{"m", mid}, {"l", leaf}});
  CHECK(walked({store, root, parsed(everything)->program()}) == "! l! l/v! m! m/0! m/0/v! m/1! ");
  CHECK(walked({store, root, s::program<s::everything>, {.unique_blocks = true}}) == "! l! l/v! m! m/1! ");
  auto const stop = R"({"R":{"l":{"none":{}},"!":{"/":{"/":")" + to_string(leaf) + R"("}},":>":{"a":{">":{"@":{}}}}}})";
  CHECK(walked({store, root, parsed(stop)->program()}) == " m m/1 ");
  REQUIRE(store.remove(mid));
  CHECK(walked({store, root, s::program<s::everything>}).find("error") != std::string::npos);
  CHECK(walked({store, root, s::program<s::everything>, {.skip_missing = true}}) == "! l! l/v! ");
}

TEST_CASE("what is no selector is refused with its reason") {
  auto const why = [](std::string_view text) {
    auto const p = parsed(text);
    return p ? selector_errc{} : p.error();
  };
  for (auto bad : {"1", "{}", "[]", R"({".":{},"a":{}})", "null"}) CHECK(why(bad) == selector_errc::not_a_selector);
  CHECK(why(R"({"x":{}})") == selector_errc::unknown_member);
  CHECK(why(R"({"a":{}})") == selector_errc::missing_field);
  CHECK(why(R"({"a":{">":{".":{}},"y":1}})") == selector_errc::unknown_field);
  CHECK(why(R"({"a":[]})") == selector_errc::wrong_kind);
  CHECK(why(R"({"|":{}})") == selector_errc::wrong_kind);
  CHECK(why(R"({"i":{"i":-1,">":{".":{}}}})") == selector_errc::bad_range);
  CHECK(why(R"({"r":{"^":3,"$":3,">":{".":{}}}})") == selector_errc::bad_range);
  CHECK(why(R"({".":{"subset":{"[":3,"]":2}}})") == selector_errc::bad_range);
  CHECK(why(R"({"@":{}})") == selector_errc::edge_outside);
  CHECK(why(R"({"R":{"l":{"none":{}},":>":{".":{}}}})") == selector_errc::no_edge);
  CHECK(why(R"({"R":{"l":{"none":{}},":>":{"R":{"l":{"none":{}},":>":{"a":{">":{"@":{}}}}}}}})") == selector_errc::no_edge);
  CHECK(why(R"({"R":{"l":{"some":{}},":>":{"@":{}}}})") == selector_errc::unknown_member);
  CHECK(why(R"({"&":{"&":{"near":1},">":{".":{}}}})") == selector_errc::unknown_member);
  CHECK(why(R"({"selector":{".":{}}})") == selector_errc{});
}

TEST_CASE("hostile selectors stay within their bounds: deep, wide, doubling at each level, without end") {
  auto deep = std::string{R"({".":{}})"};
  for (int i = 0; i < 100; ++i) deep = R"({"a":{">":)" + deep + "}}";
  CHECK(parsed(deep).error() == selector_errc::too_large);
  auto wide = std::string{R"({"|":[{".":{}})"};
  for (int i = 0; i < 2000; ++i) wide += R"(,{".":{}})";
  CHECK(parsed(wide + "]}").error() == selector_errc::too_large);
  // each level would double the members of the union; they are the same two
  auto data = std::string{"[1]"};
  for (int i = 0; i < 60; ++i) data = "[" + data + "]";
  auto const doubling = R"({"R":{"l":{"none":{}},":>":{"|":[{"a":{">":{"@":{}}}},{"a":{">":{"|":[{"@":{}},{"@":{}}]}}}]}}})";
  CHECK(walked(data, doubling, {.limits = {.steps = 2000}}).ends_with("/0 "));
  // many edges lead to the same sequence, which is entered once
  auto edges = std::string{R"({"R":{"l":{"none":{}},":>":{"|":[{"a":{">":{"@":{}}}})"};
  for (int i = 0; i < 199; ++i) edges += R"(,{"a":{">":{"@":{}}}})";
  CHECK(walked("[[1]]", edges + "]}}}", {.limits = {.steps = 10'000}}).find("error") == std::string::npos);
  // 2^60 ways through 61 blocks
  auto store = memory_blockstore{};
  auto const root = diamonds(store, 60);
  CHECK(walked({store, root, s::program<s::everything>, {.limits = {.nodes = 1000}}}).ends_with("error: selector: the walk visited more values than it may"));
  CHECK(walked({store, root, s::program<s::everything>, {.limits = {.blocks = 50}}}).ends_with("error: selector: the walk loaded more blocks than it may"));
  CHECK(walked({store, root, s::program<s::everything>, {.limits = {.depth = 10}}}).ends_with("error: selector: the walk went deeper than it may"));
  CHECK(walked({store, root, s::program<s::everything>, {.limits = {.open_bytes = 300}}}).ends_with("error: selector: the blocks on the way down are larger than the walk may hold"));
  CHECK(walked("[1,2,3,4,5,6,7,8,9]", everything, {.limits = {.steps = 20}}).ends_with("error: selector: the walk compared more often than it may"));
  CHECK(walked({store, root, s::program<s::everything>, {.unique_blocks = true}}).find("error") == std::string::npos);
  CHECK(walked("[1]", R"({"r":{"^":0,"$":9223372036854775807,">":{".":{}}}})") == " 0! ");
}

TEST_CASE("layouts: a value is seen as another one, and an unknown layout is an error") {
  struct doubled final : ipld::layout_set {
    auto interpret(block_reader, std::string_view layout, ipld::node const& value, std::optional<ipld::slice>) const -> io_result<ipld::node> override {
      if (layout != "doubled") return std::unexpected(error{selector_errc::unknown_layout}.about(std::string{layout}));
      return ipld::node{ipld::list{value, value}};
    }
  };
  auto const store = memory_blockstore{};
  auto const n = json(R"({"a":[7]})");
  auto const p = parsed(R"({"f":{"f>":{"a":{"|":[{".":{}},{"~":{"as":"doubled",">":{"a":{">":{".":{}}}}}}]}}}})");
  REQUIRE(p);
  auto const layouts = doubled{};
  CHECK(walked({store, n, *p, {}, &layouts}) == " a! a a/0! a/1! ");
  CHECK(walked({store, n, *p}).ends_with("error: selector: an advanced layout that is not known here"));
}

TEST_CASE("a selector of the documentation finds what it says") {
  auto store = memory_blockstore{};
  auto const child = put(store, ipld::map{{"name", "b"}});
  auto const root = put(store, ipld::map{{"name", "a"}, {"children", ipld::list{child}}});
  auto names = std::vector<std::string>{};
  auto const found = [&]() -> io_result<void> {
    // [names]
    namespace s = cairn::ipld::select;
    using names_below = s::recursive<s::fields<s::field<"name", s::match<>>, s::field<"children", s::all<s::edge>>>, 8>;
    auto walk = ipld::select_walk{store, root, s::program<names_below>, {.limits = {.blocks = 100}}};
    for (;;) {
      CAIRN_TRY(auto const visit, walk.next());
      if (!visit) break;
      if (visit->matched) names.push_back(*visit->value->as_string());
    }
    // [/names]
    return {};
  };
  REQUIRE(found());
  CHECK(names == std::vector<std::string>{"a", "b"});
}

TEST_CASE("selectors as types are the same programs") {
  using picked = s::fields<s::field<"a", s::index<0, s::match<"x">>>, s::field<"b", s::range<1, 3, s::subset<0, 2>>>>;
  auto const text = R"({"f":{"f>":{"a":{"i":{"i":0,">":{".":{"label":"x"}}}},"b":{"r":{"^":1,"$":3,">":{".":{"subset":{"[":0,"]":2}}}}}}}})";
  CHECK(to_node(s::program<picked>) == json(text));
  CHECK(to_node(s::program<s::everything>) == json(everything));
  using limited = s::recursive<s::any_of<s::when<ipld::kind::list, s::match<>>, s::as<"unixfs", s::all<s::edge>>>, 5>;
  auto const made = ipld::selector::parse(to_node(s::program<limited>));
  REQUIRE(made);
  CHECK(to_node(*made) == to_node(s::program<limited>));
  static_assert(s::program<limited>.ops.size() == 7 && s::program<limited>.ops[0].depth == 5);
  CHECK(walked("[[1],2]", s::program<s::recursive<s::any_of<s::when<ipld::kind::list, s::match<>>, s::all<s::edge>>>>) == "! 0! 0/0 1 ");
}

TEST_CASE("a walk over everything visits each value once, as the data has them") {
  rc::prop("any nesting", [] {
    auto const shape = *rc::gen::container<std::vector<int>>(rc::gen::inRange(0, 3));
    auto n = ipld::node{1};
    auto count = 1uz;
    for (auto const turn : shape) {
      auto outer = ipld::list{};
      for (int i = 0; i < turn; ++i) outer.push_back(i), ++count;
      outer.push_back(std::move(n));
      n = std::move(outer);
      ++count;
    }
    auto const store = memory_blockstore{};
    auto w = ipld::select_walk{store, n, s::program<s::everything>};
    auto visits = 0uz;
    for (auto v = w.next(); v && *v; v = w.next()) visits += (*v)->matched;
    RC_ASSERT(visits == count);
  });
}
