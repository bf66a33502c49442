#pragma once

#include <cairn/core/try.hpp>
#include <cairn/repo/convert.hpp>
#include <cairn/repo/errc.hpp>
#include <cairn/repo/impl/inner.hpp>

#include <cerrno>
#include <filesystem>

#include <fcntl.h>
#include <unistd.h>

namespace cairn {
namespace detail {

// Datastore.Spec with another store of blocks; what else it says stays.
inline auto converted_spec(ipld::node const& old, datastore_spec const& to) -> io_result<ipld::node> {
  auto out = old;
  auto* const mounts = out.as_map() ? out.as_map()->find("mounts") : nullptr;
  if (!mounts || !mounts->as_list()) return std::unexpected(repo_errc::bad_spec);
  for (auto& mount : *mounts->as_list()) {
    auto const* const where = mount.find("mountpoint");
    if (!where || !where->as_string() || *where->as_string() != "/blocks") continue;
    auto fields = ipld::map{{"mountpoint", "/blocks"}, {"path", to.blocks_path}};
    fields.append("prefix", std::string{to_string(to.engine)} + ".datastore");
    if (to.engine == block_engine::flatfs) fields.append("shardFunc", to_string(to.shard));
    fields.append("sync", to.sync);
    fields.append("type", to_string(to.engine));
    mount = ipld::node{std::move(fields)};
  }
  return out;
}

// An engine that promises nothing about a power cut must not be all that is left after one.
inline auto sync_disk_of(std::string const& folder) -> io_result<void> {
  auto const dir = repo_fd{::open(folder.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC)};
  if (dir.fd < 0 || ::syncfs(dir.fd) != 0) return std::unexpected(error::system(errno, "cannot sync the disk of", folder));
  return {};
}

inline auto remove_store(std::string const& folder, datastore_spec const& spec) -> io_result<void> {
  auto failure = std::error_code{};
  auto const path = in_repo(folder, spec.blocks_path);
  std::filesystem::remove_all(path, failure);
  if (failure) return std::unexpected(error::system(failure.value(), "cannot remove the old store", path));
  if (spec.engine != block_engine::packs) return {};
  auto const index = std::filesystem::path{path}.parent_path() / "index";
  std::filesystem::remove_all(index, failure);
  if (failure) return std::unexpected(error::system(failure.value(), "cannot remove the old index", index.string()));
  return {};
}

inline auto copy_blocks(repo_blocks& from, repo_blocks& to, convert_report& report, std::function<void(convert_report const&)> const& progress)
    -> io_result<void> {
  CAIRN_TRY(auto all, from.keys());
  auto held = std::vector<block>{};
  auto held_bytes = std::size_t{0};
  auto const flush = [&]() -> io_result<void> {
    CAIRN_TRY(to.put_many(std::vector<block_view>(held.begin(), held.end())));
    report.copied_blocks += held.size();
    report.copied_bytes += held_bytes;
    held.clear();
    held_bytes = 0;
    if (progress) progress(report);
    return {};
  };
  for (;;) {
    CAIRN_TRY(auto key, all->next());
    if (!key) break;
    auto const id = cid::v1(code::raw, *key);
    CAIRN_TRY(auto there, to.has(id));
    if (there) {
      ++report.found_blocks;
      continue;
    }
    CAIRN_TRY(auto b, from.get(id));
    held_bytes += b.data().size();
    held.push_back(std::move(b));
    if (held.size() == 128 || held_bytes > 4 * limits::MiB) CAIRN_TRY(flush());
  }
  CAIRN_TRY(flush());
  return to.sync();
}

}  // namespace detail

CAIRN_DECL auto convert_repo(std::string const& folder, block_engine target, std::function<void(convert_report const&)> const& progress)
    -> io_result<convert_report> {
  auto report = convert_report{};
  CAIRN_TRY(auto r, open_repo_for_conversion(folder));
  auto const marker = r.folder() + "/" + std::string{detail::conversion_file};
  CAIRN_TRY(auto interrupted, read_text_file(marker, 64 * limits::KiB));

  // The marker holds where blocks were, one line, so that the old store is found once the config names the new one.
  auto from = r.spec();
  auto to = from;
  if (from.engine == target) {
    if (!interrupted) return report;
    // the config names the new store already: what is left is to write datastore_spec and to remove the old one
    from.engine = target == block_engine::packs ? block_engine::flatfs : block_engine::packs;
    from.blocks_path = std::string{detail::trim_repo_text(*interrupted)};
  } else {
    to.engine = target;
    to.shard = {};
    to.sync = target == block_engine::packs ? true : false;
    auto const plain = from.blocks_path == "blocks";
    to.blocks_path = plain ? "blocks." + std::string{to_string(target)} : "blocks";
    CAIRN_TRY(replace_text_file(marker, from.blocks_path + "\n"));
    // the old metadata settings stay; Kubo reads nothing that it does not know
    auto next = repo_blocks{r.folder(), to, true};
    CAIRN_TRY(detail::copy_blocks(r.blocks(), next, report, progress));
    CAIRN_TRY(next.close());
    CAIRN_TRY(r.blocks().close());
    if (!to.sync) CAIRN_TRY(detail::sync_disk_of(r.folder()));
    CAIRN_TRY(auto spec, detail::converted_spec(*find_config(r.config(), "Datastore.Spec"), to));
    auto config = r.config();
    config.as_map()->find("Datastore")->as_map()->set("Spec", std::move(spec));
    CAIRN_TRY(r.save_config(std::move(config)));
  }
  CAIRN_TRY(replace_text_file(r.folder() + "/datastore_spec", to.disk_text()));
  CAIRN_TRY(detail::remove_store(r.folder(), from));
  if (::unlink(marker.c_str()) != 0) return std::unexpected(error::system(errno, "cannot remove", marker));
  CAIRN_TRY(r.close());
  return report;
}

}  // namespace cairn
