#pragma once

#include <string>
#include <string_view>

namespace cairn::service {

/// Text in an HTML page, also within quotes (SEC-46).
inline void append_html(std::string& out, std::string_view text) {
  for (auto c : text) switch (c) {
      case '<': out += "&lt;"; break;
      case '>': out += "&gt;"; break;
      case '&': out += "&amp;"; break;
      case '"': out += "&#34;"; break;
      case '\'': out += "&#39;"; break;
      case '+': out += "&#43;"; break;
      default: out += c;
    }
}

}  // namespace cairn::service
