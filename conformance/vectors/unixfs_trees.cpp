#include "unixfs_cases.hpp"

#include <cairn/blockstore/memory.hpp>
#include <cairn/car/import.hpp>
#include <cairn/core/text.hpp>
#include <cairn/crypto/hash.hpp>
#include <cairn/unixfs/directory_builder.hpp>
#include <cairn/unixfs/directory_cursor.hpp>
#include <cairn/unixfs/file_reader.hpp>
#include <cairn/unixfs/importer.hpp>

#include <algorithm>
#include <charconv>
#include <map>
#include <set>

namespace conformance {
namespace {

using namespace cairn;

auto metadata_of(json::object const& o) -> file_metadata {
  auto out = file_metadata{};
  if (auto const* m = o.if_contains("mode")) {
    auto const text = to_text(*m);
    if (std::from_chars(text.data(), text.data() + text.size(), out.mode, 8).ec != std::errc{}) throw bad_case{"mode " + text};
  }
  if (auto const* t = o.if_contains("mtime")) {
    auto const& seconds = t->is_object() ? t->at("secs") : *t;
    out.mtime = unixfs_time{seconds.to_number<std::int64_t>(), 0};
    if (t->is_object() && t->as_object().contains("nsecs")) out.mtime->nanos = t->at("nsecs").to_number<std::uint32_t>();
  }
  return out;
}

auto directory_options_from(test_case const& c) -> directory_options {
  auto const file = import_options_of(c);
  auto const& p = c.object("params");
  auto o = directory_options{};
  o.cid_version = file.cid_version;
  o.hash = file.hash;
  o.fanout = p.at("hamt_fanout").to_number<std::size_t>();
  auto const rule = to_text(p.at("dir_shard"));
  auto const more = rule.find('>');
  if (rule == "always") {
    o.threshold = 1;
  } else if (rule == "never") {
    o.threshold = 0;
  } else if (more != rule.npos) {
    o.estimate = rule.starts_with("block") ? directory_estimate::block : directory_estimate::links;
    o.threshold = static_cast<std::size_t>(*parse_decimal(std::string_view{rule}.substr(more + 1)));
  } else {
    throw bad_case{"dir_shard " + rule};
  }
  return o;
}

/// One entry of the notation {"entries": ..} | {"text": ..} | {"symlink": ..}, each with mode and mtime.
class tree_maker {
public:
  explicit tree_maker(test_case const& c) : options_{directory_options_from(c)}, files_{store_, files_of(c)} {}

  auto make(json::object const& o) -> io_result<unixfs_link> {
    if (auto const* t = o.if_contains("text")) return file(to_text(*t), metadata_of(o));
    if (auto const* target = o.if_contains("symlink"))
      return symlink(target->is_object() ? to_text(target->at("target")) : to_text(*target), metadata_of(o));
    auto options = options_;
    options.metadata = metadata_of(o);
    auto builder = directory_builder{options};
    if (auto const* entries = o.if_contains("entries"))
      for (auto const& [name, value] : entries->as_object()) {
        CAIRN_TRY(auto const link, make(value.as_object()));
        builder.add(std::string_view{name}, link);
      }
    return finish(builder);
  }

  auto file(std::string_view text, file_metadata const& metadata = {}) -> io_result<unixfs_link> {
    auto source = memory_source{as_bytes(text)};
    CAIRN_TRY(auto const f, files_.add(source, text.size(), metadata));
    return unixfs_link{f.root, f.dag_size};
  }

  auto symlink(std::string_view target, file_metadata const& metadata) -> io_result<unixfs_link> {
    auto node = bytes{};
    append_dag_pb_data(node, encode_unixfs({.type = unixfs_type::symlink, .data = as_bytes(target), .mtime = metadata.mtime}));
    CAIRN_TRY(auto const id, files_.put(node));
    return unixfs_link{id, node.size()};
  }

