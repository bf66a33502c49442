#include <cairn/ipld/schema/typed.hpp>

#include <cairn/core/try.hpp>
#include <cairn/ipld/codec/dag_json.hpp>

#include <catch2/catch.hpp>

using namespace cairn;
using ipld::schema;
using ipld::schema_errc;

namespace {

auto json(std::string_view text) -> ipld::node { return dag_json::decode(as_bytes(text), codec_mode::lax).value(); }

auto text_of(ipld::node const& n) -> std::string {
  auto out = bytes{};
  REQUIRE(dag_json::encode(n, out));
  return std::string{as_text(out)};
}

auto made(std::string_view text) -> schema {
  auto s = schema::parse(text);
  if (!s) FAIL(to_string(s.error()));
  return *std::move(s);
}

/// The typed value, after it was written back and was what it was before; or the error and where.
auto typed(schema const& s, std::string_view type, std::string_view value, codec_mode mode = codec_mode::strict) -> std::string {
  auto const v = json(value);
  auto const t = read_typed(s, type, v, mode);
  if (!t) return std::string{t.error().clause()} + " @" + t.error().subject();
  auto const back = write_typed(s, type, *t);
  if (!back) return "written: " + to_string(back.error());
  if (mode == codec_mode::strict) CHECK(text_of(*back) == text_of(v));
  return text_of(*t);
}

auto refused(std::string_view text) -> std::string {
  auto const s = schema::parse(text);
  return s ? "a schema" : std::string{s.error().clause()} + " @" + s.error().subject();
}

auto why(schema_errc e) -> std::string { return std::string{describe(e)}; }

}  // namespace

TEST_CASE("records are maps with other keys, absent fields and implicit values") {
  auto const s = made(R"(
    # a person
    type Person struct {
      name String (rename "n")
      age optional Int
      alive Bool (implicit true)
      friend nullable &Person
      tags [String]
    }
  )");
  CHECK(typed(s, "Person", R"({"n":"a","friend":null,"tags":["x"]})") == R"({"alive":true,"friend":null,"name":"a","tags":["x"]})");
  CHECK(typed(s, "Person", R"({"n":"a","age":3,"alive":false,"friend":{"/":"bafkqaaa"},"tags":[]})") ==
        R"({"age":3,"alive":false,"friend":{"/":"bafkqaaa"},"name":"a","tags":[]})");
  CHECK(typed(s, "Person", R"({"n":"a","alive":true,"friend":null,"tags":[]})") == why(schema_errc::unknown_field) + " @alive");
  CHECK(typed(s, "Person", R"({"n":"a","age":null,"friend":null,"tags":[]})") == why(schema_errc::not_nullable) + " @/age");
  CHECK(typed(s, "Person", R"({"n":"a","friend":null})") == why(schema_errc::missing_field) + " @tags");
  CHECK(typed(s, "Person", R"({"n":"a","friend":null,"tags":["x",1]})") == why(schema_errc::wrong_kind) + " @/tags/1");
  CHECK(typed(s, "Person", R"({"name":"a","friend":null,"tags":[]})") == why(schema_errc::unknown_field) + " @name");
  CHECK(typed(s, "Nobody", "1") == why(schema_errc::unknown_type) + " @Nobody");
}

TEST_CASE("records as tuples, joined texts, pairs") {
  auto const s = made(R"(
    type T struct { a Int b optional String } representation tuple
    type Back struct { a Int b String } representation tuple { fieldOrder ["b", "a"] }
    type J struct { host String port Int } representation stringjoin { join ":" }
    type P struct { x Int y optional Int } representation stringpairs { innerDelim "=" entryDelim "," }
    type L struct { x Int y optional Int } representation listpairs
    type M {J:Int} representation stringpairs { innerDelim "=" entryDelim "," }
    type ML {String:nullable Int} representation listpairs
  )");
  CHECK(typed(s, "T", R"([1,"x"])") == R"({"a":1,"b":"x"})");
  CHECK(typed(s, "T", "[1]") == R"({"a":1})");
  CHECK(typed(s, "T", "[]") == why(schema_errc::missing_field) + " @a");
  CHECK(typed(s, "T", R"([1,"x",2])").starts_with(why(schema_errc::unknown_field)));
  CHECK(typed(s, "Back", R"(["x",1])") == R"({"a":1,"b":"x"})");
  CHECK(typed(s, "J", R"("localhost:80")") == R"({"host":"localhost","port":80})");
  CHECK(typed(s, "J", R"("localhost")").starts_with(why(schema_errc::bad_text)));
  CHECK(typed(s, "J", R"("localhost:080")") == why(schema_errc::bad_text) + " @/port");
  CHECK(typed(s, "P", R"("x=1,y=2")") == R"({"x":1,"y":2})");
  CHECK(typed(s, "P", R"("x=1")") == R"({"x":1})");
  CHECK(typed(s, "P", R"("x=1,x=2")").starts_with(why(schema_errc::unknown_field)));
  CHECK(typed(s, "P", R"("x=1=2")").starts_with(why(schema_errc::bad_text)));
  CHECK(typed(s, "L", R"([["x",1],["y",2]])") == R"({"x":1,"y":2})");
  CHECK(typed(s, "M", R"("a:1=5,b:2=6")") == R"({"a:1":5,"b:2":6})");
  CHECK(typed(s, "ML", R"([["a",null],["b",2]])") == R"({"a":null,"b":2})");
  CHECK(typed(s, "ML", R"([["a",null],["a",2]])").starts_with(why(schema_errc::duplicate)));
  // what holds a delimiter cannot be written
  CHECK(write_typed(s, "J", json(R"({"host":"a:b","port":1})")).error() == schema_errc::bad_text);
}

