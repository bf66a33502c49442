#pragma once

#include <cairn/hamt/bitmap.hpp>
#include <cairn/hamt/build.hpp>
#include <cairn/hamt/cursor.hpp>
#include <cairn/hamt/lookup.hpp>
#include <cairn/hamt/policy.hpp>

#include <memory>

namespace cairn {

namespace detail {

template <class P>
struct hamt_child {
  typename P::link_type link{};          // of the stored node; stale while `node` is dirty
  std::unique_ptr<hamt_node<P>> node{};  // set once loaded
};

template <class P>
struct hamt_node {
  using bucket = std::vector<hamt_entry<typename P::value_type>>;
  using slot = std::variant<bucket, hamt_child<P>>;

  hamt_bitmap taken{};
  std::vector<slot> slots{};
  bool dirty = false;

  auto at(unsigned index) -> slot* { return taken.test(index) ? &slots[taken.rank(index)] : nullptr; }
  void insert(unsigned index, slot s) {
    slots.insert(slots.begin() + taken.rank(index), std::move(s));
    taken.set(index);
  }
  void erase(unsigned index) {
    slots.erase(slots.begin() + taken.rank(index));
    taken.reset(index);
  }
  /// All entries, where no position is a child and they would fit one bucket.
  auto as_bucket(std::size_t limit) -> std::optional<bucket> {
    auto n = 0uz;
    for (auto const& s : slots)
      if (s.index() == 1 || (n += std::get<0>(s).size()) > limit) return std::nullopt;
    auto out = bucket{};
    for (auto& s : slots)
      for (auto& e : std::get<0>(s)) out.push_back(std::move(e));
    std::sort(out.begin(), out.end(), [](auto const& a, auto const& b) { return a.key < b.key; });
    return out;
  }
};

}  // namespace detail

/// A trie of hashed keys over blocks, open for changes; which format it is, the policy says.
///
/// Nodes are read when they are reached and written by `save`, which also lets go of them: between two saves it holds the nodes
/// that were touched. The shape depends on the entries alone, not on the order of changes: a child node that is left with no
/// more entries than a bucket holds goes back into its parent.
///
/// lifetime  what the policy refers to outlives it
template <hamt_policy P>
class hamt {
public:
  using value_type = typename P::value_type;
  using link_type = typename P::link_type;

  /// Empty.
  explicit hamt(P policy) : policy_{std::move(policy)} { root_.node = std::make_unique<node>(); root_.node->dirty = true; }

  /// A stored one; its root is read now.
  ///
  /// errors    those of the policy's `open` and `next`
  static auto open(P policy, link_type root) -> io_result<hamt> {
    CAIRN_TRY(auto page, policy.open(root, true));
    return open(std::move(policy), std::move(root), std::move(page));
  }

  /// The same, whose root has been read.
  static auto open(P policy, link_type root, typename P::page_type page) -> io_result<hamt> {
    auto out = hamt{std::move(policy)};
    CAIRN_TRY(auto n, read(std::move(page)));
    out.root_ = {std::move(root), std::move(n)};
    return out;
  }

  auto get(std::string_view key) -> io_result<std::optional<value_type>> {
    auto const hash = policy_.hash(key);
    auto* n = root_.node.get();
    for (std::size_t at = 0;; at += policy_.bits()) {
      auto const index = hash.take(at, policy_.bits());
      if (!index) return std::unexpected(hamt_errc::too_deep);
      auto* const s = n->at(*index);
      if (!s) return std::nullopt;
      if (auto* const b = std::get_if<0>(s)) {
        for (auto const& e : *b)
          if (e.key == key) return e.value;
        return std::nullopt;
      }
      CAIRN_TRY(n, load(std::get<1>(*s)));
    }
  }

  /// Map `key` to `value`; gives what it mapped to before.
  ///
  /// errors    too_deep, where too many hashes are alike · those of the policy; the trie is then as it was
  auto set(std::string_view key, value_type value) -> io_result<std::optional<value_type>> {
    auto const hash = policy_.hash(key);
    return set_in(*root_.node, entry{std::string{key}, std::move(value)}, hash, 0);
  }

  /// Forget `key`; gives what it mapped to.
  ///
  /// errors    too_deep · those of the policy; the trie is then as it was
  auto remove(std::string_view key) -> io_result<std::optional<value_type>> {
    auto const hash = policy_.hash(key);
    return remove_in(*root_.node, key, hash, 0);
  }

  /// Write what has changed, children first. The nodes that hold more than `keep` positions together are let go, the lower ones
  /// first: all ways lead through the upper ones, and a change below those in memory reads less.
  auto save(std::size_t keep = 0) -> io_result<link_type> {
    CAIRN_TRY(store(root_, true));
    if (held() > keep) let_go(keep);
    return root_.link;
  }

  /// How many positions the nodes in memory have, about.
  auto held() const -> std::size_t { return root_.node->slots.size() + loaded_; }

  /// All entries as they are now.
  auto entries() -> hamt_cursor<P> { return {policy_, *root_.node}; }

