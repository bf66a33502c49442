#pragma once

#include <cairn/core/bytes.hpp>

// The presentation language of RFC 8446, section 3: numbers and vectors with a length before them.

namespace cairn::detail {

/// Reads fields; what does not fit makes every later field empty, and `is_done` false.
struct tls_reader {
  bytes_view rest;
  bool ok = true;

  auto take(std::size_t n) -> bytes_view {
    if (n > rest.size()) {
      ok = false, rest = {};
      return {};
    }
    auto const out = rest.first(n);
    rest = rest.subspan(n);
    return out;
  }
  auto number(std::size_t size) -> std::size_t {
    auto out = 0uz;
    for (auto b : take(size)) out = out << 8 | b;
    return out;
  }
  /// A vector whose length stands in `size` octets.
  auto block(std::size_t size) -> bytes_view { return take(number(size)); }
  auto is_done() const -> bool { return ok && rest.empty(); }
};

struct tls_writer {
  bytes out{};

  auto number(std::size_t size, std::size_t n) -> tls_writer& {
    while (size-- != 0) out.push_back(static_cast<byte>(n >> (8 * size)));
    return *this;
  }
  auto raw(bytes_view in) -> tls_writer& {
    append(out, in);
    return *this;
  }
  auto block(std::size_t size, bytes_view in) -> tls_writer& { return number(size, in.size()).raw(in); }
  auto extension(std::size_t type, bytes_view body) -> tls_writer& { return number(2, type).block(2, body); }
};

inline auto tls_message(byte type, bytes_view body) -> bytes {
  auto out = tls_writer{};
  out.number(1, type).block(3, body);
  return std::move(out.out);
}

inline constexpr byte tls_client_hello = 1, tls_server_hello = 2, tls_new_session_ticket = 4, tls_encrypted_extensions = 8, tls_certificate = 11,
                      tls_certificate_request = 13, tls_certificate_verify = 15, tls_finished = 20, tls_key_update = 24, tls_message_hash = 254;
inline constexpr std::size_t ext_server_name = 0, ext_supported_groups = 10, ext_signature_algorithms = 13, ext_alpn = 16, ext_supported_versions = 43, ext_key_share = 51,
                             ext_quic_parameters = 57;
inline constexpr std::size_t group_x25519 = 0x001d, suite_aes_128_gcm = 0x1301, suite_chacha20_poly1305 = 0x1303, scheme_ecdsa_p256 = 0x0403;

/// The extensions of a message: those of a type that is asked for, or every type for a check.
class tls_extensions {
public:
  /// errors    false: not of their form, or one of them twice
  auto read(bytes_view in) -> bool {
    auto r = tls_reader{in};
    while (r.ok && !r.rest.empty()) {
      auto const type = r.number(2);
      auto const body = r.block(2);
      if (find(type) || count_ == most) return false;
      entries_[count_++] = {type, body};
    }
    return r.ok;
  }
  auto find(std::size_t type) const -> bytes_view const* {
    for (auto i = 0uz; i < count_; ++i)
      if (entries_[i].type == type) return &entries_[i].body;
    return nullptr;
  }
  template <class P>
  auto all_are(P allowed) const -> bool {
    for (auto i = 0uz; i < count_; ++i)
      if (!allowed(entries_[i].type)) return false;
    return true;
  }

private:
  static constexpr std::size_t most = 64;
  struct entry {
    std::size_t type = 0;
    bytes_view body{};
  };
  entry entries_[most];
  std::size_t count_ = 0;
};

/// Whether a list of numbers of two octets has `want`.
inline auto tls_list_has(bytes_view list, std::size_t want) -> bool {
  for (auto i = 0uz; i + 1 < list.size(); i += 2)
    if ((std::size_t{list[i]} << 8 | list[i + 1]) == want) return true;
  return false;
}

}  // namespace cairn::detail
