#pragma once
// The core API on single dag-pb nodes, and on the repo's records.

#include <cairn/core/try.hpp>
#include <cairn/ipld/dag_pb_wire.hpp>
#include <cairn/multiformats/cid_prefix.hpp>
#include <cairn/multiformats/multibase.hpp>
#include <cairn/service/core_api.hpp>
#include <cairn/service/impl/core_state.hpp>
#include <cairn/unixfs/data.hpp>

#include <algorithm>
#include <boost/version.hpp>
#include <botan/build.h>
#include <leveldb/db.h>
#include <map>
#include <openssl/opensslv.h>
#include <sodium/version.h>
#include <zlib.h>

namespace cairn::service {
namespace detail {

inline auto object_failure(std::string sentence) { return std::unexpected(error::message("object", std::move(sentence))); }

inline auto load_pb(core_state const& state, cid const& id) -> io_result<pb_node> {
  CAIRN_TRY(auto b, load(state, id));
  if (id.codec() != code::dag_pb) return object_failure("expected protobuf dag node");
  auto node = decode_dag_pb(b.data());
  if (!node) return std::unexpected(error{node.error()}.about(to_string(id)));
  return *std::move(node);
}

/// What a link says of the size below it.
inline auto size_below(std::size_t own, std::vector<pb_link> const& links) -> std::uint64_t {
  auto sum = static_cast<std::uint64_t>(own);
  for (auto const& l : links) sum += l.tsize;
  return sum;
}

/// Which nodes may have links added and removed: directories in one block.
inline auto check_patchable(pb_node const& node, bool adds) -> io_result<void> {
  auto const what = std::string{adds ? "cannot add named links to" : "cannot remove links from"};
  auto const data = node.data ? decode_unixfs(*node.data) : std::unexpected(unixfs_errc{});
  if (!data) return object_failure(what + " a non-UnixFS dag-pb node; pass --allow-non-unixfs to skip validation");
  if (data->type == unixfs_type::directory) return {};
  if (data->type == unixfs_type::hamt_shard)
    return object_failure(std::string{adds ? "cannot add links to" : "cannot remove links from"} + " a HAMTShard at the dag-pb level (would corrupt the HAMT bitfield); use 'ipfs files" +
                          (adds ? "' commands" : " rm'") + " instead, or pass --allow-non-unixfs to override");
  constexpr std::string_view names[]{"Raw", "Directory", "File", "Metadata", "Symlink", "HAMTShard"};
  return object_failure(what + " a UnixFS " + std::string{names[static_cast<std::size_t>(data->type)]} + " node, only Directory nodes support link " +
                        (adds ? "addition" : "removal") + " at the dag-pb level (see https://specs.ipfs.tech/unixfs/)");
}

// One change of a link, from the root to the node that has it, and back up with new nodes.
class link_patch {
public:
  link_patch(core_state& state, object_patch_request const& request) : state_{state}, request_{request}, work_{state} {}

  auto apply(cid const& root) -> io_result<cid> {
    work_.hold(root);
    if (request_.child) work_.hold(*request_.child);
    CAIRN_TRY(auto node, load_pb(state_, root));
    if (!request_.any_node) CAIRN_TRY(check_patchable(node, request_.child.has_value()));
    if (request_.child) {
      CAIRN_TRY(auto b, load(state_, *request_.child));
      child_size_ = b.data().size();
      if (request_.child->codec() == code::dag_pb) {
        CAIRN_TRY(auto const below, load_pb(state_, *request_.child));
        child_size_ = size_below(b.data().size(), below.links);
      }
    }
    auto names = std::vector<std::string_view>{};
    for (auto rest = std::string_view{request_.path};;) {
      auto const slash = rest.find('/');
      names.push_back(rest.substr(0, slash));
      if (slash == std::string_view::npos) break;
      rest.remove_prefix(slash + 1);
    }
    if (names.size() > max_depth) return object_failure("the path is too deep");
    CAIRN_TRY(auto done, change(std::move(node), root, names));
    return done.first;
  }

private:
  static constexpr std::size_t max_depth = 256;