  auto builder() -> directory_builder { return directory_builder{options_}; }
  auto finish(directory_builder& b) -> io_result<unixfs_link> {
    CAIRN_TRY(auto const built, b.finish(files_));
    return built.link;
  }

private:
  static auto files_of(test_case const& c) -> import_options {
    auto o = import_options_of(c);
    o.metadata = {};
    return o;
  }
  memory_blockstore store_{};
  directory_options options_;
  importer files_;
};

auto with_number(std::string text, std::string const& number) -> std::string {
  for (auto at = text.find("{i}"); at != text.npos; at = text.find("{i}", at + number.size())) text.replace(at, 3, number);
  return text;
}

auto make_case(test_case const& c) -> io_result<unixfs_link> {
  auto maker = tree_maker{c};
  auto const& content = c.object("content");
  if (auto const* t = content.if_contains("tree")) return maker.make(t->as_object());
  if (content.contains("symlink") || content.contains("directory")) return maker.make(content);
  auto out = maker.builder();
  if (auto const* d = content.if_contains("directory_counter")) {
    for (auto i = d->at("from").to_number<std::int64_t>(); i <= d->at("to").to_number<std::int64_t>(); ++i) {
      CAIRN_TRY(auto const link, maker.file(with_number(to_text(d->at("file_text")), std::to_string(i))));
      out.add(with_number(to_text(d->at("name")), std::to_string(i)), link);
    }
  } else if (auto const* chars = content.if_contains("directory_chars")) {
    auto const except = to_text(chars->at("except"));
    for (auto i = chars->at("from").to_number<int>(); i <= chars->at("to").to_number<int>(); ++i) {
      auto const name = std::string(1, static_cast<char>(i));
      if (except.find(name) != except.npos) continue;
      CAIRN_TRY(auto const link, maker.file(name));
      out.add(name, link);
    }
  } else if (auto const* names = content.if_contains("directory_chacha20_names")) {
    auto const stream = chacha20(to_text(names->at("seed")), limits::MiB);
    auto const alphabet = to_text(names->at("alphabet"));
    auto const count = names->at("count").to_number<std::size_t>();
    CAIRN_TRY(auto const link, maker.file(to_text(names->at("file_text"))));
    auto at = 0uz;
    for (auto i = 0uz; i < count; ++i) {
      auto const size = names->at(i + 1 == count ? "last_name_len" : "name_len").to_number<std::size_t>();
      if (at + size > stream.size()) throw bad_case{"more names than keystream"};
      auto name = std::string{};
      for (auto end = at + size; at < end; ++at) name += alphabet[stream[at] % alphabet.size()];
      out.add(name, link);
    }
  } else {
    throw bad_case{"content of an unknown kind"};
  }
  return maker.finish(out);
}

/// Walks what a CAR held and says of each path what it is, in the words of the cases.
struct walker {
  memory_blockstore& store;
  std::map<std::string, json::object> seen{};

  void note(std::string const& path, cid const& id, json::object what) {
    what["path"] = path;
    what["cid"] = to_string(id);
    seen[path] = std::move(what);
  }

  void walk(std::string const& path, cid const& id) {
    auto const root = get_block(store, id);
    if (!root) return note(path, id, {{"missing", true}});
    if (id.codec() != code::raw && id.codec() != code::dag_pb) {
      auto hex = std::string{};
      for (auto code = id.codec(); code != 0; code /= 16) hex.insert(hex.begin(), "0123456789abcdef"[code % 16]);
      return note(path, id, {{"type", "codec-0x" + hex}, {"block_size", root->data().size()}});
    }
    auto entries = directory_cursor::open(store, *root);
    if (entries) return walk_directory(path, id, *entries, *root);
    if (auto const node = id.codec() == code::dag_pb ? read_dag_pb(root->data()) : std::unexpected(dag_pb_errc::bad_form); node && node->data())
      if (auto const data = decode_unixfs(*node->data()); data && data->type == unixfs_type::symlink)
        return note(path, id, {{"type", "symlink"}, {"target", std::string{as_text(data->content())}}});
    auto file = open_file(store, *root);
    if (!file) return note(path, id, {{"type", to_string(file.error())}});
    auto what = json::object{{"type", id.codec() == code::raw ? "raw-file" : "file"}, {"size", file->size()}};
    auto content = memory_sink{};
    if (file->copy_to(content)) what["sha256"] = to_hex(sha256(content.written()));
    else what["content_incomplete"] = true;
    note(path, id, std::move(what));
  }

