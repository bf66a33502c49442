#pragma once

#include <cairn/core/config.hpp>
#include <cairn/core/error.hpp>
#include <cairn/core/utc_time.hpp>
#include <cairn/ipld/node.hpp>

#include <cstddef>
#include <cstdint>

namespace cairn::service {

class core_api;

/// How often a running node signs the records of its keys again, and for how long each then holds; nanoseconds.
struct renewal_terms {
  std::int64_t period = 4ll * 3600 * 1'000'000'000;
  std::int64_t lifetime = 48ll * 3600 * 1'000'000'000;

  /// Ipns.RepublishPeriod and Ipns.RecordLifetime; an empty text is the default.
  ///
  /// errors    Kubo's sentences: no duration · a period that is not between a minute and a day · records that end before they are renewed
  CAIRN_DECL static auto of(ipld::node const& config) -> io_result<renewal_terms>;
};

/// When it is time, as Boxo's republisher keeps it: a minute after the start, then once a period; five minutes after a failure.
/// It reads no clock. Times are nanoseconds of a clock that is never set back.
class renewal_timer {
public:
  static constexpr std::int64_t first_delay = 60'000'000'000, retry_delay = 5 * first_delay;

  constexpr renewal_timer(std::int64_t period, std::int64_t now) : period_{period}, due_{now + (period < first_delay ? period : first_delay)} {}
  constexpr auto is_due(std::int64_t now) const -> bool { return now >= due_; }
  constexpr void ran(bool well, std::int64_t now) { due_ = now + (well || period_ < retry_delay ? period_ : retry_delay); }

private:
  std::int64_t period_, due_;
};

/// The names of a running node, kept from expiring: whoever runs it looks in now and then.
class name_renewal {
public:
  name_renewal(core_api& api, renewal_terms terms, std::int64_t now) : api_{&api}, terms_{terms}, timer_{terms.period, now} {}

  /// Renew where it is time.
  ///
  /// now, date  the same moment, of the clock of `renewal_timer` and of the calendar
  /// returns   how many names were renewed
  /// errors    the first name's that could not be; the others are renewed all the same, and all are tried again soon
  CAIRN_DECL auto look(std::int64_t now, utc_time date) -> io_result<std::size_t>;

private:
  core_api* api_;
  renewal_terms terms_;
  renewal_timer timer_;
};

}  // namespace cairn::service

#if CAIRN_HEADER_ONLY
#  include <cairn/service/impl/name_renewal.ipp>
#endif
