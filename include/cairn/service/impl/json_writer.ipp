#pragma once

#include <cairn/service/json_writer.hpp>

#include <charconv>

namespace cairn::service {
namespace detail {

// The size of the well-formed UTF-8 sequence at the front, 0 if it is broken.
inline auto utf8_size(std::string_view in) -> std::size_t {
  auto const at = [&](std::size_t i) { return static_cast<unsigned char>(in[i]); };
  auto const lead = at(0);
  if (lead < 0x80) return 1;
  auto const size = lead >= 0xf0 ? 4uz : lead >= 0xe0 ? 3uz : 2uz;
  if (lead < 0xc2 || lead > 0xf4 || in.size() < size) return 0;
  for (std::size_t i = 1; i < size; ++i)
    if ((at(i) & 0xc0) != 0x80) return 0;
  if ((lead == 0xe0 && at(1) < 0xa0) || (lead == 0xed && at(1) > 0x9f) || (lead == 0xf0 && at(1) < 0x90) ||
      (lead == 0xf4 && at(1) > 0x8f))
    return 0;
  return size;
}

}  // namespace detail

CAIRN_DECL void append_json_string(std::string& out, std::string_view text) {
  constexpr auto digits = "0123456789abcdef";
  out += '"';
  while (!text.empty()) {
    auto const c = static_cast<unsigned char>(text[0]);
    auto size = 1uz;
    if (c >= 0x20 && c < 0x7f && c != '"' && c != '\\' && c != '<' && c != '>' && c != '&') {
      out += text[0];
    } else if (c < 0x80) {
      switch (c) {
        case '"': out += "\\\""; break;
        case '\\': out += "\\\\"; break;
        case '\n': out += "\\n"; break;
        case '\r': out += "\\r"; break;
        case '\t': out += "\\t"; break;
        case '\b': out += "\\b"; break;
        case '\f': out += "\\f"; break;
        case 0x7f: out += '\x7f'; break;
        default:
          out += "\\u00";
          out += digits[c >> 4];
          out += digits[c & 15];
      }
    } else if (size = detail::utf8_size(text); size == 0) {
      out += "\\ufffd";
      size = 1;
    } else if (size == 3 && (text.starts_with("\xe2\x80\xa8") || text.starts_with("\xe2\x80\xa9"))) {
      out += text[2] == '\xa8' ? "\\u2028" : "\\u2029";
    } else {
      out += text.substr(0, size);
    }
    text.remove_prefix(size);
  }
  out += '"';
}

CAIRN_DECL auto json_writer::key(std::string_view name) -> json_writer& {
  separate();
  append_json_string(out_, name);
  out_ += ':';
  first_ = true;  // its value needs no comma
  return *this;
}

CAIRN_DECL void json_writer::value(std::string_view text) {
  separate();
  append_json_string(out_, text);
}

CAIRN_DECL void json_writer::value(std::int64_t number) {
  separate();
  char digits[24];
  out_.append(digits, std::to_chars(digits, digits + sizeof digits, number).ptr);
}

CAIRN_DECL void json_writer::value(std::uint64_t number) {
  separate();
  char digits[24];
  out_.append(digits, std::to_chars(digits, digits + sizeof digits, number).ptr);
}

CAIRN_DECL void json_writer::value(bool truth) { raw(truth ? "true" : "false"); }
CAIRN_DECL void json_writer::null() { raw("null"); }
CAIRN_DECL void json_writer::raw(std::string_view json) {
  separate();
  out_ += json;
}

}  // namespace cairn::service
