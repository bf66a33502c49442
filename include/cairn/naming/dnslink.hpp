#pragma once

#include <cairn/concept/dns_resolver.hpp>
#include <cairn/core/config.hpp>
#include <cairn/ipld/path.hpp>

#include <map>

namespace cairn {

/// Why a domain names nothing. The sentences are those that Boxo's users see.
enum class dnslink_errc : byte {
  no_entry = 1,  ///< a text is no DNSLink entry: neither "dnslink=" and a path nor a bare CID
  not_found,     ///< none of the domain's TXT records is a DNSLink entry
  several,       ///< more than one entry leads to content                             (DNSLink, "multiple TXT records")
};

template <>
struct errc_traits<dnslink_errc> {
  static constexpr std::string_view module = "dnslink";
  static constexpr auto describe(dnslink_errc e) -> std::string_view {
    switch (e) {
      case dnslink_errc::no_entry: return "not a valid dnslink entry";
      case dnslink_errc::not_found:
        return "could not resolve name: DNSLink lookup could not find a TXT record (https://docs.ipfs.tech/concepts/dnslink/)";
      case dnslink_errc::several:
        return "could not resolve name: DNSLink lookup returned more than one IPFS content path; ask domain owner to remove duplicate TXT records";
    }
    return "dnslink: unknown error";
  }
};

/// One TXT record: "dnslink=/ipfs/...", "dnslink=/ipns/...", "dnslink=<CID>", or a CID alone.
///
/// errors    no_entry
CAIRN_DECL auto parse_dnslink(std::string_view text) -> result<content_path, dnslink_errc>;

/// What the TXT records of a name say together; those that are no entry do not count.
///
/// errors    not_found · several
CAIRN_DECL auto choose_dnslink(std::vector<std::string> const& texts) -> result<content_path, dnslink_errc>;

struct dnslink_answer {
  content_path path;
  std::int64_t ttl = 0;  ///< nanoseconds
};

/// Where a domain leads: the TXT records of _dnslink.<domain>.
///
/// errors    not_found · several, each about `DNSLink lookup for "example.com." failed` · those of the resolver
/// spec      DNSLink
CAIRN_DECL auto find_dnslink(dns_resolver_ref dns, std::string_view domain) -> io_result<dnslink_answer>;

/// TXT records in memory: for tests, and where there is no network.
class txt_zone {
public:
  CAIRN_DECL void add(std::string_view name, std::string text);
  CAIRN_DECL auto txt(std::string_view name) const -> io_result<txt_records>;

private:
  std::map<std::string, std::vector<std::string>, std::less<>> records_;
};

static_assert(dns_resolver<txt_zone>);

}  // namespace cairn

#if CAIRN_HEADER_ONLY
#  include <cairn/naming/impl/dnslink.ipp>
#endif
