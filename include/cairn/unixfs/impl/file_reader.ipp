#pragma once

#include <cairn/unixfs/file_reader.hpp>
#include <cairn/unixfs/impl/file_copy.hpp>
#include <cairn/unixfs/impl/file_walk.hpp>

#include <cstring>

namespace cairn {

CAIRN_DECL file_reader::file_reader(std::unique_ptr<detail::file_walk> walk) : walk_{std::move(walk)} {}
CAIRN_DECL file_reader::file_reader(file_reader&&) noexcept = default;
CAIRN_DECL auto file_reader::operator=(file_reader&&) noexcept -> file_reader& = default;
CAIRN_DECL file_reader::~file_reader() = default;

CAIRN_DECL auto file_reader::size() const -> std::uint64_t { return walk_->root().size; }
CAIRN_DECL auto file_reader::metadata() const -> file_metadata { return walk_->root().metadata; }

CAIRN_DECL auto file_reader::read(std::uint64_t offset, bytes_span out) -> io_result<std::size_t> {
  auto done = 0uz;
  while (done < out.size() && offset < size()) {
    auto& leaf = walk_->current;
    if (!leaf || offset < leaf->start || offset >= leaf->start + leaf->size) {
      if (!leaf || offset != leaf->start + leaf->size) walk_->seek(offset);
      auto next = walk_->next(0);
      leaf = next ? *std::move(next) : std::nullopt;
      if (leaf) continue;
      if (done != 0) break;  // the next read, which searches anew, reports it
      if (next) return std::unexpected(unixfs_errc::wrong_size);
      return std::unexpected(std::move(next).error());
    }
    auto const rest = leaf->content.subspan(static_cast<std::size_t>(offset - leaf->start));
    auto const n = std::min(rest.size(), out.size() - done);
    std::memcpy(out.data() + done, rest.data(), n);
    done += n;
    offset += n;
  }
  return done;
}

CAIRN_DECL auto file_reader::copy_to(sink_ref out, std::uint64_t offset, std::uint64_t length, read_ahead how) -> io_result<std::uint64_t> {
  if (offset >= size() || length == 0) return std::uint64_t{0};
  auto const end = offset + std::min(length, size() - offset);
  walk_->current.reset();
  return detail::file_copy{*walk_, out, offset, end}.run(how);
}

CAIRN_DECL auto open_file(blockstore_ref store, block const& root) -> io_result<file_reader> {
  auto part = detail::read_file_part(root);
  if (!part) return std::unexpected(std::move(part).error().about(to_string(root.id())));
  return file_reader{std::make_unique<detail::file_walk>(store, *std::move(part))};
}

CAIRN_DECL auto open_file(blockstore_ref store, cid const& root) -> io_result<file_reader> {
  CAIRN_TRY(auto b, detail::get_file_block(store, root));
  return open_file(store, b);
}

}  // namespace cairn
