#pragma once

#include <cairn/concept/datastore.hpp>
#include <cairn/datastore/batch.hpp>

#include <map>
#include <string>

namespace cairn {

/// Keys and values in memory, for tests and for nodes that keep nothing.
class memory_datastore {
public:
  auto get(std::string_view key) const -> io_result<std::optional<bytes>> {
    auto const at = values_.find(key);
    if (at == values_.end()) return std::nullopt;
    return at->second;
  }
  auto has(std::string_view key) const -> io_result<bool> { return values_.find(key) != values_.end(); }
  auto put(std::string_view key, bytes_view value) -> io_result<void> {
    values_.insert_or_assign(std::string{key}, bytes(value.begin(), value.end()));
    return {};
  }
  auto remove(std::string_view key) -> io_result<void> {
    if (auto const at = values_.find(key); at != values_.end()) values_.erase(at);
    return {};
  }
  auto apply(write_batch const& batch) -> io_result<void> {
    for (auto const& change : batch.changes()) {
      if (change.value)
        values_.insert_or_assign(change.key, *change.value);
      else
        values_.erase(change.key);
    }
    return {};
  }

  /// Holds a copy of the matching part, so that the store may change meanwhile (law L5).
  class cursor {
  public:
    auto next() -> io_result<bool> {
      if (started_ && at_ != found_.end()) ++at_;
      started_ = true;
      return at_ != found_.end();
    }
    auto key() const -> std::string_view { return at_->first; }
    auto value() const -> bytes_view { return at_->second; }

  private:
    friend class memory_datastore;
    using map_type = std::map<std::string, bytes, std::less<>>;
    explicit cursor(map_type found) : found_{std::move(found)}, at_{found_.begin()} {}

  public:
    cursor(cursor&& other) noexcept : found_{std::move(other.found_)}, at_{found_.begin()} {}

  private:
    map_type found_;
    map_type::const_iterator at_;
    bool started_ = false;
  };

  auto scan(std::string_view prefix) const -> io_result<cursor> {
    auto found = std::map<std::string, bytes, std::less<>>{};
    for (auto at = values_.lower_bound(prefix); at != values_.end() && at->first.starts_with(prefix); ++at) found.insert(*at);
    return cursor{std::move(found)};
  }

private:
  std::map<std::string, bytes, std::less<>> values_;
};

static_assert(datastore<memory_datastore>);

}  // namespace cairn
