#pragma once

#include <cairn/core/try.hpp>
#include <cairn/hamt/policy.hpp>

#include <algorithm>

namespace cairn {

/// All entries of a trie to be built at once.
///   size() · key(i) -> string_view · entry(i) -> hamt_entry<Value>        keys are distinct
template <class S, class Value>
concept hamt_source = requires(S const& s, std::size_t i) {
  { s.size() } -> std::convertible_to<std::size_t>;
  { s.key(i) } -> std::convertible_to<std::string_view>;
  { s.entry(i) } -> std::same_as<hamt_entry<Value>>;
};

namespace detail {

template <class P, class Source>
class hamt_builder {
public:
  hamt_builder(P& policy, Source const& source) : policy_{policy}, source_{source}, order_(source.size()) {
    for (std::size_t i = 0; i < order_.size(); ++i) {
      auto const hash = policy.hash(source.key(i));
      order_[i] = {hash.prefix(), i};
      hash_bits_ = std::min(hash_bits_, 8 * hash.digest().size());
    }
    std::sort(order_.begin(), order_.end(), [&](item const& a, item const& b) {
      if (a.prefix != b.prefix) return a.prefix < b.prefix;
      auto const x = policy_.hash(source_.key(a.place)), y = policy_.hash(source_.key(b.place));
      auto const c = compare(x.digest(), y.digest());
      return c != 0 ? c < 0 : source_.key(a.place) < source_.key(b.place);
    });
  }

  auto build() -> io_result<typename P::link_type> { return node(order_.data(), order_.data() + order_.size(), 0); }

private:
  struct item {
    std::uint64_t prefix;
    std::size_t place;
  };

  auto index(item const& i, std::size_t at) const -> std::optional<unsigned> {
    auto const bits = policy_.bits();
    if (at + bits <= 64 && at + bits <= hash_bits_) return static_cast<unsigned>(i.prefix << at >> (64 - bits));
    return policy_.hash(source_.key(i.place)).take(at, bits);
  }

  // the depth is bounded by the bits of the hash
  auto node(item const* first, item const* last, std::size_t at) -> io_result<typename P::link_type> {
    auto writer = policy_.writer(at == 0);
    auto entries = std::vector<hamt_entry<typename P::value_type>>{};
    while (first != last) {
      auto const here = index(*first, at);
      if (!here) return std::unexpected(hamt_errc::too_deep);
      auto const* end = first + 1;
      while (end != last && index(*end, at) == here) ++end;
      if (static_cast<std::size_t>(end - first) <= policy_.bucket_size) {
        entries.clear();
        for (auto const* i = first; i != end; ++i) entries.push_back(source_.entry(i->place));
        if (policy_.bucket_size > 1) std::sort(entries.begin(), entries.end(), [](auto const& a, auto const& b) { return a.key < b.key; });
        writer.entries(*here, entries);
      } else {
        CAIRN_TRY(auto child, node(first, end, at + policy_.bits()));
        writer.child(*here, child);
      }
      first = end;
    }
    return writer.finish();
  }

  P& policy_;
  Source const& source_;
  std::vector<item> order_;
  std::size_t hash_bits_ = SIZE_MAX;
};

}  // namespace detail

/// Write the whole trie of the source's entries, nodes bottom up; the same nodes as `set` of each entry gives.
///
/// errors    too_deep · those of the policy's writer
/// cost      one sort; no node is read; memory 16 bytes an entry and one open node per level
template <hamt_policy P, hamt_source<typename P::value_type> Source>
auto build_hamt(P& policy, Source const& source) -> io_result<typename P::link_type> {
  return detail::hamt_builder<P, Source>{policy, source}.build();
}

}  // namespace cairn