  auto change(pb_node node, cid const& id, std::span<std::string_view const> names) -> io_result<std::pair<cid, std::uint64_t>> {
    auto const name = names[0];
    auto const is_it = [&](pb_link const& l) { return l.name == name; };
    auto const at = std::find_if(node.links.begin(), node.links.end(), is_it);
    if (names.size() == 1) {
      if (!request_.child && at == node.links.end()) return object_failure("no link by that name");
      if (request_.child && name.empty()) return object_failure("cannot create link with no name");
      std::erase_if(node.links, is_it);
      if (request_.child) node.links.push_back({*request_.child, std::string{name}, child_size_});
      return store(std::move(node), id);
    }
    auto below = pb_node{{}, bytes{0x08, 0x01}};
    auto below_id = cid{};
    if (at != node.links.end()) {
      below_id = at->id;
      CAIRN_TRY(below, load_pb(state_, below_id));
    } else {
      if (!request_.child || !request_.create || name.empty()) return object_failure("no link by that name");
      CAIRN_TRY(auto b, hash_block(cid_prefix{0, code::dag_pb, code::sha2_256, 0}, buffer{encode_dag_pb(below)}));
      below_id = b.id();
    }
    CAIRN_TRY(auto made, change(std::move(below), below_id, names.subspan(1)));
    std::erase_if(node.links, is_it);
    node.links.push_back({made.first, std::string{name}, made.second});
    return store(std::move(node), id);
  }

  auto store(pb_node node, cid const& as) -> io_result<std::pair<cid, std::uint64_t>> {
    for (auto& l : node.links) l.has_name = l.has_tsize = true;
    sort_links(node.links);
    auto data = encode_dag_pb(node);
    if (data.size() > request_.limit)
      return object_failure("produced block is over 2MiB: big blocks can't be exchanged with other peers. consider using UnixFS for automatic chunking of bigger "
                            "files, or pass --allow-big-block to override");
    auto const size = size_below(data.size(), node.links);
    CAIRN_TRY(auto b, hash_block(prefix_of(as), buffer{std::move(data)}));
    CAIRN_TRY(work_.blocks().put(b));
    return std::pair{b.id(), size};
  }

  core_state& state_;
  object_patch_request const& request_;
  core_work work_;
  std::uint64_t child_size_ = 0;
};

class object_differ {
public:
  object_differ(core_state const& state, std::vector<object_change>& out) : state_{state}, out_{out} {}

  auto run(cid const& before, cid const& after, std::string const& path, std::size_t depth) -> io_result<void> {
    if (before == after) return {};
    CAIRN_TRY(state_.check_cancelled());
    if (depth > max_depth) return object_failure("the nodes are too deep to compare");
    CAIRN_TRY(auto a, links(before));
    CAIRN_TRY(auto b, links(after));
    if (!a || !b || (a->empty() && b->empty())) {
      out_.push_back({path, before, after});
      return {};
    }
    auto handled = std::map<std::string, bool, std::less<>>{};
    auto const join = [&](std::string const& name) { return path.empty() ? name : name.empty() ? path : path + "/" + name; };
    for (auto const& l : *a) {
      auto const same = std::find_if(b->begin(), b->end(), [&](pb_link const& other) { return other.name == l.name; });
      if (same == b->end()) continue;
      handled[l.name] = true;
      CAIRN_TRY(run(l.id, same->id, join(l.name), depth + 1));
    }
    for (auto const& l : *a)
      if (!handled.contains(l.name)) out_.push_back({join(l.name), l.id, std::nullopt});
    for (auto const& l : *b)
      if (!handled.contains(l.name)) out_.push_back({join(l.name), std::nullopt, l.id});
    return {};
  }

private:
  static constexpr std::size_t max_depth = 256;

  // none: a leaf of another codec
  auto links(cid const& id) -> io_result<std::optional<std::vector<pb_link>>> {
    if (id.codec() != code::dag_pb) {
      CAIRN_TRY(load(state_, id));
      return std::nullopt;
    }
    CAIRN_TRY(auto node, load_pb(state_, id));
    return std::optional{std::move(node.links)};
  }