TEST_CASE("unions tell their members apart in six ways") {
  auto const s = made(R"(
    type A struct { x Int }
    type B struct { y optional Int }
    type S string
    type H bytes
    type G bytes
    type Keyed union { | A "a" | S "s" | &A "link" } representation keyed
    type Kinded union { | A map | Int int | S string | &Any link } representation kinded
    type Envelope union { | A "a" | Int "i" } representation envelope { discriminantKey "tag" contentKey "content" }
    type Inline union { | A "a" | B "b" } representation inline { discriminantKey "tag" }
    type Prefix union { | S "s:" | E "e:" } representation stringprefix
    type E enum { | Yes ("y") | No ("n") }
    type Octets union { | H "00" | G "01FF" } representation bytesprefix
  )");
  CHECK(typed(s, "Keyed", R"({"a":{"x":1}})") == R"({"A":{"x":1}})");
  CHECK(typed(s, "Keyed", R"({"link":{"/":"bafkqaaa"}})") == R"({"&A":{"/":"bafkqaaa"}})");
  CHECK(typed(s, "Keyed", R"({"b":1})") == why(schema_errc::no_member) + " @b");
  CHECK(typed(s, "Keyed", "{}").starts_with(why(schema_errc::no_member)));
  CHECK(typed(s, "Kinded", "5") == R"({"Int":5})");
  CHECK(typed(s, "Kinded", R"({"x":2})") == R"({"A":{"x":2}})");
  CHECK(typed(s, "Kinded", "true") == why(schema_errc::no_member) + " @bool");
  CHECK(typed(s, "Envelope", R"({"content":5,"tag":"i"})") == R"({"Int":5})");
  CHECK(typed(s, "Envelope", R"({"content":5,"tag":"i","x":1})").starts_with(why(schema_errc::unknown_field)));
  CHECK(typed(s, "Inline", R"({"tag":"b"})") == R"({"B":{}})");
  CHECK(typed(s, "Inline", R"({"tag":"a","x":1})") == R"({"A":{"x":1}})");
  CHECK(typed(s, "Inline", R"({"tag":"a","y":1})") == why(schema_errc::unknown_field) + " @/A: y");
  CHECK(typed(s, "Prefix", R"("s:hello")") == R"({"S":"hello"})");
  CHECK(typed(s, "Prefix", R"("e:y")") == R"({"E":"Yes"})");
  CHECK(typed(s, "Prefix", R"("e:x")").starts_with(why(schema_errc::no_such_value)));
  CHECK(typed(s, "Octets", R"({"/":{"bytes":"Af8H"}})") == R"({"G":{"/":{"bytes":"Bw"}}})");
  CHECK(typed(s, "Octets", R"({"/":{"bytes":"AQ"}})").starts_with(why(schema_errc::no_member)));
}

TEST_CASE("enumerations, units, copies and the prelude") {
  auto const s = made(R"(
    type E enum { | A | B ("b") }
    type N enum { | One ("1") | Two ("2") } representation int
    type U unit representation true
    type M unit representation emptymap
    type C = E
    type D = C
    type W struct { any Any list List map Map nothing Null real Float }
  )");
  CHECK(typed(s, "E", R"("A")") == R"("A")");
  CHECK(typed(s, "D", R"("b")") == R"("B")");
  CHECK(typed(s, "E", R"("B")").starts_with(why(schema_errc::no_such_value)));
  CHECK(typed(s, "N", "2") == R"("Two")");
  CHECK(typed(s, "N", "3").starts_with(why(schema_errc::no_such_value)));
  CHECK(typed(s, "U", "true") == "null");
  CHECK(typed(s, "U", "false").starts_with(why(schema_errc::no_such_value)));
  CHECK(typed(s, "M", "{}") == "null");
  CHECK(typed(s, "W", R"({"any":[1],"list":[null],"map":{},"nothing":null,"real":1.5})") == R"({"any":[1],"list":[null],"map":{},"nothing":null,"real":1.5})");
  CHECK(typed(s, "Int", R"("12")").starts_with(why(schema_errc::wrong_kind)));
  CHECK(typed(s, "Int", R"("12")", codec_mode::lax) == "12");
  CHECK(typed(s, "Int", "100.0", codec_mode::lax) == "100");
  CHECK(typed(s, "Int", "100.5", codec_mode::lax).starts_with(why(schema_errc::wrong_kind)));
}

