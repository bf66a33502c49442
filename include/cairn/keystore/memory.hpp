#pragma once

#include <cairn/concept/keystore.hpp>
#include <cairn/core/try.hpp>
#include <cairn/crypto/key.hpp>
#include <cairn/keystore/keystore_error.hpp>

#include <map>

namespace cairn {

/// Keys in memory, for tests and for nodes that keep nothing.
class memory_keystore {
public:
  auto get(std::string_view name) const -> io_result<private_key> {
    CAIRN_TRY(check_key_name(name));
    auto const at = keys_.find(name);
    if (at == keys_.end()) return std::unexpected(error{keystore_errc::no_such_key}.about(std::string{name}));
    return at->second.clone();
  }
  auto has(std::string_view name) const -> io_result<bool> {
    CAIRN_TRY(check_key_name(name));
    return keys_.find(name) != keys_.end();
  }
  auto list() const -> io_result<std::vector<std::string>> {
    auto names = std::vector<std::string>{};
    names.reserve(keys_.size());
    for (auto const& entry : keys_) names.push_back(entry.first);
    return names;
  }
  auto put(std::string_view name, private_key const& key) -> io_result<void> {
    CAIRN_TRY(check_key_name(name));
    if (!keys_.try_emplace(std::string{name}, key.clone()).second)
      return std::unexpected(error{keystore_errc::already_exists}.about(std::string{name}));
    return {};
  }
  auto remove(std::string_view name) -> io_result<void> {
    CAIRN_TRY(check_key_name(name));
    auto const at = keys_.find(name);
    if (at == keys_.end()) return std::unexpected(error{keystore_errc::no_such_key}.about(std::string{name}));
    keys_.erase(at);
    return {};
  }
  auto rename(std::string_view from, std::string_view to, bool replace = false) -> io_result<void> {
    CAIRN_TRY(check_key_name(from));
    CAIRN_TRY(check_key_name(to));
    auto const at = keys_.find(from);
    if (at == keys_.end()) return std::unexpected(error{keystore_errc::no_such_key}.about(std::string{from}));
    if (from == to) return {};
    if (!replace && keys_.find(to) != keys_.end()) return std::unexpected(error{keystore_errc::already_exists}.about(std::string{to}));
    keys_.insert_or_assign(std::string{to}, std::move(at->second));
    keys_.erase(at);
    return {};
  }

private:
  std::map<std::string, private_key, std::less<>> keys_;
};

static_assert(keystore<memory_keystore>);

}  // namespace cairn
