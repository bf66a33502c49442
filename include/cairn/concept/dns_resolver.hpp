#pragma once

#include <cairn/core/error.hpp>
#include <cairn/core/result.hpp>

#include <concepts>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

/// Asks the Domain Name System for TXT records.
///
/// Laws (tests/naming/dnslink.cpp)
///   L1  a name without records is an empty answer, not an error; an error says that nobody could be asked
///   L2  the strings of one record are joined, records keep the order of the answer
///   L3  names are compared without case; a final dot changes nothing
/// Models: txt_zone
/// spec    RFC 1035, 3.3.14
namespace cairn {

struct txt_records {
  std::vector<std::string> texts{};
  std::int64_t ttl = 60'000'000'000;  ///< how long the answer may be kept, in nanoseconds
};

template <class R>
concept dns_resolver = requires(R const& r, std::string_view name) {
  { r.txt(name) } -> std::same_as<io_result<txt_records>>;
};

/// Any `dns_resolver`, borrowed: two pointers.
///
/// lifetime  the resolver outlives it
class dns_resolver_ref {
public:
  template <dns_resolver R>
    requires(!std::same_as<R, dns_resolver_ref>)
  dns_resolver_ref(R const& resolver)
      : self_{&resolver}, txt_{[](void const* self, std::string_view name) { return static_cast<R const*>(self)->txt(name); }} {}

  auto txt(std::string_view name) const -> io_result<txt_records> { return txt_(self_, name); }

private:
  void const* self_;
  io_result<txt_records> (*txt_)(void const*, std::string_view);
};

}  // namespace cairn
