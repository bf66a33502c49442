#pragma once

#include <cairn/pin/snapshot.hpp>

#include <cairn/block.hpp>
#include <cairn/core/text.hpp>
#include <cairn/core/try.hpp>
#include <cairn/crypto/hash.hpp>
#include <cairn/hamt.hpp>
#include <cairn/ipld/cid_set.hpp>
#include <cairn/ipld/codec/dag_cbor.hpp>
#include <cairn/ipld/node.hpp>

namespace cairn {
namespace detail {

struct pin_value {
  pin_mode mode = pin_mode::recursive;
  std::string name;
  friend auto operator==(pin_value const&, pin_value const&) -> bool = default;
};

inline auto pin_of_entry(hamt_entry<pin_value> const& e) -> pin { return {*decode_cid(as_bytes(e.key)), e.value.mode, e.value.name}; }

/// See pin_snapshot for the form of its nodes.
class pin_trie_policy {
public:
  using value_type = pin_value;
  using link_type = cid;
  using slot = hamt_slot<pin_value, cid>;
  static constexpr std::size_t bucket_size = 8;

  explicit pin_trie_policy(blockstore_ref store) : store_{store} {}

  class page_type {
  public:
    explicit page_type(std::vector<slot> slots) : slots_{std::move(slots)} {}
    auto next() -> io_result<std::optional<slot>> {
      if (at_ == slots_.size()) return std::nullopt;
      return slots_[at_++];
    }
    auto find(unsigned index) -> io_result<std::optional<slot>> {
      for (auto const& s : slots_)
        if (s.index == index) return s;
      return std::nullopt;
    }

  private:
    std::vector<slot> slots_;
    std::size_t at_ = 0;
  };

  class writer_type {
  public:
    writer_type(blockstore_ref store, bool root) : store_{store}, root_{root} {}
    void entries(unsigned index, std::span<hamt_entry<pin_value> const> in) {
      auto bucket = ipld::list{};
      for (auto const& e : in) {
        auto item = ipld::list{};
        item.push_back(ipld::node{*decode_cid(as_bytes(e.key))});
        item.push_back(ipld::node{static_cast<int>(e.value.mode)});
        item.push_back(ipld::node{e.value.name});
        bucket.push_back(ipld::node{std::move(item)});
      }
      add(index, ipld::node{std::move(bucket)});
    }
    void child(unsigned index, cid const& link) { add(index, ipld::node{link}); }
    auto finish() -> io_result<cid> {
      auto n = ipld::list{};
      if (root_) n.push_back(ipld::node{"pins"}), n.push_back(ipld::node{1});
      n.push_back(ipld::node{bytes(taken_, taken_ + 32)});
      n.push_back(ipld::node{std::move(slots_)});
      auto out = bytes{};
      if (auto done = dag_cbor::encode(ipld::node{std::move(n)}, out); !done) return std::unexpected(error{done.error()});
      CAIRN_TRY(auto b, hash_block({.codec = code::dag_cbor}, buffer{out}));
      CAIRN_TRY(store_.put(b));
      return b.id();
    }

  private:
    void add(unsigned index, ipld::node slot) {
      taken_[index / 8] = static_cast<byte>(taken_[index / 8] | 1u << index % 8);
      slots_.push_back(std::move(slot));
    }
    blockstore_ref store_;
    bool root_;
    byte taken_[32]{};
    ipld::list slots_;
  };

  auto bits() -> unsigned { return 8; }
  auto hash(std::string_view key) -> hash_bits { return hash_bits{sha256(as_bytes(key))}; }
  auto writer(bool root) -> writer_type { return {store_, root}; }

  auto open(cid const& link, bool root) -> io_result<page_type> {
    auto const refused = [&] { return std::unexpected(error{hamt_errc::not_a_node}.about(to_string(link))); };
    if (link.codec() != code::dag_cbor) return refused();
    CAIRN_TRY(auto b, store_.get(link));
    auto const value = dag_cbor::decode(b.data());
    auto const* parts = value ? value->as_list() : nullptr;
    auto const from = root ? 2uz : 0uz;
    if (!parts || parts->size() != from + 2) return refused();
    if (root && (!(*parts)[0].as_string() || *(*parts)[0].as_string() != "pins" || !((*parts)[1] == ipld::node{1}))) return refused();
    auto const* taken = (*parts)[from].as_bytes();
    auto const* stored = (*parts)[from + 1].as_list();
    if (!taken || taken->size() != 32 || !stored) return refused();
    auto slots = std::vector<slot>{};
    auto at = 0uz;
    for (auto index = 0u; index < 256; ++index) {
      if (!((*taken)[index / 8] >> index % 8 & 1)) continue;
      if (at == stored->size()) return refused();
      auto const& s = (*stored)[at++];
      if (auto const* down = s.as_link()) {
        slots.push_back({index, *down});
        continue;
      }
      auto bucket = read_bucket(s);
      if (!bucket) return refused();
      slots.push_back({index, *std::move(bucket)});
    }
    return at == stored->size() ? io_result<page_type>{page_type{std::move(slots)}} : io_result<page_type>{refused()};
  }

private:
  static auto read_bucket(ipld::node const& in) -> std::optional<std::vector<hamt_entry<pin_value>>> {
    auto const* items = in.as_list();
    if (!items || items->empty() || items->size() > bucket_size) return std::nullopt;
    auto out = std::vector<hamt_entry<pin_value>>{};
    for (auto const& item : *items) {
      auto const* parts = item.as_list();
      if (!parts || parts->size() != 3 || !(*parts)[0].as_link() || !(*parts)[2].as_string()) return std::nullopt;
      auto const direct = (*parts)[1] == ipld::node{1};
      if (!direct && !((*parts)[1] == ipld::node{0})) return std::nullopt;
      auto const key = to_bytes(*(*parts)[0].as_link());
      auto e = hamt_entry<pin_value>{std::string{as_text(key)}, {direct ? pin_mode::direct : pin_mode::recursive, *(*parts)[2].as_string()}};
      if (!out.empty() && !(out.back().key < e.key)) return std::nullopt;
      out.push_back(std::move(e));
    }
    return out;
  }

