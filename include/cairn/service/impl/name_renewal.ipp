#pragma once

#include <cairn/core/try.hpp>
#include <cairn/service/config_text.hpp>
#include <cairn/service/core_api.hpp>
#include <cairn/service/go_text.hpp>
#include <cairn/service/name_renewal.hpp>

namespace cairn::service {
namespace detail {

inline auto ipns_setting(ipld::node const& config, std::string_view key, std::int64_t fallback) -> io_result<std::int64_t> {
  auto const found = config_value(config, "Ipns." + std::string{key});
  auto const* text = found ? (*found)->as_string() : nullptr;
  if (!text || text->empty()) return fallback;
  auto length = parse_duration(*text);
  if (!length) return std::unexpected(error::message("config", "failure to parse config setting IPNS." + std::string{key} + ": " + to_string(length.error())));
  return length;
}

}  // namespace detail

CAIRN_DECL auto renewal_terms::of(ipld::node const& config) -> io_result<renewal_terms> {
  constexpr auto minute = std::int64_t{60'000'000'000};
  auto out = renewal_terms{};
  CAIRN_TRY(auto period, detail::ipns_setting(config, "RepublishPeriod", out.period));
  if (period < minute || period > 24 * 60 * minute)
    return std::unexpected(error::message("config", "config setting IPNS.RepublishPeriod is not between 1min and 1day: " + duration_text(period)));
  CAIRN_TRY(auto lifetime, detail::ipns_setting(config, "RecordLifetime", out.lifetime));
  out.period = period;
  if (lifetime != 0) out.lifetime = lifetime;
  if (out.lifetime < out.period)
    return std::unexpected(error::message("config", "config setting IPNS.RecordLifetime (" + duration_text(out.lifetime) + ") must be >= IPNS.RepublishPeriod (" + duration_text(out.period) +
                                                        "), otherwise records expire before they are republished"));
  return out;
}

CAIRN_DECL auto name_renewal::look(std::int64_t now, utc_time date) -> io_result<std::size_t> {
  if (!timer_.is_due(now)) return 0uz;
  auto done = api_->renew_names(terms_.lifetime, date);
  timer_.ran(done.has_value(), now);
  return done;
}

}  // namespace cairn::service
