#include "areas.hpp"

#include <cairn/unixfs/any_chunker.hpp>

#include <cairn/core/text.hpp>

namespace conformance {
namespace {

template <class Chunker>
auto cuts(Chunker const& c, bytes_view in) -> std::string {
  auto out = std::string{};
  while (!in.empty()) {
    auto const n = c.cut(in);
    out += (out.empty() ? "" : " ") + std::to_string(n);
    in = in.subspan(n);
  }
  return out;
}

auto numbers(json::array const& list) -> std::string {
  auto out = std::string{};
  for (auto const& n : list) out += (out.empty() ? "" : " ") + to_text(n);
  return out;
}

// {"chacha20": {seed, size}}, {"repeat": {byte_hex, count}}, or a list of {byte_hex, count}
auto content_of(json::value const& v) -> bytes {
  auto out = bytes{};
  auto const repeat = [&](json::value const& r) {
    out.insert(out.end(), r.at("count").to_number<std::size_t>(), unhex(to_text(r.at("byte_hex"))).at(0));
  };
  if (v.is_array()) {
    for (auto const& r : v.as_array()) repeat(r);
  } else if (auto const* const r = v.as_object().if_contains("repeat")) {
    repeat(*r);
  } else {
    auto const& recipe = v.at("chacha20");
    out = chacha20(to_text(recipe.at("seed")), recipe.at("size").to_number<std::size_t>());
  }
  return out;
}

// a table with one word per octet, observed from outside: which octet makes the cut is a matter of bits
auto buzhash_properties(test_case const& c) -> answer {
  using cairn::buzhash_chunker;
  if (auto const a = same("min", std::to_string(buzhash_chunker::min), to_text(c.at("min"))); a.outcome != verdict::pass) return a;
  if (auto const a = same("max", std::to_string(buzhash_chunker::max), to_text(c.at("max"))); a.outcome != verdict::pass) return a;
  if (auto const a = same("window", std::to_string(buzhash_chunker::window), to_text(c.at("window"))); a.outcome != verdict::pass) return a;
  // over random windows the low mask_bits are zero once in 2^mask_bits positions; chunks end between min and max
  auto const in = chacha20("buzhash properties", 64u << 20);
  auto rest = bytes_view{in};
  auto cut_by_hash = std::size_t{0}, positions = std::size_t{0};
  while (rest.size() > buzhash_chunker::max) {
    auto const n = buzhash_chunker{}.cut(rest);
    if (n < buzhash_chunker::min || n > buzhash_chunker::max) return fail("a chunk of " + std::to_string(n));
    cut_by_hash += n != buzhash_chunker::max;
    positions += n - buzhash_chunker::min;
    rest = rest.subspan(n);
  }
  auto const expected = positions >> c.unsigned_number("mask_bits");
  if (cut_by_hash < expected / 2 || cut_by_hash > expected * 2)
    return fail(std::to_string(cut_by_hash) + " cuts where about " + std::to_string(expected) + " are expected");
  return pass();
}

auto run(test_case const& c) -> answer {
  if (c.op == "chunker.parse") {
    auto const parsed = cairn::parse_chunker(c.text("text"));
    return expect_error(c.expects_error(), !parsed, parsed ? "" : std::string{describe(parsed.error())});
  }
  if (c.op == "chunker.size_lengths") {
    auto const in = bytes(c.unsigned_number("input_len"), 1);
    return same("lengths", cuts(cairn::size_chunker{c.unsigned_number("size")}, in), numbers(c.array("lengths")));
  }
  if (c.op == "chunker.rabin_lengths") {
    auto const& p = c.object("params");
    auto const size = [&](char const* name) { return p.at(name).to_number<std::uint64_t>(); };
    auto const rabin = cairn::rabin_chunker{size("min"), size("avg"), size("max")};
    return same("lengths", cuts(rabin, content_of(c.at("content"))), numbers(c.array("lengths")));
  }
  if (c.op == "chunker.cuts") {
    auto const parsed = cairn::parse_chunker(c.text("chunker"));
    if (!parsed) return fail(std::string{describe(parsed.error())});
    return same("lengths", cuts(*parsed, content_of(c.at("content"))), numbers(c.array("lengths")));
  }
  if (c.op == "chunker.buzhash_properties") return buzhash_properties(c);
  return unsupported("op " + c.op);
}

}  // namespace

auto chunker_area() -> area { return {"chunker", run}; }

}  // namespace conformance