  blockstore_ref store_;
};
static_assert(hamt_policy<pin_trie_policy>);

struct pins_in_memory {
  std::vector<hamt_entry<pin_value>> all;
  auto size() const -> std::size_t { return all.size(); }
  auto key(std::size_t i) const -> std::string_view { return all[i].key; }
  auto entry(std::size_t i) const -> hamt_entry<pin_value> { return all[i]; }
};

class pin_differ {
public:
  using slot = pin_trie_policy::slot;
  using entries = std::vector<hamt_entry<pin_value>>;

  pin_differ(blockstore_ref store, pin_change_sink const& sink) : policy_{store}, sink_{sink} {}

  auto nodes(cid const& before, cid const& after, unsigned depth) -> io_result<void> {
    if (before == after) return {};
    if (depth > 32) return std::unexpected(hamt_errc::too_deep);
    CAIRN_TRY(auto old, open(0, before, depth == 0));
    CAIRN_TRY(auto now, open(1, after, depth == 0));
    CAIRN_TRY(auto a, old.next());
    CAIRN_TRY(auto b, now.next());
    while (a || b) {
      auto const left = a && (!b || a->index <= b->index), right = b && (!a || b->index <= a->index);
      CAIRN_TRY(places(left ? &*a : nullptr, right ? &*b : nullptr, depth));
      if (left) {
        CAIRN_TRY(a, old.next());
      }
      if (right) {
        CAIRN_TRY(b, now.next());
      }
    }
    return {};
  }

private:
  auto places(slot const* a, slot const* b, unsigned depth) -> io_result<void> {
    auto const* down = a ? std::get_if<cid>(&a->what) : nullptr;
    auto const* other = b ? std::get_if<cid>(&b->what) : nullptr;
    if (down && other) return nodes(*down, *other, depth + 1);
    auto before = entries{}, after = entries{};
    if (a) CAIRN_TRY(gather(0, *a, before, depth));
    if (b) CAIRN_TRY(gather(1, *b, after, depth));
    return compare_entries(before, after);
  }

  // In one trie no node stands twice, for its keys begin with its place: so what is not made by this program is read at most once.
  auto open(int side, cid const& link, bool root) -> io_result<pin_trie_policy::page_type> {
    if (!seen_[side].insert(link)) return std::unexpected(error{hamt_errc::not_a_node}.about(to_string(link)));
    return policy_.open(link, root);
  }

  auto gather(int side, slot const& s, entries& out, unsigned depth) -> io_result<void> {
    if (depth > 32) return std::unexpected(hamt_errc::too_deep);
    auto const* down = std::get_if<cid>(&s.what);
    if (!down) {
      auto const& here = std::get<entries>(s.what);
      out.insert(out.end(), here.begin(), here.end());
      return {};
    }
    CAIRN_TRY(auto page, open(side, *down, false));
    for (;;) {
      CAIRN_TRY(auto next, page.next());
      if (!next) return {};
      CAIRN_TRY(gather(side, *next, out, depth + 1));
    }
  }

  auto compare_entries(entries& before, entries& after) -> io_result<void> {
    auto const by_key = [](auto const& x, auto const& y) { return x.key < y.key; };
    std::sort(before.begin(), before.end(), by_key);
    std::sort(after.begin(), after.end(), by_key);
    auto a = before.begin(), b = after.begin();
    while (a != before.end() || b != after.end()) {
      auto const left = a != before.end() && (b == after.end() || a->key <= b->key), right = b != after.end() && (a == before.end() || b->key <= a->key);
      if (!(left && right && a->value == b->value))
        CAIRN_TRY(sink_(left ? std::optional{pin_of_entry(*a)} : std::nullopt, right ? std::optional{pin_of_entry(*b)} : std::nullopt));
      a += left;
      b += right;
    }
    return {};
  }

  pin_trie_policy policy_;
  pin_change_sink const& sink_;
  cid_set seen_[2];
};

}  // namespace detail

CAIRN_DECL auto save_pin_snapshot(pinset const& pins, blockstore_ref store) -> io_result<pin_snapshot> {
  auto all = detail::pins_in_memory{};
  for (auto mode : {pin_mode::recursive, pin_mode::direct}) {
    CAIRN_TRY(auto cursor, pins.list(mode, true));
    for (;;) {
      CAIRN_TRY(auto p, cursor.next());
      if (!p) break;
      all.all.push_back({std::string{as_text(to_bytes(p->id))}, {p->mode, std::move(p->name)}});
    }
  }
  // a CID whose pin was changed from one mode to the other meanwhile is met twice: the recursive one counts
  std::stable_sort(all.all.begin(), all.all.end(), [](auto const& a, auto const& b) { return a.key < b.key; });
  all.all.erase(std::unique(all.all.begin(), all.all.end(), [](auto const& a, auto const& b) { return a.key == b.key; }), all.all.end());
  auto policy = detail::pin_trie_policy{store};
  CAIRN_TRY(auto root, build_hamt(policy, all));
  return pin_snapshot{root, all.size()};
}

CAIRN_DECL auto diff_pin_snapshots(blockstore_ref store, cid const& before, cid const& after, pin_change_sink const& sink) -> io_result<void> {
  return detail::pin_differ{store, sink}.nodes(before, after, 0);
}

}  // namespace cairn
