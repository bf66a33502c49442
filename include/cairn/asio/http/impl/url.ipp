#pragma once

#include <cairn/asio/http/url.hpp>

namespace cairn::http {
namespace detail {

inline auto hex_value(char c) -> int {
  if (c >= '0' && c <= '9') return c - '0';
  if (c >= 'a' && c <= 'f') return c - 'a' + 10;
  if (c >= 'A' && c <= 'F') return c - 'A' + 10;
  return -1;
}

}  // namespace detail

CAIRN_DECL auto percent_decoded(std::string_view text, bool plus) -> std::optional<std::string> {
  auto out = std::string{};
  out.reserve(text.size());
  for (std::size_t i = 0; i < text.size(); ++i) {
    if (text[i] == '+' && plus) {
      out += ' ';
    } else if (text[i] != '%') {
      out += text[i];
    } else {
      if (i + 2 >= text.size()) return std::nullopt;
      auto const high = detail::hex_value(text[i + 1]), low = detail::hex_value(text[i + 2]);
      if (high < 0 || low < 0) return std::nullopt;
      out += static_cast<char>(high * 16 + low);
      i += 2;
    }
  }
  return out;
}

CAIRN_DECL auto percent_encoded(std::string_view text) -> std::string {
  constexpr auto digits = "0123456789ABCDEF";
  auto out = std::string{};
  out.reserve(text.size());
  for (auto const c : text) {
    if ((c >= '0' && c <= '9') || (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '-' || c == '.' || c == '_' || c == '~') {
      out += c;
    } else {
      auto const octet = static_cast<unsigned char>(c);
      out += '%';
      out += digits[octet >> 4];
      out += digits[octet & 15];
    }
  }
  return out;
}

CAIRN_DECL auto parse_query(std::string_view query) -> std::optional<std::vector<std::pair<std::string, std::string>>> {
  auto out = std::vector<std::pair<std::string, std::string>>{};
  while (!query.empty()) {
    auto const end = query.find('&');
    auto const pair = query.substr(0, end);
    query = end == std::string_view::npos ? std::string_view{} : query.substr(end + 1);
    if (pair.empty()) continue;
    auto const equals = pair.find('=');
    auto key = percent_decoded(pair.substr(0, equals), true);
    auto value = equals == std::string_view::npos ? std::optional{std::string{}} : percent_decoded(pair.substr(equals + 1), true);
    if (!key || !value) return std::nullopt;
    out.emplace_back(*std::move(key), *std::move(value));
  }
  return out;
}

}  // namespace cairn::http