TEST_CASE("a schema of the documentation reads and writes what it says") {
  auto const typed_price = []() -> io_result<ipld::node> {
    // [price]
    CAIRN_TRY(auto const s, ipld::schema::parse(R"(
      type Price struct {
        amount Int
        currency Currency (implicit "EUR")
      } representation map
      type Currency string
    )"));
    auto const stored = ipld::node{ipld::map{{"amount", 5}}};
    CAIRN_TRY(auto const price, read_typed(s, "Price", stored));   // {amount: 5, currency: "EUR"}
    CAIRN_TRY(auto const again, write_typed(s, "Price", price));   // {amount: 5}
    // [/price]
    if (!(again == stored)) return std::unexpected(schema_errc::wrong_kind);
    return price;
  };
  CHECK(typed_price().value() == ipld::node{ipld::map{{"amount", 5}, {"currency", "EUR"}}});
}

TEST_CASE("texts that are no schema are refused with the line") {
  CHECK(refused("type A struct {") == why(schema_errc::bad_syntax) + " @line 1: expected a name, found the end");
  CHECK(refused("\n\nkind A int") == why(schema_errc::bad_syntax) + " @line 3: expected type, found \"kind\"");
  CHECK(refused("type A number").starts_with(why(schema_errc::bad_syntax)));
  CHECK(refused("type A union { | B \"b }").starts_with(why(schema_errc::bad_syntax)));
  CHECK(refused("type A int type A int") == why(schema_errc::duplicate) + " @A");
  CHECK(refused("type A struct { x Int x Int }").starts_with(why(schema_errc::duplicate)));
  CHECK(refused("type a int").starts_with(why(schema_errc::bad_name)));
  CHECK(refused("type A [B]") == why(schema_errc::unknown_type) + " @A: B");
  CHECK(refused("type A = B").starts_with(why(schema_errc::unknown_type)));
  CHECK(refused("type A = B type B = A").starts_with(why(schema_errc::endless)));
  CHECK(refused("type A {Int:Int}").starts_with(why(schema_errc::bad_key_type)));
  CHECK(refused("type A bytes representation advanced X").starts_with(why(schema_errc::unknown_type)));
  CHECK(refused("type A union { | A map } representation kinded").starts_with(why(schema_errc::endless)));
  CHECK(refused("type A union { | B map } representation kinded type B union { | A map } representation kinded").starts_with(why(schema_errc::endless)));
  CHECK(refused("type A union { | Int string } representation kinded").starts_with(why(schema_errc::bad_representation)));
  CHECK(refused("type A union { | String \"x\" | T \"xy\" } representation stringprefix type T string").starts_with(why(schema_errc::duplicate)));
  CHECK(refused("type A union { | Int \"x\" } representation stringprefix").starts_with(why(schema_errc::bad_representation)));
  CHECK(refused("type A struct { x [Int] } representation stringjoin { join \":\" }").starts_with(why(schema_errc::bad_representation)));
  CHECK(refused("type A struct { x optional Int y Int } representation tuple").starts_with(why(schema_errc::bad_representation)));
  CHECK(refused("type A struct { x Int y Int (rename \"x\") }").starts_with(why(schema_errc::duplicate)));
  CHECK(refused("type A union { | B \"b\" } representation inline { discriminantKey \"x\" } type B struct { x Int }").starts_with(why(schema_errc::bad_representation)));
  CHECK(refused("type A enum { | X | X }").starts_with(why(schema_errc::duplicate)));
}

TEST_CASE("hostile schemas and values end early: nesting, text that is its own part, wide types") {
  CHECK(refused("type A " + std::string(5000, '[')).starts_with(why(schema_errc::too_large)));
  auto fields = std::string{"type A struct {"};
  for (int i = 0; i < 3000; ++i) fields += " f" + std::to_string(i) + " Int";
  CHECK(refused(fields + " }").starts_with(why(schema_errc::too_large)));
  auto const s = made(R"(
    type A struct { a A } representation stringjoin { join ":" }
    type L [L]
    type P union { | P "p" | S "s" } representation stringprefix
    type S string
  )");
  CHECK(read_typed(s, "A", ipld::node{"x"}).error() == schema_errc::too_large);
  auto deep = ipld::node{ipld::list{}};
  for (int i = 0; i < 100000; ++i) {
    auto outer = ipld::list{};
    outer.push_back(std::move(deep));
    deep = std::move(outer);
  }
  CHECK(read_typed(s, "L", deep).error() == schema_errc::too_large);
  CHECK(read_typed(s, "P", ipld::node{std::string(1 << 20, 'p')}).error() == schema_errc::too_large);
}
