#pragma once

#include <cairn/core/try.hpp>
#include <cairn/ipld/codec/dag_json.hpp>
#include <cairn/repo/datastore_spec.hpp>
#include <cairn/repo/errc.hpp>

namespace cairn {
namespace detail {

inline auto spec_text(ipld::node const& from, std::string_view key) -> std::string {
  auto const* const value = from.find(key);
  auto const* const text = value ? value->as_string() : nullptr;
  return text ? *text : std::string{};
}

inline auto spec_flag(ipld::node const& from, std::string_view key, bool otherwise) -> bool {
  auto const* const value = from.find(key);
  auto const* const flag = value ? value->as_boolean() : nullptr;
  return flag ? *flag : otherwise;
}

inline auto bad_spec(std::string why) -> error { return error{repo_errc::bad_spec}.about("Datastore.Spec").during(std::move(why)); }

inline auto spec_json_text(std::string_view text) -> std::string {
  auto out = bytes{};
  if (!plain_json::encode(ipld::node{text}, out)) return "\"\"";
  return std::string{as_text(out)};
}

}  // namespace detail

CAIRN_DECL auto to_string(block_engine e) -> std::string_view { return e == block_engine::packs ? "packs" : "flatfs"; }

CAIRN_DECL auto datastore_spec::disk_text() const -> std::string {
  return "{\"mounts\":[{\"mountpoint\":\"/blocks\",\"path\":" + detail::spec_json_text(blocks_path) +
         (engine == block_engine::flatfs ? ",\"shardFunc\":\"" + to_string(shard) + "\"" : std::string{}) + ",\"type\":\"" +
         std::string{cairn::to_string(engine)} + "\"},{\"mountpoint\":\"/\",\"path\":" + detail::spec_json_text(metadata_path) +
         ",\"type\":\"levelds\"}],\"type\":\"mount\"}";
}

CAIRN_DECL auto parse_datastore_spec(ipld::node const& spec) -> io_result<datastore_spec> {
  auto const unsupported = [](std::string const& type) {
    return std::unexpected(error{repo_errc::unsupported_store}.about(type).advise("export its data with the program that made it, and import it here"));
  };
  auto const type = detail::spec_text(spec, "type");
  if (type.empty()) return std::unexpected(detail::bad_spec("'type' field missing or not a string"));
  if (type != "mount") return unsupported(type);
  auto const* const mounts = spec.find("mounts");
  if (!mounts || !mounts->as_list()) return std::unexpected(detail::bad_spec("'mounts' field is missing or not an array"));
  auto out = datastore_spec{};
  auto has_blocks = false, has_metadata = false;
  auto metadata_sync = std::optional<bool>{};
  for (auto const& mount : *mounts->as_list()) {
    auto const where = detail::spec_text(mount, "mountpoint");
    auto const* store = &mount;
    for (auto wrappers = 0; wrappers < 8; ++wrappers) {
      auto const wrapper = detail::spec_text(*store, "type");
      if (wrapper != "measure" && wrapper != "log") break;
      store = store->find("child");
      if (!store) return std::unexpected(detail::bad_spec("'child' field is missing or not a map"));
    }
    auto const which = detail::spec_text(*store, "type"), path = detail::spec_text(*store, "path");
    if (which != "flatfs" && which != "packs" && which != "levelds") return unsupported(which);
    if (path.empty()) return std::unexpected(detail::bad_spec("'path' field is missing or not a string"));
    if (where == "/blocks" && which == "levelds") return unsupported("levelds at /blocks");
    if (where == "/blocks") {
      out.engine = which == "flatfs" ? block_engine::flatfs : block_engine::packs;
      out.blocks_path = path;
      out.sync = detail::spec_flag(*store, "sync", which == "packs");
      if (which == "flatfs") {
        CAIRN_TRY(out.shard, parse_flatfs_shard(detail::spec_text(*store, "shardFunc")));
      }
      has_blocks = true;
    } else if (where == "/" && which == "levelds") {
      out.metadata_path = path;
      if (auto const* flag = store->find("sync"); flag && flag->as_boolean()) metadata_sync = *flag->as_boolean();
      has_metadata = true;
    } else {
      return unsupported(which + " at " + where);
    }
  }
  if (!has_blocks || !has_metadata) return std::unexpected(detail::bad_spec("one of the mounts /blocks and / is missing"));
  // Kubo syncs metadata even where flatfs does not sync blocks
  out.metadata_sync = metadata_sync.value_or(out.engine == block_engine::flatfs || out.sync);
  return out;
}

}  // namespace cairn
