#include <cairn/crypto/hash.hpp>
#include <cairn/hamt.hpp>

#include "support/property.hpp"

#include <map>

using namespace cairn;

namespace {

/// The smallest policy: nodes in a map under the hash of their text, numbers as values; width and bucket as a test wants them.
struct node_text {
  std::vector<hamt_slot<int, std::string>> slots;
};
struct shelf {
  std::map<std::string, node_text> nodes;
  int opened = 0, written = 0;
};

template <std::size_t Bucket, unsigned Bits, std::size_t HashBytes = 32>
struct text_policy {
  using value_type = int;
  using link_type = std::string;
  static constexpr std::size_t bucket_size = Bucket;
  shelf* store;

  struct page_type {
    node_text const* node;
    std::size_t at = 0;
    auto next() -> io_result<std::optional<hamt_slot<int, std::string>>> {
      if (at == node->slots.size()) return std::nullopt;
      return node->slots[at++];
    }
    auto find(unsigned index) -> io_result<std::optional<hamt_slot<int, std::string>>> {
      for (auto const& s : node->slots)
        if (s.index == index) return s;
      return std::nullopt;
    }
  };
  struct writer_type {
    shelf* store;
    node_text node;
    std::string text;
    void entries(unsigned i, std::span<hamt_entry<int> const> in) {
      node.slots.push_back({i, std::vector(in.begin(), in.end())});
      for (auto const& e : in) text += std::to_string(i) + "=" + e.key + ":" + std::to_string(e.value) + ",";
    }
    void child(unsigned i, std::string const& link) {
      node.slots.push_back({i, link});
      text += std::to_string(i) + ">" + link + ",";
    }
    auto finish() -> io_result<std::string> {
      auto id = text.size() > 60 ? std::to_string(std::hash<std::string>{}(text)) : text;
      ++store->written;
      store->nodes[id] = node;
      return id;
    }
  };

  auto bits() -> unsigned { return Bits; }
  auto hash(std::string_view key) -> hash_bits { return hash_bits{bytes_view{sha256(as_bytes(key))}.first(HashBytes)}; }
  auto open(std::string const& link, bool) -> io_result<page_type> {
    ++store->opened;
    auto const at = store->nodes.find(link);
    if (at == store->nodes.end()) return std::unexpected(hamt_errc::not_a_node);
    return page_type{&at->second};
  }
  auto writer(bool) -> writer_type { return {store, {}, {}}; }
};

struct map_source {
  std::vector<std::pair<std::string, int>> all;
  auto size() const { return all.size(); }
  auto key(std::size_t i) const -> std::string_view { return all[i].first; }
  auto entry(std::size_t i) const -> hamt_entry<int> { return {all[i].first, all[i].second}; }
};

template <class Policy>
void behaves_like_a_map() {
  static_assert(hamt_policy<Policy>);
  testing::check_property("random sets and removes end in the trie of a fresh build", [] {
    auto store = shelf{};
    auto trie = hamt<Policy>{Policy{&store}};
    auto model = std::map<std::string, int>{};
    auto const steps = *rc::gen::inRange(0, 120);
    for (int i = 0; i < steps; ++i) {
      auto const key = std::to_string(*rc::gen::inRange(0, 40));
      auto const old = model.contains(key) ? std::optional{model[key]} : std::nullopt;
      switch (*rc::gen::inRange(0, 5)) {
        case 0:
        case 1: {
          auto const value = *rc::gen::inRange(0, 3);
          RC_ASSERT(trie.set(key, value).value() == old);
          model[key] = value;
          break;
        }
        case 2: RC_ASSERT(trie.remove(key).value() == old); model.erase(key); break;
        case 3: RC_ASSERT(trie.get(key).value() == old); break;
        case 4: {
          auto const link = trie.save().value();
          if (*rc::gen::arbitrary<bool>()) trie = hamt<Policy>::open(Policy{&store}, link).value();
        }
      }
    }
    auto seen = std::map<std::string, int>{};
    auto all = trie.entries();
    while (auto e = all.next().value()) RC_ASSERT(seen.emplace(e->key, e->value).second);
    RC_ASSERT(seen == model);
    auto policy = Policy{&store};
    auto const fresh = build_hamt(policy, map_source{{model.begin(), model.end()}}).value();
    auto const link = trie.save().value();
    RC_ASSERT(link == fresh);
    for (auto const& [key, value] : model) RC_ASSERT(hamt_lookup(policy, link, key).value() == value);
    RC_ASSERT(!hamt_lookup(policy, link, "absent").value());
    auto stored = hamt_cursor<Policy>{policy, link};
    auto count = 0uz;
    while (stored.next().value()) ++count;
    RC_ASSERT(count == model.size());
  });
}

}  // namespace