  auto empty() const -> bool { return root_.node->slots.empty(); }
  auto dirty() const -> bool { return root_.node->dirty; }
  /// The policy; after a change of what a root says of itself call `touch`.
  auto policy() -> P& { return policy_; }
  void touch() { root_.node->dirty = true; }

private:
  using node = detail::hamt_node<P>;
  using child = detail::hamt_child<P>;
  using entry = hamt_entry<value_type>;

  auto load(child& c) -> io_result<node*> {
    if (c.node) return c.node.get();
    CAIRN_TRY(auto page, policy_.open(c.link, false));
    CAIRN_TRY(c.node, read(std::move(page)));
    loaded_ += c.node->slots.size();
    return c.node.get();
  }

  static auto read(typename P::page_type page) -> io_result<std::unique_ptr<node>> {
    auto n = std::make_unique<node>();
    for (;;) {
      CAIRN_TRY(auto slot, page.next());
      if (!slot) break;
      n->taken.set(slot->index);
      if (auto* const link = std::get_if<1>(&slot->what)) n->slots.emplace_back(child{std::move(*link), nullptr});
      else n->slots.emplace_back(std::move(std::get<0>(slot->what)));
    }
    return n;
  }

  auto set_in(node& n, entry e, hash_bits const& hash, std::size_t at) -> io_result<std::optional<value_type>> {
    auto const index = hash.take(at, policy_.bits());
    if (!index) return std::unexpected(hamt_errc::too_deep);
    auto* const s = n.at(*index);
    if (!s) {
      auto b = typename node::bucket{};
      b.push_back(std::move(e));
      n.insert(*index, std::move(b));
      n.dirty = true;
      return std::nullopt;
    }
    if (auto* const c = std::get_if<1>(s)) {
      CAIRN_TRY(auto* const down, load(*c));
      CAIRN_TRY(auto old, set_in(*down, std::move(e), hash, at + policy_.bits()));
      n.dirty = n.dirty || down->dirty;
      return old;
    }
    auto& b = std::get<0>(*s);
    auto place = b.begin();
    while (place != b.end() && place->key < e.key) ++place;
    if (place != b.end() && place->key == e.key) {
      if (place->value == e.value) return std::move(e.value);
      n.dirty = true;
      return std::exchange(place->value, std::move(e.value));
    }
    if (b.size() < policy_.bucket_size) {
      b.insert(place, std::move(e));
      n.dirty = true;
      return std::nullopt;
    }
    auto down = std::make_unique<node>();
    down->dirty = true;
    for (auto const& other : b) CAIRN_TRY(set_in(*down, other, policy_.hash(other.key), at + policy_.bits()));
    CAIRN_TRY(set_in(*down, std::move(e), hash, at + policy_.bits()));
    *s = child{{}, std::move(down)};
    loaded_ += 2;
    n.dirty = true;
    return std::nullopt;
  }

  auto remove_in(node& n, std::string_view key, hash_bits const& hash, std::size_t at) -> io_result<std::optional<value_type>> {
    auto const index = hash.take(at, policy_.bits());
    if (!index) return std::unexpected(hamt_errc::too_deep);
    auto* const s = n.at(*index);
    if (!s) return std::nullopt;
    if (auto* const c = std::get_if<1>(s)) {
      CAIRN_TRY(auto* const down, load(*c));
      CAIRN_TRY(auto old, remove_in(*down, key, hash, at + policy_.bits()));
      if (!old) return old;
      n.dirty = true;
      if (down->slots.empty()) {
        n.erase(*index);
      } else if (auto rest = down->as_bucket(policy_.bucket_size)) {
        *s = *std::move(rest);
      }
      return old;
    }
    auto& b = std::get<0>(*s);
    for (auto e = b.begin(); e != b.end(); ++e) {
      if (e->key != key) continue;
      auto old = std::move(e->value);
      b.erase(e);
      if (b.empty()) n.erase(*index);
      n.dirty = true;
      return old;
    }
    return std::nullopt;
  }

  /// All below the root's children; then of these as many that the others hold half of it.
  void let_go(std::size_t keep) {
    loaded_ = 0;
    for (auto& s : root_.node->slots) {
      auto* const c = std::get_if<1>(&s);
      if (!c || !c->node) continue;
      for (auto& below : c->node->slots)
        if (auto* const d = std::get_if<1>(&below)) d->node.reset();
      loaded_ += c->node->slots.size();
    }
    if (held() <= keep) return;
    for (auto& s : root_.node->slots) {
      auto* const c = std::get_if<1>(&s);
      if (held() <= keep / 2 || !c || !c->node) continue;
      loaded_ -= c->node->slots.size();
      c->node.reset();
    }
  }

  auto store(child& c, bool root) -> io_result<void> {
    if (!c.node) return {};
    if (c.node->dirty) {
      auto writer = policy_.writer(root);
      auto index = 0u;
      for (auto& s : c.node->slots) {
        index = c.node->taken.next(index);
        if (auto* const down = std::get_if<1>(&s)) {
          CAIRN_TRY(store(*down, false));
          writer.child(index, down->link);
        } else {
          writer.entries(index, std::get<0>(s));
        }
        ++index;
      }
      CAIRN_TRY(c.link, writer.finish());
      c.node->dirty = false;
    }
    return {};
  }

  P policy_;
  child root_;
  std::size_t loaded_ = 0;
};

}  // namespace cairn
