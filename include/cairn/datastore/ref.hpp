#pragma once

#include <cairn/concept/datastore.hpp>
#include <cairn/core/try.hpp>
#include <cairn/datastore/batch.hpp>

#include <memory>

namespace cairn {

/// A scan whose end is proven; see `datastore_cursor`.
class entry_cursor {
public:
  virtual ~entry_cursor() = default;
  virtual auto next() -> io_result<bool> = 0;
  virtual auto key() const -> std::string_view = 0;
  virtual auto value() const -> bytes_view = 0;
};

/// Any `datastore`, borrowed: two pointers. What is compiled once over metadata takes it.
///
/// lifetime  the store outlives it
class datastore_ref {
public:
  template <datastore S>
    requires(!std::same_as<S, datastore_ref>)
  datastore_ref(S& store) : self_{&store}, calls_{&calls_of<S>} {}

  auto get(std::string_view key) const -> io_result<std::optional<bytes>> { return calls_->get(self_, key); }
  auto has(std::string_view key) const -> io_result<bool> { return calls_->has(self_, key); }
  auto put(std::string_view key, bytes_view value) const -> io_result<void> { return calls_->put(self_, key, value); }
  auto remove(std::string_view key) const -> io_result<void> { return calls_->remove(self_, key); }
  auto scan(std::string_view prefix) const -> io_result<std::unique_ptr<entry_cursor>> { return calls_->scan(self_, prefix); }

  /// All changes or none, where the store has batches; else one after the other.
  auto apply(write_batch const& batch) const -> io_result<void> { return calls_->apply(self_, batch); }

private:
  struct calls {
    io_result<std::optional<bytes>> (*get)(void*, std::string_view);
    io_result<bool> (*has)(void*, std::string_view);
    io_result<void> (*put)(void*, std::string_view, bytes_view);
    io_result<void> (*remove)(void*, std::string_view);
    io_result<std::unique_ptr<entry_cursor>> (*scan)(void*, std::string_view);
    io_result<void> (*apply)(void*, write_batch const&);
  };

  template <class S>
  static auto scan_of(S const& store, std::string_view prefix) -> io_result<std::unique_ptr<entry_cursor>> {
    auto inner = store.scan(prefix);
    if (!inner) return std::unexpected(std::move(inner).error());
    using cursor_type = std::remove_cvref_t<decltype(*inner)>;
    struct adapter final : entry_cursor {
      explicit adapter(cursor_type&& c) : cursor{std::move(c)} {}
      auto next() -> io_result<bool> override { return cursor.next(); }
      auto key() const -> std::string_view override { return cursor.key(); }
      auto value() const -> bytes_view override { return cursor.value(); }
      cursor_type cursor;
    };
    return std::make_unique<adapter>(*std::move(inner));
  }

  template <class S>
  static auto apply_to(S& store, write_batch const& batch) -> io_result<void> {
    if constexpr (requires { { store.apply(batch) } -> std::same_as<io_result<void>>; })
      return store.apply(batch);
    else {
      for (auto const& change : batch.changes()) {
        if (change.value)
          CAIRN_TRY(store.put(change.key, *change.value));
        else
          CAIRN_TRY(store.remove(change.key));
      }
      return {};
    }
  }

  template <class S>
  static constexpr calls calls_of{
      [](void* s, std::string_view k) { return static_cast<S const*>(s)->get(k); },
      [](void* s, std::string_view k) { return static_cast<S const*>(s)->has(k); },
      [](void* s, std::string_view k, bytes_view v) { return static_cast<S*>(s)->put(k, v); },
      [](void* s, std::string_view k) { return static_cast<S*>(s)->remove(k); },
      [](void* s, std::string_view p) { return scan_of(*static_cast<S const*>(s), p); },
      [](void* s, write_batch const& b) { return apply_to(*static_cast<S*>(s), b); },
  };

  void* self_;
  calls const* calls_;
};

}  // namespace cairn