TEST_CASE("IX-27: one entry a position, width 4") { behaves_like_a_map<text_policy<1, 2>>(); }
TEST_CASE("IX-27: one entry a position, width 256") { behaves_like_a_map<text_policy<1, 8>>(); }
TEST_CASE("buckets of three, width 2") { behaves_like_a_map<text_policy<3, 1>>(); }
TEST_CASE("buckets of three, width 32") { behaves_like_a_map<text_policy<3, 5>>(); }

TEST_CASE("keys whose hashes are too much alike are refused, and the trie stays as it was") {
  using policy = text_policy<1, 2, 1>;  // a hash of 8 bits: four levels
  auto store = shelf{};
  auto trie = hamt<policy>{policy{&store}};
  auto entered = std::map<std::string, int>{};
  auto refused = 0;
  for (int i = 0; i < 300; ++i) {
    auto const key = std::to_string(i);
    auto const done = trie.set(key, i);
    if (done) entered[key] = i;
    else {
      CHECK(done.error() == hamt_errc::too_deep);
      ++refused;
    }
  }
  CHECK(refused >= 300 - 256);
  for (auto const& [key, value] : entered) CHECK(trie.get(key).value() == value);
  auto p = policy{&store};
  CHECK(build_hamt(p, map_source{{entered.begin(), entered.end()}}).value() == trie.save().value());
  entered["300"] = 1;
  for (int i = 301; i < 600; ++i) entered[std::to_string(i)] = 1;
  CHECK(build_hamt(p, map_source{{entered.begin(), entered.end()}}).error() == hamt_errc::too_deep);
}

TEST_CASE("a cursor goes on behind a node that is missing") {
  using policy = text_policy<1, 4>;
  auto store = shelf{};
  auto p = policy{&store};
  auto all = map_source{};
  for (int i = 0; i < 1000; ++i) all.all.emplace_back(std::to_string(i), i);
  auto const root = build_hamt(p, all).value();
  auto victim = std::string{};
  for (auto const& s : store.nodes[root].slots)
    if (s.what.index() == 1) victim = std::get<1>(s.what);
  store.nodes.erase(victim);
  auto cursor = hamt_cursor<policy>{p, root};
  auto errors = 0, found = 0;
  for (;;) {
    auto e = cursor.next();
    if (!e) ++errors;
    else if (!*e) break;
    else ++found;
  }
  CHECK(errors == 1);
  CHECK(found > 800);
  CHECK(found < 1000);
}

TEST_CASE("only what is touched is read and written") {
  using policy = text_policy<1, 8>;
  auto store = shelf{};
  auto p = policy{&store};
  auto all = map_source{};
  for (int i = 0; i < 20000; ++i) all.all.emplace_back(std::to_string(i), i);
  auto const root = build_hamt(p, all).value();
  store.opened = store.written = 0;
  CHECK(hamt_lookup(p, root, "777").value() == 777);
  CHECK(store.opened <= 4);
  store.opened = 0;
  auto trie = hamt<policy>::open(p, root).value();
  trie.set("new", 1).value();
  trie.save().value();
  CHECK(store.opened <= 4);
  CHECK(store.written <= 4);
  trie.remove("new").value();
  CHECK(trie.save().value() == root);
}
