#pragma once

#include <cairn/blockstore/file_references.hpp>
#include <cairn/blockstore/ref.hpp>
#include <cairn/core/try.hpp>

namespace cairn {

/// A store beside files of the user's: what is not in the store is looked for there. What is put is always stored: a file may change
/// at any time.
///
/// Every block is checked, wherever it comes from.
/// errors    of `get`: a block that a file had and has no more is filestore_errc::changed or no_file, not not_found
/// lifetime  the store outlives it
class filestore {
public:
  filestore(blockstore_ref below, file_references references) : below_{below}, references_{std::move(references)} {}

  auto has(cid const& id) const -> io_result<bool> {
    CAIRN_TRY(auto here, below_.has(id));
    if (here) return true;
    return references_.has(id.hash());
  }
  auto get(cid const& id) const -> io_result<block> {
    auto stored = below_.get(id);
    if (stored || !(stored.error() == block_errc::not_found)) return stored;
    CAIRN_TRY(auto const reference, references_.get(id.hash()));
    if (!reference) return stored;
    return references_.read(id, *reference);
  }
  auto get_size(cid const& id) const -> io_result<std::optional<std::uint64_t>> {
    CAIRN_TRY(auto size, below_.get_size(id));
    if (size) return size;
    CAIRN_TRY(auto const reference, references_.get(id.hash()));
    if (!reference) return std::nullopt;
    return std::optional{reference->size};
  }
  auto put(block_view const& b) -> io_result<void> { return below_.put(b); }
  auto put_many(std::span<block_view const> blocks) -> io_result<void> { return below_.put_many(blocks); }
  auto remove(cid const& id) -> io_result<void> {
    CAIRN_TRY(below_.remove(id));
    return references_.remove(id.hash());
  }
  auto sync() -> io_result<void> { return below_.sync(); }

  /// The blocks of the store, then those in files alone.
  auto keys() const -> io_result<std::unique_ptr<key_cursor>> {
    CAIRN_TRY(auto stored, below_.keys());
    auto in_files = std::vector<multihash>{};
    CAIRN_TRY(references_.each([&](multihash const& h, io_result<file_reference> const&) -> io_result<void> {
      CAIRN_TRY(auto const here, below_.has(cid::v1(code::raw, h)));
      if (!here) in_files.push_back(h);
      return {};
    }));
    struct both final : key_cursor {
      both(std::unique_ptr<key_cursor> s, std::vector<multihash> f) : stored{std::move(s)}, in_files{std::move(f)} {}
      auto next() -> io_result<std::optional<multihash>> override {
        if (stored) {
          CAIRN_TRY(auto key, stored->next());
          if (key) return key;
          stored.reset();
        }
        if (at == in_files.size()) return std::nullopt;
        return std::optional{in_files[at++]};
      }
      std::unique_ptr<key_cursor> stored;
      std::vector<multihash> in_files;
      std::size_t at = 0;
    };
    return std::make_unique<both>(std::move(stored), std::move(in_files));
  }

  auto references() -> file_references& { return references_; }
  auto references() const -> file_references const& { return references_; }
  /// The store alone, without files.
  auto below() const -> blockstore_ref { return below_; }

private:
  blockstore_ref below_;
  file_references references_;
};

static_assert(blockstore<filestore>);

}  // namespace cairn
