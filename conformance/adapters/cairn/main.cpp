// cairn-adapter: answers the conformance kit's questions with this library. Reads JSON lines, writes one line for each.

#include "adapter.hpp"

#include <cairn/ipld/codec_set.hpp>
#include <cairn/crypto/hash.hpp>
#include <cairn/multiformats/multibase.hpp>

#include <cstdio>
#include <iostream>

namespace adapter {

auto octets(json::value const& v) -> bytes {
  if (auto const* o = v.if_object(); o && o->contains("file")) return conformance::read_file(conformance::to_text(o->at("file")));
  if (!v.is_string()) throw conformance::bad_case{"octets are hexadecimal or a file"};
  return conformance::unhex(v.get_string());
}

namespace {

constexpr std::span<operation const> (*groups[])(){multiformats_operations, address_operations, codec_operations, ipld_operations, unixfs_operations, car_operations, name_operations, record_operations};

auto find(std::string_view name) -> operation const* {
  for (auto const group : groups)
    for (auto const& op : group())
      if (op.name == name) return &op;
  return nullptr;
}

auto hello() -> json::object {
  auto ops = json::array{}, features = json::array{};
  for (auto const group : groups)
    for (auto const& op : group()) ops.push_back(json::string{op.name});
  for (auto const& h : hash_functions()) features.push_back(json::string{"hash:" + std::string{h.name}});
  for (auto const& c : default_codecs::rows) features.push_back(json::string{"codec:" + std::string{c.name}});
  for (auto const& b : multibase_table()) features.push_back(json::string{"base:" + std::string{b.name}});
  for (auto const* f : {"int:full", "codec:drisl", "chunker:rabin", "chunker:buzhash", "chunker:parse", "layout:trickle", "unixfs:metadata", "car:index", "car:index:400", "car:no-roots", "car:v2", "hamt:fanout", "unixfs:mode", "unixfs:hamt-fields", "varint:wide", "int:64", "float:integral", "path:uri", "codec:strict", "hashmap:remove"})
    features.push_back(json::string{f});
  return {{"name", "cairn"}, {"version", "0.1.0"}, {"language", "c++"}, {"ops", std::move(ops)}, {"features", std::move(features)}};
}

auto error_class(std::string_view text) -> std::string_view {
  constexpr std::pair<std::string_view, std::string_view> words[]{
      {"ended while", "truncated"}, {"truncated", "truncated"}, {"ends", "truncated"}, {"minimal", "non-minimal"}, {"maximum", "overflow"},
      {"limit", "limit"}, {"signature", "bad-signature"}, {"expired", "expired"}, {"not found", "not-found"}, {"unknown", "unknown-code"}};
  for (auto const& [word, name] : words)
    if (text.find(word) != text.npos) return name;
  return "malformed";
}

auto answer(json::object const& request) -> json::object {
  auto const name = conformance::to_text(request.at("op"));
  auto const* const op = find(name);
  auto const none = json::object{};
  if (!op) return {{"unsupported", true}};
  try {
    auto const c = test_case{request.at("in").as_object(), none, {}, {}, name};
    auto got = op->run(c);
    if (got) return {{"ok", *std::move(got)}};
    return {{"err", {{"class", error_class(got.error().text)}, {"text", cairn::printable(got.error().text)}}}};
  } catch (std::exception const& e) {
    return {{"broken", e.what()}};
  }
}

}  // namespace
}  // namespace adapter

auto main() -> int {
  std::ios::sync_with_stdio(false);
  auto line = std::string{};
  while (std::getline(std::cin, line)) {
    auto const request = conformance::parse_json(line);
    auto const& o = request.as_object();
    auto const op = conformance::to_text(o.at("op"));
    if (op == "bye") break;
    auto out = op == "hello" ? adapter::hello() : adapter::answer(o);
    if (auto const* id = o.if_contains("id")) out["id"] = *id;
    std::cout << boost::json::serialize(out) << '\n' << std::flush;
  }
}
