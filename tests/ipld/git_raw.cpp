#include <cairn/block/verify.hpp>
#include <cairn/core/text.hpp>
#include <cairn/ipld/codec/dag_json.hpp>
#include <cairn/ipld/codec/git_raw.hpp>

#include "laws/block_codec.hpp"

#include <catch2/catch.hpp>

using namespace cairn;

namespace {

auto object(std::string_view type, std::string_view body) -> bytes {
  auto out = bytes{};
  append(out, as_bytes(std::string{type} + ' ' + std::to_string(body.size())));
  out.push_back(0);
  append(out, as_bytes(body));
  return out;
}

auto shown(ipld::node const& n) -> std::string {
  auto out = bytes{};
  REQUIRE(dag_json::encode(n, out, codec_mode::lax));
  return std::string{as_text(out)};
}

/// The value, after it was written again; or why there is none.
auto value_of(bytes const& in) -> std::string {
  auto const n = git_raw::decode(in);
  if (!n) return std::string{describe(n.error())};
  auto again = bytes{};
  REQUIRE(git_raw::encode(*n, again));
  CHECK(again == in);
  return shown(*n);
}

auto why(git_raw_errc e) -> std::string { return std::string{describe(e)}; }

auto encoded(std::string_view json) -> std::string {
  auto out = bytes{};
  auto const done = git_raw::encode(dag_json::decode(as_bytes(json), codec_mode::lax).value(), out);
  return done ? std::string{as_text(out)} : why(done.error());
}

constexpr auto hash = std::string_view{"d9b46cd663fc6d4125be7b6712e5b1525eda2b7c"};
constexpr auto tree_link = R"({"/":"baf4bcfgzwrwnmy74nvaslpt3m4jolmksl3ncw7a"})";
constexpr auto person = R"({"date":"1503667703","email":"a@b.c","name":"A B","timezone":"+0200"})";
auto const tree_line = "tree " + std::string{hash} + "\n";
auto const who = std::string{"A B <a@b.c> 1503667703 +0200"};
auto const people = "author " + who + "\ncommitter " + who + "\n";

}  // namespace

// what git itself makes: echo hi | git hash-object --stdin and the tree and the commit over it
TEST_CASE("objects of git have the CIDs of their SHA-1") {
  auto const id = [](bytes const& b) { return to_string(hash_cid({.codec = code::git_raw, .hash = code::sha1}, b).value()); };
  CHECK(id(object("blob", "hi\n")) == "baf4bcfcfxgb34nvxhqdyrxe4xs3wzo4a7r53avy");
  CHECK(value_of(object("blob", "hi\n")) == R"({"/":{"bytes":"YmxvYiAzAGhpCg"}})");
  auto const f = from_hex("45b983be36b73c0788dc9cbcb76cbb80fc7bb057").value();
  auto const tree = object("tree", std::string{"100644 f\0", 9} + std::string{as_text(f)});
  CHECK(id(tree) == "baf4bcfg7kwt5zzm5aqg4pam4dysbbauwlkaoxwi");
  CHECK(value_of(tree) == R"({"f":{"hash":{"/":"baf4bcfcfxgb34nvxhqdyrxe4xs3wzo4a7r53avy"},"mode":"100644"}})");
}

TEST_CASE("commits and tags are maps, as Kubo shows them") {
  auto const rest = std::string{R"(,"parents":[],"signature":null,"tree":)"} + tree_link + "}";
  auto const start = std::string{R"({"author":)"} + person + R"(,"committer":)" + person;
  CHECK(value_of(object("commit", tree_line + people + "\nmsg\n")) == start + R"(,"encoding":null,"mergetag":[],"message":"msg\n","other":[])" + rest);
  CHECK(value_of(object("commit", tree_line + people + "encoding X\nHG:extra foo\n\n")) ==
        start + R"(,"encoding":"X","mergetag":[],"message":"","other":["HG:extra foo"])" + rest);
  auto const signature = "gpgsig -----BEGIN PGP SIGNATURE-----\n \n abc=\n -----END PGP SIGNATURE-----\n";
  auto const signed_end = std::string{R"(,"parents":[],"signature":" \n abc=\n","tree":)"} + tree_link + "}";
  CHECK(value_of(object("commit", tree_line + people + signature + " \n\nm")) == start + R"(,"encoding":null,"mergetag":[],"message":"m","other":[" "])" + signed_end);
  auto const merged = "mergetag object " + std::string{hash} + "\n type commit\n tag v1\n tagger " + who + "\n \n text\n more\n";
  CHECK(value_of(object("commit", tree_line + people + merged + signature + "\nm")) ==
        start + R"(,"encoding":null,"mergetag":[{"message":" text\n more\n","object":)" + tree_link + R"(,"tag":"v1","tagger":)" + person +
            R"(,"type":"commit"}],"message":"m","other":[])" + signed_end);
  // another kind of signature is lines like others
  CHECK(value_of(object("commit", tree_line + people + "gpgsig -----BEGIN SSH SIGNATURE-----\n abc\n -----END SSH SIGNATURE-----\n\nm")) ==
        start + R"(,"encoding":null,"mergetag":[],"message":"m","other":["gpgsig -----BEGIN SSH SIGNATURE-----"," abc"," -----END SSH SIGNATURE-----"])" + rest);
  auto const head = "object " + std::string{hash} + "\ntype commit\ntag v1\n";
  CHECK(value_of(object("tag", head + "tagger " + who + "\n\nmsg\n")) ==
        std::string{R"({"message":"msg\n","object":)"} + tree_link + R"(,"tag":"v1","tagger":)" + person + R"(,"type":"commit"})");
  CHECK(value_of(object("tag", head)) == std::string{R"({"message":"","object":)"} + tree_link +
                                            R"(,"tag":"v1","tagger":{"date":"","email":"","name":"","timezone":""},"type":"commit"})");
}

