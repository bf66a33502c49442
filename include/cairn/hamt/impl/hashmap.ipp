#pragma once

#include <cairn/block/verify.hpp>
#include <cairn/core/try.hpp>
#include <cairn/crypto/hash.hpp>
#include <cairn/hamt/hashmap.hpp>
#include <cairn/ipld/codec/dag_cbor.hpp>

namespace cairn {
namespace detail {

inline auto hashmap_allowed(hashmap_parameters const& p) -> bool {
  return p.bit_width >= 3 && (1u << p.bit_width) <= limits::hamt_fanout && p.bucket_size >= 1 && find_hash(p.hash);
}

/// [[key, value], ...]
inline auto hashmap_bucket(ipld::list const& in, std::size_t limit) -> result<std::vector<hamt_entry<ipld::node>>, hamt_errc> {
  if (in.empty() || in.size() > limit) return std::unexpected(hamt_errc::bad_bucket);
  auto out = std::vector<hamt_entry<ipld::node>>{};
  out.reserve(in.size());
  for (auto const& item : in) {
    auto const* const pair = item.as_list();
    if (!pair || pair->size() != 2 || !(*pair)[0].as_bytes()) return std::unexpected(hamt_errc::bad_bucket);
    auto key = std::string{as_text(*(*pair)[0].as_bytes())};
    if (!out.empty() && compare(as_bytes(out.back().key), as_bytes(key)) >= 0) return std::unexpected(hamt_errc::bad_bucket);
    out.push_back({std::move(key), (*pair)[1]});
  }
  return out;
}

}  // namespace detail

CAIRN_DECL void hashmap_writer::entries(unsigned index, std::span<hamt_entry<ipld::node> const> entries) {
  auto bucket = ipld::list{};
  for (auto const& e : entries) bucket.push_back(ipld::list{bytes(e.key.begin(), e.key.end()), e.value});
  data_.emplace_back(std::move(bucket));
  taken_.set(index);
}

CAIRN_DECL void hashmap_writer::child(unsigned index, cid const& link) {
  data_.emplace_back(link);
  taken_.set(index);
}

CAIRN_DECL auto hashmap_writer::finish() -> io_result<cid> {
  auto map = bytes{};
  taken_.append_little(map, std::size_t{1} << parameters_.bit_width);
  auto n = ipld::node{ipld::list{std::move(map), std::move(data_)}};
  if (root_) n = ipld::map{{"hashAlg", parameters_.hash}, {"bucketSize", parameters_.bucket_size}, {"hamt", std::move(n)}};
  auto out = bytes{};
  CAIRN_TRY(dag_cbor::encode(n, out));
  CAIRN_TRY(auto const b, hash_block({.codec = code::dag_cbor}, buffer{std::move(out)}));
  CAIRN_TRY(store_.put(b));
  return b.id();
}

CAIRN_DECL auto hashmap_policy::hash(std::string_view key) const -> hash_bits {
  auto const h = hash_bytes(hash_code, as_bytes(key));
  return hash_bits{h ? h->digest() : bytes_view{}};
}

CAIRN_DECL auto hashmap_policy::open(cid const& link, bool root) -> io_result<hashmap_page> {
  auto const bad = [&](hamt_errc e) { return std::unexpected(error{e}.about(to_string(link))); };
  if (link.codec() != code::dag_cbor) return bad(hamt_errc::not_a_node);
  CAIRN_TRY(auto const b, blocks->get(link));
  auto const decoded = dag_cbor::decode(b.data());
  if (!decoded) return std::unexpected(error{decoded.error()}.about(to_string(link)));
  auto const* n = &*decoded;
  auto found = parameters();
  if (root) {
    auto const *const alg = n->find("hashAlg"), *const size = n->find("bucketSize");
    n = n->find("hamt");
    if (!alg || !alg->as_integer() || !size || !size->as_integer() || !n || decoded->as_map()->size() != 3) return bad(hamt_errc::not_a_node);
    auto const code = alg->as_integer()->to_uint64(), bucket = size->as_integer()->to_uint64();
    if (!code || !bucket) return bad(hamt_errc::bad_parameters);
    found.hash = *code;
    found.bucket_size = static_cast<std::size_t>(*bucket);
  }
  auto const* const parts = n->as_list();
  if (!parts || parts->size() != 2 || !(*parts)[0].as_bytes() || !(*parts)[1].as_list()) return bad(hamt_errc::not_a_node);
  auto const& map = *(*parts)[0].as_bytes();
  auto const taken = hamt_bitmap::read_little(map);
  if (!taken) return bad(root ? hamt_errc::bad_parameters : taken.error());
  auto const width = static_cast<unsigned>(std::countr_zero(map.size())) + 3;
  if (root) {
    found.bit_width = width;
    if (!detail::hashmap_allowed(found)) return bad(hamt_errc::bad_parameters);
    hash_code = found.hash;
    bit_width = found.bit_width;
    bucket_size = found.bucket_size;
  }
  if (width != bit_width) return bad(hamt_errc::fanout_differs);
  auto const& data = *(*parts)[1].as_list();
  if (data.size() != taken->count()) return bad(hamt_errc::count_differs);
  auto page = hashmap_page{};
  auto index = 0u;
  for (auto const& element : data) {
    index = taken->next(index);
    if (auto const* const child = element.as_link()) {
      page.slots_.push_back({index, *child});
    } else if (auto const* const bucket = element.as_list()) {
      auto entries = detail::hashmap_bucket(*bucket, bucket_size);
      if (!entries) return bad(entries.error());
      page.slots_.push_back({index, *std::move(entries)});
    } else {
      return bad(hamt_errc::not_a_node);
    }
    ++index;
  }
  return page;
}

CAIRN_DECL auto make_hashmap(block_reader blocks, blockstore_ref store, hashmap_parameters const& parameters) -> io_result<hashmap> {
  if (!detail::hashmap_allowed(parameters)) return std::unexpected(hamt_errc::bad_parameters);
  return hashmap{hashmap_policy{blocks, store, parameters.hash, parameters.bit_width, parameters.bucket_size}};
}

CAIRN_DECL auto open_hashmap(block_reader blocks, blockstore_ref store, cid const& root) -> io_result<hashmap> {
  return hashmap::open(hashmap_policy{blocks, store}, root);
}

CAIRN_DECL auto hashmap_get(block_reader blocks, cid const& root, std::string_view key) -> io_result<std::optional<ipld::node>> {
  auto policy = hashmap_policy{blocks};
  return hamt_lookup(policy, root, key);
}

}  // namespace cairn