  core_state const& state_;
  std::vector<object_change>& out_;
};

// "/blocks/<base32 of the multihash>", as Kubo's flatfs is mounted.
inline auto block_of_key(std::string_view key) -> std::optional<cid> {
  constexpr std::string_view mount = "/blocks/";
  if (!key.starts_with(mount)) return std::nullopt;
  auto const octets = decode_base(multibase::base32upper, key.substr(mount.size()));
  auto const hash = octets ? read_multihash(*octets) : std::unexpected(multihash_errc{});
  if (!hash || !hash->rest.empty()) return std::nullopt;
  return cid::v1(code::raw, hash->value);
}

inline auto record_key(std::string_view text) -> std::string {
  auto key = text.starts_with('/') ? std::string{text} : "/" + std::string{text};
  while (key.size() > 1 && key.ends_with('/')) key.pop_back();
  return key;
}

}  // namespace detail

CAIRN_DECL auto core_api::object_patch(cid const& root, object_patch_request const& request) -> io_result<cid> { return detail::link_patch{*state_, request}.apply(root); }

CAIRN_DECL auto core_api::object_diff(cid const& before, cid const& after) -> io_result<std::vector<object_change>> {
  auto out = std::vector<object_change>{};
  CAIRN_TRY(detail::object_differ(*state_, out).run(before, after, "", 0));
  return out;
}

CAIRN_DECL auto core_api::dependencies() -> std::vector<std::pair<std::string, std::string>> {
  auto const dotted = [](int a, int b, int c) { return std::to_string(a) + "." + std::to_string(b) + "." + std::to_string(c); };
  return {{"boost.org/boost", "v" + dotted(BOOST_VERSION / 100000, BOOST_VERSION / 100 % 1000, BOOST_VERSION % 100)},
          {"botan.randombit.net/botan", "v" + dotted(BOTAN_VERSION_MAJOR, BOTAN_VERSION_MINOR, BOTAN_VERSION_PATCH)},
          {"github.com/google/leveldb", "v" + dotted(leveldb::kMajorVersion, leveldb::kMinorVersion, 0)},
          {"libsodium.org/libsodium", "v" + std::string{SODIUM_VERSION_STRING}},
          {"openssl.org/openssl", "v" + std::string{OPENSSL_VERSION_STR}},
          {"zlib.net/zlib", "v" + std::string{ZLIB_VERSION}}};
}

CAIRN_DECL auto core_api::record_get(std::string_view text) -> io_result<bytes> {
  auto const key = detail::record_key(text);
  if (auto const id = detail::block_of_key(key)) {
    CAIRN_TRY(auto here, state_->opened().blocks().has(*id));
    if (here) {
      CAIRN_TRY(auto b, state_->opened().blocks().get(*id));
      return bytes(b.data().begin(), b.data().end());
    }
  }
  CAIRN_TRY(auto value, state_->opened().metadata().get(key));
  if (!value) return std::unexpected(error::message("datastore", "key not found: " + key));
  return *std::move(value);
}

CAIRN_DECL auto core_api::record_put(std::string_view text, bytes_view value) -> io_result<void> {
  auto const key = detail::record_key(text);
  auto const bad = [](std::string why) { return std::unexpected(error::message("datastore", "failed to put key: " + std::move(why))); };
  if (key == "/") return bad("no datastore mounted for this key");
  if (key == "/blocks" || key.starts_with("/blocks/")) return bad("blocks are stored by `ipfs block put`");
  return state_->opened().metadata().put(key, value);
}

CAIRN_DECL auto core_api::record_count(std::string_view text) -> io_result<std::uint64_t> {
  auto const prefix = detail::record_key(text);
  auto const below = prefix == "/" ? prefix : prefix + "/";
  auto count = std::uint64_t{0};
  CAIRN_TRY(auto scan, state_->opened().metadata().scan(below));
  for (;;) {
    CAIRN_TRY(auto more, scan.next());
    if (!more) break;
    ++count;
  }
  if (prefix != "/" && prefix != "/blocks") return count;
  CAIRN_TRY(auto keys, state_->opened().blocks().keys());
  for (;;) {
    CAIRN_TRY(auto key, keys->next());
    if (!key) return count;
    ++count;
    CAIRN_TRY(state_->check_cancelled());
  }
}

}  // namespace cairn::service
