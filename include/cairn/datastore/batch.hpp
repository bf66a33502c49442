#pragma once

#include <cairn/core/bytes.hpp>

#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace cairn {

/// Changes that a datastore applies whole or not at all, in their order (law L6).
class write_batch {
public:
  struct change {
    std::string key;
    std::optional<bytes> value;  ///< nothing: remove
  };

  void put(std::string_view key, bytes_view value) { changes_.push_back({std::string{key}, bytes(value.begin(), value.end())}); }
  void remove(std::string_view key) { changes_.push_back({std::string{key}, std::nullopt}); }

  auto changes() const -> std::vector<change> const& { return changes_; }
  auto empty() const -> bool { return changes_.empty(); }
  void clear() { changes_.clear(); }

private:
  std::vector<change> changes_;
};

}  // namespace cairn
