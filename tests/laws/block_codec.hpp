#pragma once
// The laws of <cairn/concept/block_codec.hpp>, for any model:
//   laws::block_codec<dag_cbor>()                     over nodes of every kind
//   laws::block_codec<dag_pb>(generator)              over the nodes that the codec has a form for

#include <cairn/block.hpp>
#include <cairn/concept/block_codec.hpp>
#include <cairn/core/limits.hpp>
#include <cairn/ipld/codec/mode.hpp>
#include <cairn/ipld/document.hpp>
#include <cairn/ipld/link_sink.hpp>
#include <cairn/ipld/node.hpp>

#include <support/property.hpp>

#include <cmath>
#include <random>

namespace cairn::laws {

/// A deterministic source of nodes.
class node_source {
public:
  explicit node_source(std::uint64_t seed) : random_{seed} {}

  auto below(std::uint64_t n) -> std::uint64_t { return random_() % n; }

  auto octets(std::size_t max) -> bytes {
    auto out = bytes(below(max + 1));
    for (auto& b : out) b = static_cast<byte>(random_());
    return out;
  }
  auto text() -> std::string {
    constexpr char const* parts[]{"a", "Z", "/", "bytes", "\"", "\\", "\n", "\x01", "\x7f", "ä", "€", "\u2028", "𐍈", " ", "é"};
    auto out = std::string{};
    for (auto n = below(6); n > 0; --n) out += parts[below(std::size(parts))];
    return out;
  }
  auto link() -> cid {
    auto const data = octets(20);
    switch (below(4)) {
      case 0: return to_v0(hash_cid({.codec = code::dag_pb}, data).value()).value();
      case 1: return cid::v1(code::raw, multihash::wrap(code::identity, data).value());
      case 2: return cid::v1(code::dag_cbor, multihash::wrap(code::sha2_512, bytes(64, static_cast<byte>(below(256)))).value());
      default: return hash_cid({.codec = code::dag_json}, data).value();
    }
  }
  auto number() -> ipld::integer {
    auto const rank = random_() >> below(64);
    return below(2) ? ipld::integer{rank} : ipld::integer::below_zero(rank);
  }
  /// Never a whole number below 1e21: JSON as it is deployed writes those as integers.
  auto real() -> double {
    auto const value = std::ldexp(static_cast<double>(static_cast<std::int64_t>(random_())), static_cast<int>(below(200)) - 163);
    return value == std::floor(value) && std::fabs(value) < 1e21 ? std::copysign(0.25 + static_cast<double>(below(1000)), value) : value;
  }
  auto node(std::size_t depth = 5) -> ipld::node {
    switch (below(depth == 0 ? 7 : 9)) {
      case 0: return nullptr;
      case 1: return below(2) == 1;
      case 2: return number();
      case 3: return real();
      case 4: return text();
      case 5: return octets(300);
      case 6: return link();
      case 7: {
        auto l = ipld::list{};
        for (auto n = below(6); n > 0; --n) l.push_back(node(depth - 1));
        return l;
      }
      default: {
        auto m = ipld::map{};
        for (auto n = below(6); n > 0; --n) m.set(text(), node(depth - 1));
        return m;
      }
    }
  }

private:
  std::mt19937_64 random_;
};

inline auto links_in_order(ipld::node const& n, std::vector<cid>& out) -> void {
  if (auto const* const id = n.as_link()) out.push_back(*id);
  if (auto const* const l = n.as_list())
    for (auto const& item : *l) links_in_order(item, out);
  if (auto const* const m = n.as_map())
    for (auto const& e : *m) links_in_order(e.value, out);
}

/// Enough for a codec whose node has the links in the order of the bytes, as every decoder here makes them.
template <cairn::block_codec C>
void check_links(bytes_view block, ipld::node const& decoded) {
  auto expected = std::vector<cid>{}, seen = std::vector<cid>{};
  links_in_order(decoded, expected);
  auto const add = [&](cid const& id) { seen.push_back(id); };
  RC_ASSERT(C::links(block, link_sink{add}).has_value());  // L3
  RC_ASSERT(seen == expected);
}

/// Whether a value of a document is the value of a node, by every way to it.
inline auto same_value(ipld::view v, ipld::node const& n) -> bool {
  if (v.kind() != n.kind()) return false;
  switch (v.kind()) {
    case ipld::kind::null: return v.is_null();
    case ipld::kind::boolean: return v.as_boolean() == *n.as_boolean();
    case ipld::kind::integer: return v.as_integer() == *n.as_integer();
    case ipld::kind::floating: return ipld::node{*v.as_double()} == n;
    case ipld::kind::string: return v.as_string() == *n.as_string() && v.size() == n.as_string()->size();
    case ipld::kind::bytes: return equal(*v.as_bytes(), *n.as_bytes());
    case ipld::kind::link: return v.as_link() == *n.as_link() && !v.as_bytes();
    case ipld::kind::list: {
      auto i = 0uz;
      for (auto item : v.items()) {
        if (i == n.as_list()->size() || !same_value(item, (*n.as_list())[i])) return false;
        if (v.at(i)->cells().data() != item.cells().data()) return false;
        ++i;
      }
      return i == v.size() && i == n.as_list()->size() && !v.at(i) && !v.find("0");
    }
    case ipld::kind::map: {
      auto const* at = n.as_map()->begin();
      for (auto const& [key, value] : v.entries()) {
        if (at == n.as_map()->end() || key != at->key || !same_value(value, at->value)) return false;
        if (v.find(key)->cells().data() != value.cells().data()) return false;
        ++at;
      }
      return at == n.as_map()->end() && v.size() == n.as_map()->size() && !v.find("no such key") && !v.at(0);
    }
  }
  return false;
}

/// What a codec reads as a document is what it decodes, and is written with the same bytes.
template <cairn::block_codec C>
void check_document(bytes_view block) {
  if constexpr (requires { C::read(block, codec_mode::lax); })
    for (auto mode : {codec_mode::strict, codec_mode::lax}) {
      auto const n = C::decode(block, mode);
      auto const d = C::read(block, mode);
      RC_ASSERT(d.has_value() == n.has_value());
      if (!n) {
        RC_ASSERT(d.error() == n.error());
        continue;
      }
      RC_ASSERT(d->octets() == block.size());
      RC_ASSERT(same_value(d->root(), *n));
      auto const own = to_document(*n);
      RC_ASSERT(same_value(own.root(), *n) && to_node(own.root()) == *n && own.depth() <= d->depth());
      auto want = bytes{1}, got = bytes{1}, got_own = bytes{1};
      auto const done = C::encode(*n, want, mode);
      auto const done_document = C::encode(*d, got, mode), done_own = C::encode(own, got_own, mode);
      RC_ASSERT(done == done_document && done == done_own);
      RC_ASSERT(got == want && got_own == want);
    }
}

template <cairn::block_codec C, class Make>
void block_codec(Make make) {
  auto accepted = std::size_t{0};
  testing::check_property("block_codec laws", [&](std::uint64_t seed) {
    auto source = node_source{seed};
    ipld::node const n = make(source);
    auto block = bytes{0xaa, 0xbb};
    auto const done = C::encode(n, block);
    RC_ASSERT(block.size() >= 2u && block[0] == 0xaa && block[1] == 0xbb);
    if (!done) {
      RC_ASSERT(block.size() == 2u);  // L6
      return;
    }
    ++accepted;
    block.erase(block.begin(), block.begin() + 2);
    auto const back = C::decode(block);
    RC_ASSERT(back.has_value());
    RC_ASSERT(*back == n);  // L1
    auto again = bytes{};
    RC_ASSERT(C::encode(*back, again).has_value());
    RC_ASSERT(again == block);  // L2
    check_links<C>(block, *back);
    check_document<C>(block);

    auto const ignore = [](cid const&) {};
    for (std::size_t size = 0; size < block.size(); size += 1 + block.size() / 64) {  // L4
      (void)C::decode(bytes_view{block}.first(size));
      (void)C::links(bytes_view{block}.first(size), link_sink{ignore});
    }
    for (auto round = 0; round < 16 && !block.empty(); ++round) {
      auto broken = block;
      broken[source.below(broken.size())] = static_cast<byte>(source.below(256));
      auto const other = C::decode(broken);
      if (other) check_links<C>(broken, *other);
      check_document<C>(broken);
    }
  });
  CHECK(accepted > 20);  // the generator fits the codec
}

template <cairn::block_codec C>
void block_codec() {
  laws::block_codec<C>([](node_source& s) { return s.node(); });
}

/// L5 for codecs that nest (`Links`: whether blocks of the codec have links at all): what is too deep is refused, what is just deep enough is read and written.
template <cairn::block_codec C, bool Links = true>
void block_codec_depth(bytes_view open, bytes_view inner, bytes_view close) {
  auto const nested = [&](std::size_t depth) {
    auto out = bytes{};
    for (std::size_t i = 0; i < depth; ++i) append(out, open);
    append(out, inner);
    for (std::size_t i = 0; i < depth; ++i) append(out, close);
    return out;
  };
  auto const ignore = [](cid const&) {};
  auto const fits = C::decode(nested(limits::depth));
  REQUIRE(fits);
  auto out = bytes{};
  CHECK(C::encode(*fits, out));
  for (auto depth : {limits::depth + 1, std::size_t{1'000'000}}) {
    auto const deep = nested(depth);
    CHECK_FALSE(C::decode(deep));
    CHECK(C::links(deep, link_sink{ignore}).has_value() != Links);
    CHECK_FALSE(C::decode(bytes_view{deep}.first(depth * open.size())));
  }
  auto tower = *fits;
  for (auto i = 0; i < 100'000; ++i) {
    auto l = ipld::list{};
    l.push_back(std::move(tower));
    tower = std::move(l);
  }
  CHECK_FALSE(C::encode(tower, out));
  CHECK(ipld::node{tower} == tower);
}

}  // namespace cairn::laws
