#pragma once

#include <cairn/core/error.hpp>

#include <openssl/opensslv.h>
#include <openssl/ssl.h>

#include <string>

#include <dlfcn.h>

namespace cairn::http::detail {

/// OpenSSL's libssl, found when it is first needed: linked, it would cost every start of a program 0.8 ms. Whoever has libcrypto, which is
/// linked, has it.
struct tls_library {
  decltype(&::TLS_client_method) client_method;
  decltype(&::SSL_CTX_new) new_context;
  decltype(&::SSL_CTX_ctrl) control_context;
  decltype(&::SSL_CTX_set_default_verify_paths) use_default_authorities;
  decltype(&::SSL_CTX_set_verify) set_verify;
  decltype(&::SSL_new) create;
  decltype(&::SSL_free) destroy;
  decltype(&::SSL_ctrl) control;
  decltype(&::SSL_set_bio) set_bio;
  decltype(&::SSL_get0_param) verification;
  decltype(&::SSL_set1_host) set_host;
  decltype(&::SSL_set_alpn_protos) set_protocols;
  decltype(&::SSL_connect) connect;
  decltype(&::SSL_get_error) why;
  decltype(&::SSL_get_verify_result) verdict;
  decltype(&::SSL_write_ex) write;
  decltype(&::SSL_read_ex) read;

  /// errors    it is not there, or an older one
  static auto get() -> io_result<tls_library const*>;
};

struct loaded_tls_library {
  tls_library library{};
  std::string missing{};
};

inline auto load_tls_library() -> loaded_tls_library {
  auto out = loaded_tls_library{};
  auto const name = "libssl.so." + std::to_string(OPENSSL_SHLIB_VERSION);
  auto* const handle = ::dlopen(name.c_str(), RTLD_NOW | RTLD_LOCAL);
  if (!handle) {
    out.missing = ::dlerror();
    return out;
  }
  auto const find = [&]<class F>(F*& function, char const* symbol) {
    function = reinterpret_cast<F*>(::dlsym(handle, symbol));
    if (!function) out.missing = std::string{symbol} + " is not in " + name;
  };
  auto& l = out.library;
  find(l.client_method, "TLS_client_method");
  find(l.new_context, "SSL_CTX_new");
  find(l.control_context, "SSL_CTX_ctrl");
  find(l.use_default_authorities, "SSL_CTX_set_default_verify_paths");
  find(l.set_verify, "SSL_CTX_set_verify");
  find(l.create, "SSL_new");
  find(l.destroy, "SSL_free");
  find(l.control, "SSL_ctrl");
  find(l.set_bio, "SSL_set_bio");
  find(l.verification, "SSL_get0_param");
  find(l.set_host, "SSL_set1_host");
  find(l.set_protocols, "SSL_set_alpn_protos");
  find(l.connect, "SSL_connect");
  find(l.why, "SSL_get_error");
  find(l.verdict, "SSL_get_verify_result");
  find(l.write, "SSL_write_ex");
  find(l.read, "SSL_read_ex");
  return out;
}

inline auto tls_library::get() -> io_result<tls_library const*> {
  static auto const found = load_tls_library();
  if (!found.missing.empty()) return std::unexpected(error::message("http", "HTTPS needs OpenSSL's libssl: " + found.missing));
  return &found.library;
}

}  // namespace cairn::http::detail