TEST_CASE("what would be written in another way is refused, and what is no object") {
  CHECK(value_of(object("blah", "abc")) == why(git_raw_errc::bad_header));
  CHECK(value_of({}) == why(git_raw_errc::bad_header));
  for (auto const* text : {"blob 5", "blob 2", "blob 03", "blob ", "blob x", "blob -3", "blob +3", "blob 99999999999999999999"}) {
    auto in = bytes{};
    append(in, as_bytes(text));
    in.push_back(0);
    append(in, as_bytes("abc"));
    INFO(text);
    CHECK_FALSE(git_raw::decode(in));
  }
  auto const sha = std::string(20, 'h');
  auto const e = [&](std::string mode_name) { return mode_name + '\0' + sha; };
  CHECK(value_of(object("tree", e("40000 a") + e("100644 a.b"))) == why(git_raw_errc::not_canonical));
  CHECK(value_of(object("tree", e("100644 b") + e("100644 a"))) == why(git_raw_errc::not_canonical));
  CHECK(value_of(object("tree", e("100644 a") + e("100755 a"))) == why(git_raw_errc::duplicate_entry));
  CHECK(value_of(object("tree", e("100644 a") + e("100644 a.b") + e("40000 a"))) == why(git_raw_errc::duplicate_entry));
  CHECK(value_of(object("tree", std::string{"100644 a\0short", 14})) == why(git_raw_errc::bad_entry));
  CHECK(value_of(object("tag", "object " + std::string{hash} + "\ntype commit\ntag v1\ntagger  <>\n")) == why(git_raw_errc::not_canonical));
  CHECK(value_of(object("commit", people + "\nm")) == why(git_raw_errc::bad_commit));
  CHECK(value_of(object("commit", tree_line + "author " + who + "\n\nm")) == why(git_raw_errc::bad_commit));
  CHECK(value_of(object("commit", tree_line + people)) == why(git_raw_errc::bad_commit));
  CHECK(value_of(object("commit", tree_line + "author <a> 1 +0000\ncommitter " + who + "\n\nm")) == why(git_raw_errc::bad_person));
  CHECK(value_of(object("commit", tree_line + "author A <a>  1\ncommitter " + who + "\n\nm")) == why(git_raw_errc::bad_person));
}

TEST_CASE("nodes become objects, sorted as git sorts, and nothing slips into another field") {
  auto const entry = [](std::string_view name, std::string_view mode) { return '"' + std::string{name} + R"(":{"mode":")" + std::string{mode} + R"(","hash":)" + tree_link + "}"; };
  auto const tree = encoded("{" + entry("a", "40000") + "," + entry("a.b", "100644") + "," + entry("a0", "100644") + "}");
  CHECK(tree.find("a.b") < tree.find("40000 a"));
  CHECK(tree.find("40000 a") < tree.find("a0"));
  auto const commit = [&](std::string const& more, std::string const& by = person) {
    return encoded(std::string{R"({"tree":)"} + tree_link + R"(,"author":)" + by + R"(,"committer":)" + person + more + "}");
  };
  auto const plain = object("commit", tree_line + people + "\nm");
  CHECK(commit(R"(,"message":"m")") == as_text(plain));
  CHECK(commit("") == why(git_raw_errc::bad_node));
  CHECK(commit(R"(,"message":"m","color":"red")") == why(git_raw_errc::bad_node));
  CHECK(commit(R"(,"message":"m","encoding":"x\nauthor y")") == why(git_raw_errc::bad_node));
  CHECK(commit(R"(,"message":"m","other":["gpgsig -----BEGIN PGP SIGNATURE-----"," x"," -----END PGP SIGNATURE-----"])") == why(git_raw_errc::bad_node));
  CHECK(commit(R"(,"message":"m")", R"({"date":"1","email":"a> 2 <b","name":"x","timezone":""})") != as_text(plain));
  CHECK(encoded(std::string{R"({"a":{"mode":"1 b","hash":)"} + tree_link + "}}") == why(git_raw_errc::bad_node));
  CHECK(encoded(R"({"a":{"mode":"1","hash":{"/":"bafkqaaa"}}})") == why(git_raw_errc::bad_link));
  CHECK(encoded("[]") == why(git_raw_errc::bad_node));
  CHECK(encoded(R"({"/":{"bytes":"dHJlZSAwAA"}})") == why(git_raw_errc::bad_node));  // "tree 0": a blob's bytes are a blob
}
