#pragma once

#include <cairn/blockstore/ops.hpp>
#include <cairn/concept/blockstore.hpp>

#include <memory>
#include <optional>
#include <span>
#include <vector>

namespace cairn {

/// The end of a listing is proven: `next` gives a key, nothing at the end, or why it stopped.
class key_cursor {
public:
  virtual ~key_cursor() = default;
  virtual auto next() -> io_result<std::optional<multihash>> = 0;
};

/// Any `blockstore`, borrowed: two pointers. Algorithms that are compiled once take it; one indirect call per block.
///
/// lifetime  the store outlives it
class blockstore_ref {
public:
  template <blockstore S>
    requires(!std::same_as<S, blockstore_ref>)
  blockstore_ref(S& store) : self_{&store}, calls_{&calls_of<S>} {}

  auto has(cid const& id) const -> io_result<bool> { return calls_->has(self_, id); }
  auto get(cid const& id) const -> io_result<block> { return calls_->get(self_, id); }
  auto get_many(std::span<cid const> ids) const -> io_result<std::vector<block>> { return calls_->get_many(self_, ids); }
  auto get_size(cid const& id) const -> io_result<std::optional<std::uint64_t>> { return calls_->get_size(self_, id); }
  auto put(block_view const& b) const -> io_result<void> { return calls_->put_many(self_, {&b, 1}); }
  auto put_many(std::span<block_view const> blocks) const -> io_result<void> { return calls_->put_many(self_, blocks); }
  auto remove(cid const& id) const -> io_result<void> { return calls_->remove(self_, id); }
  auto sync() const -> io_result<void> { return calls_->sync(self_); }

  /// All multihashes stored, as of now; an error where the store cannot list itself.
  auto keys() const -> io_result<std::unique_ptr<key_cursor>> { return calls_->keys(self_); }

private:
  struct calls {
    io_result<bool> (*has)(void*, cid const&);
    io_result<block> (*get)(void*, cid const&);
    io_result<std::vector<block>> (*get_many)(void*, std::span<cid const>);
    io_result<std::optional<std::uint64_t>> (*get_size)(void*, cid const&);
    io_result<void> (*put_many)(void*, std::span<block_view const>);
    io_result<void> (*remove)(void*, cid const&);
    io_result<void> (*sync)(void*);
    io_result<std::unique_ptr<key_cursor>> (*keys)(void*);
  };

  template <class S>
  static auto list(S& store) -> io_result<std::unique_ptr<key_cursor>> {
    if constexpr (requires { store.keys(); }) {
      auto inner = store.keys();
      if (!inner) return std::unexpected(std::move(inner).error());
      using cursor_type = std::remove_cvref_t<decltype(*inner)>;
      if constexpr (std::same_as<cursor_type, std::unique_ptr<key_cursor>>) {
        return *std::move(inner);
      } else {
        struct adapter final : key_cursor {
          explicit adapter(cursor_type&& c) : cursor{std::move(c)} {}
          auto next() -> io_result<std::optional<multihash>> override { return cursor.next(); }
          cursor_type cursor;
        };
        return std::make_unique<adapter>(*std::move(inner));
      }
    } else {
      return std::unexpected(error::message("blockstore", "this store cannot list its blocks"));
    }
  }

  template <class S>
  static constexpr calls calls_of{
      [](void* s, cid const& id) { return static_cast<S const*>(s)->has(id); },
      [](void* s, cid const& id) { return static_cast<S const*>(s)->get(id); },
      [](void* s, std::span<cid const> ids) { return cairn::get_many(*static_cast<S const*>(s), ids); },
      [](void* s, cid const& id) { return cairn::get_size(*static_cast<S const*>(s), id); },
      [](void* s, std::span<block_view const> blocks) { return cairn::put_many(*static_cast<S*>(s), blocks); },
      [](void* s, cid const& id) { return static_cast<S*>(s)->remove(id); },
      [](void* s) { return cairn::sync(*static_cast<S*>(s)); },
      [](void* s) { return list(*static_cast<S*>(s)); },
  };

  void* self_;
  calls const* calls_;
};

static_assert(blockstore<blockstore_ref>);

}  // namespace cairn