  void walk_directory(std::string const& path, cid const& id, directory_cursor& entries, block const& root) {
    auto what = json::object{{"type", entries.is_sharded() ? "hamt-directory" : "directory"}};
    if (entries.is_sharded()) what["fanout"] = shard_page::open(root)->fanout();
    auto count = 0;
    for (;;) {
      auto e = entries.next();
      if (!e) {
        what["incomplete"] = to_string(e.error());
        continue;
      }
      if (!*e) break;
      ++count;
      // an entry is found by its name as well
      auto const found = find_entry(store, root, (*e)->name);
      if (!found || !*found || (*found)->id != (*e)->link.id) what["lost"] = (*e)->name;
      walk(path + "/" + (*e)->name, (*e)->link.id);
    }
    if (entries.is_sharded()) what["entries"] = count;
    note(path, id, std::move(what));
  }
};

}  // namespace

auto import_tree(test_case const& c) -> answer {
  auto const got = make_case(c);
  if (!got) return fail(to_string(got.error()));
  if (auto const a = same("cid", to_string(got->id), c.text("cid")); a.outcome != verdict::pass) return a;
  if (c.has("total_block_bytes")) return same("total_block_bytes", std::to_string(got->tsize), to_text(c.at("total_block_bytes")));
  return pass();
}

auto walk_tree(test_case const& c) -> answer {
  auto store = memory_blockstore{};
  auto const car = c.file(c.text("car"));
  auto source = memory_source{car};
  if (auto const done = import_car(store, source); !done) return fail("CAR: " + to_string(done.error()));
  auto w = walker{store};
  for (auto const& root : c.array("roots")) {
    auto const id = parse_cid(to_text(root));
    if (!id) throw bad_case{"root"};
    w.walk("", *id);
  }
  if (auto const a = same("entry_count", std::to_string(w.seen.size()), to_text(c.at("entry_count"))); a.outcome != verdict::pass) return a;
  auto all = std::string{};
  for (auto const& [path, what] : w.seen) all += path + " " + to_text(what.at("cid")) + "\n";
  // the digest is of lines with or without an end of the last one
  auto trimmed = std::string_view{all};
  trimmed.remove_suffix(1);
  auto const want = c.text("all_paths_sha256");
  if (to_hex(sha256(as_bytes(trimmed))) != want)
    if (auto const a = same("all_paths_sha256", to_hex(sha256(as_bytes(all))), want); a.outcome != verdict::pass) return a;
  for (auto const& value : c.array("entries")) {
    auto const& entry = value.as_object();
    auto const path = to_text(entry.at("path"));
    auto const at = w.seen.find(path);
    if (at == w.seen.end()) return fail("no entry " + path);
    for (auto const& [key, want_value] : entry) {
      if (key == "blocks") continue;  // how many leaves a file has is the importer's matter
      auto const* const have = at->second.if_contains(key);
      if (auto const a = same(path + " " + std::string{key}, have ? to_text(*have) : "none", to_text(want_value)); a.outcome != verdict::pass)
        return a;
    }
    for (auto const* unwanted : {"lost", "incomplete"})
      if (at->second.contains(unwanted)) return fail(path + ": " + unwanted + " " + to_text(at->second.at(unwanted)));
  }
  return pass();
}

}  // namespace conformance
