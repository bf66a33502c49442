#pragma once

#include <cairn/libp2p/tls/impl/certificate.ipp>

#include <openssl/x509_vfy.h>

namespace cairn::x509 {
namespace detail {
using store_ptr = std::unique_ptr<X509_STORE, freed<X509_STORE_free>>;
using store_context_ptr = std::unique_ptr<X509_STORE_CTX, freed<X509_STORE_CTX_free>>;

inline auto read_whole(bytes_view der) -> x509_ptr {
  auto const* at = der.data();
  auto out = x509_ptr{d2i_X509(nullptr, &at, static_cast<long>(der.size()))};
  if (out && at != der.data() + der.size()) out.reset();
  return out;
}
struct stack_free {
  void operator()(STACK_OF(X509)* s) const { sk_X509_pop_free(s, X509_free); }
};
}  // namespace detail

CAIRN_DECL auto verify_chain(bytes_view leaf, std::span<bytes_view const> above, std::string const& name, std::int64_t now)
    -> result<void, certificate_errc> {
  using namespace detail;
  using enum certificate_errc;
  auto const own = read_whole(leaf);
  auto const between = std::unique_ptr<STACK_OF(X509), stack_free>{sk_X509_new_null()};
  if (!own || !between) return std::unexpected(not_x509);
  for (auto const der : above) {
    auto one = read_whole(der);
    if (!one || sk_X509_push(between.get(), one.get()) == 0) return std::unexpected(not_x509);
    (void)one.release();
  }
  auto const store = store_ptr{X509_STORE_new()};
  auto const context = store_context_ptr{X509_STORE_CTX_new()};
  if (!store || !context || X509_STORE_set_default_paths(store.get()) != 1 || X509_STORE_CTX_init(context.get(), store.get(), own.get(), between.get()) != 1)
    return std::unexpected(untrusted);
  auto* const wants = X509_STORE_CTX_get0_param(context.get());
  X509_VERIFY_PARAM_set_time(wants, static_cast<time_t>(now));
  X509_VERIFY_PARAM_set_depth(wants, 8);
  X509_VERIFY_PARAM_set_auth_level(wants, 1);
  X509_VERIFY_PARAM_set_hostflags(wants, X509_CHECK_FLAG_NO_PARTIAL_WILDCARDS);
  auto const is_address = name.find(':') != std::string::npos || name.find_first_not_of("0123456789.") == std::string::npos;
  if (name.empty() || (is_address ? X509_VERIFY_PARAM_set1_ip_asc(wants, name.c_str()) : X509_VERIFY_PARAM_set1_host(wants, name.data(), name.size())) != 1 ||
      X509_STORE_CTX_set_purpose(context.get(), X509_PURPOSE_SSL_SERVER) != 1)
    return std::unexpected(wrong_name);
  if (X509_verify_cert(context.get()) == 1) return {};
  switch (X509_STORE_CTX_get_error(context.get())) {
    case X509_V_ERR_CERT_NOT_YET_VALID: return std::unexpected(not_yet_valid);
    case X509_V_ERR_CERT_HAS_EXPIRED: return std::unexpected(expired);
    case X509_V_ERR_HOSTNAME_MISMATCH:
    case X509_V_ERR_IP_ADDRESS_MISMATCH: return std::unexpected(wrong_name);
    default: return std::unexpected(untrusted);
  }
}

}  // namespace cairn::x509
