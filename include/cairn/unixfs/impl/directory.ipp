#pragma once

#include <cairn/core/try.hpp>
#include <cairn/unixfs/directory.hpp>
#include <cairn/unixfs/impl/directory_node.hpp>
#include <cairn/unixfs/impl/flat_encoding.hpp>

#include <algorithm>

namespace cairn {

CAIRN_DECL directory::directory(blockstore_ref store, directory_options options)
    : options_{options}, access_{std::make_unique<access>(access{store, {store, options.prefix(), options.inline_limit}})},
      form_{flat{{}, base_weight()}} {}

CAIRN_DECL auto directory::open(blockstore_ref store, cid const& root, directory_options options) -> io_result<directory> {
  CAIRN_TRY(auto b, get_block(store, root));
  CAIRN_TRY(auto const node, detail::read_directory_node(b));
  if (root.hash().code() != code::identity) {
    options.cid_version = root.version();
    options.hash = root.hash().code();
  }
  options.metadata = {node.data.permissions(), node.data.mtime};
  auto const size = b.data().size();
  auto tsize = std::uint64_t{size};
  for (auto const& l : node.links.links()) tsize += l.tsize;
  if (node.data.type == unixfs_type::directory) {
    auto out = directory{store, options};
    auto& f = std::get<flat>(out.form_);
    f.links.reserve(node.links.link_count());
    for (auto const& l : node.links.links()) {
      f.links.push_back({l.id, std::string{l.name}, l.tsize, l.has_name, l.has_tsize});
      f.weight += out.weight_of(l.name, {l.id, l.tsize});
    }
    // an entry is looked for by name: what is not in their order is put so; the block itself is not touched before a change
    sort_links(f.links);
    out.saved_ = unixfs_link{root, tsize};
    return out;
  }
  CAIRN_TRY(auto page, shard_page::open(std::move(b)));
  options.fanout = page.fanout();
  auto out = directory{store, options};
  auto form = sharded{};
  CAIRN_TRY(auto trie, hamt<unixfs_shard_policy>::open(out.policy(), unixfs_link{root, tsize}, std::move(page)));
  form.trie = std::make_unique<hamt<unixfs_shard_policy>>(std::move(trie));
  out.form_ = std::move(form);
  out.saved_ = unixfs_link{root, tsize};
  return out;
}

inline auto directory::policy() const -> unixfs_shard_policy {
  return {.blocks = block_reader{access_->store}, .sink = node_sink{access_->writer}, .fanout = options_.fanout, .metadata = options_.metadata};
}

inline auto directory::weight_of(std::string_view name, unixfs_link const& link) const -> std::size_t {
  return detail::directory_entry_weight(options_.estimate, name, link);
}

inline auto directory::base_weight() const -> std::size_t {
  return options_.estimate == directory_estimate::block ? dag_pb_data_size(detail::directory_data(options_.metadata).size()) : 0;
}

inline auto directory::wants_shards(std::size_t weight, std::size_t count) const -> bool {
  if (count == 0) return false;  // an empty directory is flat, whatever the threshold, as it is when it is made
  if (options_.max_links != 0 && count > options_.max_links) return true;
  return options_.estimate == directory_estimate::off ? options_.max_links == 0 && is_sharded() : weight > options_.threshold;
}

namespace detail {
inline auto directory_find(std::vector<pb_link>& links, std::string_view name) {
  return std::lower_bound(links.begin(), links.end(), name, [](pb_link const& l, std::string_view n) { return l.name < n; });
}
}  // namespace detail

CAIRN_DECL auto directory::find(std::string_view name) -> io_result<std::optional<unixfs_link>> {
  if (auto* const s = std::get_if<sharded>(&form_)) return s->trie->get(name);
  auto& links = std::get<flat>(form_).links;
  auto const at = detail::directory_find(links, name);
  if (at == links.end() || at->name != name) return std::nullopt;
  return unixfs_link{at->id, at->tsize};
}

CAIRN_DECL auto directory::set(std::string_view name, unixfs_link const& link) -> io_result<void> {
  if (name.empty() || name.find('/') != name.npos) return std::unexpected(error{directory_errc::bad_name}.about(std::string{name}));
  auto const weight = weight_of(name, link);
  if (auto* const s = std::get_if<sharded>(&form_)) {
    CAIRN_TRY(auto old, s->trie->set(name, link));
    saved_.reset();
    s->weight += weight;
    if (!old) {
      ++s->count;
      return {};
    }
    auto const before = weight_of(name, *old);
    s->weight -= std::min(s->weight, before);
    return before > weight ? to_flat_if_small() : io_result<void>{};
  }
  auto& f = std::get<flat>(form_);
  auto at = detail::directory_find(f.links, name);
  auto const place = static_cast<std::size_t>(at - f.links.begin());
  if (at != f.links.end() && at->name == name) {
    if (at->id == link.id && at->tsize == link.tsize && at->has_tsize) return {};
    f.weight -= weight_of(name, {at->id, at->tsize});
    *at = {link.id, std::string{name}, link.tsize};
    // names may be repeated in blocks of others: one entry is left
    for (auto next = at + 1; next != f.links.end() && next->name == name; next = f.links.erase(next))
      f.weight -= weight_of(name, {next->id, next->tsize});
  } else {
    f.links.insert(at, {link.id, std::string{name}, link.tsize});
  }
  f.weight += weight;
  if (f.encoding) f.encoding->changed(place);
  saved_.reset();
  if (options_.threshold != 0 && wants_shards(f.weight, f.links.size())) return to_sharded();
  return {};
}

CAIRN_DECL auto directory::remove(std::string_view name) -> io_result<bool> {
  if (auto* const s = std::get_if<sharded>(&form_)) {
    CAIRN_TRY(auto old, s->trie->remove(name));
    if (!old) return false;
    saved_.reset();
    s->weight -= std::min(s->weight, weight_of(name, *old));
    s->count -= std::min<std::size_t>(s->count, 1);
    CAIRN_TRY(to_flat_if_small());
    return true;
  }
  auto& f = std::get<flat>(form_);
  auto const first = detail::directory_find(f.links, name);
  auto last = first;
  for (; last != f.links.end() && last->name == name; ++last) f.weight -= weight_of(name, {last->id, last->tsize});
  if (first == last) return false;
  if (f.encoding) f.encoding->changed(static_cast<std::size_t>(first - f.links.begin()));
  f.links.erase(first, last);
  saved_.reset();
  return true;
}

inline auto directory::to_sharded() -> io_result<void> {
  auto& f = std::get<flat>(form_);
  CAIRN_TRY(shard_bits(options_.fanout));
  auto form = sharded{std::make_unique<hamt<unixfs_shard_policy>>(policy()), f.weight, f.links.size(), true};
  for (auto const& l : f.links) CAIRN_TRY(form.trie->set(l.name, {l.id, l.tsize}));
  form_ = std::move(form);
  return {};
}

inline auto directory::to_flat_if_small() -> io_result<void> {
  auto& s = std::get<sharded>(form_);
  if (options_.threshold == 0 || wants_shards(s.weight, s.count)) return {};
  if (!s.exact) {
    // look at as many entries as it takes to see that it is big, and some more, so that it need not be asked at every change
    auto const enough = options_.threshold + options_.threshold / 4;
    auto all = s.trie->entries();
    s.weight = base_weight();
    s.count = 0;
    for (;;) {
      auto e = all.next();
      // what cannot be read cannot be weighed: it stays as it is
      if (!e) return {};
      if (!*e) {
        s.exact = true;
        break;
      }
      s.weight += weight_of((*e)->key, (*e)->value);
      ++s.count;
      auto const many = options_.max_links != 0 && s.count > options_.max_links + options_.max_links / 4;
      if (many || (options_.estimate != directory_estimate::off && s.weight > enough)) break;
    }
    if (wants_shards(s.weight, s.count)) return {};
  }
  auto form = flat{{}, s.weight};
  auto all = s.trie->entries();
  for (;;) {
    auto e = all.next();
    if (!e) return {};
    if (!*e) break;
    form.links.push_back({(*e)->value.id, std::move((*e)->key), (*e)->value.tsize});
  }
  sort_links(form.links);
  form_ = std::move(form);
  return {};
}

CAIRN_DECL auto directory::entries() -> directory_cursor {
  auto out = directory_cursor{};
  out.metadata_ = options_.metadata;
  if (auto* const s = std::get_if<sharded>(&form_)) out.trie_ = s->trie->entries();
  else out.links_ = std::get<flat>(form_).links;
  return out;
}

CAIRN_DECL auto directory::set_prefix(unsigned cid_version, std::uint64_t hash) -> io_result<void> {
  if (options_.cid_version == cid_version && options_.hash == hash) return {};
  CAIRN_TRY(access_->writer.flush());
  options_.cid_version = cid_version;
  options_.hash = hash;
  access_->writer = node_writer{access_->store, options_.prefix(), options_.inline_limit};
  if (auto* const s = std::get_if<sharded>(&form_)) s->trie->touch();
  saved_.reset();
  return {};
}

CAIRN_DECL auto directory::save(std::size_t keep) -> io_result<unixfs_link> {
  if (saved_) return *saved_;
  auto out = unixfs_link{};
  if (auto* const s = std::get_if<sharded>(&form_)) {
    CAIRN_TRY(out, s->trie->save(keep));
  } else {
    auto& f = std::get<flat>(form_);
    if (!f.encoding) f.encoding = std::make_shared<detail::flat_encoding>();
    auto const node = f.encoding->encode(f.links, detail::directory_data(options_.metadata));
    if (node.size() <= options_.inline_limit.value_or(0) || options_.hash == code::identity) {
      CAIRN_TRY(out.id, access_->writer.put(node));
    } else {
      CAIRN_TRY(auto named, f.encoding->named(options_.prefix()));
      CAIRN_TRY(out.id, access_->writer.put(std::move(named)));
    }
    out.tsize = node.size();
    for (auto const& l : f.links) out.tsize += l.tsize;
  }
  CAIRN_TRY(access_->writer.flush());
  saved_ = out;
  return out;
}

CAIRN_DECL void directory::set_metadata(file_metadata const& metadata) {
  auto const before = base_weight();
  options_.metadata = metadata;
  auto const shift = base_weight() - before;  // may wrap, and wraps back
  if (auto* const s = std::get_if<sharded>(&form_)) {
    s->weight += shift;
    s->trie->policy().metadata = metadata;
    s->trie->touch();
  } else {
    std::get<flat>(form_).weight += shift;
  }
  saved_.reset();
}

}  // namespace cairn
